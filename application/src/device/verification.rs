//! The page where a person decides about a device (RFC 8628 §3.3).
//!
//! Whoever is sent here may have been sent by somebody else's device (RFC 8628 §5.4): the person is asked every time,
//! whatever they agreed to before, and nothing they agree to here is remembered.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::device::{Decided, Decision};
use domain::interaction::Purpose;
use domain::{
    Authorization, AuthorizationId, ClaimsRequest, Client, DeviceCode, Interaction, Scope, UiLocales,
    UserCode,
};

use super::look_up::LookUp;
use crate::authorize::{AuthorizationEndpoint, OpenInteraction, Page, Reply, form_of};
use crate::browser::Browser;
use crate::error::{Advice, Error, Refusal};
use crate::port::{Attempts, DeviceCodes, SignedIn};
use crate::resource::indicators::NamedResource;

/// Lets people decide about devices.
pub struct DeviceVerification {
    /// Clients, sessions, interactions.
    pub authorization: Arc<AuthorizationEndpoint>,
    /// Where codes are kept.
    pub codes: Arc<dyn DeviceCodes>,
    /// Counts wrong codes.
    pub attempts: Arc<dyn Attempts>,
}

/// What the browser sees.
#[derive(Debug)]
pub enum Verification {
    /// The form for the code.
    Enter(EntryView),
    /// The question.
    Ask(Box<ApprovalView>),
    /// Another page first, or next.
    Go(Reply),
    /// The answer was taken.
    Done(Box<Verdict>),
}

/// What the form for the code shows.
#[derive(Debug)]
pub struct EntryView {
    /// The interaction of the page.
    pub open: OpenInteraction,
    /// The token of its form, for whoever is signed in only.
    pub form_token: String,
    /// What was wrong the last time.
    pub problem: Option<EntryProblem>,
}

/// Why a code leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryProblem {
    /// It is mistyped, decided about, or expired; which one is nobody's business.
    Wrong,
    /// Too many wrong ones, until then.
    Limited(DateTime<Utc>),
}

/// What the question shows.
#[derive(Debug)]
pub struct ApprovalView {
    /// The interaction of the page.
    pub open: OpenInteraction,
    /// The token of its form, for whoever is signed in only.
    pub form_token: String,
    /// To compare with what the device shows.
    pub user_code: UserCode,
    /// Who asks.
    pub client: Client,
    /// For what.
    pub scope: Scope,
    /// At which resources, if it named any.
    pub resources: Vec<NamedResource>,
    /// Whom it asks.
    pub account: String,
}

/// What a person decided, and about whom.
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
    /// What the person did.
    pub answer: Answer,
}

/// What a person did on the page.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Typed a code.
    Code(String),
    /// Allowed.
    Allow,
    /// Denied.
    Deny,
}

impl EntryView {
    fn new(open: OpenInteraction, signed_in: &SignedIn, problem: Option<EntryProblem>) -> Self {
        Self { form_token: open.form_token_of(&signed_in.session), open, problem }
    }
}

impl DeviceVerification {
    /// Begins with the code of `verification_uri_complete`, or with none. A text that is no code is as good as none.
    /// The pages are in one of `ui_locales`, where they can be.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only: nothing is looked up.
    pub async fn begin(
        &self,
        user_code: Option<&str>,
        ui_locales: UiLocales,
        browser: &Browser,
    ) -> Result<Reply, Error> {
        let user_code = user_code.and_then(|text| text.parse().ok());
        let now = self.authorization.clock.now();
        let page = match self.authorization.signed_in(browser, now).await? {
            Some(_) => Page::Device,
            None => Page::Login,
        };
        let purpose = Purpose::Device { user_code, ui_locales };
        let open = self.authorization.begin(purpose, browser, now).await?;
        Ok(Reply::Interact { page, open })
    }

    /// What to show in this interaction to a browser at `address`.
    ///
    /// # Errors
    /// `invalid_request` when the interaction is not this browser's, or is finished or expired.
    pub async fn page(&self, id: &str, browser: &Browser, address: &str) -> Result<Verification, Error> {
        let now = self.authorization.clock.now();
        let (open, user_code) = self.open(id, browser, now).await?;
        let Some(signed_in) = self.authorization.signed_in(browser, now).await? else {
            return Ok(Verification::Go(Reply::Interact { page: Page::Login, open }));
        };
        let Some(user_code) = user_code else {
            return Ok(Verification::Enter(EntryView::new(open, &signed_in, None)));
        };
        match self.look_up(Some(&user_code), signed_in.user.id, address, now).await? {
            LookUp::Problem(problem) => {
                Ok(Verification::Enter(EntryView::new(open, &signed_in, Some(problem))))
            }
            LookUp::Found(found) => {
                let (code, client) = *found;
                let account = signed_in.user.username.as_str().to_owned();
                let form_token = open.form_token_of(&signed_in.session);
                let resources = self.authorization.indicators.named(code.resources).await?;
                let scope = code.scope;
                let view = ApprovalView { open, form_token, user_code, client, scope, resources, account };
                Ok(Verification::Ask(Box::new(view)))
            }
        }
    }

    /// What follows from a posted form.
    ///
    /// # Errors
    /// `invalid_request` when the form is not from this browser's page, or the interaction is finished or expired.
    pub async fn submit(
        &self,
        form: &DeviceForm,
        browser: &Browser,
        address: &str,
    ) -> Result<Verification, Error> {
        let now = self.authorization.clock.now();
        let (open, user_code) = self.open(&form.interaction, browser, now).await?;
        let Some(signed_in) = self.authorization.signed_in(browser, now).await? else {
            return Ok(Verification::Go(Reply::Interact { page: Page::Login, open }));
        };
        if !browser.sent_form(&form_of(&form.interaction, &signed_in.session), &form.form_token) {
            return Err(gone("the device form does not carry the token of this browser and session"));
        }
        // A decision is looked up and counted like a typed code: the page of a wrong one has a form too.
        let asked = match &form.answer {
            Answer::Code(typed) => typed.parse().ok(),
            Answer::Allow | Answer::Deny => {
                Some(user_code.ok_or_else(|| gone("a decision came before a code"))?)
            }
        };
        match (self.look_up(asked.as_ref(), signed_in.user.id, address, now).await?, &form.answer) {
            (LookUp::Problem(problem), _) => {
                Ok(Verification::Enter(EntryView::new(open, &signed_in, Some(problem))))
            }
            (LookUp::Found(_), Answer::Code(_)) => {
                // An interaction of its own: this page still works when somebody goes back to it.
                let purpose = Purpose::Device { user_code: asked, ui_locales: open.ui_locales };
                let open = self.authorization.begin(purpose, browser, now).await?;
                Ok(Verification::Go(Reply::Interact { page: Page::Device, open }))
            }
            (LookUp::Found(found), Answer::Allow) => {
                let decision = Decision::Approve(Box::new(self.authorization(&found, &signed_in, now)));
                self.decide(open, &signed_in, *found, decision, now).await
            }
            (LookUp::Found(found), Answer::Deny) => {
                self.decide(open, &signed_in, *found, Decision::Deny, now).await
            }
        }
    }

    async fn decide(
        &self,
        open: OpenInteraction,
        signed_in: &SignedIn,
        (code, client): (DeviceCode, Client),
        decision: Decision,
        now: DateTime<Utc>,
    ) -> Result<Verification, Error> {
        match self.codes.decide(code.user_code, &decision, now).await? {
            Decided::First => {}
            Decided::TooLate => {
                return Ok(Verification::Enter(EntryView::new(open, signed_in, Some(EntryProblem::Wrong))));
            }
        }
        self.authorization.finish(&open, now).await?;
        Ok(Verification::Done(Box::new(match decision {
            Decision::Approve(_) => Verdict::Allowed(client),
            Decision::Deny => Verdict::Denied(client),
        })))
    }

    /// What redemption will record. It ends with the session of whoever approves, like every grant; an offline one
    /// has nothing to do with that session, so that a person may sign out at once on a borrowed computer.
    fn authorization(
        &self,
        (code, client): &(DeviceCode, Client),
        SignedIn { session, user }: &SignedIn,
        now: DateTime<Utc>,
    ) -> Authorization {
        let AuthorizationEndpoint { entropy, settings, .. } = &*self.authorization;
        let granted = Authorization {
            id: AuthorizationId::ordered(now, entropy.bytes()),
            client: client.id.clone(),
            user: user.id,
            session: Some(session.id),
            sid: Some(session.sid.clone()),
            scope: code.scope.clone(),
            resources: code.resources.clone(),
            claims: ClaimsRequest::default(),
            auth_time: session.auth_time,
            acr: session.acr.clone(),
            amr: session.amr.clone(),
            created_at: now,
            expires_at: code.expires_at + settings.longest_use(client),
        };
        if granted.is_offline() { Authorization { session: None, sid: None, ..granted } } else { granted }
    }

    async fn open(
        &self,
        id: &str,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<(OpenInteraction, Option<UserCode>), Error> {
        match self.authorization.open(id, browser, now).await? {
            (open, Interaction { purpose: Purpose::Device { user_code, .. }, .. }) => Ok((open, user_code)),
            (_, _) => Err(gone("the interaction is about no device")),
        }
    }
}

fn gone(detail: &'static str) -> Error {
    Refusal::invalid_request("this page has expired or belongs to another browser; enter the code again")
        .because(detail)
        .advising(Advice::EnterCodeAgain)
        .into()
}
