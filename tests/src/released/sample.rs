//! Fills a database with something of every kind, and checks that a later version still serves all of it.

use domain::client::ClientAuthentication;
use std::sync::Arc;

use adapters_postgres::Database;
use application::port::{AttemptKey, Counter, Limit, MembershipChange, RefusalBounds};
use chrono::Duration;
use domain::client::AccessTokenFormat;
use domain::interaction::Ending;
use domain::self_registration::RegistrationLimits;
use domain::{
    Actor, AuthenticatorApp, Client, Digest, GrantType, Incarnation, InitialAccessToken,
    InitialAccessTokenId, KeptRefusal, LinkPurpose, MailId, OneTimeLink, Passkey, QueuedMail,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::contract::Stores;
use crate::contract::fixture::{Grant, after, client, event, group, keep_client};
use crate::contract::interactions::ending;
use crate::contract::refusals::refused;
use crate::support::{Browser, Callback, Landed, PASSWORD, Page, Pkce, RelyingParty, TestServer};

const USERNAME: &str = "ada";
const SCOPE: (&str, &str) = ("scope", "openid offline_access read");
const REDIRECT_URI: &str = "https://client.example/callback";

/// What a server issued to clients and browsers. It is valid at the time that the clock of [`TestServer`] shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Issued {
    secret: String,
    opaque_secret: String,
    /// The cookies of a browser with a session.
    cookies: Vec<(String, String)>,
    opaque: String,
    signed: String,
    revoked: String,
    refresh_token: String,
    spent: String,
    code: String,
    request_uri: String,
    key_ids: Vec<String>,
}

/// Fills the empty database at `url` through a server.
pub async fn fill(url: &str) -> Issued {
    let server = TestServer::on(url).await;
    server.user(USERNAME).await;
    let web = RelyingParty::confidential(&server, "web").await.at(&server.listening);
    let opaque = RelyingParty::register(&server, "opaque", |client| {
        client.tokens.access_token_format = AccessTokenFormat::Opaque;
    })
    .await
    .at(&server.listening);
    let browser = Browser::new(&server.listening);
    let tokens = web.redeemed(&code(&web, &browser).await).await;
    let kept = opaque.redeemed(&code(&opaque, &browser).await).await;
    let revoked = opaque.redeemed(&code(&opaque, &browser).await).await;
    let revoked = revoked.text("access_token").to_owned();
    assert_eq!(opaque.revoke(&revoked).await.status(), 200);
    let spent = tokens.text("refresh_token").to_owned();
    let latest = RelyingParty::successful(web.refresh(&spent).await).await;
    let fields = [
        ("response_type", "code"),
        ("redirect_uri", REDIRECT_URI),
        SCOPE,
        ("code_challenge", &Pkce::new().challenge),
        ("code_challenge_method", "S256"),
    ];
    let pushed = RelyingParty::successful_with(web.post("/oauth/par", &fields).await, 201).await;
    server.resource("https://api.example", |_| {}).await;
    fill_the_rest(url, &server).await;
    Issued {
        code: code(&web, &browser).await,
        cookies: browser.cookies(),
        secret: web.secret.clone().expect("a secret"),
        opaque_secret: opaque.secret.clone().expect("a secret"),
        opaque: kept.text("access_token").to_owned(),
        signed: tokens.text("access_token").to_owned(),
        revoked,
        refresh_token: latest.text("refresh_token").to_owned(),
        spent,
        request_uri: pushed.text("request_uri").to_owned(),
        key_ids: key_ids(&web).await,
    }
}

/// Rows that none of the flows leaves behind.
async fn fill_the_rest(url: &str, server: &TestServer) {
    let stores = Stores::new(&Arc::new(Database::connect(url).await.expect("a database")));
    let grant = Grant::recorded(&stores, "told", "openid").await;
    stores.sessions.end(grant.session.id, after(1)).await.expect("the end of a session");
    let television = RelyingParty::register(server, "television", |client| {
        client.authentication = ClientAuthentication::None;
        client.grant_types = [GrantType::DeviceCode].into();
        client.redirect_uris.clear();
    })
    .await
    .at(&server.listening);
    let asked = television.post("/oauth/device_authorization", &[("scope", "openid")]).await;
    assert_eq!(asked.status(), 200);
    let gone = RelyingParty::service(server, "gone").await;
    let gone = gone.id.parse().expect("an id");
    assert!(stores.clients.delete(&gone, &event("client.delete", &gone)).await.expect("a deletion"));
    server.resource("https://gone.example", |_| {}).await;
    let id = "https://gone.example".parse().expect("an identifier");
    server.resources.delete(&id, Actor::CommandLine).await.expect("a deletion");
    let user = &grant.user;
    let withdrawal = event("consent.withdraw", &user.id);
    stores.consents.withdraw(user.id, &grant.client.id, &withdrawal).await.expect("a withdrawal");
    let staff = group("staff");
    stores.groups.insert(&staff, &event("group.create", &staff.name)).await.expect("a group");
    let ada = [user.id];
    let joined = event("group.add", &staff.name);
    let add = MembershipChange::Add(&ada);
    stores.groups.change_members(&staff.name, add, &joined).await.expect("a member");
    let for_staff = Client { allowed_groups: Some([staff.name].into()), ..client("for-staff") };
    keep_client(&stores, &for_staff).await;
    let expires_at = server.now() + Duration::days(365);
    let digest = Digest::of(b"sample");
    stores.replay_marks.mark(digest, expires_at).await.expect("a mark");
    let limit = Limit { attempts: 5, window: Duration::hours(1) };
    stores
        .attempts
        .count(&[Counter::new(AttemptKey::new("sample", &[]), limit)], server.now())
        .await
        .expect("an attempt");
    stores.set_up_links.offer(digest, expires_at, None).await.expect("a link");
    let purpose = LinkPurpose::EmailChange("new@example.com".to_owned());
    let link = OneTimeLink { digest, user: user.id, purpose, expires_at };
    stores
        .one_time_links
        .issue(&link, user.email(), &event("user.email-link", &user.id))
        .await
        .expect("a link");
    let app = AuthenticatorApp {
        incarnation: Incarnation::from_random([7; 16]),
        sealed_secret: b"sealed".to_vec(),
        last_step: 7,
        enrolled_at: server.now(),
        used_at: None,
    };
    let enrolled = event("user.add-factor", &user.id);
    stores.second_factors.enrol_app(user.id, &app, &[digest], &enrolled).await.expect("an app");
    let passkey = Passkey {
        id: vec![7; 16].try_into().expect("an id"),
        user: user.id,
        name: "phone".parse().expect("a name"),
        credential: "{}".to_owned(),
        sign_count: 7,
        is_syncable: true,
        is_backed_up: true,
        is_on_security_key: false,
        made_at: server.now(),
        used_at: None,
    };
    let added = event("user.add-passkey", &user.id);
    stores.passkeys.add(&passkey, 20, &added).await.expect("a passkey");
    let refusal = KeptRefusal { expires_at, ..refused(0, Some("web"), "192.0.2.7") };
    let bounds = RefusalBounds { of_network: 10, of_client: 10, all: 10 };
    stores.refusals.record(&[refusal], bounds).await.expect("a refusal");
    let mail = QueuedMail {
        id: MailId::from_random([7; 16]),
        sealed: "sealed".to_owned(),
        queued_at: server.now(),
        expires_at,
        attempts: 0,
    };
    stores.mail_queue.queue(&mail).await.expect("a mail");
    let random = [7; 10];
    let token = InitialAccessToken {
        id: InitialAccessTokenId::ordered(server.now(), random),
        token: digest,
        limits: RegistrationLimits { scope: None, grant_types: [GrantType::AuthorizationCode].into() },
        uses: 3,
        used: 1,
        created_at: server.now(),
        expires_at,
    };
    stores.initial_access_tokens.create(&token, &event("token.create", &token.id)).await.expect("a token");
    stores
        .interactions
        .finish(digest, &Ending { expires_at, ..ending("answer") }, None)
        .await
        .expect("an interaction");
    stores.server_secrets.keep_first("sample", b"sealed").await.expect("a secret");
}

/// A code, after login and consent if a page asks for them. The forms are sent without `Origin` and `Referer`, because the
/// server listens at another address than its issuer.
async fn code(client: &RelyingParty, browser: &Browser) -> String {
    let mut url = client.authorization_url(&[SCOPE]);
    while url.starts_with(&client.issuer) {
        let page = match browser.open(&url).await {
            Landed::Page(page) => page,
            Landed::Client(back) => return Callback::from_url(&back).code().to_owned(),
        };
        let fields: &[_] = if page.has("#login") {
            &[("username", USERNAME), ("password", PASSWORD)]
        } else {
            assert!(page.has("#allow"), "{}", page.html);
            &[("decision", "allow")]
        };
        url = submitted(browser, &page, fields).await;
    }
    Callback::from_url(&url.parse().expect("a URL")).code().to_owned()
}

/// Where a form leads.
async fn submitted(browser: &Browser, page: &Page, fields: &[(&str, &str)]) -> String {
    let (action, hidden) = page.form();
    let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let all: Vec<_> = hidden.chain(fields.iter().copied()).collect();
    let answer = browser.http().post(page.resolved(&action)).form(&all).send().await.expect("an answer");
    let location = answer.headers().get("location").expect("a redirect");
    page.resolved(location.to_str().expect("a URL"))
}

async fn key_ids(client: &RelyingParty) -> Vec<String> {
    let url = format!("{}/.well-known/jwks.json", client.issuer);
    let keys: Value = client.http().get(url).send().await.expect("an answer").json().await.expect("JSON");
    let keys = keys["keys"].as_array().expect("keys").iter();
    keys.map(|key| key["kid"].as_str().expect("a kid").to_owned()).collect()
}

impl Issued {
    /// Asserts that a server on the database at `url` still accepts everything that was valid, and nothing that was spent
    /// or revoked.
    pub async fn assert_served(&self, url: &str) {
        let server = TestServer::on(url).await;
        let party = |id, secret: &str| {
            RelyingParty::registered(&server.listening, id, Some(secret.to_owned()), REDIRECT_URI)
        };
        let (web, opaque) = (party("web", &self.secret), party("opaque", &self.opaque_secret));
        // A node may have added the keys of an algorithm since, which a client of the sample signs with.
        let published = key_ids(&web).await;
        assert!(
            self.key_ids.iter().all(|id| published.contains(id)),
            "{published:?}, not {:?}",
            self.key_ids
        );
        // Signed in, and not asked for consent again.
        let browser = Browser::with_cookies(&server.listening, &self.cookies);
        let silent = web.authorization_url(&[SCOPE, ("prompt", "none")]);
        web.redeemed(Callback::from_url(&browser.open(&silent).await.client()).code()).await;
        web.redeemed(&code(&web, &Browser::new(&server.listening)).await).await;
        let pushed = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("client_id", "web"), ("request_uri", &self.request_uri)])
            .finish();
        let answer = browser.open(&format!("/oauth/authorize?{pushed}")).await.client();
        web.redeemed(Callback::from_url(&answer).code()).await;

        assert_eq!(opaque.introspect(&self.opaque).await["active"], true);
        assert_eq!(web.introspect(&self.signed).await["active"], true);
        assert_eq!(opaque.introspect(&self.revoked).await, json!({"active": false}));
        web.redeemed(&self.code).await;
        assert_eq!(web.redeem(&self.code).await.status(), 400);
        let next = RelyingParty::successful(web.refresh(&self.refresh_token).await).await;
        assert_eq!(web.refresh(&self.spent).await.status(), 400);
        assert_eq!(web.refresh(next.text("refresh_token")).await.status(), 400, "reuse revokes the family");
    }
}
