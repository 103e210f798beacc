//! Config OP (OpenID Connect Discovery §3, §4).

use serde_json::{Value, json};
use url::Url;

use super::module::{Mode, Module};

/// Whether a member has the JSON type that its definition requires (OpenID Connect Discovery §3,
/// RFC 8414 §2 and later registrations).
fn fits(member: &str, value: &Value) -> bool {
    if member.ends_with("_endpoint") || member.ends_with("_uri") {
        is_url(value)
    } else if member.ends_with("_supported") {
        is_list_or_flag(value)
    } else {
        true
    }
}

fn is_url(value: &Value) -> bool {
    value.as_str().is_some_and(|text| Url::parse(text).is_ok_and(|url| url.scheme() == "https"))
}

fn is_list_or_flag(value: &Value) -> bool {
    let texts = |list: &Vec<Value>| !list.is_empty() && list.iter().all(Value::is_string);
    value.is_boolean() || value.as_array().is_some_and(texts)
}

#[tokio::test]
async fn oidcc_discovery_endpoint_verification() {
    let module = Module::begin(Mode::Query, json!({})).await;
    verified(&module).await;
    module.end().await;
}

/// Fetches the metadata, and checks all of it.
pub(super) async fn verified(module: &Module) -> Value {
    let metadata = module.metadata().await;
    let list = |member: &str| -> Vec<&str> {
        let list = metadata[member].as_array().unwrap_or_else(|| panic!("no {member}"));
        list.iter().map(|value| value.as_str().unwrap()).collect()
    };
    assert_eq!(metadata["issuer"], module.suite.server.issuer);
    assert!(module.suite.server.issuer.starts_with("https://"));
    for endpoint in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
        assert!(is_url(&metadata[endpoint]), "{endpoint}");
    }
    for (member, value) in metadata.as_object().unwrap() {
        assert!(fits(member, value), "{member}: {value}");
        // Every URL is https.
        assert!(!value.to_string().contains("http://"), "{member}: {value}");
    }
    assert!(list("id_token_signing_alg_values_supported").contains(&"RS256"));
    let objects = list("request_object_signing_alg_values_supported");
    assert!(objects.contains(&"RS256") && !objects.contains(&"none"), "{objects:?}");
    assert!(list("scopes_supported").contains(&"openid"));
    assert!(list("response_types_supported").contains(&"code"));
    assert!(list("grant_types_supported").contains(&"authorization_code"));
    assert!(list("code_challenge_methods_supported").contains(&"S256"));
    assert!(list("claims_supported").contains(&"sub"));
    assert!(list("subject_types_supported").iter().all(|kind| ["public", "pairwise"].contains(kind)));
    let part =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    assert!(list("ui_locales_supported").iter().all(|tag| tag.split('-').all(part)));
    assert!(!module.jwks().await.keys.is_empty());
    metadata
}
