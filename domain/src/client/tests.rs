//! Properties of every member of the table.

mod consents;
mod identity;
mod requests;
mod rules;
mod unsupported;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use serde_json::{Map, Value, json};

use super::{
    Access, AccessTokenFormat, AccessTokenTyp, Allowance, ApplicationType, AuthenticationDefaults, Client,
    ClientAuthentication, ClientDetails, ClientDraft, ClientResources, ClientTokens, MEMBERS, Policy,
    Problems, Registrant, SecretMethod, StoredSecret,
};
use crate::logout::{LogoutChannel, LogoutChannels};
use crate::pkce::PkcePolicy;
use crate::redirect_uri::RESPONSE_PARAMETERS;
use crate::self_registration::{RegistrationLimits, SelfRegistration};
use crate::subject::{SubjectChoice, SubjectType};
use crate::{
    Digest, ErrorCode, GrantType, Incarnation, KeySource, RequestObjectAlgorithm, RequestObjects, Scope,
    SigningAlgorithm,
};

/// The parts of a client that no member of a document sets.
const IDENTITY: [&str; 8] = [
    "/id",
    "/incarnation",
    "/authentication/secret/secret",
    "/disabled_at",
    "/created_at",
    "/registration/token",
    "/registration/limits",
    "/registration/set_by_operator",
];

fn scopes() -> Scope {
    "openid profile email address phone offline_access groups read write".parse().unwrap()
}

/// The policy for an operator's draft.
fn by_operator<T>(judge: impl FnOnce(&Policy<'_>) -> T) -> T {
    judge(&Policy {
        registrant: Registrant::Operator,
        issuer: &"https://login.example.com".parse().unwrap(),
        operator: Some(&"Harbour Club".parse().unwrap()),
        scopes: &scopes(),
        allow_private_addresses: false,
        pkce: PkcePolicy::PerClient,
        native_redirect_schemes: &[],
        can_verify: |_| true,
    })
}

/// The policy for the draft of a client that registers itself.
fn by_client<T>(judge: impl FnOnce(&Policy<'_>) -> T) -> T {
    let grants = GrantType::ALL.into();
    let allowance = Allowance::new(&RegistrationLimits::default(), &scopes(), &scopes(), &grants);
    judge(&Policy {
        registrant: Registrant::Client(&allowance),
        issuer: &"https://login.example.com".parse().unwrap(),
        operator: Some(&"Harbour Club".parse().unwrap()),
        scopes: &scopes(),
        allow_private_addresses: false,
        pkce: PkcePolicy::PerClient,
        native_redirect_schemes: &[],
        can_verify: |_| true,
    })
}

fn secret() -> Digest {
    Digest::of(b"the secret of the client")
}

fn draft(document: Value) -> ClientDraft {
    serde_json::from_value::<Map<String, Value>>(document).unwrap().into()
}

fn empty() -> Client {
    Client {
        registration: Some(SelfRegistration::new(Digest::of(b"token"), RegistrationLimits::default())),
        tokens: ClientTokens::default(),
        ..Client::new("web".parse().unwrap(), Incarnation::from_random([1; 16]), DateTime::UNIX_EPOCH)
    }
}

fn created(document: Value) -> Result<Client, Problems> {
    by_operator(|policy| draft(document).create(empty(), policy, secret()))
}

fn registered(document: Value) -> Result<Client, Problems> {
    by_client(|policy| draft(document).create(empty(), policy, secret()))
}

fn patched(before: &Client, document: Value) -> Result<Client, Problems> {
    by_operator(|policy| draft(document).patch(before, policy, secret()))
}

/// A client no field of which has its default. A new field of [`Client`] has to be added here too.
fn full() -> Client {
    let back = LogoutChannel { uri: "https://b.example/out".parse().ok(), session_required: true };
    let front = LogoutChannel { uri: "https://a.example/out".parse().ok(), session_required: true };
    Client {
        id: "web".parse().unwrap(),
        incarnation: Incarnation::from_random([1; 16]),
        name: Some("Web".to_owned()),
        authentication: ClientAuthentication::Secret {
            method: SecretMethod::ClientSecretPost,
            secret: StoredSecret::Generated(secret()),
        },
        allow_http_redirect: false,
        redirect_uris: vec!["https://a.example/cb".parse().unwrap()],
        post_logout_redirect_uris: vec!["https://a.example/bye".parse().unwrap()],
        logout: LogoutChannels { back, front },
        grant_types: [GrantType::AuthorizationCode, GrantType::RefreshToken].into(),
        scope: "openid read".parse().unwrap(),
        resources: ClientResources {
            allowed: ["https://api.example".parse().unwrap()].into(),
            default: "https://api.example".parse().ok(),
        },
        allowed_groups: Some(["staff".parse().unwrap()].into()),
        logo_uri: Some("https://a.example/logo".to_owned()),
        policy_uri: Some("https://a.example/policy".to_owned()),
        tos_uri: Some("https://a.example/tos".to_owned()),
        details: ClientDetails {
            application_type: ApplicationType::Native,
            contacts: vec!["ops@a.example".to_owned()],
            client_uri: Some("https://a.example/".to_owned()),
            initiate_login_uri: Some("https://a.example/login".to_owned()),
            software_id: Some("4NRB1-0XZABZI9E6-5SM3R".to_owned()),
            software_version: Some("2.1".to_owned()),
            localized: BTreeMap::from_iter([(
                "client_name#ja".to_owned(),
                "\u{30a6}\u{30a7}\u{30d6}".to_owned(),
            )]),
        },
        subject: SubjectChoice {
            subject_type: SubjectType::Pairwise,
            sector_identifier_uri: "https://a.example/sector".parse().ok(),
        },
        id_token_signed_response_alg: SigningAlgorithm::EdDsa,
        userinfo_signed_response_alg: Some(SigningAlgorithm::Es256),
        introspection_signed_response_alg: Some(SigningAlgorithm::Es256),
        assertion_algorithm: "PS256".parse().ok(),
        authentication_defaults: AuthenticationDefaults {
            max_age_seconds: Some(60),
            require_auth_time: true,
            acr_values: vec!["gold".parse().unwrap()],
        },
        request_objects: RequestObjects {
            keys: Some(KeySource::JwksUri("https://a.example/jwks".parse().unwrap())),
            algorithm: Some(RequestObjectAlgorithm::Ps256),
            required: true,
            uris: vec!["https://a.example/request#1".parse().unwrap()],
        },
        tokens: ClientTokens {
            access_token_format: AccessTokenFormat::Opaque,
            access_token_typ: AccessTokenTyp::Jwt,
            id_token_claims: true,
            id_token_ttl_seconds: Some(600),
            claim_mapping: Some(serde_json::from_value(serde_json::json!({"visible_groups": ["staff"], "claims": [{"claim": ["a", "b"], "from": "groups"}]})).unwrap()),
        },
        require_pkce: false,
        require_pushed_authorization_requests: true,
        first_party: true,
        resource_server: true,
        administrative: false,
        disabled_at: None,
        created_at: DateTime::UNIX_EPOCH,
        registration: empty().registration,
    }
}

/// The same, with members that a client that registered itself and has a secret cannot have.
fn full_tool() -> Client {
    let keys = KeySource::Jwks(r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}"#.parse().unwrap());
    Client {
        authentication: ClientAuthentication::PrivateKeyJwt { keys },
        request_objects: RequestObjects { keys: None, ..full().request_objects },
        administrative: true,
        allow_http_redirect: true,
        registration: None,
        tokens: ClientTokens { id_token_claims: false, ..full().tokens },
        ..full()
    }
}

/// The document of a client, with every member.
fn document(client: &Client) -> Value {
    let members = MEMBERS.iter().filter_map(|member| Some((member.name.to_owned(), member.value(client)?)));
    let localized = client.details.localized.iter();
    members.chain(localized.map(|(name, text)| (name.clone(), text.clone().into()))).collect()
}

/// Every value inside a JSON value, by its path.
fn leaves(path: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    if let Value::Object(members) = value {
        members.iter().for_each(|(name, value)| leaves(&format!("{path}/{name}"), value, found));
    } else {
        found.push((path.to_owned(), value.clone()));
    }
}

#[test]
fn every_member_is_written_and_read_back() {
    for client in [full(), full_tool()] {
        let document = document(&client);
        let empty =
            Client { registration: client.registration.as_ref().and(empty().registration), ..empty() };
        let read = by_operator(|policy| draft(document.clone()).replace(&empty, policy, secret())).unwrap();
        let every = MEMBERS.iter().filter(|member| member.access == Access::Everyone);
        let every: BTreeSet<_> = every.map(|member| member.name.to_owned()).collect();
        if let Some(registration) = &read.registration {
            assert_eq!(registration.set_by_operator, every, "the operator has changed everything");
        }
        let unmarked =
            read.registration.clone().map(|own| SelfRegistration { set_by_operator: BTreeSet::new(), ..own });
        assert_eq!(Client { registration: unmarked, ..read }, client);
        let same = by_operator(|policy| draft(document).patch(&client, policy, secret())).unwrap();
        assert_eq!(same, client, "a patch with all members that a client has");
    }
}

#[test]
fn every_member_is_set_by_the_full_clients() {
    let (own, tool) = (document(&full()), document(&full_tool()));
    let written: BTreeSet<&str> = [&own, &tool]
        .into_iter()
        .flat_map(|document| document.as_object().unwrap().keys().map(String::as_str))
        .filter(|name| !name.contains('#'))
        .collect();
    let names: BTreeSet<&str> = MEMBERS.iter().map(|member| member.name).collect();
    assert_eq!(names.len(), MEMBERS.len(), "no name twice");
    assert_eq!(written, names);
}

#[test]
fn every_field_of_a_client_is_set_by_a_member_or_belongs_to_its_identity() {
    let (mut set, mut tool, mut defaults) = (Vec::new(), Vec::new(), Vec::new());
    leaves("", &serde_json::to_value(full()).unwrap(), &mut set);
    leaves("", &serde_json::to_value(full_tool()).unwrap(), &mut tool);
    leaves("", &serde_json::to_value(empty()).unwrap(), &mut defaults);
    for (path, value) in &set {
        let differs = |(other, default): &(String, Value)| other == path && default == value;
        let is_default = defaults.iter().any(differs);
        let is_set_by_tool = tool.iter().any(|(other, set)| other == path && set != value);
        let is_identity = IDENTITY.iter().any(|identity| path.starts_with(identity));
        assert!(!is_default || is_set_by_tool || is_identity, "no member sets {path}");
    }
}

#[test]
fn a_redirect_uri_whose_query_has_a_parameter_of_the_response_is_refused() {
    for register in [created, registered] {
        for name in RESPONSE_PARAMETERS.iter().chain(&["%63ode", "stat%65"]) {
            for query in [format!("{name}=x"), format!("a=b&{name}"), format!("{name}=")] {
                let uri = format!("https://a.example/cb?{query}");
                let problems = register(json!({"redirect_uris": [uri]})).unwrap_err();
                assert!(problems.name("redirect_uris") && problems.to_string().contains(&uri), "{problems}");
                assert_eq!(problems.code(), ErrorCode::InvalidRedirectUri);
            }
        }
        for query in ["", "?tenant=code", "?Code=1", "?code_=1", "?errors=1", "?x=%26code%3D1"] {
            register(json!({"redirect_uris": [format!("https://a.example/cb{query}")]})).unwrap();
        }
        let logout = |uri: &str| {
            let uris = json!({"redirect_uris": ["https://a.example/cb"], "post_logout_redirect_uris": [uri]});
            register(uris)
        };
        assert!(logout("https://a.example/bye?state=1").unwrap_err().name("post_logout_redirect_uris"));
        logout("https://a.example/bye?code=1").unwrap();
    }
}

#[test]
fn only_a_confidential_client_is_exempted_from_pkce_and_none_under_the_strict_policy() {
    let strictly = |judge: &dyn Fn(&Policy<'_>) -> Result<Client, Problems>| {
        by_operator(|policy| judge(&Policy { pkce: PkcePolicy::Required, ..*policy }))
    };
    let exempt = json!({"redirect_uris": ["https://a.example/cb"], "require_pkce": false});
    let exempted = created(exempt.clone()).unwrap();
    assert!(exempted.is_exempt_from_pkce() && exempted.may_leave_pkce_out(PkcePolicy::PerClient));
    assert!(!exempted.may_leave_pkce_out(PkcePolicy::Required), "an earlier exemption");
    let public = Client { authentication: ClientAuthentication::None, ..exempted.clone() };
    let required = Client { require_pkce: true, ..exempted.clone() };
    assert!([public, required].iter().all(|client| !client.may_leave_pkce_out(PkcePolicy::PerClient)));
    let refused = |outcome: Result<Client, Problems>| {
        let problems = outcome.unwrap_err();
        assert!(problems.name("require_pkce") && problems.iter().count() == 1, "{problems}");
        problems.to_string()
    };
    // The error names the setting.
    let create = |policy: &Policy<'_>| draft(exempt.clone()).create(empty(), policy, secret());
    assert!(refused(strictly(&create)).contains("pkce_policy"));
    let patch = json!({"require_pkce": false});
    let confidential = Client { require_pkce: true, ..exempted.clone() };
    let patching = |policy: &Policy<'_>| draft(patch.clone()).patch(&confidential, policy, secret());
    assert!(refused(strictly(&patching)).contains("pkce_policy"));
    // An exemption that was made before does not stand in the way of another change.
    let renamed = |policy: &Policy<'_>| {
        draft(json!({"client_name": "X", "token_endpoint_auth_method": "client_secret_post"})).patch(
            &exempted,
            policy,
            secret(),
        )
    };
    strictly(&renamed).unwrap();

    let public = json!({
        "redirect_uris": ["https://a.example/cb"], "require_pkce": false, "token_endpoint_auth_method": "none",
    });
    assert!(refused(created(public)).contains("public client"));
    assert!(
        refused(patched(&exempted, json!({"token_endpoint_auth_method": "none"}))).contains("public client")
    );
    let both = json!({"token_endpoint_auth_method": "none", "require_pkce": true});
    assert!(patched(&exempted, both).unwrap().require_pkce);
    // A client that registers itself may ask for more than it has to, and never for less.
    let asking =
        |required: Value| json!({"redirect_uris": ["https://a.example/cb"], "require_pkce": required});
    for (kept, asked, required) in [
        (false, json!(true), true),
        (false, json!(null), false),
        (true, json!(false), true),
        (true, json!(null), true),
    ] {
        let empty = || Client { require_pkce: kept, ..empty() };
        let created =
            by_client(|policy| draft(asking(asked.clone())).create(empty(), policy, secret())).unwrap();
        assert_eq!(created.require_pkce, required, "{kept} {asked}");
        let own = Client { require_pkce: kept, ..full() };
        let replaced =
            by_client(|policy| draft(asking(asked.clone())).replace(&own, policy, secret())).unwrap();
        assert_eq!(replaced.require_pkce, required, "{kept} {asked}");
    }
    let itself = json!({"redirect_uris": ["https://a.example/cb"], "token_endpoint_auth_method": "none"});
    let own = Client { require_pkce: false, ..full() };
    let replaced = by_client(|policy| draft(itself).replace(&own, policy, secret())).unwrap();
    assert!(!replaced.is_exempt_from_pkce(), "a public client");
}

#[test]
fn an_empty_patch_changes_nothing() {
    let public = Client { authentication: ClientAuthentication::None, require_pkce: false, ..empty() };
    for client in [full(), full_tool(), empty(), public] {
        assert_eq!(patched(&client, json!({})).unwrap(), client);
    }
}

#[test]
fn a_patch_changes_the_member_that_it_names_and_null_gives_it_its_default() {
    let defaults = document(&created(json!({"redirect_uris": ["https://a.example/cb"]})).unwrap());
    let client =
        Client { first_party: true, ..created(json!({"redirect_uris": ["https://a.example/cb"]})).unwrap() };
    for member in MEMBERS.iter().filter(|member| member.name != "redirect_uris") {
        let changed = patched(&client, json!({member.name: null})).unwrap();
        assert_eq!(member.value(&changed), defaults.get(member.name).cloned(), "{}", member.name);
        let other = |other: &&super::Member| other.name != member.name;
        for other in MEMBERS.iter().filter(other) {
            assert_eq!(other.value(&changed), other.value(&client), "{} by {}", other.name, member.name);
        }
    }
}

#[test]
fn a_value_that_a_patch_does_not_name_is_kept_though_it_could_not_be_set() {
    let stored = Client {
        name: Some("Pay\u{202e}laP".to_owned()),
        logo_uri: Some("https://u:p@x.example/a".to_owned()),
        policy_uri: Some("http://x.example/".to_owned()),
        scope: "openid gone".parse().unwrap(),
        redirect_uris: Vec::new(),
        grant_types: [GrantType::AuthorizationCode].into(),
        logout: LogoutChannels {
            front: LogoutChannel { uri: "https://other.example/".parse().ok(), session_required: false },
            ..LogoutChannels::default()
        },
        ..empty()
    };
    let trusted = patched(&stored, json!({"first_party": true})).unwrap();
    assert_eq!(trusted, Client { first_party: true, ..stored.clone() });
    for named in
        ["client_name", "logo_uri", "policy_uri", "scope", "redirect_uris", "frontchannel_logout_uri"]
    {
        let again = document(&stored)[named].clone();
        let problems = patched(&stored, json!({named: again})).unwrap_err();
        assert!(problems.name(named), "{named}: {problems}");
    }
    let whole = by_operator(|policy| draft(document(&stored)).replace(&stored, policy, secret()));
    let problems = whole.unwrap_err();
    for named in ["client_name", "logo_uri", "policy_uri", "scope", "redirect_uris"] {
        assert!(problems.name(named), "{named}: {problems}");
    }
}

#[test]
fn texts_and_links_that_would_mislead_are_refused_whoever_registers() {
    let long = "x".repeat(257);
    let texts = ["Pay\u{202e}laP", "a\nb", "a\u{0}b", "a\u{200f}b", "a\u{2066}b", " ", &long];
    let long = format!("https://x.example/{}", "x".repeat(2048));
    let links = [
        "https://u:p@x.example/a",
        "https://u@x.example/",
        "http://x.example/",
        "x",
        "javascript:alert(1)",
        "https://x.example/\u{202e}",
        "https://x.example\\@y.example/",
        "https://x.example/a b",
        &long,
    ];
    let requested =
        ["https://u:p@x.example/a", "https://x.example/#f", "http://x.example/", "x", "file:///etc"];
    let mut wrong: Vec<(&str, Value)> = Vec::new();
    for text in texts {
        wrong.push(("client_name", text.into()));
        wrong.push(("contacts", json!([text])));
    }
    for link in links {
        for member in ["client_uri", "logo_uri", "policy_uri", "tos_uri", "initiate_login_uri"] {
            wrong.push((member, link.into()));
        }
    }
    for uri in requested {
        for member in
            ["backchannel_logout_uri", "frontchannel_logout_uri", "sector_identifier_uri", "jwks_uri"]
        {
            wrong.push((member, uri.into()));
        }
        wrong.push(("redirect_uris", json!([uri])));
        wrong.push(("post_logout_redirect_uris", json!([uri])));
        if !uri.contains('#') {
            wrong.push(("request_uris", json!([uri])));
        }
    }
    for (member, value) in wrong {
        let mut document = json!({"redirect_uris": ["https://a.example/cb"]});
        document[member] = value.clone();
        let by_operator = created(document.clone()).unwrap_err();
        assert!(by_operator.name(member), "{member} {value}: {by_operator}");
        let by_itself = registered(document).unwrap_err();
        assert_eq!(by_itself, by_operator, "the same words");
        let by_patch = patched(&full(), json!({member: value})).unwrap_err();
        assert!(
            by_patch.iter().all(|problem| by_operator.iter().any(|other| other == problem)),
            "{by_patch}"
        );
    }
    assert!(
        created(json!({"redirect_uris": ["https://a.example/"], "client_name": "Äpp – 東京 🗼"})).is_ok()
    );
}

#[test]
fn all_problems_are_named_at_once() {
    let problems = created(json!({
        "client_name": "a\nb", "redirect_uris": ["https://a.example/#f"], "scope": "openid nonsense",
        "grant_types": ["implicit"], "first_party": "yes", "default_max_age": -1, "contacts": "me",
        "client_secret": "short", "id_token_encrypted_response_alg": "RSA-OAEP",
    }));
    let problems = problems.unwrap_err();
    let named: Vec<_> = problems.iter().map(|problem| problem.member).collect();
    let expected = [
        "id_token_encrypted_response_alg",
        "client_name",
        "redirect_uris",
        "grant_types",
        "scope",
        "default_max_age",
        "contacts",
        "first_party",
        "client_secret",
    ];
    assert_eq!(named, expected);
    assert_eq!(problems.code(), ErrorCode::InvalidClientMetadata);
    let problems = created(json!({})).unwrap_err();
    assert_eq!((problems.code(), problems.iter().count()), (ErrorCode::InvalidRedirectUri, 1), "{problems}");
}

#[test]
fn without_members_the_defaults_are_those_of_rfc_7591() {
    let client = created(json!({"redirect_uris": ["https://a.example/"], "unknown": {"a": 1}})).unwrap();
    let expected = Client {
        authentication: ClientAuthentication::Secret {
            method: SecretMethod::ClientSecretBasic,
            secret: StoredSecret::Generated(secret()),
        },
        redirect_uris: vec!["https://a.example/".parse().unwrap()],
        grant_types: [GrantType::AuthorizationCode].into(),
        scope: "openid profile email".parse().unwrap(),
        tokens: ClientTokens::default(),
        ..empty()
    };
    assert_eq!(client, expected);
    let service = created(json!({"grant_types": ["client_credentials"]})).unwrap();
    assert!(service.scope.is_empty(), "no user signs in");
    let device = json!({"grant_types": [GrantType::DeviceCode], "token_endpoint_auth_method": "none"});
    assert_eq!(created(device).unwrap().scope.to_string(), "email openid profile");
}

#[test]
fn what_a_client_may_not_have_is_left_out_and_no_grant_type_left_is_refused() {
    let uris = json!(["https://a.example/"]);
    let client = registered(json!({
        "redirect_uris": uris, "scope": "openid admin", "grant_types": ["authorization_code", "password", "x"],
        "first_party": true, "administrative": true, "require_pkce": false, "access_token_format": "opaque",
        "resources": ["https://api.example"], "client_id": "mine", "client_secret": "a secret of my own choice",
    }));
    let client = client.unwrap();
    assert_eq!(client.scope.to_string(), "openid");
    assert_eq!(client.grant_types, [GrantType::AuthorizationCode].into());
    for member in MEMBERS.iter().filter(|member| member.access == Access::Operator) {
        assert_eq!(member.value(&client), member.value(&empty()), "{}", member.name);
    }
    assert_eq!(client.id, empty().id);
    for document in [json!({"redirect_uris": uris}), json!({"redirect_uris": uris, "scope": "admin"})] {
        let everything = registered(document.clone()).unwrap().scope;
        assert_eq!(everything, scopes(), "everything that is allowed: {document}");
    }
    let useless = json!({"redirect_uris": uris, "grant_types": ["refresh_token", "password"]});
    let problems = registered(useless).unwrap_err();
    assert!(problems.name("grant_types") && problems.iter().count() == 1, "{problems}");
}

#[test]
fn what_an_operator_decided_stays_when_a_client_replaces_its_registration() {
    let replace = |uri: &str| {
        let mut document = document(&full());
        document["redirect_uris"] = json!([uri]);
        document["administrative"] = true.into();
        for decided in ["first_party", "resource_server", "resources", "access_token_format"] {
            document.as_object_mut().unwrap().remove(decided);
        }
        by_client(|policy| draft(document).replace(&full(), policy, secret())).unwrap()
    };
    let same = replace("https://a.example/cb");
    for member in MEMBERS.iter().filter(|member| member.access == Access::Operator) {
        assert_eq!(member.value(&same), member.value(&full()), "{}", member.name);
    }
    assert!(!replace("https://a.example/other").first_party, "users are asked again");
}

#[test]
fn pairwise_names_of_a_host_are_for_grants_that_answer_to_it() {
    for grant in GrantType::ALL.into_iter().filter(|grant| grant.names_user_without_redirect_uri()) {
        let limits =
            RegistrationLimits { grant_types: GrantType::ALL.into(), ..RegistrationLimits::default() };
        let allowance = Allowance::new(&limits, &scopes(), &scopes(), &GrantType::ALL.into());
        let document = draft(json!({
            "redirect_uris": ["https://a.example/"], "subject_type": "pairwise",
            "grant_types": ["authorization_code", grant],
        }));
        let problems = by_operator(|policy| {
            let policy = Policy { registrant: Registrant::Client(&allowance), ..*policy };
            document.create(empty(), &policy, secret())
        });
        assert!(problems.unwrap_err().name("subject_type"), "{grant}");
        assert!(
            by_operator(|policy| document.create(empty(), policy, secret())).is_ok(),
            "an operator vouches"
        );
    }
}

#[test]
fn a_private_use_scheme_makes_a_client_native() {
    let uris = json!(["com.example.app:/callback", "http://127.0.0.1/cb", "https://app.example/cb"]);
    let native = registered(json!({"redirect_uris": uris, "application_type": "native"})).unwrap();
    assert_eq!(native.redirect_uris.len(), 3);
    for said in [json!("web"), Value::Null] {
        let document = json!({"redirect_uris": uris, "application_type": said});
        assert_eq!(registered(document.clone()).unwrap().details.application_type, ApplicationType::Native);
        assert_eq!(
            created(document).unwrap().details.application_type,
            ApplicationType::Web,
            "an operator knows"
        );
    }
    let wrong = json!({"redirect_uris": ["com.example.app:/callback", "myapp:/callback"]});
    for problems in [registered(wrong.clone()).unwrap_err(), created(wrong).unwrap_err()] {
        assert_eq!(problems.code(), ErrorCode::InvalidRedirectUri);
        assert!(problems.to_string().starts_with("redirect_uris: myapp:/callback: "), "{problems}");
    }
}

#[test]
fn keys_belong_to_the_way_of_authentication_that_needs_them() {
    let set = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]});
    let signed =
        json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "private_key_jwt"});
    assert!(created(signed.clone()).unwrap_err().name("jwks"));
    let mut document = signed;
    document["jwks"] = set.clone();
    let client = created(document.clone()).unwrap();
    assert!(matches!(client.authentication, ClientAuthentication::PrivateKeyJwt { .. }));
    assert_eq!(client.request_objects.keys, None);
    let moved = patched(&client, json!({"jwks_uri": "https://a.example/jwks"})).unwrap();
    assert_eq!(moved.keys().unwrap().jwks_uri().unwrap().as_str(), "https://a.example/jwks");
    let both = json!({"jwks_uri": "https://a.example/jwks", "jwks": set});
    assert!(patched(&client, both).unwrap_err().name("jwks"));
    let by_secret = patched(&client, json!({"token_endpoint_auth_method": "client_secret_basic"})).unwrap();
    assert!(by_secret.authentication.is_by_secret() && by_secret.request_objects.keys.is_some());
    assert!(patched(&client, json!({"jwks": null})).unwrap_err().name("jwks"));
    document["jwks"] = json!({"keys": [{"kty": "oct", "k": "AA"}]});
    assert!(created(document.clone()).unwrap_err().name("jwks"));
    document["token_endpoint_auth_method"] = "client_secret_post".into();
    assert!(created(document.clone()).unwrap_err().name("jwks"), "a secret key, though nothing needs it");
    document["jwks"] = json!({"keys": []});
    assert_eq!(created(document.clone()).unwrap().keys(), None, "no key");
    document["request_object_signing_alg"] = "ES256".into();
    assert!(created(document).unwrap_err().name("jwks"));
}

#[test]
fn a_member_of_the_command_line_is_json_of_its_type_or_a_text() {
    let member = |name: &str| MEMBERS.iter().find(|member| member.name == name).unwrap();
    let mut set = ClientDraft::default();
    for (name, text) in [
        ("client_name", "123"),
        ("scope", "\"openid\""),
        ("first_party", "true"),
        ("resource_server", "yes"),
        ("default_max_age", "60"),
        ("contacts", "a"),
        ("contacts", "b"),
        ("request_uris", "[\"c\"]"),
        ("jwks", "{\"keys\":[]}"),
        ("logo_uri", ""),
        ("tos_uri", "null"),
    ] {
        set.set_text(name, member(name), text);
    }
    let expected = draft(json!({
        "client_name": "123", "scope": "openid", "first_party": true, "resource_server": "yes",
        "default_max_age": 60, "contacts": ["a", "b"], "request_uris": ["c"], "jwks": {"keys": []},
        "logo_uri": null, "tos_uri": null,
    }));
    assert_eq!(set, expected);
}

#[test]
fn what_is_no_json_object_is_no_draft() {
    let deep = format!("{}{}", "{\"a\":".repeat(10_000), "1");
    for json in ["", "[]", "null", "\"x\"", "{", "{}x", "{\"a\":\"\u{0}\"}", &deep] {
        assert!(ClientDraft::from_json(json.as_bytes()).is_err(), "{json:.20}");
    }
    assert!(ClientDraft::from_json(b"{\"client_name\":\"\xff\"}").is_err());
    assert!(ClientDraft::from_json(b"{\"client_name\":\"\\ud800\"}").is_err());
}

#[test]
fn a_value_of_another_type_is_refused_and_null_or_empty_counts_as_absent() {
    let wrong = [json!(1), json!("x"), json!(["x"]), json!([1]), json!(true), json!({"a": 1})];
    for member in MEMBERS {
        for value in wrong.iter().filter(|value| !member.form.fits(value) || **value == json!([1])) {
            let problems = patched(&full(), json!({member.name: value})).unwrap_err();
            assert!(problems.iter().all(|problem| problem.member == member.name), "{value}: {problems}");
        }
    }
    let absent = json!({"client_name": "", "logo_uri": null, "contacts": []});
    let client = patched(&full(), absent).unwrap();
    assert_eq!((client.name, client.logo_uri), (None, None));
}

/// A client that registers itself must not make this server send requests to any service of a private network.
#[test]
fn only_an_operator_names_a_plain_address_of_a_private_network_for_logout_tokens() {
    let document =
        |uri: &str| json!({"redirect_uris": ["https://a.example/"], "backchannel_logout_uri": uri});
    let create = |policy: &Policy<'_>, uri: &str| {
        let policy = Policy { allow_private_addresses: true, ..*policy };
        draft(document(uri)).create(empty(), &policy, secret())
    };
    for uri in ["http://10.0.0.7/logout", "http://app.lan/logout"] {
        assert!(by_operator(|policy| create(policy, uri)).is_ok(), "{uri}");
        let problems = by_client(|policy| create(policy, uri)).unwrap_err();
        assert!(problems.name("backchannel_logout_uri"), "{uri}: {problems}");
    }
    assert!(by_client(|policy| create(policy, "http://127.0.0.1/logout")).is_ok());
}
