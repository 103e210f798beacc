//! When consents to a client end with a change of it, and what its own updates leave as an operator set it.

use serde_json::{Value, json};

use super::{by_client, by_operator, draft, full, patched, registered, secret};
use crate::client::Client;
use crate::redirect_uri::RedirectUri;
use crate::subject::SubjectType;

fn web() -> Value {
    json!({
        "client_name": "Web", "client_name#de": "Netz", "client_name#ja": "ウェブ",
        "logo_uri": "https://a.example/logo", "scope": "openid read",
        "redirect_uris": ["https://a.example/cb", "https://b.example/cb"],
    })
}

fn with(member: &str, value: Value) -> Client {
    let mut document = web();
    document[member] = value;
    registered(document).unwrap()
}

#[test]
fn a_consent_ends_when_a_client_that_registered_itself_shows_itself_redirects_or_asks_differently() {
    let before = registered(web()).unwrap();
    assert!(before.keeps_consents_as(&before));
    for (member, value) in [
        ("client_name", json!("Another")),
        ("client_name#de", json!("Anders")),
        ("logo_uri", json!("https://a.example/other")),
        ("policy_uri", json!("https://a.example/policy")),
        ("tos_uri", json!("https://a.example/tos")),
        ("redirect_uris", json!(["https://a.example/cb", "https://c.example/cb"])),
        ("redirect_uris", json!(["com.example.app:/cb", "https://a.example/cb"])),
        ("redirect_uris", json!(["com.example.app://a.example/cb", "https://a.example/cb"])),
        ("scope", json!("openid read write")),
    ] {
        assert!(!before.keeps_consents_as(&with(member, value.clone())), "{member} {value}");
    }
    for (member, value) in [
        ("redirect_uris", json!(["https://a.example/another"])),
        ("scope", json!("openid")),
        ("contacts", json!(["ada@a.example"])),
    ] {
        assert!(before.keeps_consents_as(&with(member, value.clone())), "{member} {value}");
    }
}

#[test]
fn a_consent_to_an_operator_s_client_ends_only_with_other_names_for_users() {
    let before = Client { registration: None, ..full() };
    let renamed = Client { name: Some("Another".to_owned()), ..before.clone() };
    assert!(before.keeps_consents_as(&renamed));
    let mut public = before.clone();
    public.subject.subject_type = SubjectType::Public;
    assert!(!before.keeps_consents_as(&public));
}

#[test]
fn an_answer_reaches_a_host_or_what_the_whole_uri_names() {
    for (uri, destination) in [
        ("https://a.example:8443/cb", "a.example"),
        ("http://127.0.0.1/cb", "127.0.0.1"),
        ("com.example.app:/cb", "com.example.app:/cb"),
        ("com.example.app://a.example/cb", "com.example.app://a.example/cb"),
    ] {
        assert_eq!(uri.parse::<RedirectUri>().unwrap().verified().destination(), destination);
    }
}

#[test]
fn a_client_s_own_update_leaves_the_names_that_an_operator_set_in_every_language() {
    let ours = registered(web()).unwrap();
    let operated = patched(&ours, json!({"client_name#de": "Vom Betreiber"})).unwrap();
    let mut own = web();
    own["client_name"] = json!("Own");
    own["client_name#fr"] = json!("Propre");
    own["logo_uri"] = json!("https://a.example/own");
    let after = by_client(|policy| draft(own.clone()).replace(&operated, policy, secret())).unwrap();
    assert_eq!((&after.name, &after.details.localized), (&operated.name, &operated.details.localized));
    assert_eq!(after.logo_uri.as_deref(), Some("https://a.example/own"));
    // An operator's own replacement is free.
    let after = by_operator(|policy| draft(own).replace(&operated, policy, secret())).unwrap();
    assert_eq!(after.name.as_deref(), Some("Own"));
    assert_eq!(after.details.localized["client_name#fr"], "Propre");
}
