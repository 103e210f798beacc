//! Administering clients: what an operator may do with a registration.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::client::{ClientAuthentication, SecretMethod, StoredSecret};
use domain::{Actor, AuditEvent, Client, ClientId, GrantType, RedirectUri, Scope, Secret, SigningAlgorithm};

use crate::client_auth::unavailable;
use crate::error::Error;
use crate::port::{Clients, Clock, Entropy, Inserted, Passwords};
use crate::settings::Settings;

/// Administers clients.
pub struct ClientRegistry {
    /// Where they are kept.
    pub clients: Arc<dyn Clients>,
    /// Hashes chosen secrets.
    pub passwords: Arc<dyn Passwords>,
    /// Which scopes there are.
    pub settings: Arc<Settings>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For ids and secrets.
    pub entropy: Arc<dyn Entropy>,
}

/// A client to be registered by an operator.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// Its id; a generated one if none.
    pub id: Option<ClientId>,
    /// Its name.
    pub name: Option<String>,
    /// How it authenticates; none for a public client.
    pub authentication: Option<SecretMethod>,
    /// A secret the operator chose; a generated one if none.
    pub secret: Option<Secret>,
    /// `redirect_uris`.
    pub redirect_uris: Vec<RedirectUri>,
    /// `post_logout_redirect_uris`.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// `grant_types`.
    pub grant_types: BTreeSet<GrantType>,
    /// What it may ask for.
    pub scope: Scope,
    /// `logo_uri`, `policy_uri`, `tos_uri`.
    pub links: Links,
    /// `id_token_signed_response_alg`.
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// What only an operator can decide.
    pub marks: Marks,
}

/// The addresses shown to users.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// `logo_uri`.
    pub logo: Option<String>,
    /// `policy_uri`.
    pub policy: Option<String>,
    /// `tos_uri`.
    pub tos: Option<String>,
}

/// What only an operator can decide about a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    /// Users are not asked for consent.
    pub first_party: bool,
    /// May introspect every access token.
    pub resource_server: bool,
    /// Has to use PKCE where the policy leaves that to the client.
    pub require_pkce: bool,
}

/// Why a client is not registered or changed.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The id is taken.
    #[error("a client with the id {0} exists already")]
    IdTaken(ClientId),
    /// There is no such client.
    #[error("there is no client with the id {0}")]
    Unknown(ClientId),
    /// A scope that does not exist on this server.
    #[error(
        "the scope {0} does not exist here; the setting scopes lists what exists beside the standard ones"
    )]
    Scope(String),
    /// Nothing to redirect to.
    #[error("a client of the authorization_code grant needs a redirect URI")]
    RedirectUriMissing,
    /// Anybody could be a public client.
    #[error("a public client cannot use the client_credentials grant")]
    PublicClientCredentials,
    /// A public client has no secret.
    #[error("a public client has no secret")]
    PublicSecret,
    /// A chosen secret that is too short.
    #[error("a chosen client secret needs 16 to 1024 bytes; leave it out to have one generated")]
    SecretLength,
    /// An address that is no https URL.
    #[error("{0} must be an https URL")]
    Link(&'static str),
    /// A store or the hashing did not answer.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl ClientRegistry {
    /// Registers a client. The secret is in the answer, and nowhere else.
    ///
    /// # Errors
    /// [`RegistryError`]; then nothing is registered.
    pub async fn create(
        &self,
        new: NewClient,
        actor: Actor,
    ) -> Result<(Client, Option<Secret>), RegistryError> {
        self.check(&new)?;
        let id = new.id.clone().unwrap_or_else(|| ClientId::from_random(self.entropy.bytes()));
        let now = self.clock.now();
        let (authentication, secret) = self.authentication(new.authentication, new.secret).await?;
        let client = Client {
            id,
            name: new.name,
            authentication,
            redirect_uris: new.redirect_uris,
            post_logout_redirect_uris: new.post_logout_redirect_uris,
            grant_types: new.grant_types,
            scope: new.scope,
            logo_uri: new.links.logo,
            policy_uri: new.links.policy,
            tos_uri: new.links.tos,
            id_token_signed_response_alg: new.id_token_signed_response_alg,
            require_pkce: new.marks.require_pkce,
            first_party: new.marks.first_party,
            resource_server: new.marks.resource_server,
            disabled_at: None,
            created_at: now,
            registration: None,
        };
        let event = AuditEvent::new(now, actor, "client.create", &client.id);
        match self.clients.insert(&client, &event).await.map_err(Error::from)? {
            Inserted::Done => Ok((client, secret)),
            Inserted::IdTaken => Err(RegistryError::IdTaken(client.id)),
        }
    }

    /// The client of this id.
    ///
    /// # Errors
    /// [`RegistryError::Unknown`] if there is none.
    pub async fn show(&self, id: &ClientId) -> Result<Client, RegistryError> {
        let found = self.clients.find(id).await.map_err(Error::from)?;
        found.ok_or_else(|| RegistryError::Unknown(id.clone()))
    }

    /// Replaces a registration by what `change` makes of it.
    ///
    /// # Errors
    /// [`RegistryError`]; then nothing is changed.
    pub async fn update(
        &self,
        id: &ClientId,
        change: impl FnOnce(&mut Client) + Send,
        actor: Actor,
    ) -> Result<Client, RegistryError> {
        let mut client = self.show(id).await?;
        change(&mut client);
        client.id = id.clone();
        self.check_registration(&client)?;
        self.replace(client, actor, "client.update").await
    }

    /// Disables a client, or enables it again.
    ///
    /// # Errors
    /// [`RegistryError::Unknown`] if there is none.
    pub async fn set_enabled(
        &self,
        id: &ClientId,
        enabled: bool,
        actor: Actor,
    ) -> Result<Client, RegistryError> {
        let mut client = self.show(id).await?;
        client.disabled_at = (!enabled).then(|| self.clock.now());
        let action = if enabled { "client.enable" } else { "client.disable" };
        self.replace(client, actor, action).await
    }

    /// Gives a confidential client a new secret; the old one stops working.
    ///
    /// # Errors
    /// [`RegistryError::PublicSecret`] for a public client, [`RegistryError::Unknown`] for none.
    pub async fn rotate_secret(
        &self,
        id: &ClientId,
        actor: Actor,
    ) -> Result<(Client, Secret), RegistryError> {
        let mut client = self.show(id).await?;
        let ClientAuthentication::Secret { secret: kept, .. } = &mut client.authentication else {
            return Err(RegistryError::PublicSecret);
        };
        let secret = Secret::from_random(self.entropy.bytes());
        *kept = StoredSecret::Generated(secret.digest());
        let client = self.replace(client, actor, "client.rotate-secret").await?;
        Ok((client, secret))
    }

    /// Removes a client and revokes what it was issued.
    ///
    /// # Errors
    /// [`RegistryError::Unknown`] if there is none.
    pub async fn delete(&self, id: &ClientId, actor: Actor) -> Result<(), RegistryError> {
        let event = AuditEvent::new(self.clock.now(), actor, "client.delete", id);
        if self.clients.delete(id, &event).await.map_err(Error::from)? {
            Ok(())
        } else {
            Err(RegistryError::Unknown(id.clone()))
        }
    }

    async fn replace(&self, client: Client, actor: Actor, action: &str) -> Result<Client, RegistryError> {
        let event = AuditEvent::new(self.clock.now(), actor, action, &client.id);
        if self.clients.replace(&client, &event).await.map_err(Error::from)? {
            Ok(client)
        } else {
            Err(RegistryError::Unknown(client.id))
        }
    }

    async fn authentication(
        &self,
        method: Option<SecretMethod>,
        chosen: Option<Secret>,
    ) -> Result<(ClientAuthentication, Option<Secret>), RegistryError> {
        let Some(method) = method else {
            return Ok((ClientAuthentication::None, None));
        };
        let (secret, answer) = match chosen {
            Some(chosen) => {
                let hash = self.passwords.hash(chosen.expose()).await.map_err(unavailable)?;
                (StoredSecret::Chosen(hash), None)
            }
            None => {
                let generated = Secret::from_random(self.entropy.bytes());
                (StoredSecret::Generated(generated.digest()), Some(generated))
            }
        };
        Ok((ClientAuthentication::Secret { method, secret }, answer))
    }

    fn check(&self, new: &NewClient) -> Result<(), RegistryError> {
        if let Some(secret) = &new.secret {
            if new.authentication.is_none() {
                return Err(RegistryError::PublicSecret);
            }
            if !(16..=crate::login::LONGEST_PASSWORD).contains(&secret.expose().len()) {
                return Err(RegistryError::SecretLength);
            }
        }
        check_grants(&new.grant_types, &new.redirect_uris, new.authentication.is_none())?;
        self.check_scope(&new.scope)?;
        check_links([
            ("logo_uri", new.links.logo.as_deref()),
            ("policy_uri", new.links.policy.as_deref()),
            ("tos_uri", new.links.tos.as_deref()),
        ])
    }

    fn check_registration(&self, client: &Client) -> Result<(), RegistryError> {
        check_grants(&client.grant_types, &client.redirect_uris, client.is_public())?;
        self.check_scope(&client.scope)?;
        check_links([
            ("logo_uri", client.logo_uri.as_deref()),
            ("policy_uri", client.policy_uri.as_deref()),
            ("tos_uri", client.tos_uri.as_deref()),
        ])
    }

    fn check_scope(&self, scope: &Scope) -> Result<(), RegistryError> {
        match scope.iter().find(|token| !self.settings.scopes.contains(token)) {
            Some(unknown) => Err(RegistryError::Scope(unknown.to_owned())),
            None => Ok(()),
        }
    }
}

fn check_grants(
    grants: &BTreeSet<GrantType>,
    redirect_uris: &[RedirectUri],
    public: bool,
) -> Result<(), RegistryError> {
    if grants.contains(&GrantType::AuthorizationCode) && redirect_uris.is_empty() {
        return Err(RegistryError::RedirectUriMissing);
    }
    if grants.contains(&GrantType::ClientCredentials) && public {
        return Err(RegistryError::PublicClientCredentials);
    }
    Ok(())
}

fn check_links(links: [(&'static str, Option<&str>); 3]) -> Result<(), RegistryError> {
    for (name, link) in links {
        let fits = link.is_none_or(|link| url::Url::parse(link).is_ok_and(|url| url.scheme() == "https"));
        if !fits {
            return Err(RegistryError::Link(name));
        }
    }
    Ok(())
}
