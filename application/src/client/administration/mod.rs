//! The administration of clients by an operator.

mod allowed_groups;
mod error;
mod registration_token;
mod search;

use std::sync::Arc;

use domain::client::{
    ClientAuthentication, ClientDraft, ClientResources, Policy, Problems, Registrant, StoredSecret,
};
use domain::{AuditEvent, Author, Client, ClientId, Digest, Incarnation, ResourceIdentifier, Secret};

use super::changes;
use super::policy::policy;
use super::warnings;
use crate::context::Context;
use crate::error::Error;
use crate::keys::Keys;
use crate::port::{Clients, Groups, Inserted, Passwords, Resources};

pub use error::ClientAdministrationError;

/// How often a change is tried on a registration that other requests change at the same moment.
const MAX_TRIES: usize = 16;

/// Administers clients.
pub struct ClientAdministration {
    /// Where clients are kept.
    pub clients: Arc<dyn Clients>,
    /// The resources that clients may request tokens for.
    pub resources: Arc<dyn Resources>,
    /// The groups that clients may allow.
    pub groups: Arc<dyn Groups>,
    /// The keys that clients are answered with. None on the command line, which may lack the encryption key: then the server
    /// makes a missing key when it is first needed.
    pub keys: Option<Arc<Keys>>,
    /// Hashes secrets that an operator chose.
    pub passwords: Arc<dyn Passwords>,
    /// Settings, time and chance.
    pub context: Context,
}

impl ClientAdministration {
    /// Registers the client of a draft. `client_id` and `client_secret` may be chosen. A generated secret is in the
    /// answer, and nowhere else.
    ///
    /// # Errors
    /// [`ClientAdministrationError`]; then nothing is registered.
    pub async fn create(
        &self,
        draft: &ClientDraft,
        author: impl Into<Author> + Send,
    ) -> Result<(Client, Option<Secret>), ClientAdministrationError> {
        let generated = Secret::from_random(self.context.entropy.bytes());
        let id = ClientId::from_random(self.context.entropy.bytes());
        let incarnation = Incarnation::from_random(self.context.entropy.bytes());
        let empty = Client::new(id, incarnation, self.context.now());
        let policy = policy(&self.context.settings, Registrant::Operator);
        let mut client = draft.create(empty, &policy, generated.digest())?;
        client.resources = self.registered(&ClientResources::default(), client.resources).await?;
        client.allowed_groups = self.existing(client.allowed_groups).await?;
        if let (ClientAuthentication::Secret { secret, .. }, Some(chosen)) =
            (&mut client.authentication, draft.chosen_secret())
        {
            warnings::about_secret(&client.id, &chosen);
            let hash = self.passwords.hash(chosen.expose()).await.map_err(Error::from)?;
            *secret = StoredSecret::Chosen(hash);
        }
        self.install_keys(&client).await?;
        let client = self.insert(client, author.into()).await?;
        warnings::log(&self.context.settings, &client);
        Ok(with_first_secret(client, generated))
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

    /// Replaces the registration of a client that is as the caller knows it by that of a draft: a member that is not in it
    /// gets its default. The secret stays; a client that gets its first one finds it in the answer.
    ///
    /// # Errors
    /// [`ClientAdministrationError`]; then nothing is changed.
    pub async fn replace(
        &self,
        id: &ClientId,
        draft: &ClientDraft,
        author: impl Into<Author> + Send,
        is_known: impl Fn(&Client) -> bool + Send + Sync,
    ) -> Result<(Client, Option<Secret>), ClientAdministrationError> {
        self.update(id, author.into(), is_known, |client, policy, secret| {
            draft.replace(client, policy, secret)
        })
        .await
    }

    /// Changes a registration: a member that is in the draft replaces the one it has, `null` removes it (RFC 7396),
    /// every other member stays as it is.
    ///
    /// # Errors
    /// [`ClientAdministrationError`]; then nothing is changed.
    pub async fn patch(
        &self,
        id: &ClientId,
        draft: &ClientDraft,
        author: impl Into<Author> + Send,
    ) -> Result<(Client, Option<Secret>), ClientAdministrationError> {
        self.patch_if(id, draft, author, |_| true).await
    }

    /// As [`patch`](Self::patch), if the client is as the caller knows it.
    ///
    /// # Errors
    /// As [`patch`](Self::patch); [`ClientAdministrationError::Changed`] if it is not.
    pub async fn patch_if(
        &self,
        id: &ClientId,
        draft: &ClientDraft,
        author: impl Into<Author> + Send,
        is_known: impl Fn(&Client) -> bool + Send + Sync,
    ) -> Result<(Client, Option<Secret>), ClientAdministrationError> {
        self.update(id, author.into(), is_known, |client, policy, secret| draft.patch(client, policy, secret))
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
        author: impl Into<Author> + Send,
    ) -> Result<Client, ClientAdministrationError> {
        let action = if enabled { "client.enable" } else { "client.disable" };
        let disabled_at = (!enabled).then(|| self.context.now());
        self.amend(id, author.into(), action, |client| Ok(Client { disabled_at, ..client.clone() })).await
    }

    /// Gives a confidential client a new secret; the old one stops working.
    ///
    /// # Errors
    /// [`ClientAdministrationError::NoSecret`] for a client without one, [`ClientAdministrationError::Unknown`] for none.
    pub async fn rotate_secret(
        &self,
        id: &ClientId,
        author: impl Into<Author> + Send,
    ) -> Result<(Client, Secret), ClientAdministrationError> {
        let secret = Secret::from_random(self.context.entropy.bytes());
        let renew = |client: &Client| {
            let ClientAuthentication::Secret { method, .. } = client.authentication else {
                return Err(ClientAdministrationError::NoSecret);
            };
            let renewed = StoredSecret::Generated(secret.digest());
            let authentication = ClientAuthentication::Secret { method, secret: renewed };
            Ok(Client { authentication, ..client.clone() })
        };
        let client = self.amend(id, author.into(), "client.rotate-secret", renew).await?;
        Ok((client, secret))
    }

    /// Deletes a client and revokes all its tokens.
    ///
    /// # Errors
    /// [`ClientAdministrationError::Unknown`] if there is no such client.
    pub async fn delete(
        &self,
        id: &ClientId,
        author: impl Into<Author> + Send,
    ) -> Result<(), ClientAdministrationError> {
        let event = AuditEvent::new(self.context.now(), author, "client.delete", id);
        if self.clients.delete(id, &event).await.map_err(Error::from)? {
            Ok(())
        } else {
            Err(ClientAdministrationError::Unknown(id.clone()))
        }
    }

    async fn insert(&self, client: Client, author: Author) -> Result<Client, ClientAdministrationError> {
        let event = AuditEvent::new(client.created_at, author, "client.create", &client.id)
            .with_changes(changes::of_new(&client));
        match self.clients.insert(&client, &event).await.map_err(Error::from)? {
            Inserted::Done => Ok(client),
            Inserted::IdTaken => Err(ClientAdministrationError::IdTaken(client.id)),
            Inserted::NoSuchGroup => Err(ClientAdministrationError::Contended(client.id)),
        }
    }

    /// Keeps what `change` makes of a registration. No change that another request makes at the same moment is lost:
    /// `change` is called again, with the registration as it is by then.
    /// Changes the registration of a client that is as the caller knows it.
    async fn update(
        &self,
        id: &ClientId,
        author: Author,
        is_known: impl Fn(&Client) -> bool + Send + Sync,
        apply: impl Fn(&Client, &Policy<'_>, Digest) -> Result<Client, Problems> + Send + Sync,
    ) -> Result<(Client, Option<Secret>), ClientAdministrationError> {
        let secret = Secret::from_random(self.context.entropy.bytes());
        let policy = policy(&self.context.settings, Registrant::Operator);
        let change = |client: &Client| match is_known(client) {
            true => Ok(apply(client, &policy, secret.digest())?),
            false => Err(ClientAdministrationError::Changed(id.clone())),
        };
        let client = self.amend(id, author, "client.update", change).await?;
        warnings::log(&self.context.settings, &client);
        Ok(with_first_secret(client, secret))
    }

    async fn amend(
        &self,
        id: &ClientId,
        author: Author,
        action: &str,
        change: impl Fn(&Client) -> Result<Client, ClientAdministrationError> + Send + Sync,
    ) -> Result<Client, ClientAdministrationError> {
        let event = AuditEvent::new(self.context.now(), author, action, id);
        for _ in 0..MAX_TRIES {
            let before = self.show(id).await?;
            let mut after = change(&before)?;
            after.resources = self.registered(&before.resources, after.resources).await?;
            if after.allowed_groups != before.allowed_groups {
                after.allowed_groups = self.existing(after.allowed_groups).await?;
            }
            self.install_keys(&after).await?;
            let event = event.clone().with_changes(changes::between(&before, &after));
            if self.clients.amend(&before, &after, &event).await.map_err(Error::from)? {
                return Ok(after);
            }
        }
        Err(ClientAdministrationError::Contended(id.clone()))
    }

    async fn install_keys(&self, client: &Client) -> Result<(), Error> {
        match &self.keys {
            Some(keys) => keys.install_for(client).await,
            None => Ok(()),
        }
    }

    /// The resources `after` a change, written as they are registered. A resource that the client had before is not looked
    /// up again: it cannot be deleted while a client has it.
    async fn registered(
        &self,
        before: &ClientResources,
        after: ClientResources,
    ) -> Result<ClientResources, ClientAdministrationError> {
        let mut known = before.allowed.clone();
        known.insert(ResourceIdentifier::from(&self.context.settings.issuer));
        let new: Vec<_> = after.allowed.difference(&known).cloned().collect();
        if !new.is_empty() {
            let found = self.resources.find(&new).await.map_err(Error::from)?;
            known.extend(found.into_iter().map(|resource| resource.id));
        }
        let name = |id| known.get(&id).cloned().ok_or(ClientAdministrationError::UnknownResource(id));
        Ok(ClientResources {
            allowed: after.allowed.into_iter().map(name).collect::<Result<_, _>>()?,
            default: after.default.map(name).transpose()?,
        })
    }
}

/// The client, and `secret` if the client uses it from now on.
fn with_first_secret(client: Client, secret: Secret) -> (Client, Option<Secret>) {
    let is_new = matches!(
        &client.authentication,
        ClientAuthentication::Secret { secret: StoredSecret::Generated(digest), .. } if *digest == secret.digest()
    );
    (client, is_new.then_some(secret))
}
