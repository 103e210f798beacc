//! Every port of a store in maps: the reference of the contract, and the store of fast tests. The data is lost when
//! the process ends.

mod attempts;
mod audit_trail;
mod authorization_codes;
mod authorizations;
mod clients;
mod clock;
mod consents;
mod device_codes;
mod entropy;
mod expired;
mod groups;
mod initial_access_tokens;
mod interactions;
mod logout_notices;
mod mail_queue;
mod one_time_links;
mod opaque_access_tokens;
mod passkeys;
mod pushed_requests;
mod readiness;
mod refresh_tokens;
mod refusals;
mod replay_marks;
mod resources;
mod rules;
mod second_factors;
mod server_secrets;
mod sessions;
mod set_up_links;
mod sign_in_events;
mod signing_keys;
mod users;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use application::port::{AccessTokenClaims, KeptCode, KeptEvent, TokenReference, Unavailable};
use chrono::{DateTime, Duration, Utc};
use domain::interaction::Ending;
use domain::subject::Naming;
use domain::{
    AuditEvent, AuthenticatorApp, Authorization, AuthorizationId, Client, ClientId, Consent, CredentialId,
    DeviceCode, Digest, Group, GroupId, Incarnation, InitialAccessToken, InitialAccessTokenId, KeptRefusal,
    LinkKind, LogoutNotice, MailId, OneTimeLink, Passkey, PushedRequest, QueuedMail, RefreshToken, RefusalId,
    Resource, ResourceIdentifier, Session, SessionId, SignInEvent, SignInEventId, SignInName, SigningKey,
    User, UserAgent, UserId,
};

pub use clock::FixedClock;
pub use entropy::SeededEntropy;

/// All stores in one. A clone is the same store.
///
/// A method takes the one lock, keeps it until it returns, and never awaits. So each method is one transaction.
#[derive(Clone, Default)]
pub struct MemoryStore {
    state: Arc<Mutex<State>>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No method leaves the maps half changed, so a panic in one does not make them invalid.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers like the primary key of a database, because a random key was drawn twice.
fn key_taken() -> Unavailable {
    Unavailable { component: "memory", reason: "the key is taken".to_owned() }
}

/// The maps. A port adds its fields here, and the types of its rows below.
#[derive(Default)]
struct State {
    clients: BTreeMap<ClientId, Client>,
    /// When a client was last used.
    used_clients: BTreeMap<ClientId, DateTime<Utc>>,
    users: BTreeMap<UserId, User>,
    sign_in_names: HashMap<SignInName, UserId>,
    sessions: HashMap<SessionId, KeptSession>,
    logout_notices: BTreeMap<(SessionId, ClientId, Naming), KeptNotice>,
    endings: HashMap<Digest, Ending>,
    pushed_requests: HashMap<Digest, KeptPushedRequest>,
    authorization_codes: HashMap<Digest, KeptCode>,
    device_codes: HashMap<Digest, DeviceCode>,
    authorizations: HashMap<AuthorizationId, KeptAuthorization>,
    refresh_tokens: HashMap<Digest, KeptRefreshToken>,
    /// Until when each revocation is remembered.
    revoked_tokens: HashMap<Digest, DateTime<Utc>>,
    opaque_access_tokens: HashMap<Digest, KeptAccessToken>,
    /// Until when each mark is remembered.
    replay_marks: HashMap<Digest, DateTime<Utc>>,
    consents: HashMap<(UserId, ClientId), Consent>,
    /// When a user last withdrew the consent for a client.
    withdrawals: HashMap<(UserId, ClientId), DateTime<Utc>>,
    /// When a user was disabled or got a new password: everything they granted before is revoked.
    ended_before: HashMap<UserId, DateTime<Utc>>,
    signing_keys: Vec<SigningKey>,
    server_secrets: HashMap<String, Vec<u8>>,
    attempts: HashMap<Digest, KeptCounter>,
    set_up_link: Option<(Digest, DateTime<Utc>)>,
    one_time_links: HashMap<(UserId, LinkKind), OneTimeLink>,
    authenticator_apps: HashMap<UserId, AuthenticatorApp>,
    recovery_codes: BTreeSet<(UserId, Digest)>,
    passkeys: BTreeMap<CredentialId, Passkey>,
    initial_access_tokens: BTreeMap<InitialAccessTokenId, InitialAccessToken>,
    resources: BTreeMap<ResourceIdentifier, Resource>,
    /// Until when each deleted resource is remembered.
    ended_resources: HashMap<Incarnation, DateTime<Utc>>,
    /// By the name in lower case.
    groups: BTreeMap<String, Group>,
    group_members: BTreeSet<(UserId, GroupId)>,
    audit_events: AuditEvents,
    sign_in_events: BTreeMap<SignInEventId, SignInEvent>,
    refusals: BTreeMap<RefusalId, KeptRefusal>,
}

/// What administrative writes leave: the events with their numbers, and the mails that wait to be sent.
#[derive(Default)]
struct AuditEvents {
    kept: VecDeque<KeptEvent>,
    last: i64,
    mails: HashMap<MailId, KeptMail>,
}

impl AuditEvents {
    fn push(&mut self, mut event: AuditEvent) {
        for mail in event.mails.drain(..) {
            self.queue(mail);
        }
        self.last += 1;
        self.kept.push_back(KeptEvent { number: self.last, event });
    }
}

struct KeptSession {
    session: Session,
    cookie: Digest,
    address: Option<String>,
    user_agent: Option<UserAgent>,
    ended: bool,
}

struct KeptNotice {
    notice: LogoutNotice,
    due_at: DateTime<Utc>,
}

struct KeptMail {
    mail: QueuedMail,
    due_at: DateTime<Utc>,
}

struct KeptPushedRequest {
    pushed: PushedRequest,
    completed_by: Option<Digest>,
}

/// An authorization, or only its revocation if that came first.
struct KeptAuthorization {
    recorded: Option<Authorization>,
    revoked: bool,
    expires_at: DateTime<Utc>,
}

struct KeptRefreshToken {
    token: RefreshToken,
    /// The end of the window in which a retry gets the same successor.
    sealed_until: Option<DateTime<Utc>>,
}

struct KeptAccessToken {
    claims: AccessTokenClaims,
    reference: TokenReference,
    expires_at: DateTime<Utc>,
}

#[derive(Clone, Copy)]
struct KeptCounter {
    attempts: u32,
    restarts_at: DateTime<Utc>,
    /// How much each further attempt adds to the window.
    step: Duration,
}

impl KeptCounter {
    /// Whether it counts at `now`: its window has not ended, and not everything was forgiven.
    fn counts_at(&self, now: DateTime<Utc>) -> bool {
        self.restarts_at > now && self.attempts > 0
    }
}
