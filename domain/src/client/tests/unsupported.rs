//! Members that protect users elsewhere and that this server does not support.

use serde_json::{Value, json};

use super::{created, patched, registered};
use crate::ErrorCode;

fn with(member: &str, value: &Value) -> Value {
    json!({"redirect_uris": ["https://a.example/"], member: value})
}

#[test]
fn a_client_that_relies_on_encryption_or_bound_tokens_gets_an_error() {
    for (member, set, unset) in [
        ("id_token_encrypted_response_alg", json!("RSA-OAEP"), json!("")),
        ("userinfo_encrypted_response_enc", json!("A128GCM"), Value::Null),
        ("authorization_signed_response_alg", json!("ES256"), Value::Null),
        ("signed_jwks_uri", json!("https://a.example/jwks"), json!("")),
        ("dpop_bound_access_tokens", json!(true), json!(false)),
        ("tls_client_certificate_bound_access_tokens", json!(true), Value::Null),
    ] {
        for register in [created, registered] {
            let problems = register(with(member, &set)).unwrap_err();
            assert!(problems.name(member) && problems.iter().count() == 1, "{problems}");
            assert_eq!(problems.code(), ErrorCode::InvalidClientMetadata);
            register(with(member, &unset)).unwrap();
        }
        assert!(patched(&super::full(), json!({member: set})).unwrap_err().name(member));
        assert!(created(with(member, &json!({}))).unwrap_err().name(member), "of another type");
    }
}

/// RFC 7591 §3.2.2: a statement that is no signed JWT is invalid, and one that nobody here vouches for is unapproved.
#[test]
fn a_software_statement_is_never_ignored() {
    use ErrorCode::{InvalidClientMetadata, InvalidSoftwareStatement, UnapprovedSoftwareStatement};
    for (statement, code) in [
        (json!("eyJhbGciOiJSUzI1NiJ9.e30.c2ln_-"), UnapprovedSoftwareStatement),
        (json!("e30.e30"), InvalidSoftwareStatement),
        (json!("e30.e30.e30.e30"), InvalidSoftwareStatement),
        (json!("e30.e 0.c2ln"), InvalidSoftwareStatement),
        (json!("e30.e30.c2l+"), InvalidSoftwareStatement),
        (json!(7), InvalidClientMetadata),
    ] {
        let problems = registered(with("software_statement", &statement)).unwrap_err();
        assert!(problems.name("software_statement"), "{problems}");
        assert_eq!(problems.code(), code, "{statement}");
    }
    for absent in [json!(""), Value::Null] {
        registered(with("software_statement", &absent)).unwrap();
    }
}
