//! The rules between the members of a registration.

use serde_json::{Value, json};

use super::{by_client, by_operator, created, draft, empty, full, full_tool, patched, scopes, secret};
use crate::client::{Allowance, Client, ClientAuthentication, Policy, Problems, Registrant};
use crate::self_registration::RegistrationLimits;
use crate::subject::{SubjectChoice, SubjectType};
use crate::{GrantType, RedirectUri};

/// Asserts that `outcome` is a success, or has one problem, about `member`.
fn assert_problem(outcome: Result<Client, Problems>, member: Option<&str>, what: &Value) {
    let named = outcome.err().map(|problems| problems.iter().map(|it| it.member).collect::<Vec<_>>());
    assert_eq!(named, member.map(|member| vec![member]), "{what}");
}

#[test]
fn a_grant_type_needs_what_protects_it() {
    let uris = json!(["https://a.example/"]);
    for (grants, method, uris, problem) in [
        (json!(["authorization_code"]), "none", uris.clone(), None),
        (json!(["authorization_code"]), "none", json!([]), Some("redirect_uris")),
        (json!([GrantType::DeviceCode, "refresh_token"]), "none", json!([]), None),
        (json!(["client_credentials"]), "client_secret_basic", json!([]), None),
        (json!(["client_credentials"]), "none", json!([]), Some("grant_types")),
        (json!(["password"]), "none", json!([]), Some("grant_types")),
        (json!(["password"]), "client_secret_post", json!([]), None),
    ] {
        let document =
            json!({"grant_types": grants, "token_endpoint_auth_method": method, "redirect_uris": uris});
        assert_problem(created(document.clone()), problem, &document);
    }
}

/// RFC 7591 §2.1.
#[test]
fn the_response_type_code_and_the_grant_type_of_codes_need_each_other() {
    let (code, machine) = (json!(["authorization_code"]), json!(["client_credentials"]));
    for (grants, types, is_refused) in [
        (&code, json!(["code"]), false),
        (&code, json!([]), false),
        (&code, Value::Null, false),
        (&code, json!(["token"]), true),
        (&code, json!(["id_token", "code"]), false),
        (&machine, json!(["code"]), true),
        (&machine, json!(["none"]), false),
        (&machine, json!([]), false),
    ] {
        let document =
            json!({"grant_types": grants, "response_types": types, "redirect_uris": ["https://a.example/"]});
        assert_problem(created(document.clone()), is_refused.then_some("response_types"), &document);
    }
}

#[test]
fn http_in_the_local_network_is_for_the_clients_of_an_operator_and_ends_after_its_uris() {
    let (lan, https) = (json!(["http://nas.lan/cb"]), json!(["https://a.example/"]));
    let own = Client { registration: None, ..empty() };
    let allowed = |document: &Value| {
        by_operator(|policy| draft(document.clone()).create(own.clone(), policy, secret()))
    };
    for member in ["redirect_uris", "post_logout_redirect_uris"] {
        let mut document = json!({"redirect_uris": https, "allow_http_redirect": true});
        document[member] = lan.clone();
        let client = allowed(&document).unwrap();
        let ended = json!({"allow_http_redirect": false});
        assert_problem(patched(&client, ended.clone()), Some("allow_http_redirect"), &ended);
        let both = json!({"allow_http_redirect": false, member: https});
        assert!(!patched(&client, both).unwrap().allow_http_redirect);
        document["allow_http_redirect"] = false.into();
        assert_problem(allowed(&document), Some(member), &document);
    }
    let loopback = json!({"redirect_uris": ["http://127.0.0.1/"], "allow_http_redirect": false});
    allowed(&loopback).unwrap();
    let itself = json!({"redirect_uris": https, "allow_http_redirect": true});
    assert_problem(created(itself.clone()), Some("allow_http_redirect"), &itself);
}

#[test]
fn a_frame_of_a_logout_is_of_the_same_origin_as_a_redirect_uri() {
    for (uri, problem) in [
        ("https://a.example/out", None),
        ("https://a.example:8443/out", Some("frontchannel_logout_uri")),
        ("https://b.example/out", Some("frontchannel_logout_uri")),
    ] {
        let document = json!({"redirect_uris": ["https://a.example/cb"], "frontchannel_logout_uri": uri});
        assert_problem(created(document.clone()), problem, &document);
    }
}

#[test]
fn keys_that_can_verify_no_signature_are_refused_where_a_signature_needs_them() {
    let create = |document: &Value| {
        by_operator(|policy| {
            let policy = Policy { can_verify: |_| false, ..*policy };
            draft(document.clone()).create(empty(), &policy, secret())
        })
    };
    let (set, uri) = (json!({"keys": [{"kty": "new"}]}), json!("https://a.example/jwks"));
    for (needing, value) in [
        ("token_endpoint_auth_method", json!("private_key_jwt")),
        ("request_object_signing_alg", json!("ES256")),
        ("require_signed_request_object", json!(true)),
        ("request_uris", json!(["https://a.example/r"])),
        ("client_name", json!("nothing needs them")),
    ] {
        let document = |member: &str, keys: &Value| json!({"redirect_uris": ["https://a.example/"], needing: value, member: keys});
        let problem = (needing != "client_name").then_some("jwks");
        assert_problem(create(&document("jwks", &set)), problem, &value);
        assert_problem(create(&document("jwks", &Value::Null)), problem, &value);
        // Published keys are read when the first signature is verified.
        create(&document("jwks_uri", &uri)).unwrap();
    }
}

#[test]
fn a_patch_of_the_keys_reads_the_authentication_with_them_and_no_other_member() {
    let stored = Client { name: Some("a\u{202e}b".to_owned()), ..full() };
    let uri = "https://a.example/other";
    let client = patched(&stored, json!({"jwks_uri": uri})).unwrap();
    assert_eq!(client.keys().and_then(|keys| keys.jwks_uri()).map(|uri| uri.as_str()), Some(uri));
    assert_eq!((&client.name, &client.authentication), (&stored.name, &stored.authentication));
}

#[test]
fn a_default_resource_is_one_that_the_client_may_ask_for() {
    let (a, b) = ("https://a.example", "https://b.example");
    for (resources, default, problem) in [
        (json!([a, b]), json!("https://A.example/"), None),
        (json!([a]), Value::Null, None),
        (json!([a]), json!(b), Some("default_resource")),
        (json!([]), json!(a), Some("default_resource")),
    ] {
        let document = json!({"resources": resources, "default_resource": default});
        assert_problem(patched(&full_tool(), document.clone()), problem, &document);
    }
}

#[test]
fn an_administrative_client_has_a_credential_and_does_not_manage_itself() {
    let mark = json!({"administrative": true});
    assert!(patched(&Client { administrative: false, ..full_tool() }, mark.clone()).unwrap().administrative);
    assert_problem(patched(&full(), mark.clone()), Some("administrative"), &mark);
    let public = Client {
        authentication: ClientAuthentication::None,
        require_pkce: true,
        administrative: false,
        ..full_tool()
    };
    assert_problem(patched(&public, mark.clone()), Some("administrative"), &mark);
}

#[test]
fn the_scope_administration_is_for_administrative_clients_but_does_not_keep_the_mark() {
    let scope = json!({"scope": "openid administration"});
    let tool = patched(&full_tool(), scope.clone()).unwrap();
    assert_eq!(tool.scope.to_string(), "administration openid");
    assert_problem(
        patched(&Client { administrative: false, ..full_tool() }, scope.clone()),
        Some("scope"),
        &scope,
    );
    assert!(!patched(&tool, json!({"administrative": false})).unwrap().administrative);
}

#[test]
fn pairwise_subjects_need_one_host_or_a_list_of_hosts() {
    let two = json!(["https://a.example/", "https://b.example/"]);
    for (subject_type, sector, uris, problem) in [
        ("pairwise", Value::Null, json!(["https://a.example/", "https://a.example/2"]), None),
        ("pairwise", Value::Null, two.clone(), Some("sector_identifier_uri")),
        ("pairwise", json!("https://s.example/list"), two.clone(), None),
        ("public", Value::Null, two, None),
    ] {
        let document =
            json!({"subject_type": subject_type, "sector_identifier_uri": sector, "redirect_uris": uris});
        assert_problem(created(document.clone()), problem, &document);
    }
}

/// OpenID Connect Core §12.2: the names of a client never change.
#[test]
fn a_client_that_registered_itself_does_not_move_into_the_pairwise_names_of_a_host() {
    let at = |subject_type, host: &str| {
        let uri: RedirectUri = format!("https://{host}/").parse().unwrap();
        let subject = SubjectChoice { subject_type, sector_identifier_uri: None };
        Client {
            subject,
            redirect_uris: vec![uri],
            grant_types: [GrantType::AuthorizationCode].into(),
            ..empty()
        }
    };
    let document = json!({"subject_type": "pairwise", "redirect_uris": ["https://a.example/new"]});
    let replace =
        |before: &Client, policy: &Policy<'_>| draft(document.clone()).replace(before, policy, secret());
    for (before, problem) in [
        (at(SubjectType::Pairwise, "a.example"), None),
        (at(SubjectType::Pairwise, "b.example"), Some("subject_type")),
        (at(SubjectType::Public, "a.example"), Some("subject_type")),
    ] {
        assert_problem(by_client(|policy| replace(&before, policy)), problem, &document);
        by_operator(|policy| replace(&before, policy)).unwrap();
    }
    by_client(|policy| draft(document.clone()).create(empty(), policy, secret())).unwrap();
    // Any application on the device claims the other URI, so the list of the host proves nothing.
    let claimable = json!({
        "subject_type": "pairwise", "sector_identifier_uri": "https://a.example/list",
        "redirect_uris": ["https://a.example/", "http://127.0.0.1/"],
    });
    let itself = by_client(|policy| draft(claimable.clone()).create(empty(), policy, secret()));
    assert_problem(itself, Some("subject_type"), &claimable);
}

#[test]
fn a_client_registers_the_grants_and_scopes_that_are_switched_on_and_allowed() {
    let limits = |scope: Option<&str>, grants: &[GrantType]| RegistrationLimits {
        scope: scope.map(|text| text.parse().unwrap()),
        grant_types: grants.iter().copied().collect(),
    };
    let allowed = "openid read gone".parse().unwrap();
    let switched_on = [GrantType::AuthorizationCode, GrantType::ClientCredentials].into();
    for (limits, scope, machine) in [
        (limits(None, &[]), "openid read", false),
        (limits(Some("write"), &[]), "write", false),
        (limits(Some("write gone"), &[GrantType::ClientCredentials, GrantType::Password]), "write", true),
    ] {
        let allowance = Allowance::new(&limits, &allowed, &scopes(), &switched_on);
        assert_eq!(allowance.scope.to_string(), scope);
        assert!(allowance.grant_types.contains(&GrantType::AuthorizationCode));
        assert!(!allowance.grant_types.contains(&GrantType::Password), "switched off");
        assert_eq!(allowance.grant_types.contains(&GrantType::ClientCredentials), machine);
        assert!(Registrant::Client(&allowance).is_client() && !Registrant::Operator.is_client());
    }
}
