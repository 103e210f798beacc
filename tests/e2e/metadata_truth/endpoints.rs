//! Each listed endpoint works; an endpoint that is not listed does not exist.

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tests::support::Page;

use super::walk::{Walk, error_of};

/// Every member of the metadata that is a URL.
const ENDPOINTS: [(&str, &str); 13] = [
    ("authorization_endpoint", "/oauth/authorize"),
    ("token_endpoint", "/oauth/token"),
    ("introspection_endpoint", "/oauth/introspect"),
    ("token_introspection_endpoint", "/oauth/introspect"),
    ("revocation_endpoint", "/oauth/revoke"),
    ("token_revocation_endpoint", "/oauth/revoke"),
    ("pushed_authorization_request_endpoint", "/oauth/par"),
    ("device_authorization_endpoint", "/oauth/device_authorization"),
    ("userinfo_endpoint", "/oauth/userinfo"),
    ("end_session_endpoint", "/oauth/logout"),
    ("registration_endpoint", "/connect/register"),
    ("jwks_uri", "/.well-known/jwks.json"),
    ("service_documentation", "/docs"),
];

async fn request(walk: &Walk, method: Method, url: &str) -> Response {
    walk.web.http().request(method, url).send().await.unwrap()
}

async fn page(answer: Response) -> Page {
    Page {
        url: answer.url().to_string(),
        status: answer.status(),
        headers: answer.headers().clone(),
        html: answer.text().await.unwrap(),
    }
}

pub(super) async fn every_endpoint_answers_as_itself(walk: &Walk) {
    let alias = walk.server.url("/.well-known/oauth-authorization-server");
    let alias: Value = request(walk, Method::GET, &alias).await.json().await.unwrap();
    assert_eq!(alias, walk.document, "{}", walk.name);
    for (name, _) in walk.document.as_object().unwrap() {
        let known = ENDPOINTS.iter().any(|(endpoint, _)| endpoint == name);
        assert!(
            known || !(name.ends_with("_endpoint") || name.ends_with("_uri")),
            "this test does not try {name}"
        );
    }
    for (name, path) in ENDPOINTS {
        if walk.document.get(name).is_none() {
            assert_eq!(name, "registration_endpoint", "{}: not listed", walk.name);
            continue;
        }
        assert_eq!(walk.member(name), &walk.server.url(path), "{}", walk.name);
        let url = walk.endpoint(name);
        match path {
            "/oauth/authorize" => {
                let page = page(request(walk, Method::GET, url).await).await;
                assert_eq!(
                    (page.status.as_u16(), page.text("#error-code").as_str()),
                    (400, "invalid_request")
                );
            }
            "/oauth/userinfo" => {
                for method in [Method::GET, Method::POST] {
                    let refused = error_of(request(walk, method, url).await).await;
                    assert_eq!(refused, (401, "invalid_request".to_owned()));
                }
            }
            "/oauth/logout" => {
                let page = page(request(walk, Method::GET, url).await).await;
                assert!(page.status == 200 && page.has("#not-signed-in"), "{}", page.html);
            }
            "/.well-known/jwks.json" => {
                let keys: Value = request(walk, Method::GET, url).await.json().await.unwrap();
                assert!(keys["keys"].as_array().unwrap().len() >= 2, "{keys}");
            }
            "/docs" => assert_eq!(request(walk, Method::GET, url).await.status(), 200),
            "/connect/register" => {} // below
            _ => {
                let form = [("client_id", "nobody"), ("client_secret", "x"), ("token", "x")];
                let refused = error_of(walk.post(url, &form).await).await;
                assert_eq!(refused, (401, "invalid_client".to_owned()), "{} {name}", walk.name);
                assert_eq!(request(walk, Method::GET, url).await.status(), 405, "{name}");
            }
        }
    }
}

pub(super) fn legacy_names_equal_the_standard_ones(walk: &Walk) {
    for (legacy, standard) in [
        ("token_introspection_endpoint", "introspection_endpoint"),
        ("token_revocation_endpoint", "revocation_endpoint"),
    ] {
        assert_eq!(walk.endpoint(legacy), walk.endpoint(standard));
    }
}

/// Registration is open, needs a token, or is disabled; the metadata lists exactly the grants and
/// methods that a client may register.
pub(super) async fn clients_register_where_it_says_so(walk: &Walk) {
    let grants = walk.list("grant_types_supported");
    let wanted = json!({
        "redirect_uris": ["https://client.example/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
    });
    let register = async |body: &Value| {
        let request = walk.web.http().post(walk.server.url("/connect/register")).json(body);
        request.send().await.unwrap()
    };
    let answer = register(&wanted).await;
    let mode = walk.server.settings.registration.mode;
    use application::settings::RegistrationMode::{Disabled, InitialAccessToken, Open};
    assert_eq!(walk.document.get("registration_endpoint").is_some(), mode != Disabled, "{}", walk.name);
    match mode {
        Disabled => assert_eq!(error_of(answer).await, (403, "access_denied".to_owned())),
        InitialAccessToken => assert_eq!(error_of(answer).await, (401, "invalid_request".to_owned())),
        Open => {
            assert_eq!(answer.status(), 201, "{}", walk.name);
            let registered: Value = answer.json().await.unwrap();
            for grant in registered["grant_types"].as_array().unwrap() {
                assert!(grants.contains(grant.as_str().unwrap()), "{}: {grant} was registered", walk.name);
            }
            let may_refresh = registered["grant_types"].as_array().unwrap().contains(&json!("refresh_token"));
            assert_eq!(may_refresh, grants.contains("refresh_token"), "{}", walk.name);
            for (member, list, unlisted) in [
                ("token_endpoint_auth_method", "token_endpoint_auth_methods_supported", "client_secret_jwt"),
                ("id_token_signed_response_alg", "id_token_signing_alg_values_supported", "PS256"),
                ("id_token_signed_response_alg", "id_token_signing_alg_values_supported", "HS256"),
                ("id_token_signed_response_alg", "id_token_signing_alg_values_supported", "none"),
                ("userinfo_signed_response_alg", "userinfo_signing_alg_values_supported", "HS256"),
                ("userinfo_signed_response_alg", "userinfo_signing_alg_values_supported", "none"),
                ("subject_type", "subject_types_supported", "pairwise"),
                ("subject_type", "subject_types_supported", "ephemeral"),
            ] {
                let mut metadata = wanted.clone();
                metadata[member] = json!(unlisted);
                let answer = register(&metadata).await;
                if walk.list(list).contains(unlisted) {
                    assert_eq!(answer.status(), 201, "{unlisted}");
                } else {
                    let refused = error_of(answer).await;
                    assert_eq!(refused, (400, "invalid_client_metadata".to_owned()), "{unlisted}");
                }
            }
        }
    }
}
