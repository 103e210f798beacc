//! The metrics that Prometheus scrapes, on their own address.

use tests::support::PASSWORD;

use crate::installation::{Installation, free_port};
use crate::{client, user};

#[tokio::test]
async fn metrics_tell_what_was_asked_and_issued() {
    let port = free_port();
    let address = format!("127.0.0.1:{port}");
    let installation =
        Installation::with(&[("OAUTH2_METRICS_ADDR", &address), ("OAUTH2_PASSWORD_GRANT_ENABLED", "true")]);
    let server = installation.serves().await;
    user(&installation).await;
    let app = client(&installation, &["--grant", "password"]).await;
    let token = |form: &[(&str, &str)]| {
        let request = reqwest::Client::new()
            .post(format!("{}/oauth/token", installation.issuer))
            .basic_auth("app", app.secret.as_deref())
            .form(form);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    // First, because failures are recorded behind the answer, and a connection that records is not idle.
    for (name, guess) in [("nobody", PASSWORD), ("ada", "wrong")] {
        assert_eq!(token(&[("grant_type", "password"), ("username", name), ("password", guess)]).await, 400);
    }
    assert_eq!(token(&[("grant_type", "client_credentials"), ("scope", "read")]).await, 200);
    assert_eq!(token(&[("grant_type", "client_credentials"), ("scope", "unknown")]).await, 400);
    let password = [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)];
    assert_eq!(token(&password).await, 200);
    let wrong = app.with_secret("wrong").post("/oauth/introspect", &[("token", "x")]).await;
    assert_eq!(wrong.status(), 401);
    let at_public_address = reqwest::get(format!("{}/metrics", installation.issuer)).await.unwrap();
    assert_eq!(at_public_address.status(), 404);

    let metrics = reqwest::get(format!("http://{address}/metrics")).await.unwrap();
    assert_eq!(metrics.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let metrics = metrics.text().await.unwrap();
    let has = |line: &str| assert!(metrics.lines().any(|had| had.starts_with(line)), "{line}\n{metrics}");
    has(r#"oauth2_http_requests_total{route="/oauth/token",method="POST",status="200"} 2"#);
    has(r#"oauth2_http_requests_total{route="/oauth/token",method="POST",status="400"} 3"#);
    has(r#"oauth2_http_requests_total{route="none",method="GET",status="404"} 1"#);
    has(r#"oauth2_http_request_seconds_count{route="/oauth/token"} 5"#);
    has(r#"oauth2_tokens_issued_total{grant_type="client_credentials"} 1"#);
    has(r#"oauth2_tokens_issued_total{grant_type="password"} 1"#);
    has(r#"oauth2_errors_total{error="invalid_scope"} 1"#);
    has(r#"oauth2_sign_ins_total{through="password_grant",result="signed_in"} 1"#);
    has(r#"oauth2_sign_ins_total{through="password_grant",result="unknown_user"} 1"#);
    has(r#"oauth2_sign_ins_total{through="password_grant",result="wrong_password"} 1"#);
    has(r#"oauth2_guesses_total{guessed="client_secret",result="wrong"} 1"#);
    has(r#"oauth2_store_seconds_bucket{store="sqlite",statement="SELECT",le="5"} "#);
    has(r#"oauth2_store_connections{pool="sqlite_writer",state="idle"} 1"#);
    has(r#"oauth2_store_full{store="sqlite"} 0"#);
    has(r#"oauth2_store_file_bytes{file="database"} "#);
    has(r#"oauth2_store_file_bytes{file="reserve"} 8388608"#);
    has("oauth2_store_free_bytes ");
    has("oauth2_password_hashing_running 0");
    has("oauth2_password_hashing_waiting 0");
    has(r#"oauth2_signing_key_age_seconds{algorithm="RS256"} "#);
    for secret in [PASSWORD, app.secret.as_deref().unwrap(), "ada"] {
        assert!(!metrics.contains(secret), "{secret:?} is in the metrics");
    }
    assert!(server.ends().await.status.success());
}

#[tokio::test]
async fn a_metrics_address_that_is_taken_stops_the_start() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let installation = Installation::with(&[("OAUTH2_METRICS_ADDR", &address)]);
    let ended = installation.runs(&[], "").await;
    assert!(!ended.status.success());
    assert!(
        ended.errors.contains(&format!("OAUTH2_METRICS_ADDR: cannot listen on {address}")),
        "{}",
        ended.errors
    );
}
