//! The id and the secret of a client in its document.

use serde_json::{Value, json};

use super::{by_client, by_operator, draft, empty, full, patched, registered, secret};
use crate::client::{Client, ClientAuthentication, Problems, SecretMethod, StoredSecret};
use crate::user::PasswordHash;
use crate::{Digest, Secret};

fn created(mut document: Value) -> Result<Client, Problems> {
    document["redirect_uris"] = json!(["https://a.example/"]);
    super::created(document)
}

#[test]
fn an_operator_chooses_the_id_of_a_client_and_a_client_does_not() {
    assert_eq!(created(json!({"client_id": "mine"})).unwrap().id.as_str(), "mine");
    for absent in [Value::Null, json!("")] {
        assert_eq!(created(json!({"client_id": absent})).unwrap().id, empty().id);
    }
    for wrong in [json!("a b"), json!(1), json!("6ba7b810-9dad-41d1-80b4-00c04fd430c8")] {
        assert!(created(json!({"client_id": wrong})).unwrap_err().name("client_id"), "{wrong}");
    }
    let itself = json!({"client_id": "a b", "redirect_uris": ["https://a.example/"]});
    assert_eq!(registered(itself).unwrap().id, empty().id);
}

#[test]
fn a_secret_is_chosen_by_an_operator_and_has_16_to_1024_bytes() {
    let chosen = |secret: &str| created(json!({"client_secret": secret}));
    for length in [16, 1_024] {
        chosen(&"x".repeat(length)).unwrap();
    }
    for length in [1, 15, 1_025] {
        let problems = chosen(&"x".repeat(length)).unwrap_err();
        assert!(problems.name("client_secret"), "{length}: {problems}");
    }
    let public = json!({"client_secret": "x".repeat(16), "token_endpoint_auth_method": "none"});
    assert!(created(public).unwrap_err().to_string().contains("the client has no secret"));
    let itself = json!({"client_secret": "short", "redirect_uris": ["https://a.example/"]});
    registered(itself).unwrap();
    for (document, expected) in [
        (json!({"client_secret": "mine"}), Some("mine")),
        (json!({"client_secret": ""}), None),
        (json!({"client_secret": 7}), None),
        (json!({}), None),
    ] {
        let secret = draft(document).chosen_secret();
        assert_eq!(secret.as_ref().map(Secret::expose), expected);
    }
}

#[test]
fn a_document_that_changes_a_client_may_repeat_its_id_and_name_no_other() {
    for (id, is_refused) in [(json!("web"), false), (Value::Null, false), (json!("other"), true)] {
        let outcome = patched(&full(), json!({"client_id": id}));
        assert_eq!(outcome.is_err_and(|problems| problems.name("client_id")), is_refused, "{id}");
        let document = draft(json!({"client_id": id, "redirect_uris": ["https://a.example/"]}));
        let outcome = by_client(|policy| document.replace(&empty(), policy, secret()));
        assert_eq!(outcome.is_err(), is_refused, "{id}");
    }
}

#[test]
fn a_client_repeats_the_secret_that_the_server_gave_it_and_an_operator_rotates_it() {
    let method = SecretMethod::ClientSecretBasic;
    let with = |secret| Client { authentication: ClientAuthentication::Secret { method, secret }, ..empty() };
    let generated = with(StoredSecret::Generated(Digest::of(b"generated")));
    let chosen = with(StoredSecret::Chosen(PasswordHash::new("generated".to_owned())));
    for (before, secret_sent, is_refused) in [
        (&generated, json!("generated"), false),
        (&generated, json!("another"), true),
        (&generated, json!(""), false),
        (&generated, Value::Null, false),
        // The server never sent the client a secret that an operator chose.
        (&chosen, json!("generated"), true),
        (&empty(), json!("generated"), true),
    ] {
        let document = draft(json!({"client_secret": secret_sent, "redirect_uris": ["https://a.example/"]}));
        let itself = by_client(|policy| document.replace(before, policy, secret()));
        assert_eq!(itself.is_err_and(|problems| problems.name("client_secret")), is_refused, "{secret_sent}");
        let operator = by_operator(|policy| document.replace(before, policy, secret()));
        assert!(operator.unwrap_err().name("client_secret"), "{secret_sent}");
    }
    let silent = draft(json!({"redirect_uris": ["https://a.example/"]}));
    let kept = by_operator(|policy| silent.replace(&generated, policy, secret())).unwrap();
    assert_eq!(kept.authentication, generated.authentication);
}
