//! Checks that every module applies to every response.

use std::collections::BTreeSet;

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::claims::STANDARD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use tests::support::{Page, Tokens};

use super::module::{Answer, Registered};

/// The claims that an ID token may contain without a request for them.
const ALWAYS_ALLOWED_CLAIMS: [&str; 13] =
    ["iss", "sub", "aud", "exp", "iat", "jti", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "sid"];

/// The minimum length of a base64url token with 256 random bits.
const MIN_TOKEN_LENGTH: usize = 43;

/// What an ID token must contain.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a Registered,
    pub(super) nonce: Option<&'a str>,
    pub(super) now: i64,
}

pub(super) fn registration(document: &Value) {
    assert!(document["client_id"].is_string());
    let management = ["registration_client_uri", "registration_access_token"];
    for member in management {
        assert!(document[member].is_string(), "no {member}");
    }
    assert!(document["registration_client_uri"].as_str().unwrap().starts_with("https://"));
    assert_eq!(document.get("client_secret").is_some(), document.get("client_secret_expires_at").is_some());
    nothing_is_blank(document);
}

pub(super) fn jwks(document: &Value) {
    let keys = document["keys"].as_array().unwrap();
    let kids: BTreeSet<_> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!(kids.len(), keys.len(), "a kid twice");
    for key in keys {
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(key.get(private).is_none(), "{private} is published");
        }
        assert!(["RSA", "EC", "OKP"].contains(&key["kty"].as_str().unwrap()));
        assert!(["RS256", "ES256", "EdDSA"].contains(&key["alg"].as_str().unwrap()));
        assert_eq!(key["use"], "sig");
    }
}

pub(super) fn authorization_response(answer: &Answer, issuer: &str, state: &str) {
    assert_eq!(answer.get("iss"), Some(issuer));
    assert_eq!(answer.get("state"), Some(state).filter(|state| !state.is_empty()));
    let known = ["code", "error", "error_description", "error_uri", "iss", "state"];
    assert!(answer.names().iter().all(|name| known.contains(name)), "{answer:?}");
    assert_ne!(answer.get("code").is_some(), answer.get("error").is_some(), "{answer:?}");
    if let Some(code) = answer.get("code") {
        hard_to_guess(code);
    }
}

/// Checks a page with a self-submitting form, which must also work without JavaScript. Returns its
/// parameters.
pub(super) fn form_post_page(page: &Page, redirect_uri: &str) -> Vec<(String, String)> {
    assert_eq!(page.status, 200, "{}", page.html);
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.attribute("form", "method"), "post");
    assert!(page.html.contains("document.forms[0].submit()"));
    let nonce = page.attribute("script", "nonce");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains(&format!("script-src 'nonce-{nonce}'")), "{policy}");
    // Browsers without scripts show the button, because there the content of `noscript` is part of
    // the page.
    assert!(page.html.contains("<noscript><div class=\"buttons\"><button class=\"button\" type=\"submit\">"));
    let (action, fields) = page.form();
    assert_eq!(action, redirect_uri);
    fields
}

pub(super) fn login_page(page: &Page) {
    assert_eq!(page.status, 200);
    assert!(page.has("form[method=post] input[name=username]"), "{}", page.html);
    assert!(page.has("input[name=password]") && page.has("button[type=submit]#login"));
    without_script(page, "/login");
}

pub(super) fn consent_page(page: &Page) {
    assert!(page.has("button[type=submit]#allow") && page.has("button[type=submit]#deny"));
    without_script(page, "/consent");
}

pub(super) fn error_page(page: &Page, issuer: &str) {
    assert!(page.status.is_client_error(), "{}", page.status);
    assert!(page.url.starts_with(issuer));
    assert!(page.has("h1#error"), "{}", page.html);
}

/// Stores the page where the suite's scripts for a simple browser expect it.
fn without_script(page: &Page, path: &str) {
    assert!(!page.has("script"), "{}", page.html);
    assert_eq!(url::Url::parse(&page.url).unwrap().path(), path);
}

pub(super) fn token_response(tokens: &Value) {
    assert_eq!(tokens["token_type"], "Bearer");
    let seconds = tokens["expires_in"].as_i64().unwrap();
    assert!((1..=366 * 86_400).contains(&seconds), "{seconds}");
    for member in ["access_token", "refresh_token"] {
        tokens.get(member).into_iter().for_each(|token| hard_to_guess(token.as_str().unwrap()));
    }
    nothing_is_blank(tokens);
}

/// Checks signature, audience, times and hashes, and that no unrequested claim is present.
pub(super) fn id_token(tokens: &Tokens, jwks: &JwkSet, expected: &Expected<'_>) {
    let Expected { issuer, client, nonce, now } = expected;
    let text = tokens.text("id_token");
    let header = jsonwebtoken::decode_header(text).unwrap();
    let registered = client.document["id_token_signed_response_alg"].as_str().unwrap_or("RS256");
    let algorithm: Algorithm = registered.parse().unwrap();
    assert_eq!(header.alg, algorithm, "the registered algorithm");
    let claims = verified(text, jwks, algorithm);
    assert_eq!(claims["iss"], **issuer);
    assert_eq!(claims["aud"], client.party.id);
    assert!(claims.get("azp").is_none_or(|azp| *azp == json!(client.party.id)));
    assert!(claims["exp"].as_i64().unwrap() > *now);
    assert!((claims["iat"].as_i64().unwrap() - now).abs() <= 300);
    assert_eq!(claims.get("nonce").and_then(Value::as_str), *nonce);
    let sub = claims["sub"].as_str().unwrap();
    assert!(sub.is_ascii() && (1..=255).contains(&sub.len()));
    assert_ne!(claims["acr"], "");
    let hash = if algorithm == Algorithm::EdDSA { &SHA512 } else { &SHA256 };
    let digest = digest(hash, tokens.text("access_token").as_bytes());
    let half = &digest.as_ref()[..digest.as_ref().len() / 2];
    assert_eq!(claims["at_hash"], URL_SAFE_NO_PAD.encode(half));
    nothing_is_blank(&claims);
    types(&claims);
    for name in claims.as_object().unwrap().keys() {
        assert!(ALWAYS_ALLOWED_CLAIMS.contains(&name.as_str()), "{name} was not asked for");
    }
}

/// Verifies a JWT with one of these keys. Returns the claims.
pub(super) fn verified(jwt: &str, jwks: &JwkSet, algorithm: Algorithm) -> Value {
    let kid = jsonwebtoken::decode_header(jwt).unwrap().kid.unwrap();
    let key = DecodingKey::from_jwk(jwks.find(&kid).unwrap()).unwrap();
    let mut validation = Validation::new(algorithm);
    // The test server has its own clock, so the caller checks the times and the audience.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    jsonwebtoken::decode::<Value>(jwt, &key, &validation).unwrap().claims
}

pub(super) fn userinfo(userinfo: &Value, tokens: &Tokens) {
    assert_eq!(userinfo["sub"], tokens.claims("id_token")["sub"]);
    nothing_is_blank(userinfo);
    types(userinfo);
}

/// Each standard claim has the JSON type that OpenID Connect Core §5.1 gives it.
fn types(claims: &Value) {
    for (_, name) in STANDARD {
        let Some(value) = claims.get(name) else { continue };
        let fits = match name {
            "email_verified" | "phone_number_verified" => value.is_boolean(),
            "updated_at" => value.as_i64().is_some_and(|seconds| seconds < 100_000_000_000),
            "address" => value.is_object(),
            "birthdate" => is_date(value.as_str().unwrap()),
            _ => value.is_string(),
        };
        assert!(fits, "{name}: {value}");
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<_> =
        text.split('-').map(|part| (part.len(), part.bytes().all(|byte| byte.is_ascii_digit()))).collect();
    parts == [(4, true)] || parts == [(4, true), (2, true), (2, true)]
}

fn nothing_is_blank(value: &Value) {
    match value {
        Value::Null => panic!("a null"),
        Value::String(text) => assert!(!text.is_empty(), "an empty text"),
        Value::Array(values) => values.iter().for_each(nothing_is_blank),
        Value::Object(members) => members.values().for_each(nothing_is_blank),
        Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The token is long enough, and its characters are distributed randomly: at least 96 bits by
/// Shannon's estimate.
fn hard_to_guess(token: &str) {
    assert!(token.len() >= MIN_TOKEN_LENGTH, "{token}");
    let length = token.len() as f64;
    let bits: f64 = (0..=u8::MAX)
        .map(|byte| token.bytes().filter(|other| *other == byte).count() as f64 / length)
        .filter(|share| *share > 0.0)
        .map(|share| -share * share.log2() * length)
        .sum();
    assert!(bits > 96.0, "{token}: {bits}");
}
