//! Basic OP: one test per module, named after it (OpenID Connect Core §3.1). Clients register themselves and use no
//! PKCE where the module does not.

use chrono::Duration;
use domain::acr;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::Response;
use serde_json::{Value, json};
use tests::support::{Callback, Landed, Pkce, RelyingParty, Tokens};

use super::Plan;

#[tokio::test]
async fn oidcc_server() {
    let plan = Plan::begin(json!({})).await;
    let tokens = plan.tokens(&[]).await;
    let id_token = tokens.claims("id_token");
    let allowed = ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"];
    for name in id_token.as_object().unwrap().keys() {
        assert!(allowed.contains(&name.as_str()), "{name} was not asked for");
    }
    assert_eq!((&id_token["aud"], &id_token["nonce"]), (&json!(plan.client.id), &json!("nonce-1")));
    assert_eq!((&tokens.0["token_type"], &tokens.0["expires_in"]), (&json!("Bearer"), &json!(3600)));
}

#[tokio::test]
async fn oidcc_response_type_missing() {
    let plan = Plan::begin(json!({})).await;
    plan.tokens(&[]).await;
    assert_eq!(plan.error(&[("response_type", "")]).await, "invalid_request");
}

#[tokio::test]
async fn oidcc_idtoken_signature() {
    let plan = Plan::begin(json!({})).await;
    let tokens = plan.tokens(&[]).await;
    let id_token = tokens.text("id_token");
    let header = jsonwebtoken::decode_header(id_token).unwrap();
    assert_eq!(header.alg, Algorithm::RS256);
    let set = plan.server.url("/.well-known/jwks.json");
    let set: JwkSet = reqwest::get(set).await.unwrap().json().await.unwrap();
    let key = DecodingKey::from_jwk(set.find(&header.kid.unwrap()).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[&plan.client.id]);
    validation.set_issuer(&[&plan.server.issuer]);
    assert!(jsonwebtoken::decode::<Value>(id_token, &key, &validation).is_ok());
}

#[tokio::test]
async fn oidcc_idtoken_unsigned() {
    let plan = Plan::begin(json!({})).await;
    let listed = plan.metadata().await["id_token_signing_alg_values_supported"].clone();
    assert!(!listed.as_array().unwrap().contains(&json!("none")), "then the module is left out");
    let refused = plan.register(json!({"id_token_signed_response_alg": "none"})).await;
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn oidcc_userinfo_get() {
    let plan = Plan::begin(json!({})).await;
    let tokens = plan.tokens(&[]).await;
    assert_eq!(plan.userinfo(&tokens).await["sub"], tokens.claims("id_token")["sub"]);
}

#[tokio::test]
async fn oidcc_userinfo_post_header() {
    let plan = Plan::begin(json!({})).await;
    let tokens = plan.tokens(&[]).await;
    let request = plan.client.http().post(plan.server.url("/oauth/userinfo"));
    let answer = request.bearer_auth(tokens.text("access_token")).send().await.unwrap();
    assert_eq!(body(answer, 200).await["sub"], tokens.claims("id_token")["sub"]);
}

#[tokio::test]
async fn oidcc_userinfo_post_body() {
    let plan = Plan::begin(json!({})).await;
    let tokens = plan.tokens(&[]).await;
    let request = plan.client.http().post(plan.server.url("/oauth/userinfo"));
    let answer = request.form(&[("access_token", tokens.text("access_token"))]).send().await.unwrap();
    assert_eq!(body(answer, 200).await["sub"], tokens.claims("id_token")["sub"]);
}

#[tokio::test]
async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow() {
    let plan = Plan::begin(json!({})).await;
    assert_eq!(plan.tokens(&[("nonce", "")]).await.claims("id_token").get("nonce"), None);
}

#[tokio::test]
async fn oidcc_scope_profile_email_address_phone_and_all() {
    let plan = Plan::begin(json!({})).await;
    let of = |scope: &str| -> Vec<&str> {
        let named = domain::claims::STANDARD.into_iter();
        named.filter(|(naming, _)| scope.split(' ').any(|s| s == *naming)).map(|(_, claim)| claim).collect()
    };
    for scope in ["profile", "email", "address", "phone", "profile email address phone"] {
        let tokens = plan.tokens(&[("scope", &format!("openid {scope}"))]).await;
        let userinfo = plan.userinfo(&tokens).await;
        for name in of(scope) {
            assert!(userinfo.get(name).is_some(), "{scope}: no {name}");
            assert_eq!(tokens.claims("id_token").get(name), None, "{scope}: {name} in the ID token");
        }
        let blank = |value: &Value| value.is_null() || value == "";
        assert!(!userinfo.as_object().unwrap().values().any(blank), "{userinfo}");
        assert!(userinfo["updated_at"].is_i64() || !scope.contains("profile"));
    }
}

#[tokio::test]
async fn oidcc_alternate_happy_flow() {
    let plan = Plan::begin(json!({})).await;
    let tokens =
        plan.tokens(&[("state", "z-._~"), ("scope", "email openid"), ("client_id", &plan.client.id)]).await;
    assert_eq!(plan.userinfo(&tokens).await["email"], "ada@example.com");
}

#[tokio::test]
async fn oidcc_display_page_and_popup() {
    let plan = Plan::begin(json!({})).await;
    for display in ["page", "popup"] {
        plan.tokens(&[("display", display)]).await;
    }
}

#[tokio::test]
async fn oidcc_prompt_login() {
    let plan = Plan::begin(json!({})).await;
    let first = plan.tokens(&[]).await.claims("id_token");
    plan.server.clock.advance(Duration::seconds(2));
    let url = plan.url(&[("prompt", "login")]);
    let login = plan.browser.open(&url).await.page();
    assert!(login.has("input[name=username]") && login.has("input[name=password]") && login.has("#login"));
    let landed = plan.browser.sign_in(&login, "ada").await.client();
    let again = plan.redeemed(&landed).await.claims("id_token");
    assert!(again["auth_time"].as_i64() > first["auth_time"].as_i64());
}

#[tokio::test]
async fn oidcc_prompt_none_not_logged_in() {
    let plan = Plan::begin(json!({})).await;
    let landed = plan.browser.open(&plan.url(&[("prompt", "none")])).await.client();
    let names: Vec<_> = landed.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["error", "error_description", "state", "iss"]);
    assert_eq!(Callback::of(&landed).get("error"), Some("login_required"));
}

#[tokio::test]
async fn oidcc_prompt_none_logged_in() {
    let plan = Plan::begin(json!({})).await;
    let first = plan.tokens(&[]).await.claims("id_token");
    plan.server.clock.advance(Duration::seconds(2));
    let landed = plan.browser.open(&plan.url(&[("prompt", "none")])).await.client();
    let again = plan.redeemed(&landed).await.claims("id_token");
    assert_eq!((&again["sub"], &again["auth_time"]), (&first["sub"], &first["auth_time"]));
}

#[tokio::test]
async fn oidcc_max_age_1() {
    let plan = Plan::begin(json!({})).await;
    let first = plan.tokens(&[]).await.claims("id_token");
    plan.server.clock.advance(Duration::seconds(2));
    let login = plan.browser.open(&plan.url(&[("max_age", "1")])).await.page();
    assert!(login.has("#login"));
    let landed = plan.browser.sign_in(&login, "ada").await.client();
    let again = plan.redeemed(&landed).await.claims("id_token");
    assert!(again["auth_time"].as_i64() > first["auth_time"].as_i64());
}

#[tokio::test]
async fn oidcc_max_age_10000() {
    let plan = Plan::begin(json!({})).await;
    let first = plan.tokens(&[("max_age", "15000")]).await.claims("id_token");
    plan.server.clock.advance(Duration::seconds(2));
    let landed = plan.browser.open(&plan.url(&[("max_age", "10000")])).await.client();
    let again = plan.redeemed(&landed).await.claims("id_token");
    assert!(again["auth_time"].is_i64());
    assert_eq!((&again["sub"], &again["auth_time"]), (&first["sub"], &first["auth_time"]));
}

#[tokio::test]
async fn a_default_max_age_counts_where_the_request_says_nothing() {
    let registered = json!({"default_max_age": 1, "require_auth_time": true, "default_acr_values": ["gold"]});
    let plan = Plan::begin(registered).await;
    let first = plan.tokens(&[]).await.claims("id_token");
    assert!(first["auth_time"].is_i64());
    plan.server.clock.advance(Duration::seconds(2));
    let again = plan.redeemed(&plan.browser.open(&plan.url(&[("max_age", "100")])).await.client()).await;
    assert_eq!(again.claims("id_token")["auth_time"], first["auth_time"]);
    assert_eq!(plan.error(&[("prompt", "none")]).await, "login_required");
    assert!(plan.browser.open(&plan.url(&[])).await.page().has("#login"));
}

#[tokio::test]
async fn oidcc_ensure_request_with_unknown_parameter_succeeds() {
    let plan = Plan::begin(json!({})).await;
    plan.tokens(&[("extra", "foobar")]).await;
}

#[tokio::test]
async fn oidcc_id_token_hint() {
    let plan = Plan::begin(json!({})).await;
    let tokens = plan.tokens(&[]).await;
    let url = plan.url(&[("prompt", "none"), ("id_token_hint", tokens.text("id_token"))]);
    let again = plan.redeemed(&plan.browser.open(&url).await.client()).await;
    assert_eq!(again.claims("id_token")["sub"], tokens.claims("id_token")["sub"]);
}

#[tokio::test]
async fn oidcc_login_hint_ui_locales_and_claims_locales() {
    let plan = Plan::begin(json!({})).await;
    for (name, value) in [("login_hint", "buffy@example.com"), ("ui_locales", "se"), ("claims_locales", "se")]
    {
        plan.tokens(&[(name, value)]).await;
    }
}

#[tokio::test]
async fn oidcc_ensure_request_with_acr_values_succeeds() {
    let plan = Plan::begin(json!({})).await;
    let listed = plan.metadata().await["acr_values_supported"].clone();
    let wanted = listed[0].as_str().unwrap();
    assert_eq!(plan.tokens(&[("acr_values", wanted)]).await.claims("id_token")["acr"], wanted);
    // None that we know: no error, and what there is.
    assert_eq!(plan.tokens(&[("acr_values", "1 2")]).await.claims("id_token")["acr"], acr::PASSWORD);
}

#[tokio::test]
async fn oidcc_codereuse() {
    let plan = Plan::begin(json!({})).await;
    let landed = plan.browser.through(&plan.url(&[]), "ada").await;
    plan.redeemed(&landed).await;
    assert_eq!(body(plan.redeem(&landed).await, 400).await["error"], "invalid_grant");
}

#[tokio::test]
async fn oidcc_codereuse_30seconds() {
    let plan = Plan::begin(json!({})).await;
    let landed = plan.browser.through(&plan.url(&[]), "ada").await;
    let tokens = plan.redeemed(&landed).await;
    plan.server.clock.advance(Duration::seconds(30));
    assert_eq!(body(plan.redeem(&landed).await, 400).await["error"], "invalid_grant");
    assert_eq!(plan.client.userinfo(tokens.text("access_token")).await.status(), 401);
}

#[tokio::test]
async fn oidcc_ensure_registered_redirect_uri() {
    let plan = Plan::begin(json!({})).await;
    let page = plan.browser.open(&plan.url(&[("redirect_uri", "https://evil.example/")])).await.page();
    assert!(page.status.is_client_error() && page.has("h1#error"));
}

#[tokio::test]
async fn oidcc_ensure_post_request_succeeds() {
    let plan = Plan::begin(json!({})).await;
    plan.tokens(&[]).await;
    let url = url::Url::parse(&plan.url(&[])).unwrap();
    let form: Vec<_> = url.query_pairs().into_owned().collect();
    let landed = plan.browser.post("/oauth/authorize", &form).await.client();
    plan.redeemed(&landed).await;
}

#[tokio::test]
async fn oidcc_server_client_secret_post() {
    let plan = Plan::begin(json!({"token_endpoint_auth_method": "client_secret_post"})).await;
    let landed = plan.browser.through(&plan.url(&[]), "ada").await;
    let callback = Callback::of(&landed);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", callback.code()),
        ("redirect_uri", &plan.client.redirect_uri),
        ("client_id", &plan.client.id),
        ("client_secret", plan.client.secret.as_deref().unwrap()),
    ];
    let request = plan.client.http().post(plan.server.url("/oauth/token")).form(&form);
    assert!(body(request.send().await.unwrap(), 200).await["id_token"].is_string());
}

#[tokio::test]
async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported() {
    let plan = Plan::begin(json!({})).await;
    let listed = plan.metadata().await["request_object_signing_alg_values_supported"].clone();
    let listed = listed.as_array().unwrap();
    assert!(
        !listed.contains(&json!("none")) && listed.contains(&json!("RS256")),
        "then the module is left out"
    );
    plan.tokens(&[]).await;
    let page = plan.browser.open(&plan.url(&[("request", "eyJhbGciOiJub25lIn0.e30.")])).await.page();
    assert_eq!((page.status.as_u16(), page.text("#error").as_str()), (400, "invalid_request_object"));
}

#[tokio::test]
async fn oidcc_claims_essential() {
    let plan = Plan::begin(json!({})).await;
    let claims = r#"{"userinfo":{"name":{"essential":true}}}"#;
    let tokens = plan.tokens(&[("scope", "openid"), ("claims", claims)]).await;
    assert_eq!(plan.userinfo(&tokens).await["name"], "Ada Lovelace");
}

#[tokio::test]
async fn oidcc_refresh_token() {
    let grants = json!({"grant_types": ["authorization_code", "refresh_token"]});
    let plan = Plan::begin(grants.clone()).await;
    let tokens = plan.tokens(&[("scope", "openid offline_access"), ("prompt", "consent")]).await;
    plan.server.clock.advance(Duration::seconds(2));
    let other = plan.client_of(plan.register(grants).await).await;
    let refused = body(other.refresh(tokens.text("refresh_token")).await, 400).await;
    assert_eq!(refused["error"], "invalid_grant");
    let answer = plan.client.refresh(tokens.text("refresh_token")).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let refreshed = RelyingParty::successful(answer).await;
    assert_ne!(refreshed.0["access_token"], tokens.0["access_token"]);
    let (first, again) = (tokens.claims("id_token"), refreshed.claims("id_token"));
    for same in ["iss", "sub", "aud", "auth_time", "azp"] {
        assert_eq!(again[same], first[same], "{same}");
    }
    assert!(again["iat"].as_i64() > first["iat"].as_i64());
}

#[tokio::test]
async fn oidcc_ensure_request_with_valid_pkce_succeeds() {
    let plan = Plan::begin(json!({})).await;
    let challenge = Pkce::new().challenge;
    let fields = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    let landed = plan.browser.through(&plan.url(&fields), "ada").await;
    plan.client.redeemed(Callback::of(&landed).code()).await;
}

async fn body(answer: Response, status: u16) -> Value {
    let found = answer.status();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(found, status, "{body}");
    body
}

impl Plan {
    fn url(&self, fields: &[(&str, &str)]) -> String {
        let mut all = vec![("code_challenge", ""), ("code_challenge_method", "")];
        all.extend(fields);
        self.client.authorization_url(&all)
    }

    /// Through login and consent, whatever of it is asked, and to the token endpoint without a verifier.
    async fn tokens(&self, fields: &[(&str, &str)]) -> Tokens {
        let landed = self.browser.through(&self.url(fields), "ada").await;
        let state = fields.iter().find(|(name, _)| *name == "state").map_or("state-1", |(_, state)| state);
        assert_eq!(Callback::of(&landed).get("state"), Some(state));
        self.redeemed(&landed).await
    }

    async fn redeemed(&self, landed: &url::Url) -> Tokens {
        RelyingParty::successful(self.redeem(landed).await).await
    }

    async fn redeem(&self, landed: &url::Url) -> Response {
        let callback = Callback::of(landed);
        assert_eq!(callback.get("iss"), Some(self.server.issuer.as_str()));
        let (code, redirect_uri) = (("code", callback.code()), ("redirect_uri", &*self.client.redirect_uri));
        self.client.token(&[("grant_type", "authorization_code"), code, redirect_uri]).await
    }

    /// The error that a request of somebody who is signed in comes back with.
    async fn error(&self, fields: &[(&str, &str)]) -> String {
        match self.browser.open(&self.url(fields)).await {
            Landed::Client(url) => Callback::of(&url).get("error").unwrap().to_owned(),
            Landed::Page(page) => panic!("{}: {}", page.url, page.html),
        }
    }

    async fn userinfo(&self, tokens: &Tokens) -> Value {
        let answer = self.client.userinfo(tokens.text("access_token")).await;
        let userinfo = body(answer, 200).await;
        assert_eq!(userinfo["sub"], tokens.claims("id_token")["sub"]);
        userinfo
    }
}
