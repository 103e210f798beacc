//! `subject_type` and `sector_identifier_uri` (OpenID Connect Dynamic Registration §2, §5).

use domain::GrantType;
use domain::client::Client;
use domain::outbound_uri::InvalidOutboundUri;
use domain::subject::{Sector, SubjectChoice, SubjectType};

use super::RegistrationEndpoint;
use super::document::Document;
use crate::error::{Error, Refusal};
use crate::port::{Attempt, AttemptKey};

/// What a list of redirect URIs is asked for as.
const MEDIA_TYPE: &str = "application/json";

/// What the client asks for.
pub(super) fn choice(document: &Document) -> Result<SubjectChoice, Refusal> {
    let subject_type = match document.text("subject_type")? {
        None => SubjectType::Public,
        Some(text) => text.parse().map_err(|_| wrong("subject_type must be public or pairwise"))?,
    };
    let uri = document.text("sector_identifier_uri")?.map(str::parse).transpose();
    let sector_identifier_uri =
        uri.map_err(|reason: InvalidOutboundUri| wrong(format!("sector_identifier_uri {reason}")))?;
    Ok(SubjectChoice { subject_type, sector_identifier_uri })
}

/// A client that registers itself shares a sector only by its redirect URIs: whatever it gets elsewhere, nobody of
/// that host has seen. Else anybody could learn by what name a host knows a user, with a device of their own.
pub(super) fn check_grants(client: &Client) -> Result<(), Refusal> {
    let shared = matches!(sector(client)?, Some(Sector::Host(_)));
    let elsewhere = [GrantType::DeviceCode, GrantType::Password];
    if shared && elsewhere.iter().any(|grant| client.grant_types.contains(grant)) {
        return Err(wrong("pairwise subjects of a host are for grants that answer to a redirect URI only"));
    }
    // What is on a host's list is no proof where any application on the device could be meant by it.
    let nobodys = |uri: &domain::RedirectUri| uri.host_of_its_own().is_none();
    if shared && client.redirect_uris.iter().any(nobodys) {
        return Err(wrong("pairwise subjects of a host are for redirect URIs of https only"));
    }
    Ok(())
}

/// What a client was granted came to where it was registered then: with another registration it must not learn by
/// what name another host knows the same user. Nor may a name change under a client (OpenID Connect Core §12.2).
pub(super) fn check_kept(before: &Client, after: &Client) -> Result<(), Refusal> {
    match sector(after)? {
        Some(shared @ Sector::Host(_)) if sector(before)?.as_ref() != Some(&shared) => Err(wrong(
            "a client cannot move into the pairwise subjects of another host; register another one",
        )),
        Some(_) | None => Ok(()),
    }
}

fn sector(client: &Client) -> Result<Option<Sector>, Refusal> {
    let Client { id, subject, redirect_uris, .. } = client;
    subject.sector(id, redirect_uris).map_err(|reason| wrong(reason.to_string()))
}

impl RegistrationEndpoint {
    /// Reads the list at the client's `sector_identifier_uri`: every redirect URI of the client has to be in it (§5).
    ///
    /// # Errors
    /// `invalid_client_metadata` for a list that cannot be had, or lacks one.
    pub(super) async fn check_sector(&self, client: &Client) -> Result<(), Refusal> {
        let Some(uri) = &client.subject.sector_identifier_uri else {
            return Ok(());
        };
        let unreadable = |reason: String| {
            wrong("sector_identifier_uri does not answer with a JSON list of redirect URIs").because(reason)
        };
        let list = self.documents.fetch(uri, MEDIA_TYPE).await;
        let list = list.map_err(|unfetched| unreadable(unfetched.to_string()))?;
        let list: Vec<String> =
            serde_json::from_slice(&list).map_err(|reason| unreadable(format!("{uri}: {reason}")))?;
        let listed = |uri: &&domain::RedirectUri| list.iter().any(|text| text == uri.as_str());
        match client.redirect_uris.iter().find(|uri| !listed(uri)) {
            None => Ok(()),
            Some(missing) => Err(wrong("a redirect URI is not in the list at sector_identifier_uri")
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
        let limit = self.settings.registration.limit;
        match self.attempts.count(key, limit, self.clock.now()).await? {
            Attempt::Limited(until) => Err(Error::Limited(until)),
            Attempt::Allowed => Ok(self.check_sector(after).await?),
        }
    }
}

fn wrong(description: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::invalid_client_metadata(description)
}
