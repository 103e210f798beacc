//! The page where a user decides about a device (RFC 8628 §3.3).
//!
//! An attacker may have sent the user here, with the user code of the attacker's device (RFC 8628 §5.4). So the user
//! is asked every time, regardless of earlier consents, and the answer is not remembered. A link with the code is enough only for
//! a client that an operator vouches for: for any other client the user types the code.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::device::{self, Decision};
use domain::interaction::{Purpose, UserCodeOrigin};
use domain::{Client, ClientId, DeviceCode, UiLocales, UserCode, UserId};
use serde::{Deserialize, Serialize};

use super::authorization::all_authorizations;
use super::user_code_lookup::{EntryProblem, UserCodeFound, UserCodeLookup};
use super::view::{Answer, ApprovalView, DeviceForm, EntryView, Verdict, Verification};
use crate::authorize::NoAccessView;
use crate::browser::{Browser, BrowserInteractions, BrowserSessions, OpenInteraction, Page, PageRedirect};
use crate::context::Context;
use crate::error::{Advice, Error, Refusal};
use crate::port::{AttemptKey, DeviceCodes, Forgiven, SignedIn};
use crate::resource::indicators::ResourceIndicators;
use crate::users::groups::Entry;

/// The decision that an interaction ended with.
#[derive(Serialize, Deserialize)]
struct Decided {
    client: ClientId,
    allowed: bool,
}

/// Lets users decide about devices.
pub struct DeviceVerification {
    /// The interactions of the page.
    pub interactions: Arc<BrowserInteractions>,
    /// The sessions of browsers.
    pub sessions: Arc<BrowserSessions>,
    /// Decides which users have access to which clients.
    pub entry: Arc<Entry>,
    /// Finds the device of a user code.
    pub user_codes: UserCodeLookup,
    /// The store of device codes.
    pub codes: Arc<dyn DeviceCodes>,
    /// The names of resources.
    pub indicators: Arc<ResourceIndicators>,
    /// Settings and time; entropy for the authorization's id.
    pub context: Context,
}

impl DeviceVerification {
    /// Begins with the code of `verification_uri_complete`, or with none. A text that is not a user code counts as none.
    /// The pages are in one of `ui_locales`, where they can be.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only: the code is not looked up yet.
    pub async fn begin(
        &self,
        user_code: Option<&str>,
        ui_locales: UiLocales,
        browser: &Browser,
    ) -> Result<PageRedirect, Error> {
        let user_code = user_code.and_then(|text| text.parse().ok());
        let user_code = user_code.map(|code| (code, UserCodeOrigin::Link));
        let now = self.context.now();
        let page = self.next_page(browser, now).await?;
        let purpose = Purpose::Device { user_code, ui_locales };
        let open = self.interactions.begin(purpose, browser, now)?;
        Ok(PageRedirect { page, open })
    }

    /// Resumes the connection of a device after a login.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn resume(
        &self,
        open: OpenInteraction,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<PageRedirect, Error> {
        Ok(PageRedirect { page: self.next_page(browser, now).await?, open })
    }

    /// The page of this interaction for a browser at `address`.
    ///
    /// # Errors
    /// `invalid_request` when the interaction is not this browser's, or is finished or expired.
    pub async fn page(&self, id: &str, browser: &Browser, address: &str) -> Result<Verification, Error> {
        let now = self.context.now();
        let (open, user_code) = self.open(id, browser, now).await?;
        let Some(signed_in) = self.sessions.find(browser, now).await? else {
            return Ok(Verification::Redirect(PageRedirect { page: Page::Login, open }));
        };
        let Some((user_code, origin)) = user_code else {
            return Ok(Verification::EnterCode(EntryView::new(open, &signed_in, None)));
        };
        match self.find(Some((&user_code, origin)), signed_in.user.id, address, now).await? {
            UserCodeFound::Problem(problem) => {
                Ok(Verification::EnterCode(EntryView::new(open, &signed_in, Some(problem))))
            }
            UserCodeFound::Device(found) => {
                let (code, client) = *found;
                let SignedIn { session, user } = &signed_in;
                if !self.entry.admits(user.id, &client).await? {
                    let view = NoAccessView::new(open, (client, None), session, user);
                    return Ok(Verification::NoAccess(Box::new(view)));
                }
                let account = signed_in.user.username.as_str().to_owned();
                let form_token = open.session_form_token(&signed_in.session);
                let resources = self.indicators.named(code.resources).await?;
                let scope = code.scope;
                let view = ApprovalView { open, form_token, user_code, client, scope, resources, account };
                Ok(Verification::AskApproval(Box::new(view)))
            }
        }
    }

    /// The next step after a posted form. The same decision gets the same answer again for a minute.
    ///
    /// # Errors
    /// `invalid_request` when the form is not from this browser's page, or the interaction is finished or expired.
    pub async fn submit(
        &self,
        form: &DeviceForm,
        browser: &Browser,
        address: &str,
    ) -> Result<Verification, Error> {
        let now = self.context.now();
        match self.take(form, browser, address, now).await {
            outcome @ (Ok(Verification::EnterCode(_)) | Err(Error::Refused(_))) => {
                match self.repeat(form, browser, now).await? {
                    Some(verdict) => Ok(Verification::Decided(Box::new(verdict))),
                    None => outcome,
                }
            }
            outcome => outcome,
        }
    }

    async fn take(
        &self,
        form: &DeviceForm,
        browser: &Browser,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<Verification, Error> {
        let (open, user_code) = self.open(&form.interaction, browser, now).await?;
        let Some(signed_in) = self.sessions.find(browser, now).await? else {
            return Ok(Verification::Redirect(PageRedirect { page: Page::Login, open }));
        };
        if !browser.has_session_form_token(&form.interaction, &signed_in.session, &form.form_token) {
            return Err(expired_form("the device form does not carry the token of this browser and session"));
        }
        // A decision is looked up and counted like a typed code: the page of a wrong one has a form too.
        let user_code = match &form.answer {
            Answer::Code(typed) => typed.parse().ok().map(|code| (code, UserCodeOrigin::Typed)),
            Answer::Allow | Answer::Deny => {
                Some(user_code.ok_or_else(|| expired_form("a decision came before a code"))?)
            }
        };
        let sent = user_code.as_ref().map(|(code, origin)| (code, *origin));
        let found = self.find(sent, signed_in.user.id, address, now).await?;
        match (found, &form.answer) {
            (UserCodeFound::Problem(problem), _) => {
                Ok(Verification::EnterCode(EntryView::new(open, &signed_in, Some(problem))))
            }
            (UserCodeFound::Device(_), Answer::Code(_)) => {
                // A new interaction: this page still works when the user goes back to it.
                let purpose = Purpose::Device { user_code, ui_locales: open.ui_locales };
                let open = self.interactions.begin(purpose, browser, now)?;
                Ok(Verification::Redirect(PageRedirect { page: Page::DeviceVerification, open }))
            }
            (UserCodeFound::Device(found), Answer::Allow) => {
                if !self.entry.admits(signed_in.user.id, &found.1).await? {
                    let redirect = PageRedirect { page: Page::DeviceVerification, open };
                    return Ok(Verification::Redirect(redirect));
                }
                let decision = Decision::Approve(Box::new(self.authorization(&found, &signed_in, now)?));
                self.decide(open, &signed_in, *found, decision, now).await
            }
            (UserCodeFound::Device(found), Answer::Deny) => {
                self.decide(open, &signed_in, *found, Decision::Deny, now).await
            }
        }
    }

    /// The device of a user code, if this way of sending the code is enough for its client.
    async fn find(
        &self,
        user_code: Option<(&UserCode, UserCodeOrigin)>,
        user: UserId,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<UserCodeFound, Error> {
        let code = user_code.map(|(code, _)| code);
        let found = self.user_codes.find(code, user, address, now).await?;
        Ok(match (found, user_code) {
            (UserCodeFound::Device(device), Some((_, UserCodeOrigin::Link))) if !device.1.is_vetted() => {
                UserCodeFound::Problem(EntryProblem::OnlyLinked)
            }
            (found, _) => found,
        })
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
            device::Decided::First => {}
            device::Decided::TooLate => {
                let problem = Some(EntryProblem::WrongCode);
                return Ok(Verification::EnterCode(EntryView::new(open, signed_in, problem)));
            }
        }
        if let Some(counter) = code.counter {
            let counters = [AttemptKey::kept(counter), all_authorizations()].map(Forgiven::One);
            self.user_codes.attempts.forgive(&counters).await?;
        }
        let decided =
            Decided { client: client.id.clone(), allowed: matches!(decision, Decision::Approve(_)) };
        self.interactions.finish(&open, Some(signed_in.user.id), decided, None, now).await?;
        Ok(Verification::Decided(Box::new(match decision {
            Decision::Approve(_) => Verdict::Allowed(client),
            Decision::Deny => Verdict::Denied(client),
        })))
    }

    /// The verdict on a form that was answered a moment ago.
    async fn repeat(
        &self,
        form: &DeviceForm,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Option<Verdict>, Error> {
        let (Some(ended), Some(SignedIn { session, user })) = (
            self.interactions.find_ended(&form.interaction, browser, now).await?,
            self.sessions.find(browser, now).await?,
        ) else {
            return Ok(None);
        };
        if !browser.has_session_form_token(&form.interaction, &session, &form.form_token) {
            return Ok(None);
        }
        let Some(decided) = ended.answer::<Decided>(Some(user.id), now)? else {
            return Ok(None);
        };
        let client = self.user_codes.clients.find(&decided.client).await?;
        Ok(client.map(if decided.allowed { Verdict::Allowed } else { Verdict::Denied }))
    }

    /// The page that comes next: no code is shown or looked up before the user has signed in.
    async fn next_page(&self, browser: &Browser, now: DateTime<Utc>) -> Result<Page, Error> {
        let signed_in = self.sessions.find(browser, now).await?;
        Ok(if signed_in.is_some() { Page::DeviceVerification } else { Page::Login })
    }

    async fn open(
        &self,
        id: &str,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<(OpenInteraction, Option<(UserCode, UserCodeOrigin)>), Error> {
        match self.interactions.open(id, browser, now).await? {
            (open, Purpose::Device { user_code, .. }) => Ok((open, user_code)),
            (_, _) => Err(expired_form("the interaction is about no device")),
        }
    }
}

fn expired_form(detail: &'static str) -> Error {
    Refusal::invalid_request("this page has expired or belongs to another browser; enter the code again")
        .because(detail)
        .advising(Advice::EnterCodeAgain)
        .into()
}
