//! From the words of a command to a registration.

use application::client::document::{ANSWERED, RegistrationDocument};
use chrono::DateTime;
use clap::Parser;
use domain::client::{ClientAuthentication, MEMBERS, Policy, Problems, Registrant, SecretMethod};
use domain::pkce::PkcePolicy;
use domain::{Client, Digest, GrantType, Incarnation, Scope};
use serde_json::{Map, Value, json};

use super::*;

#[derive(Debug, Parser)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

/// The command behind the words after `client`.
fn parse(words: &[&str]) -> Result<Command, clap::Error> {
    Line::try_parse_from([&["client"], words].concat()).map(|line| line.command)
}

/// The document of `client create` with these words.
fn draft(words: &[&str]) -> anyhow::Result<ClientDraft> {
    let Command::Create(create) = parse(&[&["create"], words].concat()).unwrap() else {
        panic!("not create")
    };
    create.draft()
}

fn judged<T>(judge: impl FnOnce(&Policy<'_>) -> T) -> T {
    let scopes: Scope = "openid profile email read".parse().unwrap();
    let registrant = Registrant::Operator;
    let can_verify = |_: &domain::ClientKeys| true;
    judge(&Policy {
        registrant,
        issuer: &"https://login.example.com".parse().unwrap(),
        operator: None,
        scopes: &scopes,
        allow_private_addresses: false,
        pkce: PkcePolicy::PerClient,
        native_redirect_schemes: &[],
        can_verify,
    })
}

fn secret() -> Digest {
    Digest::of(b"secret")
}

fn created(words: &[&str]) -> Result<Client, Problems> {
    let empty =
        Client::new("generated".parse().unwrap(), Incarnation::from_random([1; 16]), DateTime::UNIX_EPOCH);
    judged(|policy| draft(words).unwrap().create(empty, policy, secret()))
}

/// `before` after `client update x` with these words.
fn updated(before: &Client, words: &[&str]) -> Result<Client, Problems> {
    let Command::Update { registration, .. } = parse(&[&["update", "x"], words].concat()).unwrap() else {
        panic!("not update")
    };
    judged(|policy| registration.draft().unwrap().patch(before, policy, secret()))
}

fn client() -> Client {
    Client {
        name: Some("X".to_owned()),
        redirect_uris: vec!["https://x.example/".parse().unwrap()],
        grant_types: [GrantType::AuthorizationCode].into(),
        scope: "openid".parse().unwrap(),
        logo_uri: Some("https://x.example/logo".to_owned()),
        first_party: true,
        ..Client::new("x".parse().unwrap(), Incarnation::from_random([1; 16]), DateTime::UNIX_EPOCH)
    }
}

fn document(client: &Client) -> Map<String, Value> {
    let document = serde_json::to_value(RegistrationDocument::for_operator(client, None));
    document.unwrap().as_object().unwrap().clone()
}

#[test]
fn without_options_the_defaults_are_those_of_rfc_7591() {
    let new = created(&["--redirect-uri=https://x.example/"]).unwrap();
    let ClientAuthentication::Secret { method, .. } = &new.authentication else { panic!("no secret") };
    assert_eq!(*method, SecretMethod::ClientSecretBasic);
    assert_eq!(new.id.as_str(), "generated");
    assert_eq!(new.grant_types, [GrantType::AuthorizationCode].into());
    assert_eq!(new.scope.to_string(), "email openid profile");
    assert!(new.require_pkce && !new.first_party && !new.resource_server && !new.administrative);
    assert!(created(&["--grant", "client_credentials"]).unwrap().scope.is_empty(), "no user signs in");
}

#[test]
fn the_device_grant_is_named_by_its_urn_and_is_for_users() {
    let words = ["--grant=urn:ietf:params:oauth:grant-type:device_code", "--auth-method=none"];
    let new = created(&words).unwrap();
    assert_eq!(new.grant_types, [GrantType::DeviceCode].into());
    assert_eq!(new.scope.to_string(), "email openid profile");
    assert_eq!(created(&[words[0], "--public"]).unwrap(), new);
}

#[test]
fn every_option_reaches_the_registration() {
    let new = created(&[
        "--id=web",
        "--name=Web",
        "--redirect-uri=https://a.example/cb",
        "--redirect-uri=http://127.0.0.1/cb",
        "--post-logout-redirect-uri=https://a.example/bye",
        "--grant=authorization_code",
        "--grant=refresh_token",
        "--scope=openid read",
        "--auth-method=client_secret_post",
        "--resource=https://api.example",
        "--first-party",
        "--resource-server",
        "--administrative",
        "--no-require-pkce",
        "--set=default_acr_values=gold",
        "--set=default_acr_values=silver",
        "--set=default_max_age=600",
        "--id-token-ttl-secs=600",
        "--claim-mapping={\"visible_groups\": [\"staff\"]}",
        "--set=require_pushed_authorization_requests=true",
    ]);
    let mut document = document(&new.unwrap());
    document.retain(|_, value| *value != json!([]));
    let expected = json!({
        "client_id": "web", "client_id_issued_at": 0, "client_secret_expires_at": 0, "client_name": "Web", "application_type": "web",
        "redirect_uris": ["https://a.example/cb", "http://127.0.0.1/cb"],
        "post_logout_redirect_uris": ["https://a.example/bye"],
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
        "scope": "openid read", "token_endpoint_auth_method": "client_secret_post", "subject_type": "public",
        "id_token_signed_response_alg": "RS256", "id_token_claims": true, "resources": ["https://api.example"],
        "access_token_format": "jwt", "access_token_typ": "at+jwt", "id_token_ttl_secs": 600, "first_party": true,
        "claim_mapping": {"visible_groups": ["staff"], "claims": []}, "resource_server": true, "administrative": true,
        "require_pkce": false, "require_pushed_authorization_requests": true, "default_max_age": 600,
        "default_acr_values": ["gold", "silver"],
    });
    assert_eq!(Value::from(document), expected);
}

#[test]
fn what_is_wrong_is_said_in_the_words_of_the_administrative_api() {
    let name = "Pay\u{202e}laP";
    let long = "x".repeat(400);
    for (words, problem) in [
        (["--name", name], "client_name: must have 1 to 256 bytes and no invisible characters"),
        (["--name", &long], "client_name: must have 1 to 256 bytes and no invisible characters"),
        (["--set", "logo_uri=https://u:p@x.example/a"], "logo_uri: must be an https URL"),
        (["--set", "policy_uri=http://x.example/"], "policy_uri: must be an https URL"),
        (["--set", "contacts=a\u{7}"], "contacts: must have 1 to 256 bytes"),
        (
            ["--redirect-uri", "http://a.example/"],
            "redirect_uris: http://a.example/: http redirect URIs are for localhost",
        ),
        (
            ["--redirect-uri", "https://a.example/#a"],
            "redirect_uris: https://a.example/#a: a redirect URI must not have a fragment",
        ),
        (["--set", "id_token_signed_response_alg=none"], "must be RS256, ES256 or EdDSA"),
        (["--set", "userinfo_signed_response_alg=none"], "must be RS256, ES256 or EdDSA"),
        (["--set", "subject_type=ephemeral"], "subject_type: must be public or pairwise"),
        (["--set", "sector_identifier_uri=http://a.example/"], "sector_identifier_uri: must be an https URI"),
        (
            ["--set", "backchannel_logout_uri=http://a.example/"],
            "backchannel_logout_uri: must be an https URI",
        ),
        (["--set", "frontchannel_logout_uri=com.example:/"], "frontchannel_logout_uri: must be an https URI"),
        (["--set", "request_object_signing_alg=HS256"], "must be RS256, PS256, ES256 or EdDSA"),
        (["--set", "request_uris=http://x.example/r"], "request_uris: must be an https URI"),
        (["--set", "default_max_age=-1"], "default_max_age: must be a number of seconds"),
        (["--set", "default_acr_values=a b"], "default_acr_values: must be 1 to 256 printable ASCII"),
        (["--set", "first_party=yes"], "first_party: must be true or false"),
        (["--set", "jwks={\"keys\":[{\"kty\":\"OKP\",\"d\":\"AA\"}]}"], "public keys only"),
        (["--scope", "a\"b"], "scope: is malformed"),
        (["--scope", "nonsense"], "scope: unknown scope: nonsense"),
        (["--resource", "api"], "resources: "),
    ] {
        let words = [&words[..], &["--auth-method=private_key_jwt"]].concat();
        let problems = created(&words).unwrap_err().to_string();
        assert!(problems.contains(problem), "{words:?}: {problems}");
        let problems = updated(&client(), &words).unwrap_err().to_string();
        assert!(problems.contains(problem), "{words:?}: {problems}");
    }
    for (option, reason) in [
        ("--grant=implicit", "possible values: authorization_code"),
        ("--auth-method=tls_client_auth", "possible values: client_secret_basic"),
        ("--id=00000000-0000-4000-8000-000000000000", "shaped like a UUID"),
        ("--set=client_nmae=x", "unknown member: client_nmae. Did you mean client_name?"),
        ("--set=logo_url=https://x.example/", "unknown member: logo_url. Did you mean logo_uri?"),
        ("--set=zzz=1", "unknown member: zzz. `client show` lists"),
        ("--set=client_secret=hunter2", "use --secret-stdin"),
        ("--set=client_id=x", "--id chooses it"),
        ("--set=logo_uri", "write MEMBER=VALUE"),
    ] {
        let error = parse(&["create", option]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains(reason), "{option}: {error}");
    }
    assert!(parse(&["create", "--public", "--auth-method=none"]).is_err());
    assert!(parse(&["create", "--require-pkce", "--no-require-pkce"]).is_err());
}

#[test]
fn an_update_changes_what_is_given_and_nothing_else() {
    let client = client();
    assert_eq!(updated(&client, &[]).unwrap(), client);
    let words = [
        "--name=Y",
        "--scope=read",
        "--first-party=false",
        "--auth-method=client_secret_basic",
        "--no-require-pkce",
    ];
    let changed = updated(&client, &words).unwrap();
    let expected = Client {
        name: Some("Y".to_owned()),
        authentication: changed.authentication.clone(),
        scope: "read".parse().unwrap(),
        first_party: false,
        require_pkce: false,
        ..client.clone()
    };
    assert_eq!(changed, expected);
    assert!(changed.authentication.is_by_secret());
    assert!(updated(&changed, &["--require-pkce"]).unwrap().require_pkce);
}

#[test]
fn a_stored_value_that_could_not_be_set_any_more_does_not_stand_in_the_way_of_another_change() {
    let stored = Client {
        name: Some("Pay\u{202e}laP".to_owned()),
        logo_uri: Some("https://u:p@x.example/a".to_owned()),
        ..client()
    };
    let changed = updated(&stored, &["--first-party=false"]).unwrap();
    assert_eq!(changed, Client { first_party: false, ..stored });
}

#[test]
fn an_empty_value_removes_a_member() {
    let changed = updated(&client(), &["--name=", "--set=logo_uri="]).unwrap();
    assert_eq!((changed.name, changed.logo_uri), (None, None));
    let words = [
        "--set=backchannel_logout_uri=https://b.example/out",
        "--set=sector_identifier_uri=https://a.example/s",
        "--set=userinfo_signed_response_alg=EdDSA",
        "--set=default_max_age=0",
        "--set=default_acr_values=[\"gold\"]",
        "--set=require_auth_time=true",
        "--set=jwks_uri=https://x.example/jwks",
        "--set=request_uris=https://x.example/r#1",
        "--set=require_signed_request_object=true",
        "--resource=https://a.example",
        "--set=default_resource=https://a.example",
    ];
    let all = updated(&client(), &words).unwrap();
    assert_eq!(all.authentication_defaults.max_age_seconds, Some(0));
    let kept = updated(&all, &["--name=X"]).unwrap();
    assert_eq!(kept, all);
    let none: Vec<String> = words
        .iter()
        .map(|word| match word.strip_prefix("--set=") {
            Some(set) => format!("--set={}=", set.split('=').next().unwrap()),
            None => "--set=resources=[]".to_owned(),
        })
        .collect();
    let none: Vec<&str> = none.iter().map(String::as_str).collect();
    assert_eq!(updated(&all, &none).unwrap(), client());
}

#[test]
fn a_document_comes_from_a_file_and_options_override_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("client.json");
    let from = format!("--from={}", file.display());
    let write = |document: &Value| std::fs::write(&file, document.to_string()).unwrap();
    write(&json!({
        "client_id": "web", "client_id_issued_at": 7, "client_name": "Web", "scope": "openid read",
        "redirect_uris": ["https://a.example/"], "jwks": {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]},
        "token_endpoint_auth_method": "private_key_jwt",
    }));
    let new = created(&[&from, "--name=Other", "--set=scope=openid"]).unwrap();
    assert_eq!((new.id.as_str(), new.name.as_deref()), ("web", Some("Other")));
    assert_eq!(new.scope.to_string(), "openid");
    assert!(matches!(new.authentication, ClientAuthentication::PrivateKeyJwt { .. }));
    // The output of a command can be its input again.
    write(&document(&new).into());
    assert_eq!(updated(&new, &[&from]).unwrap(), new);
    for (document, reason) in [
        (json!({"client_nmae": "Web"}), "unknown member: client_nmae. Did you mean client_name?"),
        (json!(["Web"]), "must be a JSON object"),
    ] {
        write(&document);
        let refused = draft(&[&from]).unwrap_err().to_string();
        assert!(refused.contains(reason), "{refused}");
    }
    let refused = draft(&["--from=missing.json"]).unwrap_err().to_string();
    assert!(refused.contains("missing.json cannot be read"), "{refused}");
    let both = draft(&["--from=-", "--secret-stdin"]).unwrap_err().to_string();
    assert!(both.contains("cannot both read standard input"), "{both}");
}

#[test]
fn every_member_that_is_shown_can_be_given_back() {
    for name in document(&client()).keys() {
        let is_known = ANSWERED.contains(&name.as_str()) || MEMBERS.iter().any(|member| member.name == name);
        assert!(is_known, "{name}");
    }
}

#[test]
fn every_member_is_an_option_of_its_own() {
    let document = draft(&[
        "--logo-uri",
        "https://app.example/logo.png",
        "--request-uris",
        "https://app.example/a.jwt",
        "--request-uris",
        "https://app.example/b.jwt",
        "--require-pushed-authorization-requests",
        "--require-auth-time=false",
        "--default-max-age",
        "60",
    ])
    .unwrap();
    let set = draft(&[
        "--set",
        "logo_uri=https://app.example/logo.png",
        "--set",
        r#"request_uris=["https://app.example/a.jwt", "https://app.example/b.jwt"]"#,
        "--set",
        "require_pushed_authorization_requests=true",
        "--set",
        "require_auth_time=false",
        "--set",
        "default_max_age=60",
    ])
    .unwrap();
    assert_eq!(format!("{document:?}"), format!("{set:?}"));
    let command = <Line as clap::CommandFactory>::command();
    let create = command.find_subcommand("create").unwrap();
    let options: Vec<_> = create.get_arguments().filter_map(|argument| argument.get_long()).collect();
    for member in MEMBERS {
        let is_described = ["redirect_uris", "post_logout_redirect_uris", "resources", "allowed_groups"]
            .contains(&member.name);
        assert!(is_described || options.contains(&&*member.name.replace('_', "-")), "{}", member.name);
    }
}
