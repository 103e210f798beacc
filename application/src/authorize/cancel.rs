//! "Cancel" on the login page: the user refuses before signing in (RFC 6749 §4.1.2.1).

use domain::ErrorCode;
use domain::interaction::{HeldError, Purpose};

use super::decision::NextStep;
use super::endpoint::AuthorizationEndpoint;
use super::pending_request::PendingRequest;
use super::reply::{Completion, Reply};
use crate::browser::{Browser, expired_page};
use crate::error::Error;

const CANCELLED: &str = "the user cancelled the sign-in";

impl AuthorizationEndpoint {
    /// Answers the client with `access_denied`. The user has pressed a button, so this is no open redirector
    /// (RFC 9700 §4.11.2).
    ///
    /// # Errors
    /// `invalid_request` when the form is not from this browser's login page, or when no client waits for the login.
    pub async fn cancel(
        &self,
        interaction: &str,
        form_token: &str,
        browser: &Browser,
    ) -> Result<Reply, Error> {
        let now = self.context.now();
        browser.require_form_token(interaction, form_token)?;
        let (open, purpose) = match self.interactions.open(interaction, browser, now).await {
            Ok(opened) => opened,
            Err(error) => return self.repeat_for_browser(interaction, browser, now).await?.ok_or(error),
        };
        match purpose {
            Purpose::Authorize(request) => {
                let client = self.checks.recheck(&request).await?;
                let pending = PendingRequest { client, request: *request, interaction: Some(open) };
                let denied = NextStep::Refuse(ErrorCode::AccessDenied, CANCELLED);
                self.carry_out(denied, pending, browser, now).await
            }
            Purpose::HeldError(held) => {
                self.checks.recheck_return_to(&held.client, held.incarnation, &held.return_to).await?;
                let (code, description) = (ErrorCode::AccessDenied, CANCELLED.to_owned());
                let response = self.error_response(HeldError { code, description, ..held });
                let completion = Completion { pushed: None, response };
                Ok(Reply::ToClient(self.interactions.finish(&open, None, completion, now).await?.response))
            }
            Purpose::PostedRequest(_) | Purpose::SignOut { .. } | Purpose::Device { .. } | Purpose::Home => {
                Err(expired_page("no client waits for this login"))
            }
        }
    }
}
