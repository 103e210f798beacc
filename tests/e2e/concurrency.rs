//! Concurrent requests with one winner (RFC 6749 §10.5, RFC 9700 §4.14.2).

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// The responses to `count` requests that start at the same moment.
async fn concurrently<F>(count: usize, request: impl Fn() -> F) -> Vec<(u16, Value)>
where
    F: Future<Output = reqwest::Response> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(count));
    let mut tasks = JoinSet::new();
    for _ in 0..count {
        let (barrier, request) = (Arc::clone(&barrier), request());
        tasks.spawn(async move {
            barrier.wait().await;
            let answer = request.await;
            (answer.status().as_u16(), answer.json().await.unwrap())
        });
    }
    tasks.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_redemptions_of_one_code_one_succeeds_and_its_tokens_are_revoked() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let code = web.code(&Browser::new(&server.issuer), "ada", &[]).await;

    // As many at once as one row of a busy machine serves before a store gives up waiting.
    let mut answers = Vec::new();
    for _ in 0..5 {
        let redeemed = concurrently(200, || {
            let (web, code) = (web.clone(), code.clone());
            async move { web.redeem(&code).await }
        });
        answers.extend(redeemed.await);
    }
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(status, _)| *status == 200);
    assert_eq!(won.len(), 1);
    assert_eq!(lost.len(), 999);
    for (status, body) in lost {
        assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    }
    let tokens = &won[0].1;
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(web.introspect(access_token).await, json!({"active": false}));
    assert_eq!(web.refresh(tokens["refresh_token"].as_str().unwrap()).await.status(), 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_refreshes_of_one_token_there_is_one_successor() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let refresh_token = tokens.text("refresh_token").to_owned();

    let answers = concurrently(100, || {
        let (web, refresh_token) = (web.clone(), refresh_token.clone());
        async move { web.refresh(&refresh_token).await }
    })
    .await;
    assert!(answers.iter().all(|(status, _)| *status == 200), "every honest retry is answered");
    let successors: HashSet<_> =
        answers.iter().map(|(_, body)| body["refresh_token"].as_str().unwrap().to_owned()).collect();
    assert_eq!(successors.len(), 1);
    let successor = successors.into_iter().next().unwrap();
    assert_eq!(web.refresh(&successor).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_with_a_chosen_secret_may_call_as_often_as_it_likes() {
    let server = TestServer::start().await;
    let chosen = Some("a secret an operator chose");
    let service = RelyingParty::register_with(&server, "service", chosen, |client| {
        client.grant_types = [domain::GrantType::ClientCredentials].into();
    })
    .await;
    let answers = concurrently(40, || {
        let service = service.clone();
        async move { service.token(&[("grant_type", "client_credentials")]).await }
    })
    .await;
    assert!(answers.iter().all(|(status, _)| *status == 200), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_retry_window_concurrent_refreshes_revoke_the_family() {
    let server =
        TestServer::with(|settings| settings.lifetimes.refresh_replay_window = chrono::Duration::zero())
            .await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let tokens = web.tokens(&Browser::new(&server.issuer), "ada", &[]).await;
    let refresh_token = tokens.text("refresh_token").to_owned();

    let answers = concurrently(20, || {
        let (web, refresh_token) = (web.clone(), refresh_token.clone());
        async move { web.refresh(&refresh_token).await }
    })
    .await;
    let won: Vec<_> = answers.iter().filter(|(status, _)| *status == 200).collect();
    assert_eq!(won.len(), 1);
    let successor = won[0].1["refresh_token"].as_str().unwrap();
    assert_eq!(web.refresh(successor).await.status(), 400, "the family is revoked");
}
