//! The list of redirect URIs at a `sector_identifier_uri` (OpenID Connect Dynamic Registration §5).

use domain::Client;
use domain::client::Problem;

use super::RegistrationEndpoint;
use crate::error::{Error, Limited, Refusal};
use crate::port::{Attempt, AttemptKey, Counter};

/// The `Accept` header of a request for a list of redirect URIs.
const MEDIA_TYPE: &str = "application/json";

impl RegistrationEndpoint {
    /// Reads the list at the client's `sector_identifier_uri`: every redirect URI of the client has to be in it (§5).
    ///
    /// # Errors
    /// `invalid_client_metadata` for a list that cannot be had, or lacks one.
    pub(super) async fn check_sector(&self, client: &Client) -> Result<(), Refusal> {
        let Some(uri) = &client.subject.sector_identifier_uri else {
            return Ok(());
        };
        let unreadable =
            |reason: String| wrong("does not answer with a JSON list of redirect URIs").because(reason);
        let list = self.documents.fetch(&client.id, uri, MEDIA_TYPE).await;
        let list = list.map_err(|unfetched| unreadable(unfetched.to_string()))?;
        let list: Vec<String> =
            serde_json::from_slice(&list).map_err(|reason| unreadable(format!("{uri}: {reason}")))?;
        let listed = |uri: &&domain::RedirectUri| list.iter().any(|text| text == uri.as_str());
        match client.redirect_uris.iter().find(|uri| !listed(uri)) {
            None => Ok(()),
            Some(missing) => Err(wrong("a redirect URI is not in the list at this address")
                .because(format!("{uri} does not list {missing}"))),
        }
    }

    /// The same for a registration that replaces another: the list is only read where it could matter, and not
    /// without end for one client.
    ///
    /// # Errors
    /// As [`check_sector`](Self::check_sector), and [`Error::Limited`].
    pub(super) async fn check_changed_sector(&self, before: &Client, after: &Client) -> Result<(), Error> {
        let same = before.redirect_uris == after.redirect_uris && before.subject == after.subject;
        if same || after.subject.sector_identifier_uri.is_none() {
            return Ok(());
        }
        let key = AttemptKey::new("registration.sector", &[after.id.as_str()]);
        let limit = self.context.settings.registration.limit;
        match self.attempts.count(&[Counter::new(key, limit)], self.context.now()).await? {
            Attempt::Limited(until) => {
                let what = format!("changes of the redirect URIs of {}", after.id);
                Err(Limited::new(until, &what, limit).into())
            }
            Attempt::Allowed => Ok(self.check_sector(after).await?),
        }
    }
}

fn wrong(text: &'static str) -> Refusal {
    Problem::new("sector_identifier_uri", text).into()
}
