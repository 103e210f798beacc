//! One completed authorization: which user granted what to which client, and from which session.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::scope::OFFLINE_ACCESS;
use crate::subject::Naming;
use crate::{
    AuthorizationId, ClaimsRequest, Client, ClientId, Incarnation, ResourceIdentifier, ResourceIncarnations,
    Scope, Session, SessionId, UserId,
};

/// What a user granted once. Every access and refresh token of that grant names it,
/// so revoking it revokes them all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// Fixed before the first token exists: a second redemption cannot make a second one.
    pub id: AuthorizationId,
    /// The client that may act.
    pub client: ClientId,
    /// The incarnation of the client.
    pub incarnation: Incarnation,
    /// The user who granted it.
    pub user: UserId,
    /// The session it ends with, unless it is [offline](Self::is_offline). None for grants without a browser.
    #[serde(deserialize_with = "Option::deserialize")]
    pub session: Option<SessionId>,
    /// How its tokens name the user.
    pub naming: Naming,
    /// The `sid` of that session, for ID tokens and logout.
    #[serde(deserialize_with = "Option::deserialize")]
    pub sid: Option<String>,
    /// The granted scope.
    pub scope: Scope,
    /// The resources it is for; none for this server alone (RFC 8707 §2.1).
    pub resources: BTreeSet<ResourceIdentifier>,
    /// The incarnations that they had when it was granted.
    pub incarnations: ResourceIncarnations,
    /// The claims that the client requested one by one, for UserInfo and every ID token.
    pub claims: ClaimsRequest,
    /// When the user authenticated.
    pub auth_time: DateTime<Utc>,
    /// The authentication context that the client is given.
    pub acr: Option<String>,
    /// The authentication methods.
    pub amr: Vec<String>,
    /// When the user granted it.
    pub created_at: DateTime<Utc>,
    /// When everything issued from it has expired: from then on a store may delete it.
    pub expires_at: DateTime<Utc>,
}

/// What a user grants to a client: the input of [`Authorization::grant`].
#[derive(Debug, Clone)]
pub struct Granted<'a> {
    /// The client that may act.
    pub client: &'a Client,
    /// The user who grants it.
    pub user: UserId,
    /// How its tokens name the user.
    pub naming: Naming,
    /// The session that the grant ends with; none for a grant that no session limits.
    pub session: Option<&'a Session>,
    /// The granted scope.
    pub scope: Scope,
    /// The resources it is for; none for this server alone.
    pub resources: BTreeSet<ResourceIdentifier>,
    /// Their incarnations.
    pub incarnations: ResourceIncarnations,
    /// The claims that the client requested one by one.
    pub claims: ClaimsRequest,
    /// When the user authenticated.
    pub auth_time: DateTime<Utc>,
    /// The authentication context that the client is given.
    pub acr: Option<String>,
    /// The authentication methods.
    pub amr: Vec<String>,
}

impl Authorization {
    /// A new authorization that was granted at `now`. Everything issued from it has expired after `lifetime`.
    #[must_use]
    pub fn grant(id: AuthorizationId, granted: Granted<'_>, now: DateTime<Utc>, lifetime: Duration) -> Self {
        Self {
            id,
            client: granted.client.id.clone(),
            incarnation: granted.client.incarnation,
            user: granted.user,
            naming: granted.naming,
            session: granted.session.map(|session| session.id),
            sid: granted.session.map(|session| session.sid.clone()),
            scope: granted.scope,
            resources: granted.resources,
            incarnations: granted.incarnations,
            claims: granted.claims,
            auth_time: granted.auth_time,
            acr: granted.acr,
            amr: granted.amr,
            created_at: now,
            expires_at: now + lifetime,
        }
    }

    /// Whether it survives the end of its session (OpenID Connect Core §11).
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.scope.contains(OFFLINE_ACCESS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(scope: &str, session: Option<&Session>) -> Authorization {
        let now = DateTime::from_timestamp(1_000, 0).unwrap();
        let client = Client::new("app".parse().unwrap(), Incarnation::from_random([4; 16]), now);
        let granted = Granted {
            client: &client,
            user: UserId::from_random([1; 16]),
            naming: Naming::Public,
            session,
            scope: scope.parse().unwrap(),
            resources: BTreeSet::new(),
            incarnations: ResourceIncarnations::default(),
            claims: ClaimsRequest::default(),
            auth_time: DateTime::from_timestamp(900, 0).unwrap(),
            acr: None,
            amr: vec!["pwd".to_owned()],
        };
        Authorization::grant(AuthorizationId::ordered(now, [2; 10]), granted, now, Duration::seconds(60))
    }

    #[test]
    fn an_authorization_names_both_ids_of_its_session_or_none() {
        let session = Session {
            id: SessionId::ordered(DateTime::from_timestamp(800, 0).unwrap(), [3; 10]),
            sid: "sid".to_owned(),
            user: UserId::from_random([1; 16]),
            auth_time: DateTime::from_timestamp(900, 0).unwrap(),
            acr: None,
            amr: Vec::new(),
            expires_at: DateTime::from_timestamp(9_000, 0).unwrap(),
        };
        let with = granted("openid", Some(&session));
        assert_eq!((with.session, with.sid.as_deref()), (Some(session.id), Some("sid")));
        let without = granted("openid", None);
        assert_eq!((without.session, without.sid), (None, None));
    }

    #[test]
    fn an_authorization_lasts_from_its_grant_for_its_lifetime() {
        let authorization = granted("openid", None);
        assert_eq!(authorization.created_at, DateTime::from_timestamp(1_000, 0).unwrap());
        assert_eq!(authorization.expires_at, DateTime::from_timestamp(1_060, 0).unwrap());
        assert_eq!(authorization.auth_time, DateTime::from_timestamp(900, 0).unwrap());
    }

    #[test]
    fn only_a_grant_of_offline_access_survives_its_session() {
        for (scope, is_offline) in [("openid offline_access", true), ("openid", false), ("", false)] {
            assert_eq!(granted(scope, None).is_offline(), is_offline, "{scope}");
        }
    }
}
