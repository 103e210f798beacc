//! What the store holds, and when a grant still stands.

use std::collections::{BTreeMap, HashMap};

use application::port::{AccessTokenClaims, KeptCode, TokenReference};
use chrono::{DateTime, Utc};
use domain::{
    AuditEvent, Authorization, AuthorizationId, Client, ClientId, Consent, DeviceCode, Digest,
    InitialAccessToken, InitialAccessTokenId, Interaction, LogoutNotice, PushedRequest, RefreshToken,
    Resource, ResourceIdentifier, Session, SessionId, SigningKey, User, UserId,
};

#[derive(Default)]
pub(crate) struct State {
    pub(crate) clients: BTreeMap<ClientId, Client>,
    /// When a client was last deleted, by its id.
    pub(crate) deleted_clients: HashMap<ClientId, DateTime<Utc>>,
    pub(crate) users: BTreeMap<UserId, User>,
    pub(crate) sessions: HashMap<SessionId, KeptSession>,
    pub(crate) logout_notices: BTreeMap<(SessionId, ClientId), KeptNotice>,
    pub(crate) interactions: HashMap<Digest, Interaction>,
    pub(crate) pushed_requests: HashMap<Digest, PushedRequest>,
    pub(crate) authorization_codes: HashMap<Digest, KeptCode>,
    pub(crate) device_codes: HashMap<Digest, DeviceCode>,
    pub(crate) authorizations: HashMap<AuthorizationId, KeptAuthorization>,
    pub(crate) refresh_tokens: HashMap<Digest, KeptRefreshToken>,
    /// Until when each revocation is remembered.
    pub(crate) revoked_tokens: HashMap<Digest, DateTime<Utc>>,
    pub(crate) opaque_access_tokens: HashMap<Digest, KeptAccessToken>,
    /// Until when each is remembered.
    pub(crate) replay_marks: HashMap<Digest, DateTime<Utc>>,
    pub(crate) consents: HashMap<(UserId, ClientId), Consent>,
    /// When a user last withdrew what they had agreed to with a client.
    pub(crate) withdrawals: HashMap<(UserId, ClientId), DateTime<Utc>>,
    /// When all that a user had granted ended.
    pub(crate) ended_before: HashMap<UserId, DateTime<Utc>>,
    pub(crate) signing_keys: Vec<SigningKey>,
    pub(crate) server_secrets: HashMap<String, Vec<u8>>,
    pub(crate) attempts: HashMap<Digest, Counter>,
    pub(crate) set_up_link: Option<(Digest, DateTime<Utc>)>,
    pub(crate) initial_access_tokens: BTreeMap<InitialAccessTokenId, InitialAccessToken>,
    pub(crate) resources: BTreeMap<ResourceIdentifier, Resource>,
    pub(crate) audit_events: Vec<AuditEvent>,
}

pub(crate) struct KeptSession {
    pub(crate) session: Session,
    pub(crate) cookie: Digest,
    pub(crate) ended: bool,
}

pub(crate) struct KeptNotice {
    pub(crate) notice: LogoutNotice,
    pub(crate) due_at: DateTime<Utc>,
}

/// An authorization, or only the news that it is revoked.
pub(crate) struct KeptAuthorization {
    pub(crate) recorded: Option<Authorization>,
    pub(crate) revoked: bool,
    pub(crate) expires_at: DateTime<Utc>,
}

pub(crate) struct KeptRefreshToken {
    pub(crate) token: RefreshToken,
    /// The end of the window in which its successor can be handed out again.
    pub(crate) sealed_until: Option<DateTime<Utc>>,
}

pub(crate) struct KeptAccessToken {
    pub(crate) claims: AccessTokenClaims,
    pub(crate) reference: TokenReference,
    pub(crate) expires_at: DateTime<Utc>,
}

pub(crate) struct Counter {
    pub(crate) attempts: u32,
    pub(crate) restarts_at: DateTime<Utc>,
}

impl State {
    pub(crate) fn client_is_enabled(&self, id: &ClientId) -> bool {
        self.clients.get(id).is_some_and(Client::is_enabled)
    }

    pub(crate) fn user_is_enabled(&self, id: UserId) -> bool {
        self.users.get(&id).is_some_and(User::is_enabled)
    }

    pub(crate) fn session_is_live(&self, id: SessionId, now: DateTime<Utc>) -> bool {
        self.sessions.get(&id).is_some_and(|kept| !kept.ended && kept.session.is_live(now))
    }

    /// The authorization, if nothing has revoked it.
    pub(crate) fn valid_authorization(
        &self,
        id: AuthorizationId,
        now: DateTime<Utc>,
    ) -> Option<&Authorization> {
        let kept = self.authorizations.get(&id)?;
        let authorization = kept.recorded.as_ref()?;
        let session_allows = authorization.is_offline()
            || authorization.session.is_none_or(|session| self.session_is_live(session, now));
        let is_valid = !kept.revoked
            && now < kept.expires_at
            && session_allows
            && self.user_is_enabled(authorization.user)
            && self.client_is_enabled(&authorization.client);
        is_valid.then_some(authorization)
    }

    /// Whether this is the one enabled administrator.
    pub(crate) fn is_last_administrator(&self, id: UserId) -> bool {
        let can_sign_in = |user: &&User| user.is_enabled() && user.password.is_some();
        let mut enabled = self.users.values().filter(|user| user.administrator).filter(can_sign_in);
        matches!((enabled.next(), enabled.next()), (Some(only), None) if only.id == id)
    }

    pub(crate) fn has_administrator(&self) -> bool {
        self.users.values().any(|user| user.administrator)
    }

    pub(crate) fn username_is_taken(&self, user: &User) -> bool {
        let key = user.username.key();
        self.users.contains_key(&user.id) || self.users.values().any(|other| other.username.key() == key)
    }

    /// Removes the authorizations that `of` names, with their refresh tokens.
    pub(crate) fn remove_authorizations(&mut self, of: impl Fn(&Authorization) -> bool) {
        self.authorizations.retain(|_, kept| !kept.recorded.as_ref().is_some_and(&of));
        self.refresh_tokens.retain(|_, kept| self.authorizations.contains_key(&kept.token.authorization));
    }
}
