//! A store that fails while a user is on a page of a request: the application is told (RFC 6749 §4.1.2.1).

use super::endpoint::AuthorizationEndpoint;
use super::reply::Reply;
use super::sender::Sender;
use super::visitor::Visitor;
use crate::browser::Browser;
use crate::error::Error;

impl AuthorizationEndpoint {
    /// The answer to the failure of a store on a page of this interaction, before the interaction has ended:
    /// `temporarily_unavailable` for the client, at the redirect URI that was verified when the interaction began. The
    /// interaction is bound to this browser, so no attacker can have sent the user here with one. Whether an operator vouches for
    /// the client is what was true then, if the store of clients is the one that fails.
    ///
    /// # Errors
    /// The error itself, if it is another one or if no client waits for an answer; `unauthorized_client` when the client may
    /// no longer be sent anything there.
    pub async fn answer_outage(
        &self,
        error: Error,
        interaction: &str,
        browser: &Browser,
    ) -> Result<Reply, Error> {
        let now = self.context.now();
        let purpose = match &error {
            Error::Unavailable(_) => self.interactions.waiting(interaction, browser, now),
            Error::Refused(_) | Error::Limited(_) => None,
        };
        let Some(mut sender) = purpose.and_then(Sender::of_purpose) else {
            return Err(error);
        };
        match self.checks.recheck_return_to(&sender.client, sender.incarnation, &sender.return_to).await {
            Ok(client) => sender.is_vetted = client.is_vetted(),
            Err(Error::Unavailable(_)) => {}
            Err(changed) => return Err(changed),
        }
        Ok(self.answer_error(sender.failed(error), Visitor::Unknown, browser, now).await)
    }
}
