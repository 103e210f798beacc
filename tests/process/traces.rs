//! The spans that an OpenTelemetry collector receives for a request, and that nothing else changes
//! with a collector.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use hyper::body::Bytes;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode as SpanStatus;
use prost::Message;
use serde_json::Value;
use tests::support::{PASSWORD, PrivateDatabase, RelyingParty};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::installation::{Installation, Running, free_port};
use crate::{ENCRYPTION_KEY, client, user};

/// The trace id and the span id of a proxy in front of the server.
const TRACE: [u8; 16] = [0x4b; 16];
const FRONT: [u8; 8] = [0xf0; 8];

/// A collector that accepts every span, at its own address.
struct Collector {
    endpoint: String,
    batches: watch::Receiver<Vec<Bytes>>,
}

impl Collector {
    async fn start() -> Self {
        let (sender, batches) = watch::channel(Vec::new());
        let take =
            async |State(sender): State<watch::Sender<Vec<Bytes>>>, headers: HeaderMap, body: Bytes| {
                assert_eq!(headers["content-type"], "application/x-protobuf");
                sender.send_modify(|batches| batches.push(body));
                StatusCode::OK
            };
        let router = Router::new().route("/v1/traces", post(take)).with_state(sender);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { endpoint, batches }
    }

    /// All spans that arrived, and their bytes.
    fn spans(&self) -> (Vec<Span>, Vec<u8>) {
        let batches = self.batches.borrow();
        let decoded = batches.iter().map(|batch| ExportTraceServiceRequest::decode(&batch[..]).unwrap());
        let of_resources = decoded.flat_map(|batch| batch.resource_spans);
        let spans = of_resources.flat_map(|of_resource| {
            let resource = of_resource.resource.unwrap();
            let name = resource.attributes.iter().find(|attribute| attribute.key == "service.name").unwrap();
            assert!(format!("{:?}", name.value).contains("oauth2-server"), "{name:?}");
            of_resource.scope_spans.into_iter().flat_map(|of_scope| of_scope.spans)
        });
        (spans.collect(), batches.concat())
    }
}

/// The server of an installation that exports its traces to the collector, and a client of every
/// grant.
async fn serving(more: &[(&'static str, &str)]) -> (Installation, RelyingParty, Running) {
    let settings = [("OAUTH2_PASSWORD_GRANT_ENABLED", "true")];
    let installation = Installation::with(&[&settings[..], more].concat());
    user(&installation).await;
    let app = client(&installation, &["--grant", "password"]).await;
    let running = installation.serves().await;
    (installation, app, running)
}

/// Requests a token with a user's password, through a proxy that traces.
async fn request_token(app: &RelyingParty) -> Value {
    let hexadecimal = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let traceparent = format!("00-{}-{}-01", hexadecimal(&TRACE), hexadecimal(&FRONT));
    let form = [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)];
    let request = app.http().post(format!("{}/oauth/token", app.issuer)).header("traceparent", traceparent);
    let answer = request.basic_auth("app", app.secret.as_deref()).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let names: Vec<_> = spans.iter().map(|span| &span.name).collect();
    spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("no {name} in {names:?}"))
}

fn attribute(span: &Span, key: &str) -> String {
    let found = span.attributes.iter().find(|attribute| attribute.key == key);
    let value = found.and_then(|attribute| attribute.value.clone()).and_then(|value| value.value);
    value.map_or_else(|| panic!("no {key} in {span:?}"), |value| format!("{value:?}"))
}

/// The spans of a token request are in the proxy's trace, contain no secrets, and are exported
/// before the process exits.
async fn assert_token_request_is_traced(more: &[(&'static str, &str)], stores: &[&str]) {
    let collector = Collector::start().await;
    let settings =
        [("OAUTH2_OTLP_ENDPOINT", &*collector.endpoint), ("OAUTH2_TRUSTED_PROXIES", "127.0.0.1/32")];
    let (_installation, app, running) = serving(&[&settings[..], more].concat()).await;
    let tokens = request_token(&app).await;
    let refused = app.token(&[("grant_type", "authorization_code"), ("code", "a-code-of-nobody")]).await;
    let reference = refused.headers()["error-reference"].to_str().unwrap().to_owned();
    for path in ["/health", "/ready"] {
        assert_eq!(app.http().get(format!("{}{path}", app.issuer)).send().await.unwrap().status(), 200);
    }
    // Long before the next scheduled export.
    let ended = running.ends().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
    assert!(!ended.errors.contains("request{"), "spans are not for the log: {}", ended.errors);

    let (spans, bytes) = collector.spans();
    let request =
        spans.iter().find(|span| span.parent_span_id == FRONT).expect("the proxy's trace continues");
    assert_eq!((&*request.name, request.kind()), ("POST /oauth/token", SpanKind::Server));
    assert_eq!(request.trace_id, TRACE);
    for (key, value) in [
        ("http.request.method", "StringValue(\"POST\")"),
        ("http.route", "StringValue(\"/oauth/token\")"),
        ("http.response.status_code", "IntValue(200)"),
    ] {
        assert_eq!(attribute(request, key), value);
    }
    let below: Vec<_> = spans.iter().filter(|span| span.parent_span_id == request.span_id).cloned().collect();
    for name in ["clients.find", "users.find_by_sign_in_name", "passwords.verify", "authorizations.record"]
        .iter()
        .chain(stores)
    {
        let span = named(&below, name);
        assert_eq!(span.trace_id, TRACE, "{name}");
    }
    let refused = spans.iter().find(|span| span.name == "POST /oauth/token" && span.trace_id != TRACE);
    let refused = refused.expect("a request without a trace begins its own");
    assert_eq!(attribute(refused, "http.response.status_code"), "IntValue(400)");
    assert!(attribute(refused, "error.reference").contains(&reference));
    assert_ne!(
        refused.status.clone().unwrap_or_default().code(),
        SpanStatus::Error,
        "a refused request is not a server error"
    );

    for span in &spans {
        let probe = span.name.contains("/health") || span.name.contains("/ready");
        assert!(!probe && !span.trace_id.is_empty(), "{span:?}");
        let alone = span.parent_span_id.is_empty() && span.kind() != SpanKind::Server;
        assert!(!alone, "background work starts no trace: {span:?}");
        assert!(span.events.is_empty(), "{span:?}");
    }
    // Crate names such as adapters-… would match, so they are removed before the search.
    let said = String::from_utf8_lossy(&bytes).replace("adapters_", "");
    let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let secrets =
        [PASSWORD.to_owned(), app.secret.clone().unwrap(), token("access_token"), token("refresh_token")];
    for secret in secrets.iter().map(String::as_str).chain(["ada", "a-code-of-nobody", ENCRYPTION_KEY]) {
        assert!(!said.contains(secret), "{secret:?} is in the traces");
    }
}

#[tokio::test]
async fn a_collector_sees_a_token_request_with_what_it_asked_of_sqlite() {
    assert_token_request_is_traced(&[], &["attempts.count"]).await;
}

#[tokio::test]
async fn a_collector_sees_a_token_request_with_what_it_asked_of_postgres_and_redis() {
    let database = PrivateDatabase::migrated().await;
    let redis = tests::support::redis_url();
    let settings = [
        ("OAUTH2_DATABASE_URL", database.url()),
        ("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY),
        ("OAUTH2_REDIS_URL", &redis),
        ("OAUTH2_REDIS_PREFIX", "traces"),
    ];
    assert_token_request_is_traced(&settings, &["attempts.count"]).await;
}

#[tokio::test]
async fn a_stranger_s_trace_is_not_continued() {
    let collector = Collector::start().await;
    let (_installation, app, running) = serving(&[("OAUTH2_OTLP_ENDPOINT", &collector.endpoint)]).await;
    request_token(&app).await;
    running.ends().await;
    let (spans, _) = collector.spans();
    let request = named(&spans, "POST /oauth/token");
    assert!(request.parent_span_id.is_empty());
    assert!(spans.iter().all(|span| span.trace_id != TRACE));
}

#[tokio::test]
async fn a_collector_that_is_not_there_or_never_answers_costs_no_request_anything() {
    // Accepts connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    for port in [free_port(), silent.local_addr().unwrap().port()] {
        let endpoint = format!("http://127.0.0.1:{port}");
        let (_installation, app, running) = serving(&[
            ("OAUTH2_OTLP_ENDPOINT", &endpoint),
            ("OTEL_BSP_SCHEDULE_DELAY", "20"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "64"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "16"),
        ])
        .await;
        let began = Instant::now();
        for _ in 0..100 {
            let fields = [("grant_type", "client_credentials"), ("scope", "read")];
            RelyingParty::successful(app.token(&fields).await).await;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        running.says("does not accept traces").await;
        let began = Instant::now();
        let ended = running.ends().await;
        assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
        assert_eq!(ended.errors.matches("does not accept traces").count(), 1, "{}", ended.errors);
    }
}
