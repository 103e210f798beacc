//! Dynamic client registration (RFC 7591, OpenID Connect Dynamic Registration) and its management (RFC 7592).

mod manage;
mod sector;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::bearer::BearerKind;
use domain::client::{Allowance, ClientDraft, Registrant};
use domain::self_registration::{RegistrationLimits, SelfRegistration};
use domain::{
    Actor, AuditEvent, Author, Client, ClientId, ErrorCode, GrantType, Incarnation, InitialAccessToken,
    Secret,
};

use super::changes;
use super::policy::policy;
use crate::context::Context;
use crate::error::{Error, Limited, Refusal};
use crate::keys::Keys;
use crate::port::{
    Admitted, Attempt, AttemptKey, Attempts, Clients, Counter, FetchedDocuments, Forgiven,
    InitialAccessTokens, Inserted, Unavailable,
};
use crate::settings::RegistrationMode;

/// Clients register themselves, and manage their registrations.
pub struct RegistrationEndpoint {
    /// Where they are kept.
    pub clients: Arc<dyn Clients>,
    /// What admits them.
    pub initial_access_tokens: Arc<dyn InitialAccessTokens>,
    /// Counts registrations.
    pub attempts: Arc<dyn Attempts>,
    /// Lists of redirect URIs that clients publish.
    pub documents: Arc<dyn FetchedDocuments>,
    /// The grants that are switched on.
    pub grants: BTreeSet<GrantType>,
    /// The keys that clients are answered with.
    pub keys: Arc<Keys>,
    /// Settings, time and chance.
    pub context: Context,
}

/// A registration as it is answered (RFC 7591 §3.2.1, RFC 7592 §3).
#[derive(Debug)]
pub struct Registered {
    /// All that was registered.
    pub client: Client,
    /// The client's secret, if this request made it; it is in no later answer.
    pub secret: Option<Secret>,
    /// The registration access token.
    pub token: Secret,
}

impl RegistrationEndpoint {
    /// Registers a client for a caller at `address` with this initial access token, or none. The caller is checked
    /// before the `draft`.
    ///
    /// # Errors
    /// `access_denied` if registration is disabled; `invalid_token` if a token is required and missing, or allows no
    /// registration; the errors of RFC 7591 §3.2.2 for metadata; [`Error::Limited`] after too many registrations from
    /// one address, or without a token from all. Then nothing is registered.
    pub async fn register(
        &self,
        token: Option<&str>,
        draft: Result<ClientDraft, Refusal>,
        address: &str,
    ) -> Result<Registered, Error> {
        let now = self.context.now();
        let admission = self.admission(token, now).await?;
        let limits = admission.as_ref().map(|admission| admission.limits.clone()).unwrap_or_default();
        let registered = self.prepare(&draft?, limits, now).await?;
        let key = AttemptKey::new("registration.address", &[address]);
        let limit = self.context.settings.registration.limit;
        if let Attempt::Limited(until) = self.attempts.count(&[Counter::new(key, limit)], now).await? {
            return Err(Limited::new(until, &format!("registrations from {address}"), limit).into());
        }
        // An initial access token has its own number of uses. A refusal for all counts for the address too: one that repeats it
        // reaches its own bound.
        if admission.is_none() {
            self.count_for_all(now).await?;
        }
        // It is counted, however it ends: it has made this server send a request.
        self.check_sector(&registered.client).await?;
        self.keys.install_for(&registered.client).await?;
        let kept = self.keep(&registered.client, admission.as_ref(), address).await;
        if kept.is_err() {
            self.attempts.forgive(&[Forgiven::One(key)]).await?;
        }
        kept.map(|()| registered)
    }

    /// Counts a registration without a token. A registration that fails later counts too, because it has caused work.
    async fn count_for_all(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let limit = self.context.settings.registration.shared_limit;
        match self
            .attempts
            .count(&[Counter::new(AttemptKey::new("registration.all", &[]), limit)], now)
            .await?
        {
            Attempt::Allowed => Ok(()),
            Attempt::Limited(until) => {
                Err(Limited::shared(until, "registrations without an initial access token", limit).into())
            }
        }
    }

    /// The permission of the caller: an initial access token, or none if registration is open.
    async fn admission(
        &self,
        token: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Option<InitialAccessToken>, Error> {
        self.switched_on()?;
        let Some(token) = token else {
            return match self.context.settings.registration.mode {
                RegistrationMode::Open => Ok(None),
                RegistrationMode::InitialAccessToken | RegistrationMode::Disabled => {
                    Err(Refusal::invalid_token("no initial access token was sent").into())
                }
            };
        };
        // A caller that sends a token wants its limits, even if registration is open.
        let Ok(token) = BearerKind::InitialAccessToken.parse(token) else {
            return Err(Refusal::invalid_token("not an initial access token").into());
        };
        match self.initial_access_tokens.find(token.digest(), now).await? {
            Some(found) => Ok(Some(found)),
            None => Err(unusable().into()),
        }
    }

    /// The client of this draft, not kept yet.
    async fn prepare(
        &self,
        draft: &ClientDraft,
        limits: RegistrationLimits,
        now: DateTime<Utc>,
    ) -> Result<Registered, Error> {
        let settings = &self.context.settings;
        let allowance = self.allowance(&limits);
        let token = BearerKind::RegistrationAccessToken.token(self.context.entropy.bytes());
        let id = ClientId::from_random(self.context.entropy.bytes());
        let incarnation = Incarnation::from_random(self.context.entropy.bytes());
        let empty = Client {
            require_pkce: settings.registration.require_pkce,
            registration: Some(SelfRegistration::new(token.digest(), limits)),
            ..Client::new(id, incarnation, now)
        };
        let secret = self.new_secret();
        let policy = policy(settings, Registrant::Client(&allowance));
        let client = draft.create(empty, &policy, secret.digest())?;
        let secret = client.authentication.is_by_secret().then_some(secret);
        Ok(Registered { client, secret, token })
    }

    /// The limits of a client: those of its initial access token, or else what every client may have that registers itself.
    /// The scopes of resources that are open to such clients are not among them: they count at those resources only.
    fn allowance(&self, limits: &RegistrationLimits) -> Allowance {
        let settings = &self.context.settings;
        let allowed = settings.registration.allowed_scopes.union(&settings.issuer_default_scope);
        let mut limits = limits.clone();
        if settings.registration.device_grant {
            limits.grant_types.insert(GrantType::DeviceCode);
        }
        Allowance::new(&limits, &allowed, &settings.scopes, &self.grants)
    }

    async fn keep(
        &self,
        client: &Client,
        admission: Option<&InitialAccessToken>,
        address: &str,
    ) -> Result<(), Error> {
        let now = client.created_at;
        let event = |actor| {
            AuditEvent::new(now, Author::at(actor, address), "client.register", &client.id)
                .with_changes(changes::of_new(client))
        };
        let admitted = match admission {
            Some(token) => {
                let event = event(Actor::InitialAccessToken(token.id));
                self.initial_access_tokens.admit(token.token, client, now, &event).await?
            }
            None => match self.clients.insert(client, &event(Actor::SelfRegistered)).await? {
                Inserted::Done => Admitted::Done,
                // A client that registers itself cannot name groups, so `NoSuchGroup` does not occur.
                Inserted::IdTaken | Inserted::NoSuchGroup => Admitted::IdTaken,
            },
        };
        match admitted {
            Admitted::Done => Ok(()),
            Admitted::Invalid => Err(unusable().into()),
            Admitted::IdTaken => {
                let reason = format!("the generated id {} is taken", client.id);
                Err(Unavailable { component: "clients", reason }.into())
            }
        }
    }

    fn switched_on(&self) -> Result<(), Refusal> {
        match self.context.settings.registration.mode {
            RegistrationMode::InitialAccessToken | RegistrationMode::Open => Ok(()),
            RegistrationMode::Disabled => {
                Err(Refusal::new(ErrorCode::AccessDenied, "client registration is disabled on this server"))
            }
        }
    }

    fn new_secret(&self) -> Secret {
        Secret::from_random(self.context.entropy.bytes())
    }
}

fn unusable() -> Refusal {
    Refusal::invalid_token("the initial access token is unknown, used up, revoked or expired")
}
