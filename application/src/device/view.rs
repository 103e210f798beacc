//! The content of the device page, and the forms that it posts.

use domain::{Client, Scope, UserCode, UserId};

use super::user_code_lookup::EntryProblem;
use crate::authorize::NoAccessView;
use crate::browser::{OpenInteraction, PageRedirect};
use crate::port::SignedIn;
use crate::resource::indicators::NamedResource;

/// The answer to the browser.
#[derive(Debug)]
pub enum Verification {
    /// The form for the user code.
    EnterCode(EntryView),
    /// The question whether the device may be connected.
    AskApproval(Box<ApprovalView>),
    /// The user may not enter the client of the device.
    NoAccess(Box<NoAccessView>),
    /// The browser goes to another page.
    Redirect(PageRedirect),
    /// The user has decided.
    Decided(Box<Verdict>),
}

/// The content of the form for the user code.
#[derive(Debug)]
pub struct EntryView {
    /// The interaction of the page.
    pub open: OpenInteraction,
    /// The token of its form, for the user of this session only.
    pub form_token: String,
    /// The user who is signed in.
    pub user: UserId,
    /// The problem of the previous code.
    pub problem: Option<EntryProblem>,
}

/// The content of the approval page.
#[derive(Debug)]
pub struct ApprovalView {
    /// The interaction of the page.
    pub open: OpenInteraction,
    /// The token of its form, for the user of this session only.
    pub form_token: String,
    /// To compare with the code on the device.
    pub user_code: UserCode,
    /// The client that asks.
    pub client: Client,
    /// The requested scope.
    pub scope: Scope,
    /// The resources that the client named.
    pub resources: Vec<NamedResource>,
    /// The name of the signed-in user.
    pub account: String,
}

/// The user's decision, and the client it is about.
#[derive(Debug)]
pub enum Verdict {
    /// The device gets its tokens.
    Allowed(Client),
    /// It gets none.
    Denied(Client),
}

/// A posted form.
#[derive(Debug, Clone)]
pub struct DeviceForm {
    /// The interaction of the page.
    pub interaction: String,
    /// The token of the form.
    pub form_token: String,
    /// A decision of the user.
    pub answer: Answer,
}

/// What the user did on the page.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Typed a user code.
    Code(String),
    /// Allowed.
    Allow,
    /// Denied.
    Deny,
}

impl EntryView {
    pub(super) fn new(open: OpenInteraction, signed_in: &SignedIn, problem: Option<EntryProblem>) -> Self {
        let form_token = open.session_form_token(&signed_in.session);
        Self { form_token, open, user: signed_in.user.id, problem }
    }
}
