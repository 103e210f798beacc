//! "Cancel" on the login page: the user refuses before signing in (RFC 6749 §4.1.2.1).

use domain::ErrorCode;
use domain::interaction::{HeldError, Purpose};

use super::endpoint::AuthorizationEndpoint;
use super::reply::{AuthorizationResponse, Reply};
use super::sender::Sender;
use crate::browser::{Browser, expired_page};
use crate::error::{Error, Refusal};

const CANCELLED: &str = "the user cancelled the sign-in";

/// The answer to a cancelled login.
#[derive(Debug)]
pub struct Cancelled {
    /// The reply.
    pub reply: Reply,
    /// The new value of the cookie that remembers it; none if the interaction had ended before.
    pub cookie: Option<String>,
}

impl AuthorizationEndpoint {
    /// Answers the client with `access_denied`. The user has pressed a button, so this is no open redirector
    /// (RFC 9700 §4.11.2). The browser remembers it in a cookie, and no store does: the user may be a stranger. The same form
    /// gets the same answer again.
    ///
    /// # Errors
    /// `invalid_request` when the form is not from this browser's login page, or when no client waits for the login.
    pub async fn cancel(
        &self,
        interaction: &str,
        form_token: &str,
        browser: &Browser,
    ) -> Result<Cancelled, Error> {
        let now = self.context.now();
        browser.require_form_token(interaction, form_token)?;
        let (open, purpose) = match self.interactions.open_to_cancel(interaction, browser, now).await {
            Ok(opened) => opened,
            Err(error) => {
                let reply = self.repeat_for_browser(interaction, browser, now).await?.ok_or(error)?;
                return Ok(Cancelled { reply, cookie: None });
            }
        };
        let (sender, pushed) = match purpose {
            Purpose::Authorize(request) => {
                let client = self.checks.recheck(&request).await?;
                (Sender::new(&client, &request), request.pushed)
            }
            Purpose::HeldError(held) => {
                let HeldError { client, incarnation, return_to, ui_locales, .. } = held;
                let found = self.checks.recheck_return_to(&client, incarnation, &return_to).await?;
                let (is_vetted, is_silent) = (found.is_vetted(), false);
                (Sender { client, incarnation, is_vetted, return_to, is_silent, ui_locales }, None)
            }
            Purpose::SignOut { .. } | Purpose::Device { .. } | Purpose::Home | Purpose::Account { .. } => {
                return Err(expired_page("no client waits for this login"));
            }
        };
        let cancelled = Refusal::new(ErrorCode::AccessDenied, CANCELLED);
        let error = self.refused(&sender, cancelled, browser, now).await?;
        let response = AuthorizationResponse::error(&self.context.settings.issuer, sender.return_to, error);
        let reply = self.hand_out(response, (pushed, open.id.digest()), None, now).await?;
        Ok(Cancelled { reply, cookie: Some(browser.cancelled_with(open.id.expose())) })
    }
}
