//! What scripts of other origins may do (Fetch Standard §3.2).

use reqwest::{Method, Response};
use tests::support::TestServer;

const ORIGIN: (&str, &str) = ("origin", "https://spa.example");

/// What scripts may call, each with a method that its route has.
const OPEN: [(&str, Method); 11] = [
    ("/.well-known/openid-configuration", Method::GET),
    ("/.well-known/oauth-authorization-server", Method::GET),
    ("/.well-known/jwks.json", Method::GET),
    ("/.well-known/oauth-protected-resource", Method::GET),
    ("/oauth/token", Method::POST),
    ("/oauth/revoke", Method::POST),
    ("/oauth/par", Method::POST),
    ("/oauth/device_authorization", Method::POST),
    ("/oauth/userinfo", Method::GET),
    ("/oauth/userinfo", Method::POST),
    ("/connect/register", Method::POST),
];

/// What they may not call.
const CLOSED: [&str; 7] = [
    "/",
    "/oauth/authorize",
    "/oauth/introspect",
    "/oauth/logout",
    "/login",
    "/admin/api/users",
    "/admin/clients/register",
];

async fn preflight(server: &TestServer, path: &str, method: &Method, headers: &str) -> Response {
    let request = reqwest::Client::new().request(Method::OPTIONS, server.url(path));
    let request = request.header(ORIGIN.0, ORIGIN.1);
    let request = request.header("access-control-request-method", method.as_str());
    request.header("access-control-request-headers", headers).send().await.unwrap()
}

/// The entries of a header that is a list of names.
fn names(answer: &Response, header: &str) -> Vec<String> {
    let values = answer.headers().get_all(header).iter().map(|value| value.to_str().unwrap());
    values.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect()
}

#[tokio::test]
async fn every_request_header_that_a_browser_asks_for_is_allowed() {
    let server = TestServer::start().await;
    for (path, method) in OPEN {
        for asked in [
            "authorization,content-type",
            "mcp-protocol-version",
            "x-requested-with",
            "authorization,content-type,dpop",
            "content-type,traceparent,tracestate,baggage,sentry-trace",
            "cache-control,if-match,pragma",
            "x-a-header-of-this-application-only",
        ] {
            let answer = preflight(&server, path, &method, asked).await;
            assert!(answer.status().is_success(), "{method} {path}: {}", answer.status());
            let allowed = names(&answer, "access-control-allow-headers");
            let missing: Vec<_> =
                asked.split(',').filter(|name| !allowed.contains(&(*name).to_owned())).collect();
            assert!(missing.is_empty(), "{method} {path}: {missing:?} is not in {allowed:?}");
            let methods = names(&answer, "access-control-allow-methods");
            assert!(methods.contains(&method.as_str().to_ascii_lowercase()), "{path}: {methods:?}");
            assert_eq!(answer.headers()["access-control-allow-origin"], "*");
            // Allowed headers are no reason to send cookies.
            assert!(!answer.headers().contains_key("access-control-allow-credentials"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_script_reads_every_answer_and_the_headers_that_it_needs() {
    let server = TestServer::start().await;
    for (path, method) in OPEN {
        for method in [method, Method::PATCH] {
            let request = reqwest::Client::new().request(method.clone(), server.url(path));
            let answer = request.header(ORIGIN.0, ORIGIN.1).send().await.unwrap();
            assert_eq!(answer.headers()["access-control-allow-origin"], "*", "{method} {path}");
            let exposed = names(&answer, "access-control-expose-headers");
            for needed in ["www-authenticate", "error-reference", "retry-after", "etag", "allow"] {
                assert!(exposed.contains(&needed.to_owned()), "{method} {path}: {needed}");
            }
            assert!(!answer.headers().contains_key("access-control-allow-credentials"), "{path}");
        }
    }
}

#[tokio::test]
async fn pages_introspection_and_administration_are_closed_to_scripts_of_other_origins() {
    let server = TestServer::start().await;
    for path in CLOSED {
        for method in [Method::GET, Method::POST] {
            let answer = preflight(&server, path, &method, "authorization,content-type").await;
            let request = reqwest::Client::new().request(method.clone(), server.url(path));
            let asked = request.header(ORIGIN.0, ORIGIN.1).send().await.unwrap();
            for answer in [answer, asked] {
                let opened =
                    answer.headers().keys().find(|name| name.as_str().starts_with("access-control-"));
                assert_eq!(opened, None, "{method} {path}");
            }
        }
    }
}
