//! Reading and rendering registrations.

use application::client::administration::Credential;
use clap::Parser;
use domain::client::{AuthenticationDefaults, ClientAuthentication, ClientResources, SecretMethod};
use domain::logout::{LogoutChannel, LogoutChannels};
use domain::subject::SubjectType;
use domain::{ClientKeys, KeySource, RequestObjectAlgorithm};

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

fn created(words: &[&str]) -> NewClient {
    let Command::Create(create) = parse(&[&["create"], words].concat()).unwrap() else {
        panic!("not create")
    };
    create.into_client().unwrap()
}

/// `before` after `client update x` with these words.
fn updated(mut before: Client, words: &[&str]) -> Client {
    let Command::Update { details, .. } = parse(&[&["update", "x"], words].concat()).unwrap() else {
        panic!("not update")
    };
    details.apply(&mut before);
    before
}

fn client() -> Client {
    Client {
        id: "x".parse().unwrap(),
        name: Some("X".to_owned()),
        authentication: ClientAuthentication::None,
        redirect_uris: vec!["https://x.example/".parse().unwrap()],
        post_logout_redirect_uris: vec![],
        logout: LogoutChannels::default(),
        grant_types: [GrantType::AuthorizationCode].into(),
        scope: "openid".parse().unwrap(),
        resources: ClientResources::default(),
        logo_uri: Some("https://x.example/logo".to_owned()),
        policy_uri: None,
        tos_uri: None,
        subject: SubjectChoice::default(),
        id_token_signed_response_alg: SigningAlgorithm::Rs256,
        userinfo_signed_response_alg: None,
        authentication_defaults: AuthenticationDefaults::default(),
        request_objects: RequestObjects::default(),
        access_token_format: AccessTokenFormat::Jwt,
        require_pkce: true,
        require_pushed_authorization_requests: false,
        first_party: true,
        resource_server: false,
        administrative: false,
        disabled_at: None,
        created_at: chrono::DateTime::UNIX_EPOCH,
        registration: None,
    }
}

#[test]
fn without_options_the_defaults_are_those_of_rfc_7591() {
    let new = created(&[]);
    assert_eq!(new.id, None);
    assert_eq!(new.authentication, Some(Credential::Secret(SecretMethod::ClientSecretBasic)));
    assert_eq!(new.grant_types, [GrantType::AuthorizationCode].into());
    assert_eq!(new.scope.to_string(), "email openid profile");
    assert_eq!(new.id_token_signed_response_alg, SigningAlgorithm::Rs256);
    let marks = Marks {
        first_party: false,
        resource_server: false,
        administrative: false,
        require_pkce: true,
        require_pushed_authorization_requests: false,
    };
    assert_eq!(new.marks, marks);
}

#[test]
fn a_client_without_users_has_no_scope_by_default() {
    assert!(created(&["--grant", "client_credentials"]).scope.is_empty());
}

#[test]
fn the_device_grant_is_named_by_its_urn_and_is_for_users() {
    let new = created(&["--grant=urn:ietf:params:oauth:grant-type:device_code", "--auth-method=none"]);
    assert_eq!(new.grant_types, [GrantType::DeviceCode].into());
    assert_eq!(new.scope.to_string(), "email openid profile");
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
        "--auth-method=none",
        "--first-party",
        "--resource-server",
        "--administrative",
        "--no-require-pkce",
        "--require-par",
        "--logo-uri=https://a.example/logo",
        "--policy-uri=https://a.example/policy",
        "--tos-uri=https://a.example/tos",
        "--id-token-alg=EdDSA",
        "--userinfo-alg=ES256",
        "--default-max-age=600",
        "--require-auth-time",
        "--default-acr=gold",
        "--default-acr=silver",
        "--subject-type=pairwise",
        "--sector-identifier-uri=https://a.example/sector.json",
        "--opaque-access-tokens",
        "--backchannel-logout-uri=https://b.example/out",
        "--backchannel-logout-session-required",
        "--frontchannel-logout-uri=https://a.example/out",
        "--frontchannel-logout-session-required",
    ]);
    assert_eq!(new.id, Some("web".parse().unwrap()));
    assert_eq!(new.name.as_deref(), Some("Web"));
    assert_eq!(new.redirect_uris.len(), 2);
    assert_eq!(new.post_logout_redirect_uris.len(), 1);
    assert_eq!(new.grant_types, [GrantType::AuthorizationCode, GrantType::RefreshToken].into());
    assert_eq!(new.scope.to_string(), "openid read");
    assert_eq!(new.authentication, None);
    let marks = Marks {
        first_party: true,
        resource_server: true,
        administrative: true,
        require_pkce: false,
        require_pushed_authorization_requests: true,
    };
    assert_eq!(new.marks, marks);
    assert_eq!(new.links.logo.as_deref(), Some("https://a.example/logo"));
    assert_eq!(new.links.policy.as_deref(), Some("https://a.example/policy"));
    assert_eq!(new.links.tos.as_deref(), Some("https://a.example/tos"));
    assert_eq!(new.id_token_signed_response_alg, SigningAlgorithm::EdDsa);
    assert_eq!(new.userinfo_signed_response_alg, Some(SigningAlgorithm::Es256));
    let defaults = AuthenticationDefaults {
        max_age_seconds: Some(600),
        require_auth_time: true,
        acr_values: vec!["gold".parse().unwrap(), "silver".parse().unwrap()],
    };
    assert_eq!(new.authentication_defaults, defaults);
    let sector_identifier_uri = Some("https://a.example/sector.json".parse().unwrap());
    assert_eq!(new.subject, SubjectChoice { subject_type: SubjectType::Pairwise, sector_identifier_uri });
    assert_eq!(new.access_token_format, AccessTokenFormat::Opaque);
    let channel = |uri: &str| LogoutChannel { uri: Some(uri.parse().unwrap()), session_required: true };
    assert_eq!(new.logout.back, channel("https://b.example/out"));
    assert_eq!(new.logout.front, channel("https://a.example/out"));
}

#[test]
fn what_is_wrong_is_said_before_anything_happens() {
    for (option, reason) in [
        ("--redirect-uri=http://a.example/", "http redirect URIs are for localhost"),
        ("--redirect-uri=https://a.example/#a", "must not have a fragment"),
        ("--grant=implicit", "possible values: authorization_code"),
        ("--auth-method=tls_client_auth", "possible values: client_secret_basic"),
        ("--id-token-alg=none", "must be RS256, ES256 or EdDSA"),
        ("--subject-type=ephemeral", "must be public or pairwise"),
        ("--sector-identifier-uri=http://a.example/", "must be an https URI"),
        ("--userinfo-alg=none", "must be RS256, ES256 or EdDSA"),
        ("--backchannel-logout-uri=http://a.example/", "must be an https URI"),
        ("--frontchannel-logout-uri=com.example:/", "must be an https URI"),
        ("--default-max-age=-1", "a number of seconds"),
        ("--default-acr=a b", "printable ASCII"),
        ("--scope=a\"b", "printable ASCII"),
        ("--id=00000000-0000-4000-8000-000000000000", "shaped like a UUID"),
    ] {
        let error = parse(&["create", option]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains(reason), "{option}: {error}");
    }
}

#[test]
fn an_update_changes_what_is_given_and_nothing_else() {
    assert_eq!(updated(client(), &[]), client());
    let changed = updated(
        client(),
        &["--name=Y", "--scope=read", "--first-party=false", "--no-require-pkce", "--opaque-access-tokens"],
    );
    let expected = Client {
        name: Some("Y".to_owned()),
        scope: "read".parse().unwrap(),
        access_token_format: AccessTokenFormat::Opaque,
        first_party: false,
        require_pkce: false,
        ..client()
    };
    assert_eq!(changed, expected);
    assert!(updated(changed.clone(), &["--require-pkce"]).require_pkce);
    let signed = updated(changed, &["--opaque-access-tokens=false"]);
    assert_eq!(signed.access_token_format, AccessTokenFormat::Jwt);
}

#[test]
fn an_empty_text_removes_a_name_or_an_address() {
    let changed = updated(client(), &["--name=", "--logo-uri="]);
    assert_eq!((changed.name, changed.logo_uri), (None, None));
    let told = updated(client(), &["--backchannel-logout-uri=https://b.example/out"]);
    assert!(updated(told.clone(), &["--name=Y"]).logout.back.uri.is_some());
    assert_eq!(updated(told, &["--backchannel-logout-uri="]).logout, LogoutChannels::default());
    let shared = updated(client(), &["--sector-identifier-uri=https://a.example/s"]);
    assert!(updated(shared.clone(), &["--name=Y"]).subject.sector_identifier_uri.is_some());
    assert_eq!(updated(shared, &["--sector-identifier-uri="]), client());
    let signed = updated(client(), &["--userinfo-alg=EdDSA"]);
    assert_eq!(updated(signed.clone(), &[]).userinfo_signed_response_alg, Some(SigningAlgorithm::EdDsa));
    assert_eq!(updated(signed, &["--userinfo-alg="]), client());
}

#[test]
fn what_is_expected_of_an_authentication_is_given_replaced_and_taken_away() {
    let before = updated(client(), &["--default-max-age=60", "--require-auth-time", "--default-acr=gold"]);
    assert_eq!(
        updated(before.clone(), &["--name=X"]).authentication_defaults,
        before.authentication_defaults
    );
    let other = updated(before.clone(), &["--default-max-age=0", "--default-acr=silver"]);
    assert_eq!(other.authentication_defaults.max_age_seconds, Some(0));
    assert_eq!(other.authentication_defaults.acr_values, ["silver".parse().unwrap()]);
    let none = updated(before, &["--default-max-age=", "--require-auth-time=false", "--no-default-acr"]);
    assert_eq!(none.authentication_defaults, AuthenticationDefaults::default());
    assert!(parse(&["create", "--default-acr=gold", "--no-default-acr"]).is_err());
}

#[test]
fn keys_come_from_a_file_or_an_address() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jwks.json");
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    write(r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}"#);
    let jwks = format!("--jwks={}", file.display());
    let keys: ClientKeys = std::fs::read_to_string(&file).unwrap().parse().unwrap();

    let new = created(&["--auth-method=private_key_jwt", &jwks]);
    assert_eq!(new.authentication, Some(Credential::Keys(KeySource::Jwks(keys.clone()))));
    assert_eq!(
        updated(client(), &[&jwks]).authentication,
        ClientAuthentication::PrivateKeyJwt { keys: KeySource::Jwks(keys) }
    );
    let Command::Create(create) = parse(&["create", "--auth-method=private_key_jwt"]).unwrap() else {
        panic!("not create")
    };
    assert!(create.into_client().unwrap_err().to_string().contains("--jwks"));
    let keys = created(&[&jwks]).request_objects.keys;
    assert!(keys.is_some(), "a client that has a secret signs requests with them");
    let jwks_uri = "--jwks-uri=https://client.example/jwks.json";
    let by_reference = KeySource::JwksUri("https://client.example/jwks.json".parse().unwrap());
    let new = created(&["--auth-method=private_key_jwt", jwks_uri]);
    assert_eq!(new.authentication, Some(Credential::Keys(by_reference.clone())));
    assert_eq!(
        updated(client(), &[jwks_uri]).authentication,
        ClientAuthentication::PrivateKeyJwt { keys: by_reference }
    );
    assert!(parse(&["create", "--auth-method=private_key_jwt", &jwks, jwks_uri]).is_err(), "not both");
    for uri in ["http://client.example/jwks.json", "file:///etc/passwd", "jwks.json"] {
        assert!(parse(&["create", &format!("--jwks-uri={uri}")]).is_err(), "{uri}");
    }
    write(r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}]}"#);
    let refused = parse(&["create", &jwks]).unwrap_err().to_string();
    assert!(refused.contains("public keys only"), "{refused}");
    assert!(parse(&["create", "--jwks=missing.json"]).is_err());
}

#[test]
fn signed_requests_are_announced_and_their_keys_leave_the_secret_alone() {
    let keys = "--jwks-uri=https://x.example/jwks";
    let requests =
        ["--request-uri=https://x.example/r#1", "--request-object-alg=PS256", "--require-signed-request"];
    let signed = RequestObjects {
        keys: Some(KeySource::JwksUri("https://x.example/jwks".parse().unwrap())),
        algorithm: Some(RequestObjectAlgorithm::Ps256),
        required: true,
        uris: vec!["https://x.example/r#1".parse().unwrap()],
    };
    let new = created(&[&[keys][..], &requests].concat());
    assert_eq!(new.authentication, Some(Credential::Secret(SecretMethod::ClientSecretBasic)));
    assert_eq!(new.request_objects, signed);
    let after = updated(client(), &[&[keys][..], &requests].concat());
    assert_eq!((&after.authentication, &after.request_objects), (&ClientAuthentication::None, &signed));
    assert_eq!(updated(after.clone(), &["--name=X"]).request_objects, signed);
    let moved = updated(after.clone(), &["--jwks-uri=https://x.example/new"]);
    assert_eq!(moved.keys().unwrap().jwks_uri().unwrap().as_str(), "https://x.example/new");
    assert_eq!(moved.authentication, ClientAuthentication::None);
    let fewer = updated(after, &["--no-request-uris", "--require-signed-request=false"]);
    assert!(fewer.request_objects.uris.is_empty() && !fewer.request_objects.required);
    for wrong in
        ["--request-object-alg=none", "--request-object-alg=HS256", "--request-uri=http://x.example/r"]
    {
        assert!(parse(&["create", wrong]).is_err(), "{wrong}");
    }
}

#[test]
fn the_resources_a_client_may_ask_for_are_given_replaced_and_taken_away() {
    let (a, b) = ("https://a.example", "https://b.example/v1");
    let created = created(&[
        "--redirect-uri=https://x.example/",
        &format!("--resource={a}"),
        &format!("--resource={b}"),
        &format!("--default-resource={b}"),
    ]);
    assert_eq!(created.resources.allowed.iter().map(ToString::to_string).collect::<Vec<_>>(), [a, b]);
    assert_eq!(created.resources.default.as_ref().unwrap().as_str(), b);

    let before = Client { resources: created.resources.clone(), ..client() };
    assert_eq!(updated(before.clone(), &["--name=Y"]).resources, created.resources);
    let fewer = updated(before.clone(), &[&format!("--resource={a}"), &format!("--default-resource={a}")]);
    assert_eq!(fewer.resources.allowed.len(), 1);
    assert_eq!(fewer.resources.default.unwrap().as_str(), a);
    assert_eq!(updated(before, &["--no-resources"]).resources, ClientResources::default());
    for words in [&["update", "x", "--resource=api"][..], &["update", "x", "--no-resources", "--resource", a]]
    {
        assert_eq!(parse(words).unwrap_err().exit_code(), 2, "{words:?}");
    }
}
