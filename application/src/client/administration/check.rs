//! What a registration must be to work at all.

use std::collections::BTreeSet;

use domain::client::ClientResources;
use domain::logout::LogoutChannels;
use domain::{Client, GrantType, KeySource, RedirectUri, RequestObjects, ResourceIdentifier, Scope, Secret};

use super::{ClientAdministration, ClientAdministrationError, Credential, NewClient};
use crate::client_auth::key_sets::can_verify;
use crate::error::Error;

impl ClientAdministration {
    pub(super) fn check(&self, new: &NewClient) -> Result<(), ClientAdministrationError> {
        self.check_chosen(new.secret.as_ref(), new.authentication.as_ref())?;
        let keys = match &new.authentication {
            Some(Credential::Keys(keys)) => Some(keys),
            Some(Credential::Secret(_)) | None => new.request_objects.keys.as_ref(),
        };
        self.check_signing(keys, &new.request_objects)?;
        check_grants(&new.grant_types, &new.redirect_uris, new.authentication.is_none())?;
        check_logout(&new.logout, &new.redirect_uris)?;
        if new.marks.administrative && new.authentication.is_none() {
            return Err(ClientAdministrationError::PublicAdministrative);
        }
        self.check_scope(&new.scope)?;
        check_default(&new.resources)?;
        check_links([
            ("logo_uri", new.links.logo.as_deref()),
            ("policy_uri", new.links.policy.as_deref()),
            ("tos_uri", new.links.tos.as_deref()),
        ])
    }

    /// A secret that the operator chose.
    pub(crate) fn check_chosen(
        &self,
        chosen: Option<&Secret>,
        credential: Option<&Credential>,
    ) -> Result<(), ClientAdministrationError> {
        let Some(secret) = chosen else {
            return Ok(());
        };
        if !matches!(credential, Some(Credential::Secret(_))) {
            return Err(ClientAdministrationError::NoSecret);
        }
        if !(16..=crate::login::password_verifier::MAX_PASSWORD_LENGTH).contains(&secret.expose().len()) {
            return Err(ClientAdministrationError::SecretLength);
        }
        Ok(())
    }

    pub(crate) fn check_registration(&self, client: &Client) -> Result<(), ClientAdministrationError> {
        self.check_signing(client.keys(), &client.request_objects)?;
        check_grants(&client.grant_types, &client.redirect_uris, client.is_public())?;
        check_logout(&client.logout, &client.redirect_uris)?;
        self.check_subject(client)?;
        if client.administrative && client.is_public() {
            return Err(ClientAdministrationError::PublicAdministrative);
        }
        if client.administrative && client.registration.is_some() {
            return Err(ClientAdministrationError::SelfRegisteredAdministrative);
        }
        self.check_scope(&client.scope)?;
        check_default(&client.resources)?;
        check_links([
            ("logo_uri", client.logo_uri.as_deref()),
            ("policy_uri", client.policy_uri.as_deref()),
            ("tos_uri", client.tos_uri.as_deref()),
        ])
    }

    fn check_signing(
        &self,
        keys: Option<&KeySource>,
        requests: &RequestObjects,
    ) -> Result<(), ClientAdministrationError> {
        keys.map(|keys| self.check_keys(keys)).transpose()?;
        if keys.is_none() && requests.are_announced() {
            return Err(ClientAdministrationError::RequestKeysMissing);
        }
        if requests.uris.iter().any(|uri| !self.settings.may_request(uri.address())) {
            return Err(ClientAdministrationError::RequestUri);
        }
        Ok(())
    }

    /// That its redirect URIs are in the list of its sector, an operator vouches for.
    pub(super) fn check_subject(&self, client: &Client) -> Result<(), ClientAdministrationError> {
        let Client { id, subject, redirect_uris, .. } = client;
        match &subject.sector_identifier_uri {
            Some(uri) if !self.settings.may_request(uri) => Err(ClientAdministrationError::SectorUri),
            Some(_) | None => Ok(subject.sector(id, redirect_uris).map(drop)?),
        }
    }

    /// Whether what is published at an address is of use, its first assertion shows.
    fn check_keys(&self, keys: &KeySource) -> Result<(), ClientAdministrationError> {
        match keys {
            KeySource::Jwks(keys) if !can_verify(keys) => Err(ClientAdministrationError::Keys),
            KeySource::JwksUri(uri) if !self.settings.may_request(uri) => {
                Err(ClientAdministrationError::KeysUri)
            }
            KeySource::Jwks(_) | KeySource::JwksUri(_) => Ok(()),
        }
    }

    /// What was registered when a client got it is not looked up again: it cannot be deleted meanwhile.
    pub(crate) async fn check_new_resources(
        &self,
        before: &ClientResources,
        after: &ClientResources,
    ) -> Result<(), ClientAdministrationError> {
        let is_ours = |id: &ResourceIdentifier| id.as_str() == self.settings.issuer.as_str();
        let new: Vec<_> =
            after.allowed.difference(&before.allowed).filter(|id| !is_ours(id)).cloned().collect();
        if new.is_empty() {
            return Ok(());
        }
        let found = self.resources.find(&new).await.map_err(Error::from)?;
        match new.into_iter().find(|id| found.iter().all(|resource| resource.id != *id)) {
            Some(unknown) => Err(ClientAdministrationError::Resource(unknown)),
            None => Ok(()),
        }
    }

    fn check_scope(&self, scope: &Scope) -> Result<(), ClientAdministrationError> {
        match scope.iter().find(|token| !self.settings.scopes.contains(token)) {
            Some(unknown) => Err(ClientAdministrationError::Scope(unknown.to_owned())),
            None => Ok(()),
        }
    }
}

fn check_grants(
    grants: &BTreeSet<GrantType>,
    redirect_uris: &[RedirectUri],
    public: bool,
) -> Result<(), ClientAdministrationError> {
    if grants.contains(&GrantType::AuthorizationCode) && redirect_uris.is_empty() {
        return Err(ClientAdministrationError::RedirectUriMissing);
    }
    if grants.contains(&GrantType::ClientCredentials) && public {
        return Err(ClientAdministrationError::PublicClientCredentials);
    }
    if grants.contains(&GrantType::Password) && public {
        return Err(ClientAdministrationError::PublicPassword);
    }
    Ok(())
}

fn check_default(resources: &ClientResources) -> Result<(), ClientAdministrationError> {
    match &resources.default {
        Some(default) if !resources.allowed.contains(default) => {
            Err(ClientAdministrationError::DefaultResource)
        }
        Some(_) | None => Ok(()),
    }
}

fn check_logout(
    logout: &LogoutChannels,
    redirect_uris: &[RedirectUri],
) -> Result<(), ClientAdministrationError> {
    match &logout.front.uri {
        Some(uri) if !uri.is_beside(redirect_uris) => Err(ClientAdministrationError::FrontchannelLogout),
        Some(_) | None => Ok(()),
    }
}

fn check_links(links: [(&'static str, Option<&str>); 3]) -> Result<(), ClientAdministrationError> {
    for (name, link) in links {
        let fits = link.is_none_or(|link| url::Url::parse(link).is_ok_and(|url| url.scheme() == "https"));
        if !fits {
            return Err(ClientAdministrationError::Link(name));
        }
    }
    Ok(())
}
