//! The test data of the clauses. An id is derived from a name, so that clauses need no ids.

use std::collections::BTreeSet;

use application::port::{
    AccessTokenClaims, Begun, EventFilter, Inserted, InsertedGroup, InsertedUser, MembershipChange, Recorded,
    SignInFilter, TokenOrigin, TokenReference, TokenStatus,
};
use chrono::{DateTime, Duration, Utc};
use domain::claims::ProfileClaims;
use domain::client::{
    AccessTokenFormat, AccessTokenTyp, ApplicationType, AuthenticationDefaults, ClientAuthentication,
    ClientDetails, ClientResources, ClientTokens, SecretMethod, StoredSecret,
};
use domain::logout::{LogoutChannel, LogoutChannels};
use domain::subject::{SubjectChoice, SubjectType};
use domain::user::PasswordHash;
use domain::{
    Actor, AuditEvent, Authorization, AuthorizationCode, AuthorizationId, ClaimsRequest, Client,
    CodeChallenge, Consent, DeviceCode, Digest, GrantType, Group, GroupId, Incarnation, KeyId, KeySource,
    RedirectUri, RefreshToken, RequestObjectAlgorithm, RequestObjects, RequestedResources, Resource,
    ResourceIdentifier, ResourceIncarnations, Scope, Session, SessionId, SignInEvent, SignInEventId,
    SignInKind, SigningAlgorithm, SigningKey, User, UserAgent, UserId,
};
use serde_json::json;

use super::Stores;

/// When a clause begins. It has microseconds, so that a store that loses them fails.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_795_262_400_123_456).unwrap()
}

/// The time this many seconds after [`now`], or before it.
pub fn after(seconds: i64) -> DateTime<Utc> {
    now() + Duration::seconds(seconds)
}

pub fn digest(name: &str) -> Digest {
    Digest::of(name.as_bytes())
}

fn bytes(name: &str) -> [u8; 16] {
    digest(name).as_bytes()[..16].try_into().unwrap()
}

pub fn event(action: &str, target: &impl ToString) -> AuditEvent {
    AuditEvent::new(now(), Actor::CommandLine, action, target)
}

pub fn scope(text: &str) -> Scope {
    text.parse().unwrap()
}

pub fn client(id: &str) -> Client {
    Client {
        id: id.parse().unwrap(),
        incarnation: Incarnation::from_random(bytes(id)),
        name: Some(format!("The client \"{id}\" – ü")),
        authentication: ClientAuthentication::Secret {
            method: SecretMethod::ClientSecretBasic,
            secret: StoredSecret::Generated(digest(id)),
        },
        allow_http_redirect: true,
        redirect_uris: vec![redirect_uri()],
        post_logout_redirect_uris: vec![],
        logout: LogoutChannels {
            back: LogoutChannel {
                uri: Some("https://client.example/logout".parse().unwrap()),
                session_required: true,
            },
            front: LogoutChannel::default(),
        },
        grant_types: [GrantType::AuthorizationCode, GrantType::RefreshToken].into(),
        scope: scope("openid offline_access read"),
        resources: ClientResources {
            allowed: resources(&["https://api.example", "https://api.example/v1"]),
            default: Some("https://api.example/v1".parse().unwrap()),
        },
        allowed_groups: None,
        logo_uri: None,
        policy_uri: Some("https://client.example/policy".to_owned()),
        tos_uri: None,
        details: ClientDetails {
            application_type: ApplicationType::Native,
            contacts: vec!["ada@client.example".to_owned()],
            client_uri: Some("https://client.example/".to_owned()),
            initiate_login_uri: None,
            software_id: Some("4NRB1-0XZABZI9E6-5SM3R".to_owned()),
            software_version: None,
            localized: [("client_name#ja".to_owned(), "\u{30a6}\u{30a7}\u{30d6}".to_owned())].into(),
        },
        subject: SubjectChoice {
            subject_type: SubjectType::Pairwise,
            sector_identifier_uri: Some("https://client.example/sector".parse().unwrap()),
        },
        id_token_signed_response_alg: SigningAlgorithm::Es256,
        userinfo_signed_response_alg: Some(SigningAlgorithm::EdDsa),
        introspection_signed_response_alg: Some(SigningAlgorithm::Rs256),
        assertion_algorithm: Some("PS256".parse().unwrap()),
        authentication_defaults: AuthenticationDefaults {
            max_age_seconds: Some(600),
            require_auth_time: true,
            acr_values: vec!["urn:example:gold".parse().unwrap()],
        },
        request_objects: RequestObjects {
            keys: Some(KeySource::JwksUri("https://client.example/jwks".parse().unwrap())),
            algorithm: Some(RequestObjectAlgorithm::Ps256),
            required: true,
            uris: vec!["https://client.example/request.jwt#v2".parse().unwrap()],
        },
        tokens: ClientTokens {
            access_token_format: AccessTokenFormat::Opaque,
            access_token_typ: AccessTokenTyp::Jwt,
            id_token_claims: false,
            id_token_ttl_seconds: Some(600),
            claim_mapping: Some(serde_json::from_value(json!({
                "visible_groups": ["staff"], "claims": [{"claim": ["a", "b"], "from": "groups", "otherwise": [0.5]}],
            })).unwrap()),
        },
        require_pkce: true,
        require_pushed_authorization_requests: true,
        first_party: false,
        resource_server: true,
        administrative: true,
        disabled_at: None,
        created_at: now(),
        registration: None,
    }
}

/// Another client with the id of this one, as an operator adds it after this one was deleted.
pub fn made_again(deleted: &Client) -> Client {
    Client { incarnation: Incarnation::from_random(bytes("made again")), ..deleted.clone() }
}

/// Deletes this client, and adds another one under its id.
pub async fn make_again(stores: &Stores, client: &Client) -> Client {
    let deleted = stores.clients.delete(&client.id, &event("client.delete", &client.id)).await;
    assert!(deleted.unwrap());
    let again = made_again(client);
    keep_client(stores, &again).await;
    again
}

pub fn resources(ids: &[&str]) -> BTreeSet<ResourceIdentifier> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

/// A resource as it is registered first.
pub fn resource(id: &str) -> Resource {
    Resource {
        id: id.parse().unwrap(),
        incarnation: Incarnation::from_random(bytes(id)),
        name: format!("The API \"{id}\" – ü"),
        scope: scope("read write"),
        default_scope: scope("read"),
        for_registered_clients: true,
        access_token_typ: AccessTokenTyp::Jwt,
        documentation: Some("https://api.example/docs".to_owned()),
        client: None,
        created_at: now(),
    }
}

/// The incarnations of resources that [`resource`] made.
pub fn incarnations(ids: &[&str]) -> ResourceIncarnations {
    ids.iter().map(|id| resource(id)).collect::<Vec<_>>().iter().collect()
}

pub fn redirect_uri() -> RedirectUri {
    "https://client.example/callback?x=1".parse().unwrap()
}

pub fn user(name: &str) -> User {
    let claims = json!({
        "name": format!("{name} Lovelace"), "address": {"country": "UK"}, "email_verified": true,
        "https://example.com/custom": ["日本\u{0}", 1.5, true, {"deep": [null]}],
    });
    let claims = serde_json::from_value::<ProfileClaims>(claims).unwrap();
    User {
        id: UserId::from_random(bytes(name)),
        username: name.parse().unwrap(),
        password: Some(PasswordHash::new(format!("$argon2id${name}"))),
        claims,
        administrator: false,
        disabled_at: None,
        unlocked_at: None,
        created_at: now(),
        updated_at: now(),
    }
}

/// A group as it is created first.
pub fn group(name: &str) -> Group {
    Group {
        id: GroupId::from_random(bytes(name)),
        name: name.parse().unwrap(),
        display_name: Some(format!("The group {name} – ü").parse().unwrap()),
        description: None,
        claims: serde_json::from_value(json!({"quota": {"bytes": 10}, "role": "editor"})).unwrap(),
        created_at: now(),
        updated_at: now(),
    }
}

pub fn administrator(name: &str) -> User {
    User { administrator: true, ..user(name) }
}

/// A session that expires after an hour.
pub fn session(name: &str, user: &User) -> Session {
    Session {
        id: SessionId::from_random(bytes(name)),
        sid: format!("sid of {name}"),
        user: user.id,
        auth_time: now(),
        acr: Some("urn:acr".to_owned()),
        amr: vec!["pwd".to_owned(), "otp".to_owned()],
        expires_at: after(3_600),
    }
}

/// The event of the sign-in that begins or renews this session.
pub fn signed_in(session: &Session) -> SignInEvent {
    let name = format!("{} {}", session.sid, session.auth_time);
    SignInEvent {
        id: SignInEventId::ordered(session.auth_time, bytes(&name)[..10].try_into().unwrap()),
        user: session.user,
        kind: SignInKind::SignedIn,
        client: Some("web".parse().unwrap()),
        address: Some("2001:db8::7".to_owned()),
        user_agent: UserAgent::new("Mozilla/5.0"),
        until: None,
    }
}

/// Claims of the ID token and of UserInfo, with and without values.
pub fn claims_request() -> ClaimsRequest {
    let asked =
        r#"{"userinfo":{"name":null,"email_verified":{"value":true}},"id_token":{"sub":{"values":["a"]}}}"#;
    asked.parse().unwrap()
}

/// An authorization whose last token expires after a day.
pub fn authorization(
    name: &str,
    client: &Client,
    user: &User,
    session: Option<&Session>,
    scope: &str,
) -> Authorization {
    Authorization {
        id: AuthorizationId::from_random(bytes(name)),
        client: client.id.clone(),
        incarnation: client.incarnation,
        user: user.id,
        naming: client.naming().unwrap(),
        session: session.map(|session| session.id),
        sid: session.map(|session| session.sid.clone()),
        scope: scope.parse().unwrap(),
        resources: resources(&["https://api.example"]),
        incarnations: incarnations(&["https://api.example", "https://api.example/v1"]),
        claims: claims_request(),
        auth_time: now(),
        acr: None,
        amr: vec!["pwd".to_owned()],
        created_at: now(),
        expires_at: after(86_400),
    }
}

pub fn code_challenge() -> CodeChallenge {
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".parse().unwrap()
}

/// An authorization code that expires after a minute.
pub fn code(authorization: &Authorization) -> AuthorizationCode {
    AuthorizationCode {
        authorization: authorization.clone(),
        redirect_uri: redirect_uri().verified(),
        redirect_uri_required: true,
        code_challenge: Some(code_challenge()),
        nonce: Some("n-0S6_WzA2Mj".to_owned()),
        expires_at: after(60),
    }
}

/// A device code that expires after a minute and has a polling interval of 5 seconds.
pub fn device_code(user_code: &str, client: &Client) -> DeviceCode {
    let code = DeviceCode::new(client, scope("openid read"), digest(user_code), 5, after(60));
    let ids = ["https://api.example"];
    DeviceCode { resources: resources(&ids), incarnations: incarnations(&ids), ..code }
}

/// A refresh token that expires after two hours.
pub fn refresh_token(name: &str, authorization: &Authorization) -> RefreshToken {
    RefreshToken {
        digest: digest(name),
        authorization: authorization.id,
        client: authorization.client.clone(),
        scope: authorization.scope.clone(),
        issued_at: now(),
        expires_at: after(7_200),
        spent: None,
    }
}

pub fn consent(user: &User, client: &Client, scope: &str) -> Consent {
    consent_at(user, client, scope, &[])
}

/// A consent to `scope` at the resources `ids`.
pub fn consent_at(user: &User, client: &Client, scope: &str, ids: &[&str]) -> Consent {
    let requested = RequestedResources { ids: &resources(ids), incarnations: &incarnations(ids) };
    Consent::new(user.id, client.id.clone(), &scope.parse().unwrap(), requested, now())
}

/// Remembers a consent to a client that [`client`] made.
pub async fn agree(stores: &Stores, consent: &Consent) {
    stores.consents.grant(consent, &client(consent.client.as_str())).await.unwrap();
}

pub fn signing_key(id: &str, algorithm: SigningAlgorithm, created_at: DateTime<Utc>) -> SigningKey {
    SigningKey {
        id: KeyId::new(id.to_owned()),
        algorithm,
        sealed: id.as_bytes().to_vec(),
        created_at,
        activated_at: None,
        superseded_at: None,
    }
}

/// The reference of an access token that was issued from a user's grant.
pub fn user_token(authorization: &Authorization) -> TokenReference {
    TokenReference {
        token: digest(&authorization.id.to_string()),
        client: authorization.client.clone(),
        origin: TokenOrigin::User(authorization.id),
    }
}

/// The reference of an access token that the client got for itself (client credentials).
pub fn client_token(client: &Client) -> TokenReference {
    TokenReference {
        token: digest(&client.incarnation.to_string()),
        client: client.id.clone(),
        origin: TokenOrigin::Client {
            client: client.incarnation,
            resources: incarnations(&["https://api.example", "https://api.example/v1"]).all(),
        },
    }
}

/// The claims of an access token with this reference.
pub fn claims(reference: &TokenReference) -> AccessTokenClaims {
    AccessTokenClaims {
        iss: "https://login.example".to_owned(),
        sub: reference.client.to_string(),
        aud: ["https://api.example", "https://login.example"].into_iter().collect(),
        exp: after(3_600).timestamp(),
        iat: now().timestamp(),
        jti: match &reference.origin {
            TokenOrigin::User(authorization) => format!("{authorization}.random"),
            TokenOrigin::Client { client, resources } => {
                let resources: String = resources.iter().map(|resource| format!(".{resource}")).collect();
                format!("{client}.random{resources}")
            }
        },
        client_id: reference.client.clone(),
        scope: scope("openid read"),
        auth_time: Some(now().timestamp()),
        acr: None,
    }
}

/// A client, a user who is signed in, and what the user granted to the client.
pub struct Grant {
    pub client: Client,
    pub user: User,
    pub session: Session,
    pub cookie: Digest,
    pub authorization: Authorization,
    pub refresh_token: RefreshToken,
}

impl Grant {
    /// Adds the client, the user and the session. The authorization is not recorded yet.
    pub async fn prepared(stores: &Stores, name: &str, scope: &str) -> Self {
        let (client, user) = (client(&format!("client-{name}")), user(&format!("user-{name}")));
        let session = session(name, &user);
        let cookie = digest(&format!("cookie of {name}"));
        keep_client(stores, &client).await;
        keep_user(stores, &user).await;
        stores.sessions.begin(&session, cookie, 100, &signed_in(&session)).await.unwrap();
        let authorization = authorization(name, &client, &user, Some(&session), scope);
        let refresh_token = refresh_token(&format!("refresh token of {name}"), &authorization);
        Self { client, user, session, cookie, authorization, refresh_token }
    }

    /// As [`prepared`](Self::prepared), and records the authorization.
    pub async fn recorded(stores: &Stores, name: &str, scope: &str) -> Self {
        let grant = Self::prepared(stores, name, scope).await;
        assert_eq!(grant.record(stores, now()).await, Recorded::First);
        grant
    }

    /// As [`prepared`](Self::prepared), and the user withdraws before the authorization is recorded.
    pub async fn withdrawn(stores: &Stores, name: &str, scope: &str) -> Self {
        let grant = Self::prepared(stores, name, scope).await;
        let withdrawal = event("consent.withdraw", &grant.user.id);
        stores.consents.withdraw(grant.user.id, &grant.client.id, &withdrawal).await.unwrap();
        grant
    }

    pub async fn record(&self, stores: &Stores, now: DateTime<Utc>) -> Recorded {
        let recorded =
            stores.authorizations.record(&self.authorization, Some(&self.refresh_token), now).await;
        recorded.unwrap()
    }

    /// Whether the access and the refresh token are valid at `now`. Both must agree.
    pub async fn is_valid(&self, stores: &Stores, now: DateTime<Utc>) -> bool {
        let token = user_token(&self.authorization);
        let access = stores.authorizations.token_status(&token, now).await.unwrap();
        let access_valid = matches!(access, TokenStatus::User(_));
        let refresh = stores.refresh_tokens.find(self.refresh_token.digest, now).await.unwrap();
        let refresh_valid = refresh.is_some_and(|presented| presented.is_valid);
        assert_eq!(access_valid, refresh_valid, "access and refresh token disagree");
        access_valid
    }
}

pub async fn keep_client(stores: &Stores, client: &Client) {
    let inserted = stores.clients.insert(client, &event("client.create", &client.id)).await;
    assert_eq!(inserted.unwrap(), Inserted::Done);
}

pub async fn keep_user(stores: &Stores, user: &User) {
    let inserted = stores.users.insert(user, &event("user.create", &user.id)).await;
    assert_eq!(inserted.unwrap(), InsertedUser::Done);
}

/// The actions of the audit trail, the latest first.
pub async fn actions(stores: &Stores) -> Vec<String> {
    let events = stores.audit_trail.latest(&EventFilter::default(), None, 100).await.unwrap();
    events.into_iter().map(|kept| kept.event.action).collect()
}

/// The history of a user, the latest first.
pub async fn history(stores: &Stores, user: UserId) -> Vec<SignInEvent> {
    let filter = SignInFilter { user: Some(user), ..SignInFilter::default() };
    stores.sign_in_events.latest(&filter, None, 1_000).await.unwrap()
}

/// Begins and renews a session in stores whose sign-in history cannot be written.
pub async fn begins_and_renews(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    let first = session("browser", &ada);
    let begun = stores.sessions.begin(&first, digest("cookie"), 1, &signed_in(&first)).await.unwrap();
    assert_eq!(begun, Begun::Within);
    let second = session("phone", &ada);
    let begun = stores.sessions.begin(&second, digest("phone"), 1, &signed_in(&second)).await.unwrap();
    assert_eq!(begun, Begun::TooMany);
    assert!(stores.sessions.find(digest("cookie"), now()).await.unwrap().is_some());
    let renewed = Session { auth_time: after(60), ..first };
    assert!(stores.sessions.renew(&renewed, digest("new"), &signed_in(&renewed)).await.unwrap());
    let found = stores.sessions.find(digest("new"), after(60)).await.unwrap().unwrap();
    assert_eq!(found.session, renewed);
    assert!(stores.sign_in_events.record(&signed_in(&renewed)).await.is_err());
}

/// Keeps a group with these members.
pub async fn keep_group(stores: &Stores, name: &str, members: &[&User]) {
    let group = group(name);
    let event = event("group.create", &group.name);
    assert_eq!(stores.groups.insert(&group, &event).await.unwrap(), InsertedGroup::Done);
    let members: Vec<_> = members.iter().map(|user| user.id).collect();
    stores.groups.change_members(&group.name, MembershipChange::Add(&members), &event).await.unwrap();
}
