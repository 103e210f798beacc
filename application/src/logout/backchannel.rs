//! Telling clients that a session has ended (OpenID Connect Back-Channel Logout 1.0).

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use domain::{Client, LogoutNotice, Secret};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::error::{Error, broken_key};
use crate::keys::Keys;
use crate::keys::jose::JwtType;
use crate::port::{
    Clients, Clock, DELIVERY_TIMEOUT_SECONDS, Delivery, Entropy, LogoutNotices, LogoutReceivers, Unavailable,
};
use crate::settings::Settings;
use crate::users::subject_identifiers::SubjectIdentifiers;

/// How long a logout token is good for: it is delivered at once or made anew (§4).
const TOKEN_SECONDS: i64 = 120;

/// How long a notice is its taker's: nobody else delivers it while an attempt may still be under way.
const TAKEN_SECONDS: i64 = 2 * DELIVERY_TIMEOUT_SECONDS;

/// The member of `events` that makes a JWT a logout token (§2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Delivers notices. The logout that left them never waits for it.
pub struct BackchannelLogout {
    /// What is to be delivered.
    pub notices: Arc<dyn LogoutNotices>,
    /// Where each client wants it.
    pub clients: Arc<dyn Clients>,
    /// Whoever receives it.
    pub receivers: Arc<dyn LogoutReceivers>,
    /// Names users to clients.
    pub subjects: Arc<SubjectIdentifiers>,
    /// Sign logout tokens.
    pub keys: Arc<Keys>,
    /// The issuer.
    pub settings: Arc<Settings>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For token ids.
    pub entropy: Arc<dyn Entropy>,
    /// Rung when this process has left notices.
    pub bell: Arc<LogoutSignal>,
}

/// Wakes this process's delivery when a session has ended. A ring that nobody has heard yet is not lost.
#[derive(Debug, Default)]
pub struct LogoutSignal(Notify);

/// What became of a delivery; for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The client knows.
    Done,
    /// The client is gone, disabled, another one by now, or does not want to know any more.
    Unwanted,
    /// The client does not accept the logout token.
    Refused,
    /// It will be tried again.
    Later {
        /// When.
        at: DateTime<Utc>,
        /// Why it failed.
        reason: String,
    },
    /// It was the last attempt.
    Never {
        /// Why it failed.
        reason: String,
    },
}

/// The claims of a logout token (§2.4). There is no `nonce`: nobody can take it for an ID token.
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

impl LogoutSignal {
    /// Says that there may be notices.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for a ring.
    pub async fn rung(&self) {
        self.0.notified().await;
    }
}

impl BackchannelLogout {
    /// Takes up to `limit` notices that are due. Whoever takes them delivers all of them at once, not one after
    /// another.
    ///
    /// # Errors
    /// [`Unavailable`] when the store does not answer.
    pub async fn take_due(&self, limit: u32) -> Result<Vec<LogoutNotice>, Unavailable> {
        let now = self.clock.now();
        self.notices.take_due(now, now + Duration::seconds(TAKEN_SECONDS), limit).await
    }

    /// Delivers a notice that was taken, and settles or postpones it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when a store does not answer; the notice is then due again when its time is over.
    pub async fn deliver(&self, notice: &LogoutNotice) -> Result<Told, Error> {
        let told = if notice.is_exhausted() {
            Told::Never { reason: "every attempt ended with its process".to_owned() }
        } else {
            self.attempt(notice).await?
        };
        match &told {
            Told::Later { at, .. } => self.notices.postpone(notice, *at).await?,
            Told::Done | Told::Unwanted | Told::Refused | Told::Never { .. } => {
                self.notices.settle(notice).await?;
            }
        }
        Ok(told)
    }

    async fn attempt(&self, notice: &LogoutNotice) -> Result<Told, Error> {
        let client = self.clients.find(&notice.client).await?;
        // Whoever got the id of a deleted client has nothing to do with its sessions.
        let client = client.filter(|client| client.is_enabled() && client.created_at <= notice.ended_at);
        let Some((client, uri)) =
            client.as_ref().and_then(|client| Some((client, client.logout.back.uri.as_ref()?)))
        else {
            return Ok(Told::Unwanted);
        };
        let delivery = match self.logout_token(client, notice).await {
            Ok(token) => self.receivers.notify(uri, &token).await,
            Err(error) => Delivery::Failed(error.to_string()),
        };
        Ok(match delivery {
            Delivery::Accepted => Told::Done,
            Delivery::Refused => Told::Refused,
            Delivery::Failed(reason) => match notice.retry_at(self.clock.now()) {
                Some(at) => Told::Later { at, reason },
                None => Told::Never { reason },
            },
        })
    }

    async fn logout_token(&self, client: &Client, notice: &LogoutNotice) -> Result<Secret, Error> {
        let keys = self.keys.current().await?;
        let now = self.clock.now();
        let naming = self.subjects.of(client).await?;
        let claims = LogoutToken {
            iss: self.settings.issuer.as_str(),
            sub: naming.of(notice.user).to_string(),
            aud: client.id.as_str(),
            iat: now.timestamp(),
            exp: now.timestamp() + TOKEN_SECONDS,
            jti: URL_SAFE_NO_PAD.encode(self.entropy.bytes::<16>()),
            events: json!({ EVENT: {} }),
            sid: &naming.sid(&notice.sid),
        };
        let key = keys
            .signing(client.id_token_signed_response_alg)
            .ok_or_else(|| broken_key(&"there is no signing key of the client's algorithm"))?;
        let token = key.sign(JwtType::LogoutToken, &claims).map_err(|error| broken_key(&error))?;
        Ok(Secret::from(token.as_str()))
    }
}
