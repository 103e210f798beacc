//! A client reads, replaces and deletes its own registration (RFC 7592 §2).

use domain::bearer::BearerKind;
use domain::client::{ClientDraft, Registrant};
use domain::self_registration::RegistrationLimits;
use domain::{Actor, AuditEvent, Author, Client, ErrorCode, Secret};

use super::{Registered, RegistrationEndpoint};
use crate::client::changes;
use crate::client::policy::policy;
use crate::client_auth::strangers::{self, Bound};
use crate::error::{Error, Limited, Refusal};
use crate::port::{Attempt, AttemptKey, Counter, Limit};

/// How many changes one address may make, for each change that one client may make. So an address that registers as many
/// clients as it may can change each of them twice.
const CHANGES_PER_ADDRESS: u32 = 2;

/// A client that proved its identity by its registration access token.
struct Proven {
    client: Client,
    limits: RegistrationLimits,
    token: Secret,
}

impl RegistrationEndpoint {
    /// The registration of the client `id` (RFC 7592 §2.1).
    ///
    /// # Errors
    /// `invalid_token` unless `token` is this client's registration access token, also if there is no such client.
    /// `access_denied` if registration is disabled.
    pub async fn read(&self, id: &str, token: &str) -> Result<Registered, Error> {
        let Proven { client, token, .. } = self.prove(id, token).await?;
        Ok(Registered { client, secret: None, token })
    }

    /// Replaces the registration of the client `id` under the limits that it was registered under (RFC 7592 §2.2), for a
    /// request from `address`. The token and the secret stay; a client that becomes confidential gets a secret.
    ///
    /// # Errors
    /// As [`read`](Self::read); those of RFC 7591 §3.2.2 for the `draft`, also if it names another client or secret;
    /// [`Error::Limited`] after too many changes by this client, from this address, or by all clients;
    /// `temporarily_unavailable` if another request changed the registration at the same moment. Then nothing is changed.
    pub async fn update(
        &self,
        id: &str,
        token: &str,
        draft: Result<ClientDraft, Refusal>,
        address: &str,
    ) -> Result<Registered, Error> {
        let Proven { client: before, limits, token } = self.prove(id, token).await?;
        let allowance = self.allowance(&limits);
        let policy = policy(&self.context.settings, Registrant::Client(&allowance));
        let secret = self.new_secret();
        let after = draft?.replace(&before, &policy, secret.digest())?;
        if after == before {
            return Ok(Registered { client: after, secret: None, token });
        }
        self.count_change(&before, address).await?;
        let is_first_secret = after.authentication.is_by_secret() && !before.authentication.is_by_secret();
        let secret = is_first_secret.then_some(secret);
        self.check_changed_sector(&before, &after).await?;
        self.keys.install_for(&after).await?;
        let event =
            self.event(&after, "client.update", address).with_changes(changes::between(&before, &after));
        // Only if the registration is still the one that was read: a client must not undo that an operator has just
        // disabled it.
        if self.clients.amend(&before, &after, &event).await? {
            Ok(Registered { client: after, secret, token })
        } else {
            let again = "the registration was changed meanwhile; try again";
            Err(Refusal::new(ErrorCode::TemporarilyUnavailable, again).into())
        }
    }

    /// Counts a change: each is an event in the audit trail, and may make this server fetch a document. An address may have
    /// many clients, and an attacker many addresses, so it counts for all three.
    async fn count_change(&self, client: &Client, address: &str) -> Result<(), Error> {
        let now = self.context.now();
        let key = AttemptKey::new("registration.change", &[client.id.as_str()]);
        let registration = &self.context.settings.registration;
        let limit = registration.limit;
        if let Attempt::Limited(until) = self.attempts.count(&[Counter::new(key, limit)], now).await? {
            let what = format!("changes of its registration by the client {}", client.id);
            return Err(Limited::new(until, &what, limit).into());
        }
        let own = Bound {
            counter: AttemptKey::new("registration.change.address", &[address]),
            limit: Limit { attempts: limit.attempts.saturating_mul(CHANGES_PER_ADDRESS), ..limit },
            what: &format!("changes of registrations from {address}"),
        };
        let shared = Bound {
            counter: AttemptKey::new("registration.change.all", &[]),
            limit: registration.shared_limit,
            what: "changes of registrations by their clients",
        };
        strangers::count(&*self.attempts, own, shared, now).await
    }

    /// Deletes the client `id` and revokes all its tokens (RFC 7592 §2.3), for a request from `address`.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn delete(&self, id: &str, token: &str, address: &str) -> Result<(), Error> {
        let Proven { client, .. } = self.prove(id, token).await?;
        if self.clients.delete(&client.id, &self.event(&client, "client.delete", address)).await? {
            Ok(())
        } else {
            Err(Refusal::invalid_token(format!("the client {} was deleted meanwhile", client.id)).into())
        }
    }

    async fn prove(&self, id: &str, token: &str) -> Result<Proven, Error> {
        self.switched_on()?;
        let refused = |detail: &'static str| Error::from(Refusal::invalid_token(detail));
        let token = BearerKind::RegistrationAccessToken
            .parse(token)
            .map_err(|_| refused("not a registration access token"))?;
        let id = id.parse().map_err(|_| refused("no client has such an id"))?;
        let client = self.clients.find(&id).await?.ok_or_else(|| refused("the client is unknown"))?;
        let own = client.registration.as_ref().filter(|own| own.token == Some(token.digest()));
        let limits = own.ok_or_else(|| refused("not this client's token"))?.limits.clone();
        if !client.is_enabled() {
            return Err(refused("the client is disabled"));
        }
        Ok(Proven { client, limits, token })
    }

    fn event(&self, client: &Client, action: &str, address: &str) -> AuditEvent {
        let author = Author::at(Actor::Client(client.id.clone()), address);
        AuditEvent::new(self.context.now(), author, action, &client.id)
    }
}
