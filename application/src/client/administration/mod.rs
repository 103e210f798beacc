//! Administering clients: what an operator may do with a registration.

mod check;
mod error;
mod new_client;

use std::sync::Arc;

use domain::client::{ClientAuthentication, ClientResources, StoredSecret};
use domain::{Actor, AuditEvent, Client, ClientId, Secret};

use crate::error::Error;
use crate::port::{Clients, Clock, Entropy, Inserted, Passwords, Resources};
use crate::settings::Settings;

pub use error::ClientAdministrationError;
pub use new_client::{Credential, Links, Marks, NewClient, default_scope};

/// How often a change is tried on a registration that others change at the same moment.
const TRIES: usize = 16;

/// Administers clients.
pub struct ClientAdministration {
    /// Where they are kept.
    pub clients: Arc<dyn Clients>,
    /// What they may ask for tokens for.
    pub resources: Arc<dyn Resources>,
    /// Hashes chosen secrets.
    pub passwords: Arc<dyn Passwords>,
    /// Which scopes there are.
    pub settings: Arc<Settings>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For ids and secrets.
    pub entropy: Arc<dyn Entropy>,
}

impl ClientAdministration {
    /// Registers a client. The secret is in the answer, and nowhere else.
    ///
    /// # Errors
    /// [`ClientAdministrationError`]; then nothing is registered.
    pub async fn create(
        &self,
        new: NewClient,
        actor: Actor,
    ) -> Result<(Client, Option<Secret>), ClientAdministrationError> {
        self.check(&new)?;
        self.check_new_resources(&ClientResources::default(), &new.resources).await?;
        let id = new.id.clone().unwrap_or_else(|| ClientId::from_random(self.entropy.bytes()));
        let now = self.clock.now();
        let (authentication, secret) = self.authentication(new.authentication, new.secret).await?;
        let client = Client {
            id,
            name: new.name,
            authentication,
            redirect_uris: new.redirect_uris,
            post_logout_redirect_uris: new.post_logout_redirect_uris,
            logout: new.logout,
            grant_types: new.grant_types,
            scope: new.scope,
            resources: new.resources,
            logo_uri: new.links.logo,
            policy_uri: new.links.policy,
            tos_uri: new.links.tos,
            subject: new.subject,
            id_token_signed_response_alg: new.id_token_signed_response_alg,
            userinfo_signed_response_alg: new.userinfo_signed_response_alg,
            authentication_defaults: new.authentication_defaults,
            request_objects: new.request_objects,
            access_token_format: new.access_token_format,
            require_pkce: new.marks.require_pkce,
            require_pushed_authorization_requests: new.marks.require_pushed_authorization_requests,
            first_party: new.marks.first_party,
            resource_server: new.marks.resource_server,
            administrative: new.marks.administrative,
            disabled_at: None,
            created_at: now,
            registration: None,
        };
        self.check_subject(&client)?;
        self.insert(client, actor).await.map(|client| (client, secret))
    }

    /// Up to `limit` clients in the order of their ids, after the one named.
    ///
    /// # Errors
    /// [`ClientAdministrationError::Failed`] only.
    pub async fn list(
        &self,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<Client>, ClientAdministrationError> {
        Ok(self.clients.list(after, limit).await.map_err(Error::from)?)
    }

    /// The client of this id.
    ///
    /// # Errors
    /// [`ClientAdministrationError::Unknown`] if there is none.
    pub async fn show(&self, id: &ClientId) -> Result<Client, ClientAdministrationError> {
        let found = self.clients.find(id).await.map_err(Error::from)?;
        found.ok_or_else(|| ClientAdministrationError::Unknown(id.clone()))
    }

    /// Makes of a registration what `change` makes of it. Of changes made at the same moment none is lost: `change`
    /// may be asked again, with the registration as it is by then.
    ///
    /// # Errors
    /// [`ClientAdministrationError`]; then nothing is changed.
    pub async fn update(
        &self,
        id: &ClientId,
        change: impl Fn(&mut Client) + Send + Sync,
        actor: Actor,
    ) -> Result<Client, ClientAdministrationError> {
        self.amend(id, actor, "client.update", |client| {
            change(client);
            self.check_registration(client)
        })
        .await
    }

    /// Disables a client, or enables it again.
    ///
    /// # Errors
    /// [`ClientAdministrationError::Unknown`] if there is none.
    pub async fn set_enabled(
        &self,
        id: &ClientId,
        enabled: bool,
        actor: Actor,
    ) -> Result<Client, ClientAdministrationError> {
        let action = if enabled { "client.enable" } else { "client.disable" };
        let now = self.clock.now();
        self.amend(id, actor, action, |client| {
            client.disabled_at = (!enabled).then_some(now);
            Ok(())
        })
        .await
    }

    /// Gives a confidential client a new secret; the old one stops working.
    ///
    /// # Errors
    /// [`ClientAdministrationError::NoSecret`] for a client without one, [`ClientAdministrationError::Unknown`] for none.
    pub async fn rotate_secret(
        &self,
        id: &ClientId,
        actor: Actor,
    ) -> Result<(Client, Secret), ClientAdministrationError> {
        let secret = Secret::from_random(self.entropy.bytes());
        let renew = |client: &mut Client| {
            let ClientAuthentication::Secret { secret: kept, .. } = &mut client.authentication else {
                return Err(ClientAdministrationError::NoSecret);
            };
            *kept = StoredSecret::Generated(secret.digest());
            Ok(())
        };
        let client = self.amend(id, actor, "client.rotate-secret", renew).await?;
        Ok((client, secret))
    }

    /// Removes a client and revokes what it was issued.
    ///
    /// # Errors
    /// [`ClientAdministrationError::Unknown`] if there is none.
    pub async fn delete(&self, id: &ClientId, actor: Actor) -> Result<(), ClientAdministrationError> {
        let event = AuditEvent::new(self.clock.now(), actor, "client.delete", id);
        if self.clients.delete(id, &event).await.map_err(Error::from)? {
            Ok(())
        } else {
            Err(ClientAdministrationError::Unknown(id.clone()))
        }
    }

    pub(crate) async fn insert(
        &self,
        client: Client,
        actor: Actor,
    ) -> Result<Client, ClientAdministrationError> {
        let event = AuditEvent::new(client.created_at, actor, "client.create", &client.id);
        match self.clients.insert(&client, &event).await.map_err(Error::from)? {
            Inserted::Done => Ok(client),
            Inserted::IdTaken => Err(ClientAdministrationError::IdTaken(client.id)),
        }
    }

    pub(crate) async fn amend(
        &self,
        id: &ClientId,
        actor: Actor,
        action: &str,
        change: impl Fn(&mut Client) -> Result<(), ClientAdministrationError> + Send + Sync,
    ) -> Result<Client, ClientAdministrationError> {
        let event = AuditEvent::new(self.clock.now(), actor, action, id);
        for _ in 0..TRIES {
            let before = self.show(id).await?;
            let mut after = before.clone();
            change(&mut after)?;
            after.id = before.id.clone();
            self.check_new_resources(&before.resources, &after.resources).await?;
            if self.clients.amend(&before, &after, &event).await.map_err(Error::from)? {
                return Ok(after);
            }
        }
        Err(ClientAdministrationError::Contended(id.clone()))
    }

    pub(crate) async fn authentication(
        &self,
        credential: Option<Credential>,
        chosen: Option<Secret>,
    ) -> Result<(ClientAuthentication, Option<Secret>), ClientAdministrationError> {
        let method = match credential {
            None => return Ok((ClientAuthentication::None, None)),
            Some(Credential::Keys(keys)) => return Ok((ClientAuthentication::PrivateKeyJwt { keys }, None)),
            Some(Credential::Secret(method)) => method,
        };
        let (secret, answer) = match chosen {
            Some(chosen) => {
                let hash = self.passwords.hash(chosen.expose()).await.map_err(Error::from)?;
                (StoredSecret::Chosen(hash), None)
            }
            None => {
                let generated = Secret::from_random(self.entropy.bytes());
                (StoredSecret::Generated(generated.digest()), Some(generated))
            }
        };
        Ok((ClientAuthentication::Secret { method, secret }, answer))
    }
}
