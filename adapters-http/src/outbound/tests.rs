//! How the guarded client handles well-behaved and hostile servers.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use axum::Router;
use axum::extract::Form;
use axum::http::HeaderMap;
use axum::response::Redirect;
use axum::routing::{get, post};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;

fn client(allow_private: bool, trust: TrustAnchors) -> OutboundClient {
    let policy = OutboundPolicy::new(allow_private, trust);
    OutboundClient::new(OutboundPolicy { total_limit: Duration::from_millis(500), ..policy }).unwrap()
}

fn free() -> OutboundClient {
    client(true, TrustAnchors::public())
}

fn strict() -> OutboundClient {
    client(false, TrustAnchors::public())
}

/// Serves in the clear on a free port of this machine.
async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

async fn fetched(client: &OutboundClient, uri: &str) -> Result<Vec<u8>, OutboundError> {
    fetched_for("web", client, uri).await
}

async fn fetched_for(id: &str, client: &OutboundClient, uri: &str) -> Result<Vec<u8>, OutboundError> {
    client.get(&id.parse().unwrap(), &uri.parse().unwrap(), "application/json").await
}

/// An answer without a length and without an end, a piece at a time with a pause after each.
async fn endless(pause: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0, "the request comes first");
        let mut piece = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        while stream.write_all(&piece).await.is_ok() {
            piece = vec![b' '; 1024];
            tokio::time::sleep(pause).await;
        }
    });
    base
}

/// A server with a certificate for `localhost`, its port, and the authority's certificate in PEM.
async fn serve_tls() -> (u16, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority_pem = authority.self_signed(&authority_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = certificate.signed_by(&key, &issuer).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        );
    let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let router = Router::new().route("/jwks", get(|| async { "secret of the inside" }));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let service = TowerToHyperService::new(router.clone());
            let connection = hyper::server::conn::http1::Builder::new();
            tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
        }
    });
    (port, authority_pem)
}

#[tokio::test]
async fn a_document_is_got_from_a_server_that_the_operator_s_authority_vouches_for() {
    let (port, authority) = serve_tls().await;
    let trust = TrustAnchors::public().with_pem(authority.as_bytes()).unwrap();
    let document = fetched(&client(true, trust.clone()), &format!("https://localhost:{port}/jwks")).await;
    assert_eq!(document.unwrap(), b"secret of the inside");
    let other_name = fetched(&client(true, trust), &format!("https://127.0.0.1:{port}/jwks")).await;
    assert!(matches!(other_name, Err(OutboundError::Unreachable(_))), "{other_name:?}");
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_not_believed() {
    let (port, _authority) = serve_tls().await;
    let refused = fetched(&free(), &format!("https://localhost:{port}/jwks")).await.unwrap_err();
    assert!(
        matches!(&refused, OutboundError::Unreachable(told) if told.contains("certificate")),
        "{refused}"
    );
}

#[tokio::test]
async fn a_name_that_resolves_to_this_machine_is_refused_without_leave() {
    let (port, authority) = serve_tls().await;
    let trust = TrustAnchors::public().with_pem(authority.as_bytes()).unwrap();
    let refused = fetched(&client(false, trust), &format!("https://localhost:{port}/jwks")).await;
    assert!(
        matches!(&refused, Err(OutboundError::Forbidden(told)) if told.contains("localhost")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn an_address_of_the_inside_is_refused_however_it_is_written() {
    for uri in [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://0.0.0.0/",
        "https://[::]/",
        "https://10.0.0.1/",
        "https://172.16.0.1:8443/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://[fd00::1]/",
        "https://[fe80::1]/",
        "https://[ff02::1]/",
        "https://localhost/",
        "http://localhost/",
        "http://127.0.0.1/",
        "http://[::1]/",
    ] {
        let refused = fetched(&strict(), uri).await;
        assert!(matches!(refused, Err(OutboundError::Forbidden(_))), "{uri}: {refused:?}");
    }
}

#[tokio::test]
async fn some_addresses_are_refused_whatever_the_operator_allows() {
    for uri in ["https://169.254.169.254/", "https://0.0.0.0/", "https://[fe80::1]/", "https://224.0.0.1/"] {
        let refused = fetched(&free(), uri).await;
        assert!(matches!(refused, Err(OutboundError::Forbidden(_))), "{uri}: {refused:?}");
    }
}

#[tokio::test]
async fn a_document_of_this_machine_is_got_in_the_clear_with_leave() {
    let headers = |headers: HeaderMap| async move {
        let of = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        [of("accept"), of("user-agent"), of("host")].join("|")
    };
    let base = serve(Router::new().route("/", get(headers))).await;
    let seen = String::from_utf8(fetched(&free(), &base).await.unwrap()).unwrap();
    assert_eq!(seen, format!("application/json|oauth2-server|{}", base.strip_prefix("http://").unwrap()));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let followed = Arc::new(AtomicU32::new(0));
    let counter = followed.clone();
    let router = Router::new().route("/from", get(|| async { Redirect::temporary("/to") })).route(
        "/to",
        get(move || async move {
            counter.fetch_add(1, Ordering::SeqCst);
            "{}"
        }),
    );
    let base = serve(router).await;
    assert_eq!(fetched(&free(), &format!("{base}/from")).await, Err(OutboundError::Status(307)));
    assert_eq!(followed.load(Ordering::SeqCst), 0);
    assert_eq!(fetched(&free(), &format!("{base}/missing")).await, Err(OutboundError::Status(404)));
}

#[tokio::test]
async fn no_more_than_a_bounded_answer_is_read() {
    let router = Router::new()
        .route("/limit", get(|| async { vec![b' '; MAX_RESPONSE_BYTES] }))
        .route("/large", get(|| async { vec![b' '; MAX_RESPONSE_BYTES + 1] }));
    let base = serve(router).await;
    assert_eq!(fetched(&free(), &format!("{base}/limit")).await.unwrap().len(), MAX_RESPONSE_BYTES);
    assert_eq!(fetched(&free(), &format!("{base}/large")).await, Err(OutboundError::TooLarge));
    assert_eq!(fetched(&free(), &endless(Duration::ZERO).await).await, Err(OutboundError::TooLarge));
}

#[tokio::test]
async fn a_server_that_is_too_slow_is_not_waited_for() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", silent.local_addr().unwrap());
    assert_eq!(fetched(&free(), &base).await, Err(OutboundError::TooSlow), "accepts, and says nothing");

    let drip = endless(Duration::from_millis(50)).await;
    assert_eq!(fetched(&free(), &drip).await, Err(OutboundError::TooSlow), "a byte now and then");
}

#[tokio::test]
async fn a_form_is_posted_and_the_status_is_told() {
    let receive = |Form(fields): Form<Vec<(String, String)>>| async move {
        let right = [("logout_token".to_owned(), "a.b+c&d=e".to_owned())];
        if fields == right { StatusCode::NO_CONTENT } else { StatusCode::BAD_REQUEST }
    };
    let router =
        Router::new().route("/", post(receive)).route("/moved", post(|| async { Redirect::to("/") }));
    let base = serve(router).await;
    let posted = async |path: &str, token: &str| {
        free()
            .post_form(
                &"web".parse().unwrap(),
                &format!("{base}{path}").parse().unwrap(),
                &[("logout_token", token)],
            )
            .await
    };
    assert_eq!(posted("/", "a.b+c&d=e").await, Ok(204));
    assert_eq!(posted("/", "another").await, Ok(400));
    assert_eq!(posted("/moved", "a").await, Ok(303));
    let refused =
        strict().post_form(&"web".parse().unwrap(), &base.parse().unwrap(), &[("logout_token", "a")]).await;
    assert!(matches!(refused, Err(OutboundError::Forbidden(_))), "{refused:?}");
}

/// Waits until the listener has this many connections, and holds them.
async fn held(listener: &TcpListener, number: usize) -> Vec<tokio::net::TcpStream> {
    let mut connections = Vec::new();
    while connections.len() < number {
        connections.push(listener.accept().await.unwrap().0);
    }
    connections
}

#[tokio::test]
async fn slow_addresses_of_one_client_delay_no_other_client() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let slow = format!("http://{}", silent.local_addr().unwrap());
    let base = serve(Router::new().route("/", get(|| async { "{}" }))).await;
    let client = free();
    for _ in 0..100 {
        let (client, slow) = (client.clone(), slow.clone());
        tokio::spawn(async move { fetched_for("slow", &client, &slow).await });
    }
    let _held = held(&silent, turns::MAX_PER_CLIENT).await;
    assert_eq!(fetched_for("quick", &client, &base).await.unwrap(), b"{}");
    let more = timeout(Duration::from_millis(100), silent.accept()).await;
    assert!(more.is_err(), "the client has more turns than it may have");
}

#[tokio::test]
async fn a_slow_host_delays_no_other_host() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let slow = format!("http://{}", silent.local_addr().unwrap());
    let base = serve(Router::new().route("/", get(|| async { "{}" }))).await;
    let base = base.replace("127.0.0.1", "localhost");
    let client = free();
    for number in 0..100 {
        let (client, slow) = (client.clone(), slow.clone());
        tokio::spawn(async move { fetched_for(&format!("client-{number}"), &client, &slow).await });
    }
    let _held = held(&silent, turns::MAX_PER_HOST).await;
    assert_eq!(fetched_for("quick", &client, &base).await.unwrap(), b"{}");
}

#[tokio::test]
async fn look_ups_that_hang_keep_the_turns_of_their_client_only() {
    static RUNNING: AtomicU32 = AtomicU32::new(0);
    fn hanging(host: &str, port: u16) -> std::io::Result<Vec<std::net::SocketAddr>> {
        if host != "hanging.example" {
            return look_up_by_system(host, port);
        }
        RUNNING.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_secs(2));
        RUNNING.fetch_sub(1, Ordering::SeqCst);
        Ok(Vec::new())
    }
    let mut client = free();
    client.dial.look_up = hanging;
    let base = serve(Router::new().route("/", get(|| async { "{}" }))).await;
    let began = Instant::now();
    // Two rounds: each request of the first one has timed out when the second one begins, but its look-up still runs.
    for _ in 0..2 {
        let mut requests = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let client = client.clone();
            requests.spawn(async move { fetched_for("slow", &client, "https://hanging.example/").await });
        }
        assert!(requests.join_all().await.iter().all(|outcome| *outcome == Err(OutboundError::TooSlow)));
    }
    assert!(began.elapsed() < Duration::from_millis(1_900), "the look-ups still run");
    assert_eq!(RUNNING.load(Ordering::SeqCst) as usize, turns::MAX_PER_CLIENT);
    let quick = fetched_for("quick", &client, &base.replace("127.0.0.1", "localhost")).await;
    assert_eq!(quick.unwrap(), b"{}");
}
