//! What the server answers to messages that HTTP forbids, or that it does not support (RFC 9110, RFC 9112, RFC 9113).

use std::time::{Duration, Instant};

use http::header::HOST;
use hyper_util::rt::{TokioExecutor, TokioIo};
use reqwest::Method;
use serde_json::Value;
use tests::support::{RelyingParty, TestServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

/// An answer, byte by byte.
struct Raw(String);

impl Raw {
    /// The answer to these bytes, until the server ends the connection.
    async fn to(server: &TestServer, request: &str) -> Self {
        let mut stream = connected(server).await;
        stream.write_all(request.as_bytes()).await.unwrap();
        Self::rest_of(stream).await
    }

    async fn rest_of(mut stream: TcpStream) -> Self {
        let mut answer = Vec::new();
        let read = timeout(Duration::from_secs(60), stream.read_to_end(&mut answer)).await;
        read.unwrap().unwrap();
        Self(String::from_utf8(answer).unwrap())
    }

    fn status(&self) -> u16 {
        let status = self.0.split(' ').nth(1).unwrap_or_else(|| panic!("no status: {:?}", self.0));
        status.parse().unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let head = self.0.split_once("\r\n\r\n").unwrap().0;
        let fields = head.lines().filter_map(|line| line.split_once(": "));
        fields.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Checks that it is an error of this status with everything that an error has.
    fn refuses(&self, status: u16, why: &str) {
        assert_eq!(self.status(), status, "{why}: {}", self.0);
        let body: Value = serde_json::from_str(self.0.split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!(body["error"], "invalid_request", "{why}");
        let reference = self.header("error-reference").unwrap();
        assert!(body["error_uri"].as_str().unwrap().ends_with(reference), "{why}");
        assert_eq!(self.header("cache-control"), Some("no-store"), "{why}");
    }
}

async fn connected(server: &TestServer) -> TcpStream {
    TcpStream::connect(("127.0.0.1", server.port())).await.unwrap()
}

/// A POST of a form with these header fields and this body, on a connection that ends with it.
fn post(path: &str, fields: &[&str], body: &str) -> String {
    let fields: String = fields.iter().map(|field| format!("{field}\r\n")).collect();
    let kind = if path == "/connect/register" { "Content-Type: application/json" } else { FORM };
    format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{kind}\r\n{fields}\r\n{body}")
}

#[tokio::test]
async fn a_request_names_one_well_formed_host() {
    let server = TestServer::start().await;
    let get = |version: &str, hosts: &[&str]| {
        let hosts: String = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect();
        format!("GET /health {version}\r\n{hosts}Connection: close\r\n\r\n")
    };
    for hosts in [
        &[][..],
        &["localhost", "localhost"],
        &["localhost", "other"],
        &[""],
        &["a b"],
        &["a/b"],
        &["user@localhost"],
        &["localhost:http"],
        &["localhost:99999"],
        &["[::1"],
        &["local\u{e9}"],
    ] {
        Raw::to(&server, &get("HTTP/1.1", hosts)).await.refuses(400, &format!("{hosts:?}"));
    }
    for host in
        ["localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:80", "behind_a.proxy.example", "localhost:"]
    {
        assert_eq!(Raw::to(&server, &get("HTTP/1.1", &[host])).await.status(), 200, "{host}");
    }
    // HTTP/1.0 has no such rule, and an absolute target replaces the header (RFC 9112 §3.2.2).
    assert_eq!(Raw::to(&server, &get("HTTP/1.0", &[])).await.status(), 200);
    let absolute = get("HTTP/1.1", &["other.example"]).replace("/health", "http://localhost/health");
    assert_eq!(Raw::to(&server, &absolute).await.status(), 200);
}

#[tokio::test]
async fn a_malformed_request_to_a_route_that_takes_tokens_is_challenged() {
    for below in ["", "/tenant"] {
        let server = TestServer::below(below).await;
        for (line, fields) in [
            ("GET /oauth/userinfo", ""),
            ("GET /oauth/userinfo", "Host: a b\r\n"),
            ("POST /oauth/userinfo", "Host: localhost\r\nHost: other\r\nContent-Length: 0\r\n"),
            ("GET /admin/api/clients", "Host: a/b\r\n"),
            ("POST /admin/clients/register", "Content-Length: 0\r\n"),
        ] {
            let target = line.replace(" /", &format!(" {below}/"));
            let request =
                format!("{target} HTTP/1.1\r\n{fields}Authorization: Bearer x\r\nConnection: close\r\n\r\n");
            let answer = Raw::to(&server, &request).await;
            answer.refuses(400, &target);
            let challenge =
                answer.header("www-authenticate").unwrap_or_else(|| panic!("{target}: {}", answer.0));
            let begin = format!(
                "Bearer realm=\"{}\", error=\"invalid_request\", error_description=\"",
                server.issuer
            );
            assert!(challenge.starts_with(&begin), "{challenge}");
            assert_eq!(
                challenge.contains("resource_metadata=\""),
                target.contains("userinfo"),
                "{challenge}"
            );
        }
        let elsewhere = Raw::to(&server, "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n").await;
        assert_eq!((elsewhere.status(), elsewhere.header("www-authenticate")), (400, None));
    }
}

#[tokio::test]
async fn in_http_2_the_host_and_the_authority_are_one() {
    let server = TestServer::start().await;
    let stream = TokioIo::new(connected(&server).await);
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    for (hosts, status) in [
        (&[][..], 200),
        (&["localhost:81"], 200),
        (&["LOCALHOST:81"], 200),
        (&["localhost"], 400),
        (&["other.example"], 400),
        (&[""], 400),
        (&["localhost:81", "other.example"], 400),
    ] {
        let mut request = http::Request::get("http://localhost:81/health").version(http::Version::HTTP_2);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        let answer = sender.send_request(request.body(String::new()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), status, "{hosts:?}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_bad_request_and_not_too_large() {
    let server = TestServer::start().await;
    let chunked = "Transfer-Encoding: chunked";
    for path in ["/oauth/token", "/oauth/par", "/oauth/userinfo"] {
        for (why, fields, body) in [
            ("no size of a chunk", &[chunked][..], "nonsense\r\n"),
            ("a negative size", &[chunked], "-1\r\na\r\n0\r\n\r\n"),
            ("a chunk that is longer than its size", &[chunked], "2\r\nabcdef\r\n0\r\n\r\n"),
            ("a size that is out of range", &[chunked], "fffffffffffffffff\r\na\r\n0\r\n\r\n"),
        ] {
            let answer = Raw::to(&server, &post(path, fields, body)).await;
            answer.refuses(400, &format!("{path}: {why}"));
        }
        for (why, fields, body) in [
            ("half a body", &["Content-Length: 20"][..], "grant_type="),
            ("no body", &["Content-Length: 20"], ""),
            ("half a chunk", &[chunked], "a\r\ngrant"),
            ("no last chunk", &[chunked], "5\r\ngrant\r\n"),
        ] {
            let mut stream = connected(&server).await;
            stream.write_all(post(path, fields, body).as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
            Raw::rest_of(stream).await.refuses(400, &format!("{path}: {why}"));
        }
    }
    // What a browser posts is answered with a page.
    let page = Raw::to(&server, &post("/login", &[chunked], "nonsense\r\n")).await;
    assert_eq!((page.status(), page.header("content-type")), (400, Some("text/html; charset=utf-8")));
}

#[tokio::test]
async fn a_coding_that_the_server_does_not_have_is_refused_as_that() {
    let server = TestServer::start().await;
    let chunked = "0\r\n\r\n";
    for (fields, body, status) in [
        (&["Content-Encoding: gzip", "Content-Length: 1"][..], "x", 415),
        (&["Content-Encoding: identity, br", "Content-Length: 1"], "x", 415),
        (&["Content-Encoding: gzip", "Transfer-Encoding: chunked"], chunked, 415),
        (&["Transfer-Encoding: gzip, chunked"], chunked, 501),
        (&["Transfer-Encoding: deflate", "Transfer-Encoding: chunked"], chunked, 501),
        (&["Transfer-Encoding: chunked, chunked"], chunked, 400),
        (&["Expect: a-miracle", "Content-Length: 1"], "x", 417),
    ] {
        for path in ["/oauth/token", "/login", "/connect/register"] {
            let answer = Raw::to(&server, &post(path, fields, body)).await;
            answer.refuses(status, &format!("{path}: {fields:?}"));
            assert_eq!(answer.header("accept-encoding").is_some(), status == 415);
        }
    }
    for fields in [&["Transfer-Encoding: gzip"][..], &["Transfer-Encoding: chunked, gzip"]] {
        assert_eq!(Raw::to(&server, &post("/oauth/token", fields, "")).await.status(), 400, "{fields:?}");
    }
    // The request itself is read: it has no credentials.
    for fields in [
        &["Content-Encoding: identity", "Content-Length: 1"][..],
        &["Transfer-Encoding: Chunked"],
        &["Content-Encoding: gzip"],
    ] {
        let body = if fields[0].starts_with("Transfer") { "1\r\nx\r\n0\r\n\r\n" } else { "x" };
        let answer = Raw::to(&server, &post("/oauth/token", fields, body)).await;
        assert_eq!(answer.status(), 401, "{fields:?}: {}", answer.0);
    }
}

/// A request in keep-alive with these header fields and this body, and another one behind it.
async fn two_requests(server: &TestServer, version: &str, fields: &[&str], body: &str) -> Raw {
    let fields: String = fields.iter().map(|field| format!("{field}\r\n")).collect();
    let first = format!("POST /oauth/token {version}\r\nHost: localhost\r\n{FORM}\r\n{fields}\r\n{body}");
    let second = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    Raw::to(server, &format!("{first}{second}")).await
}

#[tokio::test]
async fn a_request_whose_end_is_in_doubt_is_the_last_one_of_its_connection() {
    let server = TestServer::start().await;
    let (chunked, chunks) = ("Transfer-Encoding: chunked", "1\r\nx\r\n0\r\n\r\n");
    // By RFC 9112 §6.1 such a body may be read by its chunks, or refused.
    for fields in [
        &[chunked, "Content-Length: 1"][..],
        &["Content-Length: 1", chunked],
        &["Content-Length: 11", chunked],
        &[chunked, "Content-Length: 0"],
        &[chunked, "Content-Length: 1", "Content-Length: 2"],
        &["Content-Length: 4", "Transfer-Encoding: Chunked", "Connection: keep-alive"],
    ] {
        let answer = two_requests(&server, "HTTP/1.1", fields, chunks).await;
        assert!([400, 401].contains(&answer.status()), "{fields:?}: {}", answer.0);
        assert_eq!(answer.0.matches("HTTP/1.1 ").count(), 1, "{fields:?}: {}", answer.0);
        assert_eq!(answer.header("connection"), Some("close"), "{fields:?}: {}", answer.0);
    }
    for (fields, status) in [
        (&["Transfer-Encoding: chunked, chunked"][..], 400),
        (&[chunked, chunked], 400),
        (&["Transfer-Encoding: identity"], 400),
        (&["Transfer-Encoding: chunked, identity"], 400),
        (&["Transfer-Encoding: identity, chunked"], 501),
        (&["Transfer-Encoding: xchunked"], 400),
        (&["Transfer-Encoding: "], 400),
        (&["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], 400),
        (&["Content-Length: 1", "Content-Length: 2"], 400),
        (&["Content-Length: 1, 2"], 400),
        (&["Content-Length: +1"], 400),
        (&["Content-Length: 0x1"], 400),
        (&["Content-Length: -1"], 400),
        (&["Content-Length: "], 400),
        (&["Content-Length: 99999999999999999999"], 400),
    ] {
        let answer = two_requests(&server, "HTTP/1.1", fields, chunks).await;
        assert_eq!(answer.status(), status, "{fields:?}: {}", answer.0);
        assert_eq!(answer.0.matches("HTTP/1.1 ").count(), 1, "{fields:?}: {}", answer.0);
    }
    // HTTP/1.0 has no transfer codings (RFC 9112 §6.1).
    for fields in [&[chunked][..], &[chunked, "Content-Length: 1"], &[chunked, "Connection: keep-alive"]] {
        let answer = two_requests(&server, "HTTP/1.0", fields, chunks).await;
        assert_eq!(answer.status(), 400, "{fields:?}: {}", answer.0);
        assert_eq!(answer.0.matches("HTTP/1.").count(), 1, "{fields:?}: {}", answer.0);
    }
    // A body of a certain length leaves the connection to the next request, also if the length is said twice.
    for fields in [&["Content-Length: 1"][..], &["Content-Length: 1", "Content-Length: 1"]] {
        let answer = two_requests(&server, "HTTP/1.1", fields, "x").await;
        assert_eq!(
            (answer.status(), answer.0.matches("HTTP/1.1 ").count()),
            (401, 2),
            "{fields:?}: {}",
            answer.0
        );
    }
}

#[tokio::test]
async fn a_client_that_waits_is_told_at_once_that_its_body_is_too_large() {
    let server = TestServer::start().await;
    for path in ["/oauth/token", "/connect/register", "/login", "/oauth/userinfo"] {
        let head = post(path, &["Expect: 100-continue", "Content-Length: 65537"], "");
        let begun = Instant::now();
        let answer = Raw::to(&server, &head).await;
        assert_eq!(answer.status(), 413, "{path}: {}", answer.0);
        assert!(begun.elapsed() < Duration::from_secs(5), "{path}: {:?}", begun.elapsed());
    }
    // One that fits is asked for.
    let mut stream = connected(&server).await;
    let head = post("/oauth/token", &["Expect: 100-continue", "Content-Length: 3"], "");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).await.unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"a=b").await.unwrap();
    assert_eq!(Raw::rest_of(stream).await.status(), 401);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_answered_also_to_a_client_that_sends_all_of_it() {
    let server = TestServer::start().await;
    for path in ["/oauth/token", "/oauth/userinfo", "/connect/register", "/login"] {
        for size in [64 * 1024 + 1, 100_000, 1_000_000] {
            let body = "a".repeat(size);
            let length = format!("Content-Length: {size}");
            assert_eq!(
                Raw::to(&server, &post(path, &[&length], &body)).await.status(),
                413,
                "{path}: {size}"
            );
            let chunked = format!("{size:x}\r\n{body}\r\n0\r\n\r\n");
            let request = post(path, &["Transfer-Encoding: chunked"], &chunked);
            assert_eq!(Raw::to(&server, &request).await.status(), 413, "{path}: {size} in chunks");
        }
    }
}

#[tokio::test]
async fn a_target_that_is_too_long_is_refused_as_that() {
    let server = TestServer::start().await;
    let get = |length: usize| {
        format!("GET /health?{} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "a".repeat(length))
    };
    assert_eq!(Raw::to(&server, &get(29 * 1024)).await.status(), 200);
    Raw::to(&server, &get(31 * 1024)).await.refuses(414, "31 KiB");
    for length in [66 * 1024, 200 * 1024, 1_000_000] {
        assert_eq!(Raw::to(&server, &get(length)).await.status(), 414, "{length}");
    }
    // Too many headers are another matter (RFC 6585 §5).
    let header = "a".repeat(70 * 1024);
    let request = format!("GET /health HTTP/1.1\r\nHost: localhost\r\nX: {header}\r\n\r\n");
    assert_eq!(Raw::to(&server, &request).await.status(), 431);
}

#[tokio::test]
async fn a_script_reads_what_was_wrong_with_its_message() {
    let server = TestServer::start().await;
    for path in ["/oauth/token", "/oauth/userinfo", "/connect/register"] {
        let fields = ["Origin: https://spa.example", "Content-Encoding: gzip", "Content-Length: 1"];
        let answer = Raw::to(&server, &post(path, &fields, "x")).await;
        answer.refuses(415, path);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
    }
    let fields = ["Origin: https://spa.example", "Content-Encoding: gzip", "Content-Length: 1"];
    for path in ["/login", "/oauth/introspect"] {
        let answer = Raw::to(&server, &post(path, &fields, "x")).await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}

/// The paths of every kind of route.
const PATHS: [&str; 20] = [
    "/",
    "/docs",
    "/health",
    "/ready",
    "/login",
    "/consent",
    "/setup",
    "/errors/unknown",
    "/.well-known/openid-configuration",
    "/.well-known/jwks.json",
    "/.well-known/oauth-protected-resource",
    "/oauth/authorize",
    "/oauth/logout",
    "/oauth/device/verify",
    "/oauth/token",
    "/oauth/userinfo",
    "/oauth/introspect",
    "/connect/register",
    "/connect/register/unknown",
    "/admin/api/users",
];

#[tokio::test]
async fn allow_names_exactly_the_methods_that_a_path_has() {
    let server = TestServer::start().await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let methods = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    for path in PATHS {
        let mut allowed = Vec::new();
        let mut stated = None;
        for method in &methods {
            let answer = http.request(method.clone(), server.url(path)).send().await.unwrap();
            if answer.status() != 405 {
                allowed.push(method.to_string());
                continue;
            }
            let allow = answer.headers()["allow"].to_str().unwrap().to_owned();
            assert!(stated.is_none() || stated.as_ref() == Some(&allow), "{path}: {stated:?} and {allow}");
            stated = Some(allow);
        }
        let stated = stated.unwrap_or_else(|| panic!("{path} has every method"));
        let mut stated: Vec<_> = stated.split(',').map(|method| method.trim().to_owned()).collect();
        stated.sort();
        allowed.sort();
        assert_eq!(stated, allowed, "{path}");
    }
}

#[tokio::test]
async fn head_is_get_without_the_body_or_is_not_there() {
    let server = TestServer::start().await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for path in PATHS {
        let head = http.head(server.url(path)).send().await.unwrap();
        if head.status() == 405 {
            assert!(!head.headers().contains_key("set-cookie"), "{path}");
            continue;
        }
        let get = http.get(server.url(path)).send().await.unwrap();
        assert_eq!(head.status(), get.status(), "{path}");
        for name in ["content-type", "content-length", "etag", "cache-control", "www-authenticate"] {
            assert_eq!(head.headers().get(name), get.headers().get(name), "{path}: {name}");
        }
        assert_eq!(head.text().await.unwrap(), "", "{path}");
    }
}

#[tokio::test]
async fn token_answers_are_kept_by_no_cache_of_any_version() {
    let server = TestServer::start().await;
    let service = RelyingParty::service(&server, "service").await;
    let good = service.token(&[("grant_type", "client_credentials")]).await;
    let bad = service.token(&[("grant_type", "nonsense")]).await;
    for (answer, status) in [(good, 200), (bad, 400)] {
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.headers()["pragma"], "no-cache");
    }
}

#[tokio::test]
async fn two_authorization_headers_are_refused_wherever_one_is_read() {
    let server = TestServer::start().await;
    for (method, path) in [
        (Method::POST, "/oauth/token"),
        (Method::POST, "/oauth/introspect"),
        (Method::POST, "/oauth/revoke"),
        (Method::POST, "/oauth/par"),
        (Method::POST, "/oauth/device_authorization"),
        (Method::GET, "/oauth/userinfo"),
        (Method::POST, "/connect/register"),
        (Method::GET, "/connect/register/web"),
        (Method::PUT, "/connect/register/web"),
        (Method::DELETE, "/connect/register/web"),
        (Method::GET, "/admin/api/clients"),
    ] {
        for second in ["Bearer x", "Basic d2ViOng=", ""] {
            let request = reqwest::Client::new().request(method.clone(), server.url(path));
            let request =
                request.header("authorization", "Basic d2ViOnNlY3JldA==").header("authorization", second);
            let form = [("token", "x"), ("grant_type", "client_credentials")];
            let request = if method == Method::POST { request.form(&form) } else { request };
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 400, "{method} {path} {second:?}");
            let body: Value = answer.json().await.unwrap();
            assert_eq!(body["error"], "invalid_request", "{method} {path} {second:?}: {body}");
        }
    }
}
