//! The kinds of JWT of this server are never taken for one another, whatever `typ` an access token has (RFC 8725 §3.12).

use application::resource::servers::ResourceChange;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::client::AccessTokenTyp;
use domain::{Actor, SigningAlgorithm};
use reqwest::header::ACCEPT;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, LogoutReceiver, PASSWORD, RelyingParty, TestServer};
use url::Url;

const BOTH: [AccessTokenTyp; 2] = [AccessTokenTyp::AtJwt, AccessTokenTyp::Jwt];

fn header(jwt: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(jwt.split('.').next().unwrap()).unwrap()).unwrap()
}

async fn with_typ(server: &TestServer, id: &str, typ: AccessTokenTyp) -> RelyingParty {
    RelyingParty::register(server, id, |client| client.tokens.access_token_typ = typ).await
}

#[tokio::test]
async fn an_access_token_has_the_typ_that_its_client_was_given() {
    let server = TestServer::start().await;
    server.user("ada").await;
    for (typ, written) in BOTH.into_iter().zip(["at+jwt", "JWT"]) {
        let web = with_typ(&server, written.trim_start_matches("at+"), typ).await;
        let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
        let refreshed = RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
        for tokens in [tokens, refreshed] {
            assert_eq!(header(tokens.text("access_token"))["typ"], written);
            assert_eq!(header(tokens.text("id_token"))["typ"], "JWT");
            assert_eq!(web.userinfo(tokens.text("access_token")).await.status(), 200);
            assert_eq!(web.introspect(tokens.text("access_token")).await["active"], true);
        }
    }
    let service = RelyingParty::register(&server, "service", |client| {
        client.grant_types = [domain::GrantType::ClientCredentials].into();
        client.redirect_uris.clear();
        client.tokens.access_token_typ = AccessTokenTyp::Jwt;
    })
    .await;
    let own = service.token(&[("grant_type", "client_credentials"), ("scope", "read")]).await;
    let own = RelyingParty::successful(own).await;
    assert_eq!(header(own.text("access_token"))["typ"], "JWT");
    assert_eq!(service.introspect(own.text("access_token")).await["active"], true);
    assert_eq!(service.revoke(own.text("access_token")).await.status(), 200);
    assert_eq!(service.introspect(own.text("access_token")).await["active"], false);
}

const AT_JWT: &str = "https://at-jwt.example";
const JWT: &str = "https://jwt.example";

/// Two APIs with the same scope; one of them asks for `JWT`.
async fn two_resources(server: &TestServer) {
    server.resource(AT_JWT, |_| {}).await;
    server.resource(JWT, |resource| resource.access_token_typ = AccessTokenTyp::Jwt).await;
}

/// A client with every grant that may name both.
async fn for_both(server: &TestServer, id: &str, typ: AccessTokenTyp, default: Option<&str>) -> RelyingParty {
    RelyingParty::register(server, id, |client| {
        client.tokens.access_token_typ = typ;
        client.grant_types = domain::GrantType::ALL.into();
        client.resources.allowed = [AT_JWT, JWT].map(|id| id.parse().unwrap()).into();
        client.resources.default = default.map(|id| id.parse().unwrap());
    })
    .await
}

fn naming<'a>(fields: &[(&'a str, &'a str)], named: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().chain(named.iter().map(|id| ("resource", *id))).collect()
}

#[tokio::test]
async fn an_access_token_is_a_jwt_if_its_client_or_one_of_its_resources_asks_for_it() {
    let server = TestServer::with(|settings| settings.password_grant = true).await;
    server.user("ada").await;
    two_resources(&server).await;
    let browser = Browser::new(&server.issuer);
    for (id, typ, default) in [
        ("plain", AccessTokenTyp::AtJwt, None),
        ("spring", AccessTokenTyp::Jwt, None),
        ("with-default", AccessTokenTyp::AtJwt, Some(JWT)),
    ] {
        let client = for_both(&server, id, typ, default).await;
        for named in [&[][..], &[AT_JWT], &[JWT], &[AT_JWT, JWT], &[&server.issuer], &[&server.issuer, JWT]] {
            let is_for_jwt = named.contains(&JWT) || (named.is_empty() && default.is_some());
            let expected = if is_for_jwt || id == "spring" { "JWT" } else { "at+jwt" };
            let mut url = Url::parse(&client.authorization_url(&[("scope", "openid read")])).unwrap();
            url.query_pairs_mut().extend_pairs(named.iter().map(|id| ("resource", id)));
            let back = browser.sign_in_and_consent(url.as_str(), "ada").await;
            let first = client.redeemed(Callback::from_url(&back).code()).await;
            let refreshed = RelyingParty::successful(client.refresh(first.text("refresh_token")).await).await;
            let own = naming(&[("grant_type", "client_credentials"), ("scope", "read")], named);
            let own = RelyingParty::successful(client.token(&own).await).await;
            let password = [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)];
            let password = naming(&[&password[..], &[("scope", "read")]].concat(), named);
            let by_password = RelyingParty::successful(client.token(&password).await).await;
            let begun = naming(&[("scope", "read")], named);
            let begun = client.post("/oauth/device_authorization", &begun).await;
            let begun = RelyingParty::successful(begun).await;
            let page = browser.open(begun.text("verification_uri_complete")).await.page();
            let _ = browser.submit(&page, &[("decision", "allow")]).await.page();
            let device = [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", begun.text("device_code")),
            ];
            let by_device = RelyingParty::successful(client.token(&device).await).await;
            for (grant, tokens) in [
                ("code", first),
                ("refresh", refreshed),
                ("client credentials", own),
                ("password", by_password),
                ("device", by_device),
            ] {
                let typ = header(tokens.text("access_token"))["typ"].clone();
                assert_eq!(typ, expected, "{id}: {grant} for {named:?}");
                assert_eq!(client.introspect(tokens.text("access_token")).await["active"], true, "{grant}");
            }
        }
    }
}

#[tokio::test]
async fn a_token_for_one_of_two_resources_has_the_typ_of_that_one_and_an_update_counts_at_once() {
    let server = TestServer::start().await;
    server.user("ada").await;
    two_resources(&server).await;
    let client = for_both(&server, "plain", AccessTokenTyp::AtJwt, None).await;
    let mut url = Url::parse(&client.authorization_url(&[("scope", "read")])).unwrap();
    url.query_pairs_mut().extend_pairs([("resource", AT_JWT), ("resource", JWT)]);
    let back = Browser::new(&server.issuer).sign_in_and_consent(url.as_str(), "ada").await;
    let mut tokens = client.redeemed(Callback::from_url(&back).code()).await;
    assert_eq!(header(tokens.text("access_token"))["typ"], "JWT");
    for (named, asks_for, expected) in [
        (AT_JWT, AccessTokenTyp::AtJwt, "at+jwt"),
        (JWT, AccessTokenTyp::AtJwt, "JWT"),
        (AT_JWT, AccessTokenTyp::Jwt, "JWT"),
        (AT_JWT, AccessTokenTyp::AtJwt, "at+jwt"),
    ] {
        let change = ResourceChange { access_token_typ: Some(asks_for), ..ResourceChange::default() };
        server.resources.update(&AT_JWT.parse().unwrap(), &change, Actor::CommandLine).await.unwrap();
        let form = [("grant_type", "refresh_token"), ("refresh_token", tokens.text("refresh_token"))];
        tokens = RelyingParty::successful(client.token(&naming(&form, &[named])).await).await;
        assert_eq!(header(tokens.text("access_token"))["typ"], expected, "{named}");
    }
}

#[tokio::test]
async fn each_kind_of_token_is_accepted_only_where_it_belongs() {
    let server = TestServer::with(|settings| settings.outbound_allow_private = true).await;
    server.user("ada").await;
    let mut receiver = LogoutReceiver::start().await;
    let plain = with_typ(&server, "plain", AccessTokenTyp::AtJwt).await;
    two_resources(&server).await;
    for (id, typ, named) in [("first", BOTH[0], ""), ("second", BOTH[1], ""), ("third", BOTH[0], JWT)] {
        let web = RelyingParty::register(&server, id, |client| {
            client.tokens.access_token_typ = typ;
            client.resources.allowed = [JWT.parse().unwrap()].into();
            client.userinfo_signed_response_alg = Some(SigningAlgorithm::Rs256);
            client.logout.back.uri = Some(receiver.uri(id).parse().unwrap());
        })
        .await;
        let leaving = Browser::new(&server.issuer);
        let left = web.tokens(&leaving, "ada", &[]).await;
        let _ = leaving.open(&format!("/oauth/logout?id_token_hint={}", left.text("id_token"))).await.page();
        let (_, logout_token) = receiver.next_logout().await;

        let browser = Browser::new(&server.issuer);
        let tokens = web.tokens(&browser, "ada", &[("resource", named)]).await;
        let access_token = tokens.text("access_token");
        let is_plain = typ == AccessTokenTyp::Jwt || named == JWT;
        assert_eq!(header(access_token)["typ"], if is_plain { "JWT" } else { "at+jwt" });
        let userinfo = web.userinfo(access_token).await.text().await.unwrap();
        let request = web.http().post(server.url("/oauth/introspect")).basic_auth(id, web.secret.as_deref());
        let request = request.header(ACCEPT, "application/token-introspection+jwt");
        let introspection =
            request.form(&[("token", access_token)]).send().await.unwrap().text().await.unwrap();
        for (kind, jwt) in [
            ("access token", access_token),
            ("ID token", tokens.text("id_token")),
            ("UserInfo", &userinfo),
            ("introspection", &introspection),
            ("logout token", &logout_token),
        ] {
            assert_eq!(jwt.split('.').count(), 3, "{kind}: {jwt}");
            let is_access_token = kind == "access token";
            assert_eq!(web.userinfo(jwt).await.status() == 200, is_access_token, "{id}: UserInfo for {kind}");
            assert_eq!(web.introspect(jwt).await["active"], is_access_token, "{id}: introspection of {kind}");
            let admin =
                web.http().get(server.url("/admin/api/clients")).bearer_auth(jwt).send().await.unwrap();
            assert!([401, 403].contains(&admin.status().as_u16()), "{id}: administration by {kind}");
            let hinted =
                web.authorization_url(&[("prompt", "none"), ("id_token_hint", jwt), ("resource", named)]);
            let landed = Callback::from_url(&browser.open(&hinted).await.client());
            assert_eq!(landed.get("code").is_some(), kind == "ID token", "{id}: hint of {kind}: {landed:?}");
            let assertion_type = application::client_auth::ASSERTION_TYPE;
            let form = [("grant_type", "client_credentials"), ("client_assertion", jwt)];
            let form = [&form[..], &[("client_assertion_type", assertion_type)]].concat();
            let answer = plain.http().post(server.url("/oauth/token")).form(&form).send().await.unwrap();
            assert_eq!(answer.status(), 401, "{id}: authentication by {kind}");
            // It was no access token to revoke either.
            assert_eq!(web.revoke(if is_access_token { &userinfo } else { jwt }).await.status(), 200);
            assert_eq!(web.introspect(access_token).await["active"], true, "{id}: revocation by {kind}");
        }
    }
}

#[tokio::test]
async fn the_id_token_is_for_the_client_alone_and_for_as_long_as_its_operator_says() {
    let server = TestServer::start().await;
    server.user("ada").await;
    server.resource("https://api.example/v1", |_| {}).await;
    for (id, seconds) in [("long", Some(86_400)), ("short", Some(60)), ("plain", None)] {
        let web = RelyingParty::register(&server, id, |client| {
            client.resources.allowed = ["https://api.example/v1".parse().unwrap()].into();
            client.tokens.id_token_ttl_seconds = seconds;
        })
        .await;
        let fields = [("resource", "https://api.example/v1")];
        let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &fields).await;
        let refreshed = RelyingParty::successful(web.refresh(tokens.text("refresh_token")).await).await;
        for tokens in [tokens, refreshed] {
            let claims = tokens.claims("id_token");
            assert_eq!(claims["aud"], id);
            let lifetime = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
            assert_eq!(lifetime, i64::from(seconds.unwrap_or(3600)), "{id}");
            assert_eq!(tokens.0["expires_in"], 3600, "of the access token");
        }
    }
}

#[tokio::test]
async fn a_key_stays_published_while_an_id_token_of_any_client_may_be_valid() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let argo = RelyingParty::register(&server, "argo", |client| {
        client.tokens.id_token_ttl_seconds = Some(86_400);
    })
    .await;
    let tokens = argo.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let kid = header(tokens.text("id_token"))["kid"].clone();
    server.clock.advance(chrono::Duration::seconds(300));
    let (urgency, actor) = (application::keys::Urgency::Scheduled, Actor::CommandLine);
    server.keys.rotate(SigningAlgorithm::Rs256, urgency, actor).await.unwrap();
    server.clock.advance(chrono::Duration::seconds(86_400 - 301));
    let jwks: Value = reqwest::get(server.url("/.well-known/jwks.json")).await.unwrap().json().await.unwrap();
    assert!(jwks["keys"].as_array().unwrap().iter().any(|key| key["kid"] == kid), "{jwks}");
}

#[tokio::test]
async fn the_scope_of_a_code_is_what_the_user_granted_whatever_is_sent_with_it() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    for sent in
        ["openid", "openid profile email read write", "nobody declared this", "a\"b", " ", "openid openid"]
    {
        let code = web.code(&browser, "ada", &[("scope", "openid email")]).await;
        let pkce = tests::support::Pkce::new();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", &*web.redirect_uri),
            ("code_verifier", &*pkce.verifier),
            ("scope", sent),
        ];
        let tokens = RelyingParty::successful(web.token(&form).await).await;
        assert_eq!(tokens.0["scope"], "email openid", "{sent:?}");
    }
}

#[tokio::test]
async fn a_refresh_that_has_openid_returns_a_new_id_token() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::public(&server, "kubelogin").await;
    let first = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    server.clock.advance(chrono::Duration::seconds(1800));
    let mut refresh_token = first.text("refresh_token").to_owned();
    for (scope, is_returned) in [("", true), ("openid", true), ("email", false), ("openid email", true)] {
        let form = [("grant_type", "refresh_token"), ("refresh_token", &*refresh_token), ("scope", scope)];
        let answer = RelyingParty::successful(web.token(&form).await).await;
        assert_eq!(answer.0.get("id_token").is_some(), is_returned, "{scope}");
        if is_returned {
            let (old, new) = (first.claims("id_token"), answer.claims("id_token"));
            // OpenID Connect Core §12.2.
            for same in ["iss", "sub", "aud", "auth_time"] {
                assert_eq!(old[same], new[same], "{same}");
            }
            assert_eq!(new["iat"], json!(server.now().timestamp()));
        }
        refresh_token = answer.text("refresh_token").to_owned();
    }
}
