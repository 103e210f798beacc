//! The bounds of single values, and where the server may send requests.

use serde_json::{Value, json};

use super::{by_operator, created, draft, empty, full, patched, registered, secret};
use crate::client::{Access, MEMBERS, Policy};

fn with(member: &str, value: &Value) -> Value {
    json!({"redirect_uris": ["https://a.example/"], member: value})
}

#[test]
fn a_value_is_taken_up_to_its_bound_and_refused_beyond() {
    let link = |length: usize| json!(format!("https://a.example/{}", "x".repeat(length - 18)));
    let contexts = |count: usize| json!((0..count).map(|number| number.to_string()).collect::<Vec<_>>());
    let requests = |count: usize| json!(vec!["https://a.example/r"; count]);
    let groups = |count: usize| json!((0..count).map(|number| format!("g-{number:03}")).collect::<Vec<_>>());
    let keys = json!({"keys": [{"kty": "EC"}]});
    for (member, taken, refused) in [
        ("claim_mapping", json!({"visible_groups": ["a"], "claims": []}), json!({"visible_groups": ["a,b"]})),
        (
            "claim_mapping",
            json!({"visible_groups": null, "claims": [{"claim": "x", "from": "groups"}]}),
            json!([]),
        ),
        ("id_token_ttl_secs", json!(1), json!(0)),
        ("id_token_ttl_secs", json!(86_400), json!(86_401)),
        ("default_max_age", json!(0), json!(-1)),
        ("default_max_age", json!(4_294_967_295_u64), json!(4_294_967_296_u64)),
        ("client_name", json!("x".repeat(256)), json!("x".repeat(257))),
        ("logo_uri", link(2_048), link(2_049)),
        ("tos_uri", json!("https://a.example/"), json!("https://:p@a.example/")),
        ("default_acr_values", contexts(20), contexts(21)),
        ("request_uris", requests(20), requests(21)),
        ("allowed_groups", groups(100), groups(101)),
        ("allowed_groups", json!([]), json!(["a,b"])),
    ] {
        let mut document = with(member, &taken);
        document["jwks"] = keys.clone();
        let client = created(document.clone()).unwrap();
        let written = MEMBERS.iter().find(|known| known.name == member).unwrap().value(&client);
        assert_eq!(written, Some(taken), "{member}");
        document[member] = refused.clone();
        let problems = created(document).unwrap_err();
        assert!(problems.name(member) && problems.iter().count() == 1, "{refused}: {problems}");
    }
}

#[test]
fn without_a_list_of_groups_everybody_may_enter_and_with_an_empty_one_nobody() {
    let groups = |value: Value| created(with("allowed_groups", &value)).unwrap().allowed_groups;
    assert_eq!(groups(Value::Null), None);
    assert_eq!(groups(json!([])), Some([].into()));
    assert_eq!(groups(json!(["staff"])), Some(["staff".parse().unwrap()].into()));
    let before = created(with("allowed_groups", &json!(["staff"]))).unwrap();
    assert_eq!(patched(&before, json!({"allowed_groups": null})).unwrap().allowed_groups, None);
    assert_eq!(patched(&before, json!({"client_name": "x"})).unwrap().allowed_groups, before.allowed_groups);
}

#[test]
fn what_only_an_operator_may_decide() {
    let by_operators = MEMBERS.iter().filter(|member| member.access == Access::Operator);
    let expected = [
        "allow_http_redirect",
        "resources",
        "default_resource",
        "allowed_groups",
        "access_token_format",
        "access_token_typ",
        "claim_mapping",
        "id_token_ttl_secs",
        "first_party",
        "resource_server",
        "administrative",
    ];
    assert_eq!(by_operators.map(|member| member.name).collect::<Vec<_>>(), expected);
}

#[test]
fn the_server_sends_requests_to_this_machine_only_where_the_setting_allows_it() {
    let (inside, outside) = ("http://127.0.0.1/x", "https://a.example/x");
    for member in ["jwks_uri", "sector_identifier_uri", "backchannel_logout_uri", "request_uris"] {
        let create = |uri: &str, allow_private_addresses: bool| {
            let value = if member == "request_uris" { json!([uri]) } else { json!(uri) };
            let mut document = with(member, &value);
            document["jwks"] =
                if member == "jwks_uri" { Value::Null } else { json!({"keys": [{"kty": "EC"}]}) };
            by_operator(|policy| {
                let policy = Policy { allow_private_addresses, ..*policy };
                draft(document).create(empty(), &policy, secret())
            })
        };
        assert!(create(inside, true).is_ok() && create(outside, false).is_ok(), "{member}");
        let problems = create(inside, false).unwrap_err();
        assert!(problems.name(member) && problems.to_string().contains("OAUTH2_OUTBOUND_ALLOW_PRIVATE"));
    }
}

#[test]
fn a_name_in_a_language_is_set_replaced_and_removed_like_any_other_member() {
    let names = |document: Value| patched(&full(), document).map(|client| client.details.localized);
    let named = |pairs: &[(&str, &str)]| {
        Ok(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    };
    let web = full().details.localized["client_name#ja"].clone();
    for (document, expected) in [
        (json!({}), named(&[("client_name#ja", &web)])),
        (json!({"client_name#ja": "App"}), named(&[("client_name#ja", "App")])),
        (
            json!({"client_name#de": "Netz", "logo_uri#de": "https://a.example/de"}),
            named(&[
                ("client_name#de", "Netz"),
                ("client_name#ja", &web),
                ("logo_uri#de", "https://a.example/de"),
            ]),
        ),
        (json!({"client_name#ja": null}), named(&[])),
        (json!({"client_name#ja": ""}), named(&[])),
        (json!({"scope#ja": "openid"}), named(&[("client_name#ja", &web)])),
    ] {
        assert_eq!(names(document.clone()), expected, "{document}");
    }
    for (document, member) in [
        (json!({"client_name#de": "a\nb"}), "client_name"),
        (json!({"client_name#a b": "x"}), "client_name"),
        (json!({"client_name#de": 7}), "client_name"),
        (json!({"logo_uri#de": "http://a.example/"}), "logo_uri"),
        // Language tags are case-insensitive (RFC 5646 §2.1.1).
        (json!({"client_name#JA": "x"}), "client_name"),
    ] {
        assert!(names(document.clone()).unwrap_err().name(member), "{document}");
    }
    let languages = |count: usize| {
        let texts = (0..count).map(|number| (format!("client_name#de-{number}"), json!("x")));
        names(Value::Object(texts.chain([("client_name#ja".to_owned(), json!("x"))]).collect()))
    };
    assert_eq!(languages(199).unwrap().len(), 200);
    assert!(languages(200).unwrap_err().name("client_name"));
    let logos = |count: usize| {
        let uris = (0..count).map(|number| (format!("logo_uri#de-{number}"), json!("https://a.example/")));
        names(Value::Object(uris.collect()))
    };
    assert_eq!(logos(20).unwrap().len(), 21);
    assert!(logos(21).unwrap_err().name("logo_uri"));
}

#[test]
fn what_a_client_calls_itself_passes_for_nothing_else() {
    let named = |name: &str| with("client_name", &name.into());
    for name in [
        "P\u{430}ypal",
        "Your Банк",
        "Login . Example . com",
        "LOGIN.EXAMPLE.COM",
        "Authorization-Server",
        "h arbour CIub",
        "OAuth2 Server",
        "https://bank.example",
    ] {
        let problems = registered(named(name)).unwrap_err();
        assert!(problems.name("client_name"), "{name}: {problems}");
        // An operator knows what the application is.
        assert!(created(named(name)).is_ok(), "{name}");
        let localized = json!({"redirect_uris": ["https://a.example/"], "client_name#ru": name});
        assert!(registered(localized).is_err(), "{name}");
    }
    for name in ["Notes", " Notes ", "LINE公式アプリ", "Почта"] {
        assert!(registered(named(name)).is_ok(), "{name}");
    }
    for name in ["\u{3164}", "No\u{ad}tes", "\u{2800}", "Notes\u{e0041}", "\u{feff}Notes"] {
        assert!(created(named(name)).unwrap_err().name("client_name"), "{name:?}");
    }
}

#[test]
fn no_address_of_this_server_is_a_redirect_uri() {
    for member in ["redirect_uris", "post_logout_redirect_uris"] {
        for uri in [
            "https://login.example.com/cb",
            "https://login.example.com:443/",
            "https://login.example.com./cb",
            "https://LOGIN.example.com/consent?x=1",
        ] {
            let mut document = with("client_name", &"App".into());
            document[member] = json!([uri]);
            assert!(created(document).unwrap_err().name(member), "{member} {uri}");
        }
    }
    assert!(created(json!({"redirect_uris": ["https://login.example.com.evil.example/cb", "https://login.example.com:8443/"]})).is_ok());
}
