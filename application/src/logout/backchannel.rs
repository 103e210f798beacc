//! Notifying clients that a session has ended (OpenID Connect Back-Channel Logout 1.0).

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use domain::{Client, ClientId, LogoutNotice, Secret};
use serde::Serialize;
use serde_json::{Value, json};

use crate::browser::LogoutSignal;
use crate::context::Context;
use crate::error::{Error, broken_key};
use crate::keys::Keys;
use crate::keys::jose::JwtType;
use crate::port::{Clients, DELIVERY_TIMEOUT_SECONDS, Delivery, LogoutNotices, LogoutReceivers, Unavailable};
use crate::users::subject_identifiers::SubjectIdentifiers;

/// How long a logout token is valid: it is delivered at once, and a retry makes a new one (§4).
const TOKEN_LIFETIME_SECONDS: i64 = 120;

/// How long a notice is leased to the node that took it: no other node delivers it while an attempt may still run.
const LEASE_SECONDS: i64 = 2 * DELIVERY_TIMEOUT_SECONDS;

/// The member of `events` that makes a JWT a logout token (§2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Delivers logout notices. The logout itself never waits for the delivery.
pub struct BackchannelLogout {
    /// The notices to deliver.
    pub notices: Arc<dyn LogoutNotices>,
    /// The registered clients and their logout addresses.
    pub clients: Arc<dyn Clients>,
    /// Sends a logout token to a client.
    pub receivers: Arc<dyn LogoutReceivers>,
    /// The subject identifiers and session ids under which clients know users.
    pub subject_identifiers: Arc<SubjectIdentifiers>,
    /// The keys that sign logout tokens.
    pub keys: Arc<Keys>,
    /// Issuer and time; entropy for token ids.
    pub context: Context,
    /// Sent when this process has left notices.
    pub signal: Arc<LogoutSignal>,
}

/// The outcome of a delivery, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The client was notified.
    Delivered,
    /// The client was deleted, disabled or made again since, or has no back-channel logout address any more.
    Unwanted,
    /// The client does not accept the logout token.
    Refused {
        /// Its answer.
        reason: String,
    },
    /// The delivery failed and will be tried again.
    Postponed {
        /// When.
        at: DateTime<Utc>,
        /// Why it failed.
        reason: String,
    },
    /// The last attempt failed.
    GaveUp {
        /// Why it failed.
        reason: String,
    },
}

/// The claims of a logout token (§2.4). There is no `nonce`: no client can accept it as an ID token.
#[derive(Serialize)]
struct LogoutToken<'a> {
    iss: &'a str,
    sub: String,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
    events: Value,
    sid: &'a str,
}

impl BackchannelLogout {
    /// Takes up to `limit` notices that are due, of as many clients, none of them `busy`. The caller delivers all of them at
    /// once, not one after another: their lease is short.
    ///
    /// # Errors
    /// [`Unavailable`] when the store does not answer.
    pub async fn take_due(
        &self,
        limit: u32,
        busy: &BTreeSet<ClientId>,
    ) -> Result<Vec<LogoutNotice>, Unavailable> {
        let now = self.context.now();
        self.notices.take_due(now, now + Duration::seconds(LEASE_SECONDS), limit, busy).await
    }

    /// Delivers a notice that was taken, and settles or postpones it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when a store does not answer; the notice is due again when its lease expires.
    pub async fn deliver(&self, notice: &LogoutNotice) -> Result<DeliveryOutcome, Error> {
        let outcome = if notice.is_exhausted() {
            DeliveryOutcome::GaveUp { reason: "every attempt ended with its process".to_owned() }
        } else {
            self.attempt(notice).await?
        };
        match &outcome {
            DeliveryOutcome::Postponed { at, .. } => self.notices.postpone(notice, *at).await?,
            DeliveryOutcome::Delivered
            | DeliveryOutcome::Unwanted
            | DeliveryOutcome::Refused { .. }
            | DeliveryOutcome::GaveUp { .. } => {
                self.notices.settle(notice).await?;
            }
        }
        Ok(outcome)
    }

    async fn attempt(&self, notice: &LogoutNotice) -> Result<DeliveryOutcome, Error> {
        let client = self.clients.find(&notice.client).await?;
        // A client that was made again under the id of a deleted one has no part in the sessions of the deleted one.
        let client = client.filter(|client| client.is_enabled() && client.created_at <= notice.ended_at);
        let Some((client, uri)) =
            client.as_ref().and_then(|client| Some((client, client.logout.back.uri.as_ref()?)))
        else {
            return Ok(DeliveryOutcome::Unwanted);
        };
        let delivery = match self.logout_token(client, notice).await {
            Ok(token) => self.receivers.notify(&client.id, uri, &token).await,
            Err(error) => Delivery::Failed(error.to_string()),
        };
        Ok(match delivery {
            Delivery::Accepted => DeliveryOutcome::Delivered,
            Delivery::Refused(reason) => DeliveryOutcome::Refused { reason },
            Delivery::Failed(reason) => match notice.retry_at(self.context.now()) {
                Some(at) => DeliveryOutcome::Postponed { at, reason },
                None => DeliveryOutcome::GaveUp { reason },
            },
        })
    }

    async fn logout_token(&self, client: &Client, notice: &LogoutNotice) -> Result<Secret, Error> {
        let keys = self.keys.with_signing_key(client.id_token_signed_response_alg).await?;
        let now = self.context.now();
        let naming = self.subject_identifiers.for_naming(&notice.naming).await?;
        let claims = LogoutToken {
            iss: self.context.settings.issuer.as_str(),
            sub: naming.subject_for(notice.user).to_string(),
            aud: client.id.as_str(),
            iat: now.timestamp(),
            exp: now.timestamp() + TOKEN_LIFETIME_SECONDS,
            jti: URL_SAFE_NO_PAD.encode(self.context.entropy.bytes::<16>()),
            events: json!({ EVENT: {} }),
            sid: &naming.sid_for(&notice.sid),
        };
        let key = keys
            .signing(client.id_token_signed_response_alg)
            .ok_or_else(|| broken_key(&"there is no signing key of the client's algorithm"))?;
        let token = key.sign(JwtType::LogoutToken, &claims).map_err(|error| broken_key(&error))?;
        Ok(Secret::from(token.as_str()))
    }
}
