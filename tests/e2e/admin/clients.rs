//! `/admin/clients/register` and `/admin/api/clients`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::support::{ClientSigner, RelyingParty, TestServer};

use super::{Caller, events, events_since, refusal};

const CLIENTS: &str = "/admin/api/clients";
const REGISTER: &str = "/admin/clients/register";

fn path(id: &str) -> String {
    format!("{CLIENTS}/{id}")
}

#[tokio::test]
async fn a_client_is_registered_with_all_that_an_operator_decides_and_works() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    let document = json!({
        "client_id": "api",
        "client_name": "The API",
        "client_name#de": "Die API",
        "application_type": "web",
        "contacts": ["ops@api.example"],
        "software_id": "api",
        "software_version": "1",
        "token_endpoint_auth_signing_alg": "PS256",
        "introspection_signed_response_alg": "ES256",
        "redirect_uris": ["https://api.example/callback", "com.example.app:/callback"],
        "post_logout_redirect_uris": ["https://api.example/bye"],
        "grant_types": ["authorization_code", "client_credentials"],
        "response_types": ["code"],
        "scope": "openid read",
        "token_endpoint_auth_method": "client_secret_post",
        "subject_type": "pairwise",
        "sector_identifier_uri": "https://api.example/sector.json",
        "id_token_signed_response_alg": "ES256",
        "userinfo_signed_response_alg": "RS256",
        "logo_uri": "https://api.example/logo.png",
        "default_max_age": 600,
        "require_auth_time": true,
        "default_acr_values": ["gold"],
        "id_token_claims": false,
        "access_token_format": "opaque",
        "access_token_typ": "JWT",
        "id_token_ttl_secs": 600,
        "claim_mapping": {"visible_groups": ["a", "b-*"], "claims": [{"claim": "roles", "from": "groups"}]},
        "first_party": true,
        "resource_server": true,
        "administrative": true,
        "require_pkce": false,
        "require_pushed_authorization_requests": true,
        "unknown": {"is": "ignored"},
    });
    let mut expected = document.clone();
    let created = root.post(&server, REGISTER, &document, 201).await;
    let secret = created["client_secret"].clone();
    assert_eq!(secret.as_str().unwrap().len(), 43);
    expected.as_object_mut().unwrap().remove("unknown");
    expected["client_id_issued_at"] = server.now().timestamp().into();
    expected["client_secret_expires_at"] = 0.into();
    assert_eq!(root.get(&server, &path("api")).await, expected, "the secret is shown only at registration");
    expected["client_secret"] = secret.clone();
    assert_eq!(created, expected);
    let api = RelyingParty::registered(&server.issuer, "api", secret.as_str().map(str::to_owned), "");
    let tokens = api.token(&[("grant_type", "client_credentials"), ("scope", "read")]).await;
    assert!(RelyingParty::successful(tokens).await.text("access_token").starts_with("oaat_"));
}

#[tokio::test]
async fn without_members_the_defaults_are_those_of_the_command_line() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let web = json!({"redirect_uris": ["https://web.example/callback"]});
    let created = root.post(&server, CLIENTS, &web, 201).await;
    assert_eq!(created["scope"], "email openid profile");
    assert_eq!(created["grant_types"], json!(["authorization_code"]));
    assert_eq!(created["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!((&created["require_pkce"], &created["administrative"]), (&json!(true), &json!(false)));
    assert_eq!(created["id_token_claims"], true);
    let service = json!({"grant_types": ["client_credentials"]});
    assert_eq!(root.post(&server, CLIENTS, &service, 201).await["scope"], "");
}

#[tokio::test]
async fn a_chosen_secret_is_never_shown() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let chosen = "a secret of the operator";
    let document =
        json!({"client_id": "own", "grant_types": ["client_credentials"], "client_secret": chosen});
    let created = root.post(&server, CLIENTS, &document, 201).await;
    assert!(created.get("client_secret").is_none(), "{created}");
    let own = RelyingParty::registered(&server.issuer, "own", Some(chosen.to_owned()), "");
    assert_eq!(own.token(&[("grant_type", "client_credentials")]).await.status(), 200);
}

#[tokio::test]
async fn what_cannot_be_registered_is_refused_by_its_name_and_nothing_is_kept() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let before = events(&server).await;
    let private = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA"}]});
    for (member, value) in [
        ("client_id", json!("a b")),
        ("client_id", json!("00000000-0000-4000-8000-000000000000")),
        ("client_id", json!(1)),
        ("client_name", json!(1)),
        ("client_name", json!("a\u{202e}b")),
        ("client_secret", json!("short")),
        ("grant_types", json!(["implicit"])),
        ("grant_types", json!("client_credentials")),
        ("scope", json!("openid nonsense")),
        ("scope", json!("a\"b")),
        ("token_endpoint_auth_method", json!("tls_client_auth")),
        ("jwks", private),
        ("id_token_signed_response_alg", json!("none")),
        ("userinfo_signed_response_alg", json!("none")),
        ("logo_uri", json!("http://a.example/")),
        ("post_logout_redirect_uris", json!(["nonsense"])),
        ("access_token_format", json!("saml")),
        ("id_token_claims", json!("yes")),
        ("access_token_typ", json!("jwt")),
        ("access_token_typ", json!("logout+jwt")),
        ("claim_mapping", json!({"groups": []})),
        ("claim_mapping", json!({"claims": [{"claim": "sub", "from": "groups"}]})),
        ("claim_mapping", json!("groups")),
        ("id_token_ttl_secs", json!(0)),
        ("id_token_ttl_secs", json!(86_401)),
        ("id_token_ttl_secs", json!("600")),
        ("first_party", json!("yes")),
        ("resource_server", json!(1)),
        ("administrative", json!([])),
        ("require_pkce", json!("no")),
        ("require_pushed_authorization_requests", json!("no")),
    ] {
        let mut document = json!({"redirect_uris": ["https://a.example/"]});
        if member == "jwks" {
            document["token_endpoint_auth_method"] = "private_key_jwt".into();
        }
        document[member] = value;
        let body = root.post(&server, CLIENTS, &document, 400).await;
        refusal(&body, "invalid_client_metadata");
        let description = body["error_description"].as_str().unwrap();
        assert!(description.contains(member), "{document}: {description}");
    }
    for document in
        [json!({}), json!({"redirect_uris": ["https://a.example/#f"]}), json!({"redirect_uris": ["x"]})]
    {
        refusal(&root.post(&server, CLIENTS, &document, 400).await, "invalid_redirect_uri");
    }
    for document in [
        json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"}),
        json!({"grant_types": ["password"], "token_endpoint_auth_method": "none"}),
        json!({"grant_types": ["client_credentials"], "response_types": ["code"]}),
        json!({"token_endpoint_auth_method": "private_key_jwt", "grant_types": ["client_credentials"]}),
    ] {
        refusal(&root.post(&server, CLIENTS, &document, 400).await, "invalid_client_metadata");
    }
    refusal(&root.post(&server, CLIENTS, &json!([]), 400).await, "invalid_client_metadata");
    let form =
        root.request(&server, Method::POST, CLIENTS).form(&[("client_name", "x")]).send().await.unwrap();
    assert_eq!(form.status(), 400);
    let large = json!({"client_name": "x".repeat(70_000)});
    refusal(&root.post(&server, CLIENTS, &large, 413).await, "invalid_request");
    assert_eq!(events(&server).await, before);
}

#[tokio::test]
async fn a_misleading_name_or_link_is_refused_when_it_is_given_however_it_is_given() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let web = RelyingParty::confidential(&server, "web").await;
    let whole = root.get(&server, &path(&web.id)).await;
    let (name, long) = (json!("Pay\u{202e}laP"), json!("x".repeat(400)));
    let link = json!("https://u:p@x.example/a");
    for (member, value, words) in [
        ("client_name", &name, "client_name: must have 1 to 256 bytes and no invisible characters"),
        ("client_name", &long, "client_name: must have 1 to 256 bytes and no invisible characters"),
        ("logo_uri", &link, "logo_uri: must be an https URL"),
        ("policy_uri", &link, "policy_uri: must be an https URL"),
        ("tos_uri", &link, "tos_uri: must be an https URL"),
        ("backchannel_logout_uri", &link, "backchannel_logout_uri: must have neither user information"),
        ("sector_identifier_uri", &link, "sector_identifier_uri: must have neither user information"),
        ("jwks_uri", &link, "jwks_uri: must have neither user information"),
    ] {
        let mut document = json!({"redirect_uris": ["https://a.example/"]});
        document[member] = value.clone();
        let mut replacement = whole.clone();
        replacement[member] = value.clone();
        for (method, path, body) in [
            (Method::POST, CLIENTS.to_owned(), &document),
            (Method::PUT, path("web"), &replacement),
            (Method::PATCH, path("web"), &json!({ member: value })),
        ] {
            let body = root.answered(&server, (method.clone(), &path), Some(body), 400).await;
            refusal(&body, "invalid_client_metadata");
            let description = body["error_description"].as_str().unwrap();
            assert!(description.starts_with(words), "{method} {member}: {description}");
        }
        assert_eq!(root.get(&server, &path("web")).await, whole);
    }
    let both = json!({"redirect_uris": ["https://a.example/"], "client_name": name, "tos_uri": link});
    let body = root.post(&server, CLIENTS, &both, 400).await;
    let description = body["error_description"].as_str().unwrap();
    assert!(description.contains("client_name: ") && description.contains("tos_uri: "), "{description}");
}

#[tokio::test]
async fn a_client_that_is_stored_with_a_value_that_is_refused_now_can_still_be_changed() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let web = RelyingParty::confidential(&server, "web").await;
    let id = web.id.parse().unwrap();
    let before = server.clients.show(&id).await.unwrap();
    let stored = domain::Client {
        name: Some("Pay\u{202e}laP".to_owned()),
        logo_uri: Some("https://u:p@x.example/a".to_owned()),
        scope: "openid gone".parse().unwrap(),
        ..before.clone()
    };
    let event = domain::AuditEvent::new(server.now(), domain::Actor::CommandLine, "client.update", &id);
    assert!(server.ports.clients.amend(&before, &stored, &event).await.unwrap());
    root.patch(&server, &path("web"), &json!({"first_party": true}), 200).await;
    let after = server.clients.show(&id).await.unwrap();
    assert_eq!(after, domain::Client { first_party: true, ..stored.clone() });
    let again = json!({"client_name": stored.name});
    refusal(&root.patch(&server, &path("web"), &again, 400).await, "invalid_client_metadata");
    let mended = json!({"client_name": "PayPal", "logo_uri": null, "scope": "openid"});
    assert_eq!(root.patch(&server, &path("web"), &mended, 200).await["client_name"], "PayPal");
}

#[tokio::test]
async fn a_taken_id_is_a_conflict_and_an_unknown_one_is_not_found() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let before = events(&server).await;
    let again = json!({"client_id": "tool", "grant_types": ["client_credentials"]});
    refusal(&root.post(&server, CLIENTS, &again, 409).await, "invalid_client_metadata");
    let document = json!({"grant_types": ["client_credentials"]});
    for id in ["nobody", "a%20b", "%ff"] {
        let client = path(id);
        for (method, path, body) in [
            (Method::GET, client.clone(), None),
            (Method::PUT, client.clone(), Some(&document)),
            (Method::PATCH, client.clone(), Some(&document)),
            (Method::DELETE, client.clone(), None),
            (Method::POST, format!("{client}/disable"), None),
            (Method::POST, format!("{client}/enable"), None),
            (Method::POST, format!("{client}/rotate-secret"), None),
        ] {
            refusal(&root.answered(&server, (method, &path), body, 404).await, "invalid_request");
        }
    }
    assert_eq!(events(&server).await, before);
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_a_replacement_everything() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let web = RelyingParty::confidential(&server, "web").await;
    let whole = root.get(&server, &path("web")).await;
    let changes = json!({
        "client_name": "Renamed", "first_party": true, "post_logout_redirect_uris": null, "default_max_age": 60,
    });
    let patched = root.patch(&server, &path("web"), &changes, 200).await;
    let mut expected = whole.clone();
    expected["client_name"] = "Renamed".into();
    expected["first_party"] = true.into();
    expected["default_max_age"] = 60.into();
    expected.as_object_mut().unwrap().remove("post_logout_redirect_uris");
    assert_eq!(patched, expected);
    assert_eq!(root.patch(&server, &path("web"), &json!({}), 200).await, expected);
    // A document that was read can be written back.
    let replace = async |document: &Value, status| {
        root.answered(&server, (Method::PUT, &path("web")), Some(document), status).await
    };
    assert_eq!(replace(&expected, 200).await, expected);
    assert_eq!(web.token(&[("grant_type", "refresh_token"), ("refresh_token", "x")]).await.status(), 400);

    let replaced = replace(&json!({"redirect_uris": ["https://new.example/"]}), 200).await;
    assert_eq!(replaced["redirect_uris"], json!(["https://new.example/"]));
    assert_eq!(
        (&replaced["first_party"], &replaced["scope"]),
        (&json!(false), &json!("email openid profile"))
    );
    assert!(replaced.get("client_name").is_none() && replaced.get("client_secret").is_none());
    // The secret has not changed.
    assert_eq!(web.introspect("x").await, json!({"active": false}));

    for (document, member) in [
        (json!({"client_id": "other"}), "client_id"),
        (json!({"client_secret": "a chosen secret, long"}), "client_secret"),
        (json!({"scope": "nonsense"}), "scope"),
        (json!({"redirect_uris": null}), "redirect_uris"),
    ] {
        let body = root.patch(&server, &path("web"), &document, 400).await;
        let description = body["error_description"].as_str().unwrap();
        assert!(description.contains(member), "{description}");
        assert_eq!(root.get(&server, &path("web")).await, replaced);
    }
}

#[tokio::test]
async fn a_client_can_change_how_it_authenticates() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let service = RelyingParty::service(&server, "service").await;
    let signer = ClientSigner::new(jsonwebtoken::Algorithm::EdDSA);
    let keys = json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [signer.jwk()]}});
    let signed = root.patch(&server, &path("service"), &keys, 200).await;
    assert_eq!(signed["jwks"], keys["jwks"]);
    assert!(signed.get("client_secret").is_none());
    let grant = [("grant_type", "client_credentials")];
    assert_eq!(service.token(&grant).await.status(), 401);
    let secret = json!({"token_endpoint_auth_method": "client_secret_basic", "jwks": null});
    let secret = root.patch(&server, &path("service"), &secret, 200).await;
    let secret = secret["client_secret"].as_str().expect("a client that now needs a secret gets one");
    assert_eq!(service.with_secret(secret).token(&grant).await.status(), 200);
    let other = json!({"grant_types": ["authorization_code"], "redirect_uris": ["https://a.example/"]});
    let other = root.patch(&server, &path("service"), &other, 200).await;
    assert_eq!(other["response_types"], json!(["code"]), "response_types follow from the grant types");
}

#[tokio::test]
async fn a_disabled_client_is_out_and_a_rotated_secret_replaces_the_old_one() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    let service = RelyingParty::service(&server, "service").await;
    let grant = [("grant_type", "client_credentials")];
    let post = async |action: &str| {
        root.answered(&server, (Method::POST, &format!("{}/{action}", path("service"))), None, 200).await
    };
    assert!(post("disable").await["disabled_at"].is_string());
    assert_eq!(service.token(&grant).await.status(), 401);
    assert!(post("enable").await.get("disabled_at").is_none());
    assert_eq!(service.token(&grant).await.status(), 200);
    let rotated = post("rotate-secret").await;
    assert_eq!(service.token(&grant).await.status(), 401);
    let renewed = service.with_secret(rotated["client_secret"].as_str().unwrap());
    assert_eq!(renewed.token(&grant).await.status(), 200);
    RelyingParty::public(&server, "app").await;
    let none = format!("{}/rotate-secret", path("app"));
    refusal(&root.answered(&server, (Method::POST, &none), None, 400).await, "invalid_client_metadata");
    root.delete(&server, &path("service"), 204).await;
    assert_eq!(renewed.token(&grant).await.status(), 401);
    root.delete(&server, &path("service"), 404).await;
}

#[tokio::test]
async fn the_list_leads_from_part_to_part_and_holds_no_secret() {
    let server = TestServer::start().await;
    let root = Caller::administrative_client(&server).await;
    for number in 0..4 {
        RelyingParty::confidential(&server, &format!("web-{number}")).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = root.get(&server, &format!("{CLIENTS}?limit=2{cursor}")).await;
        let items = page["items"].as_array().unwrap().clone();
        assert!(items.len() <= 2 && !page.to_string().contains("secret\""), "{page}");
        seen.extend(items.into_iter().map(|item| item["client_id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["tool", "web-0", "web-1", "web-2", "web-3"]);
    for query in
        ["limit=0", "limit=201", "limit=x", "cursor=!!", "cursor=%20", "cursor=_w", "limit=1&limit=2"]
    {
        let listed = root.answered(&server, (Method::GET, &format!("{CLIENTS}?{query}")), None, 400).await;
        refusal(&listed, "invalid_request");
    }
}

#[tokio::test]
async fn a_client_that_registered_itself_keeps_its_token_and_cannot_become_administrative() {
    let server = TestServer::with(|settings| {
        settings.registration.mode = application::settings::RegistrationMode::Open;
    })
    .await;
    let root = Caller::administrator(&server).await;
    let own = json!({
        "redirect_uris": ["https://own.example/"], "contacts": ["a@example.com"],
        "client_uri": "https://own.example/", "administrative": true,
    });
    let registered: Value = super::plain()
        .post(server.url("/connect/register"))
        .json(&own)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let path = path(registered["client_id"].as_str().unwrap());
    let seen = root.get(&server, &path).await;
    assert_eq!((&seen["administrative"], &seen["contacts"]), (&json!(false), &own["contacts"]));
    assert!(!seen.to_string().contains("registration_access_token"), "{seen}");
    let marked = root.patch(&server, &path, &json!({"administrative": true}), 400).await;
    assert!(marked["error_description"].as_str().unwrap().starts_with("administrative:"), "{marked}");
    let before = events(&server).await;
    let trusted = root.patch(&server, &path, &json!({"first_party": true}), 200).await;
    assert_eq!(trusted["contacts"], own["contacts"]);
    assert_eq!(events_since(&server, before).await.len(), 1);
    let token = registered["registration_access_token"].as_str().unwrap();
    let uri = registered["registration_client_uri"].as_str().unwrap();
    assert_eq!(super::plain().get(uri).bearer_auth(token).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_resources_of_a_client_are_set_as_they_are_shown() {
    let server = TestServer::start().await;
    let api = "https://api.example";
    server.resource(api, |_| {}).await;
    let root = Caller::administrator(&server).await;
    let document = json!({ "client_id": "app", "redirect_uris": ["https://app.example/callback"],
        "resources": [api], "default_resource": api });
    root.post(&server, REGISTER, &document, 201).await;
    let shown = async || root.answered(&server, (Method::GET, &path("app")), None, 200).await;
    assert_eq!(
        (&shown().await["resources"], &shown().await["default_resource"]),
        (&json!([api]), &json!(api))
    );

    for (patch, member) in [
        (json!({ "resources": ["https://unknown.example"], "default_resource": null }), "resources"),
        (json!({ "resources": ["/relative"] }), "resources"),
        (json!({ "resources": [] }), "default_resource"),
    ] {
        let answer = root.send(&server, Method::PATCH, &path("app"), Some(&patch)).await;
        assert_eq!(answer.status(), 400, "{patch}");
        let error: Value = answer.json().await.unwrap();
        assert_eq!(error["error"], "invalid_client_metadata", "{patch}");
        assert!(error["error_description"].as_str().unwrap().starts_with(member), "{error}");
    }
    let none = json!({ "resources": null, "default_resource": null });
    root.answered(&server, (Method::PATCH, &path("app")), Some(&none), 200).await;
    assert_eq!(shown().await["resources"], Value::Null);
}

#[tokio::test]
async fn a_wildcard_and_plain_http_are_refused_with_the_words_of_the_command_line() {
    let server = TestServer::start().await;
    let root = Caller::administrator(&server).await;
    for (uri, words) in [
        ("https://*.example.com/callback", vec![domain::redirect_uri::NO_WILDCARDS]),
        ("http://192.168.1.2/callback", vec!["use https", "allow_http_redirect"]),
    ] {
        let document = json!({"client_id": "web", "redirect_uris": [uri]});
        let refused = root.post(&server, CLIENTS, &document, 400).await;
        refusal(&refused, "invalid_redirect_uri");
        let description = refused["error_description"].as_str().unwrap();
        assert!(words.iter().all(|words| description.contains(words)), "{description}");
    }
}
