//! Dynamic OP: one test per module, named after it (OpenID Connect Dynamic Registration).

use std::sync::atomic::{AtomicU32, Ordering};

use application::keys::Urgency;
use chrono::Duration;
use domain::{Actor, Digest, SigningAlgorithm};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use tests::support::{ASSERTION_TYPE, ClientSigner, Landed, PNG, RelyingParty, request_claims};

use super::module::{Mode, Module, form, json_of};
use super::modules::{self, same_authentication};
use super::site::Site;
use super::{checks, config};

async fn begin(metadata: Value) -> Module {
    Module::begin(Mode::Query, metadata).await
}

#[tokio::test]
async fn oidcc_discovery_endpoint_verification() {
    let module = begin(json!({})).await;
    let metadata = config::verified(&module).await;
    assert!(metadata["registration_endpoint"].as_str().unwrap().starts_with("https://"));
    // OAuth 2.1 removed these, and the suite fails this module for it (docs/decisions/authorization-requests.md).
    assert_eq!(metadata["response_types_supported"], json!(["code"]));
    assert!(!metadata["grant_types_supported"].as_array().unwrap().contains(&json!("implicit")));
    module.end().await;
}

#[tokio::test]
async fn oidcc_server() {
    modules::oidcc_server(Mode::Query).await;
}

#[tokio::test]
async fn oidcc_idtoken_rs256() {
    let module = begin(json!({"id_token_signed_response_alg": "RS256"})).await;
    assert_eq!(module.client.document["id_token_signed_response_alg"], "RS256");
    module.tokens(&[]).await;
    module.end().await;
}

#[tokio::test]
async fn oidcc_idtoken_unsigned() {
    modules::oidcc_idtoken_unsigned(Mode::Query).await;
}

#[tokio::test]
async fn oidcc_userinfo_rs256() {
    let module = begin(json!({"userinfo_signed_response_alg": "RS256"})).await;
    let listed = module.metadata().await["userinfo_signing_alg_values_supported"].clone();
    assert!(listed.as_array().unwrap().contains(&json!("RS256")));
    assert_eq!(module.client.document["userinfo_signed_response_alg"], "RS256");
    let tokens = module.tokens(&[]).await;
    let answer = module.client.party.userinfo(tokens.text("access_token")).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/jwt");
    let jwt = answer.text().await.unwrap();
    let claims = checks::verified(&jwt, &module.jwks().await, Algorithm::RS256);
    checks::userinfo(&claims, &tokens);
    let server = &module.suite.server;
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(server.issuer), &json!(module.client.party.id)));
    assert_eq!(claims.get("nonce"), None);
    module.end().await;
}

#[tokio::test]
async fn oidcc_ensure_redirect_uri_in_authorization_request() {
    let uris = json!(["https://suite.example/one", "https://suite.example/two"]);
    let module = begin(json!({ "redirect_uris": uris })).await;
    module.error_page(&[("redirect_uri", "")]).await;
    module.end().await;
}

/// A module whose client has a redirect URI with a query.
async fn with_query() -> Module {
    begin(json!({"redirect_uris": ["https://suite.example/callback?foo=bar"]})).await
}

#[tokio::test]
async fn oidcc_redirect_uri_query_ok() {
    let module = with_query().await;
    module.tokens(&[]).await;
    let refused = module.answered(&[("response_type", "none")]).await;
    assert_eq!(refused.error(), "unsupported_response_type");
    module.end().await;
}

#[tokio::test]
async fn oidcc_redirect_uri_query_mismatch() {
    let module = with_query().await;
    module.error_page(&[("redirect_uri", "https://suite.example/callback?foo=baz")]).await;
    module.error_page(&[("redirect_uri", "https://suite.example/callback")]).await;
    module.end().await;
}

#[tokio::test]
async fn oidcc_redirect_uri_query_added() {
    let module = begin(json!({"redirect_uris": ["https://suite.example/callback"]})).await;
    module.error_page(&[("redirect_uri", "https://suite.example/callback?foo=bar")]).await;
    module.end().await;
    let module = with_query().await;
    module.error_page(&[("redirect_uri", "https://suite.example/callback?foo=bar&more=1")]).await;
    module.end().await;
}

#[tokio::test]
async fn oidcc_redirect_uri_regfrag() {
    let module = begin(json!({})).await;
    let metadata = json!({"redirect_uris": ["https://suite.example/callback#foo"]});
    let refused = json_of(module.register(metadata).await, 400).await;
    assert_eq!(refused["error"], "invalid_redirect_uri");
    module.end().await;
}

#[tokio::test]
async fn oidcc_registration_logo_uri() {
    let suite = super::suite::Suite::running().await;
    let site = Site::open(&suite.certificate).await;
    let logo_uri = site.publish_file("logo", PNG.into());
    let module = begin(json!({"logo_uri": logo_uri})).await;
    assert_eq!(module.client.document["logo_uri"], logo_uri);
    let login = module.page(&[]).await;
    let Landed::Page(consent) = module.browser.sign_in(&login, super::suite::USERNAME).await else {
        panic!("the user was not asked");
    };
    for page in [&login, &consent] {
        // The address of this server, without a host.
        let logo = module.browser.open(&page.attribute(".mark.logo img", "src")).await.page();
        assert_eq!(
            (logo.status.as_u16(), &logo.headers["content-type"]),
            (200, &"image/png".parse().unwrap())
        );
    }
    let landed = module.browser.allow(&consent).await;
    module.redeemed(&module.answer(landed, &[]), &[]).await;
    module.end().await;
}

#[tokio::test]
async fn oidcc_registration_policy_uri() {
    shown("policy_uri").await;
}

#[tokio::test]
async fn oidcc_registration_tos_uri() {
    shown("tos_uri").await;
}

/// The link is on the login page and on the consent page.
async fn shown(member: &str) {
    let address = format!("https://suite.example/{member}");
    let mut metadata = json!({});
    metadata[member] = json!(address);
    let module = begin(metadata).await;
    assert_eq!(module.client.document[member], address);
    let selector = format!("[href='{address}']");
    let login = module.page(&[]).await;
    assert!(login.has(&selector), "{}", login.html);
    let Landed::Page(consent) = module.browser.sign_in(&login, super::suite::USERNAME).await else {
        panic!("the user was not asked");
    };
    checks::consent_page(&consent);
    assert!(consent.has(&selector), "{}", consent.html);
    let landed = module.browser.allow(&consent).await;
    module.redeemed(&module.answer(landed, &[]), &[]).await;
    module.end().await;
}

/// A client that authenticates with a key that it publishes, and the site that publishes it.
struct Signing {
    module: Module,
    site: Site,
    signer: ClientSigner,
}

impl Signing {
    async fn begin(grants: Value) -> Self {
        let (suite, signer) = (super::suite::Suite::running().await, ClientSigner::new(Algorithm::ES256));
        let site = Site::open(&suite.certificate).await;
        let jwks_uri = site.publish("jwks", &json!({"keys": [signer.jwk()]}));
        let method = "private_key_jwt";
        let metadata =
            json!({"token_endpoint_auth_method": method, "jwks_uri": jwks_uri, "grant_types": grants});
        let module = begin(metadata).await;
        assert_eq!(module.client.document["jwks_uri"], jwks_uri);
        assert_eq!(module.client.document.get("client_secret"), None);
        Self { module, site, signer }
    }

    /// A token request with an assertion for this audience.
    async fn token(
        &self,
        party: &RelyingParty,
        audience: &str,
        fields: &[(&str, &str)],
    ) -> reqwest::Response {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let (server, id) = (&self.module.suite.server, &party.id);
        let now = server.now().timestamp();
        let jti = format!("certification-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let assertion = self.signer.sign(&json!({
            "iss": id, "sub": id, "aud": audience, "jti": jti, "iat": now, "exp": now + 60,
        }));
        let mut all = vec![("client_assertion_type", ASSERTION_TYPE), ("client_assertion", &assertion)];
        all.extend(fields);
        party.send(form(party, &server.url("/oauth/token"), &all)).await
    }

    /// Tokens of the signed-in user, by the code flow.
    async fn tokens(&self, audience: &str, fields: &[(&str, &str)]) -> tests::support::Tokens {
        let answer = self.module.sign_in_and_consent(fields).await;
        let party = &self.module.client.party;
        let redirect_uri = ("redirect_uri", party.redirect_uri.as_str());
        let redemption = [("grant_type", "authorization_code"), ("code", answer.code()), redirect_uri];
        let tokens = json_of(self.token(party, audience, &redemption).await, 200).await;
        self.module.checked(tokens, fields).await
    }

    fn token_endpoint(&self) -> String {
        self.module.suite.server.url("/oauth/token")
    }
}

#[tokio::test]
async fn oidcc_registration_jwks_uri() {
    let signing = Signing::begin(json!(["authorization_code"])).await;
    signing.tokens(&signing.token_endpoint(), &[]).await;
    signing.module.end().await;
}

#[tokio::test]
async fn oidcc_ensure_client_assertion_with_iss_aud_succeeds() {
    let signing = Signing::begin(json!(["authorization_code"])).await;
    signing.tokens(&signing.module.suite.server.issuer.clone(), &[]).await;
    signing.module.end().await;
}

#[tokio::test]
async fn oidcc_refresh_token() {
    let grants = json!(["authorization_code", "refresh_token"]);
    let mut signing = Signing::begin(grants.clone()).await;
    let keys = json!({"keys": [signing.signer.jwk()]});
    let metadata =
        json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": keys, "grant_types": grants});
    let other = signing.module.second_client(metadata).await;
    let endpoint = signing.token_endpoint();
    let fields = [("scope", "openid offline_access"), ("prompt", "consent")];
    let tokens = signing.tokens(&endpoint, &fields).await;
    signing.module.suite.server.clock.advance(Duration::seconds(2));
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", tokens.text("refresh_token"))];
    let refused = json_of(signing.token(&other.party, &endpoint, &refresh).await, 400).await;
    assert_eq!(refused["error"], "invalid_grant");
    let answer = signing.token(&signing.module.client.party, &endpoint, &refresh).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let answer = json_of(answer, 200).await;
    let refreshed = signing.module.checked(answer, &[("grant_type", "refresh_token")]).await;
    same_authentication(&tokens.claims("id_token"), &refreshed.claims("id_token"));
    signing.module.end().await;
}

#[tokio::test]
async fn oidcc_refresh_token_rp_key_rotation() {
    let mut signing = Signing::begin(json!(["authorization_code", "refresh_token"])).await;
    let endpoint = signing.token_endpoint();
    let fields = [("scope", "openid offline_access"), ("prompt", "consent")];
    let tokens = signing.tokens(&endpoint, &fields).await;
    signing.signer = ClientSigner::new(Algorithm::ES256);
    signing.site.publish("jwks", &json!({"keys": [signing.signer.jwk()]}));
    // The suite waits for a minute by default (`jwks_refresh_delay`); six seconds are enough.
    signing.module.suite.server.clock.advance(Duration::seconds(6));
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", tokens.text("refresh_token"))];
    let answer = signing.token(&signing.module.client.party, &endpoint, &refresh).await;
    let answer = json_of(answer, 200).await;
    signing.module.checked(answer, &[("grant_type", "refresh_token")]).await;
    signing.module.end().await;
}

/// A client with pairwise subjects and redirect URIs at two hosts, with this list as its sector.
async fn with_sector(module: &Module, site: &Site, listed: &Value) -> reqwest::Response {
    let uris = ["https://one.suite.example/callback", "https://two.suite.example/callback"];
    let sector = site.publish("sector", listed);
    let metadata =
        json!({"redirect_uris": uris, "subject_type": "pairwise", "sector_identifier_uri": sector});
    module.register(metadata).await
}

#[tokio::test]
async fn oidcc_registration_sector_uri() {
    let suite = super::suite::Suite::running().await;
    let site = Site::open(&suite.certificate).await;
    let sector =
        site.publish("sector", &json!(["https://one.suite.example/cb", "https://two.suite.example/cb"]));
    let module = begin(json!({
        "redirect_uris": ["https://one.suite.example/cb", "https://two.suite.example/cb"],
        "subject_type": "pairwise", "sector_identifier_uri": sector,
    }))
    .await;
    assert_eq!(module.client.document["sector_identifier_uri"], sector);
    let pairwise = module.tokens(&[]).await.claims("id_token")["sub"].clone();
    module.end().await;
    let public = begin(json!({})).await;
    assert_ne!(public.tokens(&[]).await.claims("id_token")["sub"], pairwise);
    public.end().await;
}

#[tokio::test]
async fn oidcc_registration_sector_bad() {
    let module = begin(json!({})).await;
    let site = Site::open(&module.suite.certificate).await;
    let refused = with_sector(&module, &site, &json!(["https://one.suite.example/callback"])).await;
    assert_eq!(json_of(refused, 400).await["error"], "invalid_client_metadata");
    module.end().await;
}

#[tokio::test]
async fn oidcc_server_rotate_keys() {
    let module = begin(json!({})).await;
    let kid = |tokens: &tests::support::Tokens| {
        jsonwebtoken::decode_header(tokens.text("id_token")).unwrap().kid.unwrap()
    };
    let before = kid(&module.tokens(&[]).await);
    let keys = module.suite.server.keys.clone();
    let rotate = async move {
        keys.rotate(SigningAlgorithm::Rs256, Urgency::Emergency, Actor::CommandLine).await.unwrap()
    };
    let rotated = module.suite.within(rotate).await;
    let tokens = module.tokens(&[]).await;
    assert_ne!(kid(&tokens), before, "a new key signs");
    let published = module.jwks().await;
    assert!(published.find(&before).is_some(), "the old one is still published");
    assert!(published.find(rotated.next.as_str()).is_some());
    module.end().await;
}

#[tokio::test]
async fn oidcc_request_uri_signed_rs256() {
    let suite = super::suite::Suite::running().await;
    let (signer, site) = (ClientSigner::new(Algorithm::RS256), Site::open(&suite.certificate).await);
    // As the suite does it: the client registers the URI before the document exists, with the hash
    // of another text.
    let fragment = Digest::of(b"something else").to_base64url();
    let request_uri = format!("{}#{fragment}", site.publish_text("request", String::new()));
    let module = begin(json!({
        "jwks": {"keys": [signer.jwk()]}, "request_object_signing_alg": "RS256", "request_uris": [request_uri],
    }))
    .await;
    assert_eq!(module.metadata().await["request_uri_parameter_supported"], true);
    let claims = request_claims(&suite.server.issuer, &module.url(&[]));
    site.publish_text("request", signer.sign(&claims));
    module.tokens(&[("request_uri", &request_uri)]).await;
    module.end().await;
}

#[tokio::test]
async fn oidcc_request_uri_unsigned() {
    modules::oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(Mode::Query).await;
}

#[tokio::test]
async fn a_default_max_age_counts_where_the_request_says_nothing() {
    let module = begin(json!({"default_max_age": 1, "require_auth_time": true})).await;
    assert_eq!(module.client.document["default_max_age"], 1);
    let first = module.tokens(&[]).await.claims("id_token");
    assert!(first["auth_time"].is_i64());
    module.suite.server.clock.advance(Duration::seconds(2));
    let longer = [("max_age", "1000")];
    let again = module.redeemed(&module.answered(&longer).await, &longer).await.claims("id_token");
    assert_eq!(again["auth_time"], first["auth_time"]);
    assert_eq!(module.answered(&[("prompt", "none")]).await.error(), "login_required");
    let login = module.page(&[]).await;
    let answer = module.sign_in(&login, &[]).await;
    let fresh = module.redeemed(&answer, &[]).await.claims("id_token");
    assert!(fresh["auth_time"].as_i64().unwrap() > first["auth_time"].as_i64().unwrap());
    module.end().await;
}

#[tokio::test]
async fn oidcc_ensure_request_object_with_redirect_uri() {
    modules::oidcc_ensure_request_object_with_redirect_uri(Mode::Query).await;
}
