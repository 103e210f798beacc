//! The modules of the Basic plan (OpenID Connect Core §3.1), for every response mode. Clients use
//! no PKCE where the module uses none.

use chrono::Duration;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use tests::support::{Pkce, RelyingParty};

use super::checks;
use super::module::{Mode, Module, form, json_of};
use super::suite::USERNAME;

/// One test for each module, named after it.
macro_rules! basic_modules {
    ($mode:expr) => {
        super::modules::each_in! { $mode;
            oidcc_server,
            oidcc_response_type_missing,
            oidcc_idtoken_signature,
            oidcc_idtoken_unsigned,
            oidcc_userinfo_get,
            oidcc_userinfo_post_header,
            oidcc_userinfo_post_body,
            oidcc_ensure_request_without_nonce_succeeds_for_code_flow,
            oidcc_scope_profile,
            oidcc_scope_email,
            oidcc_scope_address,
            oidcc_scope_phone,
            oidcc_scope_all,
            oidcc_alternate_happy_flow,
            oidcc_display_page,
            oidcc_display_popup,
            oidcc_prompt_login,
            oidcc_prompt_none_not_logged_in,
            oidcc_prompt_none_logged_in,
            oidcc_max_age_1,
            oidcc_max_age_10000,
            oidcc_ensure_request_with_unknown_parameter_succeeds,
            oidcc_id_token_hint,
            oidcc_login_hint,
            oidcc_ui_locales,
            oidcc_claims_locales,
            oidcc_ensure_request_with_acr_values_succeeds,
            oidcc_codereuse,
            oidcc_codereuse_30seconds,
            oidcc_ensure_registered_redirect_uri,
            oidcc_ensure_post_request_succeeds,
            oidcc_server_client_secret_post,
            oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported,
            oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported,
            oidcc_ensure_request_object_with_redirect_uri,
            oidcc_claims_essential,
            oidcc_refresh_token,
            oidcc_ensure_request_with_valid_pkce_succeeds,
        }
    };
}

macro_rules! each_in {
    ($mode:expr; $($module:ident,)+) => {
        $(
            #[tokio::test]
            async fn $module() {
                super::modules::$module($mode).await;
            }
        )+
    };
}

pub(super) use basic_modules;
pub(super) use each_in;

pub(super) async fn oidcc_server(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    let tokens = module.tokens(&[]).await;
    module.userinfo(&tokens).await;
    let listed = module.metadata().await["token_endpoint_auth_methods_supported"].clone();
    for used in ["client_secret_basic", "client_secret_post", "private_key_jwt"] {
        assert!(listed.as_array().unwrap().contains(&json!(used)), "{used}");
    }
    module.end().await;
}

pub(super) async fn oidcc_response_type_missing(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    // The browser is not redirected to the client before the user has signed in, and the user never agreed to this
    // client: an error page has the way to it (RFC 9700 §4.11.2).
    let login = module.page(&[("response_type", "")]).await;
    let page = module.browser.sign_in(&login, USERNAME).await.page();
    assert_eq!((page.status.as_u16(), page.text("#error-code").as_str()), (400, "invalid_request"));
    assert!(page.has("#continue") && page.text("#way-back").contains("suite.example"), "{}", page.html);
    // Once the user has agreed, the error is redirected.
    module.tokens(&[]).await;
    let answer = module.answered(&[("response_type", "")]).await;
    assert_eq!(answer.error(), "invalid_request");
    module.end().await;
}

pub(super) async fn oidcc_idtoken_signature(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    let tokens = module.tokens(&[]).await;
    checks::verified(tokens.text("id_token"), &module.jwks().await, Algorithm::RS256);
    module.end().await;
}

pub(super) async fn oidcc_idtoken_unsigned(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    let listed = module.metadata().await["id_token_signing_alg_values_supported"].clone();
    assert!(!listed.as_array().unwrap().contains(&json!("none")), "the module does not apply");
    let refused = json_of(module.register(json!({"id_token_signed_response_alg": "none"})).await, 400).await;
    assert_eq!(refused["error"], "invalid_client_metadata");
    module.end().await;
}

pub(super) async fn oidcc_userinfo_get(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    let tokens = module.tokens(&[]).await;
    module.userinfo(&tokens).await;
    module.end().await;
}

pub(super) async fn oidcc_userinfo_post_header(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    let tokens = module.tokens(&[]).await;
    let party = &module.client.party;
    let request = party.http().post(module.suite.server.url("/oauth/userinfo"));
    let answer = party.send(request.bearer_auth(tokens.text("access_token"))).await;
    checks::userinfo(&json_of(answer, 200).await, &tokens);
    module.end().await;
}

pub(super) async fn oidcc_userinfo_post_body(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    let tokens = module.tokens(&[]).await;
    let (party, url) = (&module.client.party, module.suite.server.url("/oauth/userinfo"));
    let answer = party.send(form(party, &url, &[("access_token", tokens.text("access_token"))])).await;
    checks::userinfo(&json_of(answer, 200).await, &tokens);
    module.end().await;
}

pub(super) async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    module.tokens(&[("nonce", "")]).await;
    module.end().await;
}

pub(super) async fn oidcc_scope_profile(mode: Mode) {
    scope(mode, &["profile"]).await;
}

pub(super) async fn oidcc_scope_email(mode: Mode) {
    scope(mode, &["email"]).await;
}

pub(super) async fn oidcc_scope_address(mode: Mode) {
    scope(mode, &["address"]).await;
}

pub(super) async fn oidcc_scope_phone(mode: Mode) {
    scope(mode, &["phone"]).await;
}

pub(super) async fn oidcc_scope_all(mode: Mode) {
    scope(mode, &["profile", "email", "address", "phone"]).await;
}

/// Every claim of these scopes is in UserInfo, and none is in the ID token.
async fn scope(mode: Mode, scopes: &[&str]) {
    let module = Module::begin(mode, json!({})).await;
    let supported = module.metadata().await["scopes_supported"].clone();
    for scope in scopes {
        assert!(supported.as_array().unwrap().contains(&json!(scope)), "{scope} is not listed");
    }
    let tokens = module.tokens(&[("scope", &format!("openid {}", scopes.join(" ")))]).await;
    let userinfo = module.userinfo(&tokens).await;
    for (naming, name) in domain::claims::STANDARD {
        assert_eq!(userinfo.get(name).is_some(), scopes.contains(&naming), "{name}");
    }
    module.end().await;
}

pub(super) async fn oidcc_alternate_happy_flow(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    let tokens = module.tokens(&[("state", "z-._~"), ("scope", "email openid")]).await;
    assert_eq!(module.userinfo(&tokens).await["email"], "ada@example.com");
    module.end().await;
}

pub(super) async fn oidcc_display_page(mode: Mode) {
    happy_with(mode, ("display", "page")).await;
}

pub(super) async fn oidcc_display_popup(mode: Mode) {
    happy_with(mode, ("display", "popup")).await;
}

/// The parameter changes nothing.
async fn happy_with(mode: Mode, field: (&str, &str)) {
    let module = Module::begin(mode, json!({})).await;
    module.tokens(&[field]).await;
    module.end().await;
}

pub(super) async fn oidcc_prompt_login(mode: Mode) {
    asked_again(mode, ("prompt", "login")).await;
}

pub(super) async fn oidcc_max_age_1(mode: Mode) {
    asked_again(mode, ("max_age", "1")).await;
}

/// A signed-in user sees the login form again, and `auth_time` is later afterwards.
async fn asked_again(mode: Mode, field: (&str, &str)) {
    let module = Module::begin(mode, json!({})).await;
    let first = module.tokens(&[]).await.claims("id_token");
    module.suite.server.clock.advance(Duration::seconds(2));
    let login = module.page(&[field]).await;
    let answer = module.sign_in(&login, &[field]).await;
    let again = module.redeemed(&answer, &[field]).await.claims("id_token");
    assert!(again["auth_time"].as_i64().unwrap() > first["auth_time"].as_i64().unwrap());
    assert_eq!(again["sub"], first["sub"]);
    module.end().await;
}

pub(super) async fn oidcc_prompt_none_not_logged_in(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    let answer = module.answered(&[("prompt", "none")]).await;
    assert_eq!(answer.error(), "login_required");
    assert_eq!(answer.names(), ["error", "error_description", "error_uri", "iss", "state"]);
    module.end().await;
}

pub(super) async fn oidcc_prompt_none_logged_in(mode: Mode) {
    silently(mode, &[], &[("prompt", "none")]).await;
}

pub(super) async fn oidcc_max_age_10000(mode: Mode) {
    silently(mode, &[("max_age", "15000")], &[("max_age", "10000")]).await;
}

/// The second request is answered without a page, with the same authentication.
async fn silently(mode: Mode, first: &[(&str, &str)], second: &[(&str, &str)]) {
    let module = Module::begin(mode, json!({})).await;
    let first = module.tokens(first).await.claims("id_token");
    module.suite.server.clock.advance(Duration::seconds(2));
    let answer = module.answered(second).await;
    let again = module.redeemed(&answer, second).await.claims("id_token");
    assert!(first["auth_time"].is_i64());
    assert_eq!((&again["sub"], &again["auth_time"]), (&first["sub"], &first["auth_time"]));
    module.end().await;
}

pub(super) async fn oidcc_ensure_request_with_unknown_parameter_succeeds(mode: Mode) {
    happy_with(mode, ("extra", "foobar")).await;
}

pub(super) async fn oidcc_id_token_hint(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    let tokens = module.tokens(&[]).await;
    let fields = [("prompt", "none"), ("id_token_hint", tokens.text("id_token"))];
    let answer = module.answered(&fields).await;
    let again = module.redeemed(&answer, &fields).await;
    assert_eq!(again.claims("id_token")["sub"], tokens.claims("id_token")["sub"]);
    module.end().await;
}

pub(super) async fn oidcc_login_hint(mode: Mode) {
    happy_with(mode, ("login_hint", "buffy@suite.example")).await;
}

pub(super) async fn oidcc_ui_locales(mode: Mode) {
    happy_with(mode, ("ui_locales", "se")).await;
}

pub(super) async fn oidcc_claims_locales(mode: Mode) {
    happy_with(mode, ("claims_locales", "se")).await;
}

pub(super) async fn oidcc_ensure_request_with_acr_values_succeeds(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    let listed = module.metadata().await["acr_values_supported"].clone();
    let first = listed[0].as_str().unwrap();
    for wanted in [first.to_owned(), format!("unknown {first}")] {
        let tokens = module.tokens(&[("acr_values", &wanted)]).await;
        assert_eq!(tokens.claims("id_token")["acr"], first, "{wanted}");
    }
    // No supported value: the answer is no error, and has the actual `acr`.
    assert!(module.tokens(&[("acr_values", "1 2")]).await.claims("id_token")["acr"].is_string());
    module.end().await;
}

pub(super) async fn oidcc_codereuse(mode: Mode) {
    code_reuse(mode, Duration::zero()).await;
}

pub(super) async fn oidcc_codereuse_30seconds(mode: Mode) {
    code_reuse(mode, Duration::seconds(30)).await;
}

/// The second use of a code is refused, and revokes the tokens of the first use.
async fn code_reuse(mode: Mode, later: Duration) {
    let module = Module::begin(mode, json!({})).await;
    let answer = module.sign_in_and_consent(&[]).await;
    let tokens = module.redeemed(&answer, &[]).await;
    module.suite.server.clock.advance(later);
    assert_eq!(json_of(module.redeem(&answer).await, 400).await["error"], "invalid_grant");
    let refused = module.client.party.userinfo(tokens.text("access_token")).await;
    assert_eq!(json_of(refused, 401).await["error"], "invalid_token");
    module.end().await;
}

pub(super) async fn oidcc_ensure_registered_redirect_uri(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    module.error_page(&[("redirect_uri", "https://suite.example/unregistered")]).await;
    module.end().await;
}

pub(super) async fn oidcc_ensure_post_request_succeeds(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    let url = url::Url::parse(&module.url(&[])).unwrap();
    let fields: Vec<_> = url.query_pairs().into_owned().collect();
    let login = module.browser.post("/oauth/authorize", &fields).await.page();
    let answer = module.sign_in(&login, &[]).await;
    module.redeemed(&answer, &[]).await;
    module.end().await;
}

pub(super) async fn oidcc_server_client_secret_post(mode: Mode) {
    let method = json!({"token_endpoint_auth_method": "client_secret_post"});
    let module = Module::begin(mode, method).await;
    assert_eq!(module.client.document["token_endpoint_auth_method"], "client_secret_post");
    let answer = module.sign_in_and_consent(&[]).await;
    let party = &module.client.party;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", answer.code()),
        ("redirect_uri", &*party.redirect_uri),
        ("client_id", &*party.id),
        ("client_secret", party.secret.as_deref().unwrap()),
    ];
    let sent = party.send(form(party, &module.suite.server.url("/oauth/token"), &fields)).await;
    module.checked(json_of(sent, 200).await, &[]).await;
    module.end().await;
}

/// The metadata does not list unsigned request objects. These modules do not apply, and a client
/// that sends one gets an error page.
async fn unsigned(mode: Mode, field: (&str, &str), code: &str) {
    let module = Module::begin(mode, json!({})).await;
    let listed = module.metadata().await["request_object_signing_alg_values_supported"].clone();
    let listed = listed.as_array().unwrap();
    assert!(listed.contains(&json!("RS256")) && !listed.contains(&json!("none")), "{listed:?}");
    module.tokens(&[]).await;
    let page = module.error_page(&[field]).await;
    assert_eq!(page.text("#error-code"), code);
    module.end().await;
}

const UNSIGNED: &str = "eyJhbGciOiJub25lIn0.e30.";

pub(super) async fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(mode: Mode) {
    unsigned(mode, ("request_uri", "https://suite.example/request"), "invalid_request_uri").await;
}

pub(super) async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(mode: Mode) {
    unsigned(mode, ("request", UNSIGNED), "invalid_request_object").await;
}

pub(super) async fn oidcc_ensure_request_object_with_redirect_uri(mode: Mode) {
    unsigned(mode, ("request", UNSIGNED), "invalid_request_object").await;
}

pub(super) async fn oidcc_claims_essential(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    let claims = r#"{"userinfo":{"name":{"essential":true}}}"#;
    let tokens = module.tokens(&[("claims", claims)]).await;
    assert_eq!(module.userinfo(&tokens).await["name"], "Ada Lovelace");
    module.end().await;
}

pub(super) async fn oidcc_refresh_token(mode: Mode) {
    let grants = json!({"grant_types": ["authorization_code", "refresh_token"]});
    let mut module = Module::begin(mode, grants.clone()).await;
    let other = module.second_client(grants).await;
    refreshes(&module, &other.party).await;
    module.end().await;
}

/// The module's client can refresh, another client cannot. Both authenticate as
/// [`RelyingParty::refresh`] does.
async fn refreshes(module: &Module, other: &RelyingParty) {
    let tokens = module.tokens(&[("scope", "openid offline_access"), ("prompt", "consent")]).await;
    module.suite.server.clock.advance(Duration::seconds(2));
    let refused = json_of(other.refresh(tokens.text("refresh_token")).await, 400).await;
    assert_eq!(refused["error"], "invalid_grant");
    let answer = module.client.party.refresh(tokens.text("refresh_token")).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let answer = json_of(answer, 200).await;
    let refreshed = module.checked(answer, &[("grant_type", "refresh_token")]).await;
    assert_ne!(refreshed.0["access_token"], tokens.0["access_token"]);
    same_authentication(&tokens.claims("id_token"), &refreshed.claims("id_token"));
    module.userinfo(&refreshed).await;
}

/// The claims that a refreshed ID token shares with the first one (OpenID Connect Core §12.2).
pub(super) fn same_authentication(first: &Value, again: &Value) {
    for same in ["iss", "sub", "aud", "auth_time", "azp"] {
        assert_eq!(again[same], first[same], "{same}");
    }
    assert!(again["iat"].as_i64().unwrap() > first["iat"].as_i64().unwrap());
}

pub(super) async fn oidcc_ensure_request_with_valid_pkce_succeeds(mode: Mode) {
    let module = Module::begin(mode, json!({})).await;
    let challenge = Pkce::new().challenge;
    let fields = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    let answer = module.sign_in_and_consent(&fields).await;
    let tokens = json_of(module.client.party.redeem(answer.code()).await, 200).await;
    module.checked(tokens, &fields).await;
    module.end().await;
}
