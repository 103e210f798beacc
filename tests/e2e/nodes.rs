//! Two nodes on one store are one server (the bounds are in docs/decisions/).

use std::sync::Arc;

use application::keys::Urgency;
use chrono::Duration;
use domain::{Actor, SigningAlgorithm};
use serde_json::{Value, json};
use tests::support::{Browser, Landed, RelyingParty, TwoNodes};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// Two nodes, a registered client, and a user.
async fn nodes() -> (TwoNodes, RelyingParty) {
    let nodes = TwoNodes::start().await;
    nodes.a.user("ada").await;
    let web = RelyingParty::confidential(&nodes.b, "web").await;
    (nodes, web)
}

fn kid(jwt: &str) -> String {
    jsonwebtoken::decode_header(jwt).unwrap().kid.unwrap()
}

#[tokio::test]
async fn a_flow_whose_every_step_goes_to_the_other_node_works() {
    let (nodes, web) = nodes().await;
    for _ in 0..2 {
        let browser = Browser::new(&nodes.issuer);
        let before = nodes.requests();
        let tokens = web.tokens(&browser, "ada", &[]).await;
        assert!(nodes.requests() >= before + 4, "the flow sent too few requests");
        let access_token = tokens.text("access_token");
        assert_eq!(web.userinfo(access_token).await.status(), 200);
        assert_eq!(web.introspect(access_token).await["active"], true);
        let refreshed = web.refresh(tokens.text("refresh_token")).await;
        let refreshed = RelyingParty::successful(refreshed).await;
        // The retry reaches the other node, which returns the same successor.
        let retried = web.refresh(tokens.text("refresh_token")).await;
        let retried = RelyingParty::successful(retried).await;
        assert_eq!(refreshed.text("refresh_token"), retried.text("refresh_token"));

        let logout = format!("/oauth/logout?id_token_hint={}", tokens.text("id_token"));
        assert!(browser.open(&logout).await.page().has("#logged-out"));
        assert_eq!(web.introspect(refreshed.text("access_token")).await, json!({"active": false}));
        // In the second round, every step must reach the other node than in the first.
        if (nodes.requests() - before).is_multiple_of(2) {
            web.introspect(access_token).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_redemptions_split_over_both_nodes_one_succeeds() {
    let (nodes, web) = nodes().await;
    let code = web.code(&Browser::new(&nodes.issuer), "ada", &[]).await;
    let barrier = Arc::new(Barrier::new(1_000));
    let mut redemptions = JoinSet::new();
    for number in 0..1_000 {
        let node = if number % 2 == 0 { &nodes.a } else { &nodes.b };
        let (web, code, barrier) = (web.at(&node.listening), code.clone(), barrier.clone());
        redemptions.spawn(async move {
            barrier.wait().await;
            let answer = web.redeem(&code).await;
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
        });
    }
    let answers = redemptions.join_all().await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(status, _)| *status == 200);
    assert_eq!(won.len(), 1);
    for (status, body) in lost {
        assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    }
    // Another request was detected as a replay, so the winner's tokens are revoked on both nodes.
    let access_token = won[0].1["access_token"].as_str().unwrap();
    for node in [&nodes.a, &nodes.b] {
        assert_eq!(web.at(&node.listening).introspect(access_token).await, json!({"active": false}));
    }
}

#[tokio::test]
async fn a_revocation_on_one_node_is_seen_by_the_other_at_its_next_request() {
    let (nodes, web) = nodes().await;
    let (at_a, at_b) = (web.at(&nodes.a.listening), web.at(&nodes.b.listening));
    let tokens = web.tokens(&Browser::new(&nodes.issuer), "ada", &[]).await;
    let access_token = tokens.text("access_token");
    assert_eq!(at_b.userinfo(access_token).await.status(), 200);
    assert_eq!(at_a.revoke(access_token).await.status(), 200);
    assert_eq!(at_b.userinfo(access_token).await.status(), 401);
    assert_eq!(at_b.introspect(access_token).await, json!({"active": false}));

    assert_eq!(at_a.revoke(tokens.text("refresh_token")).await.status(), 200);
    assert_eq!(at_b.refresh(tokens.text("refresh_token")).await.status(), 400);
}

#[tokio::test]
async fn a_disabled_user_or_client_is_disabled_on_the_other_node_at_its_next_request() {
    for who in ["user", "client"] {
        let (nodes, web) = nodes().await;
        let at_b = web.at(&nodes.b.listening);
        let browser = Browser::new(&nodes.issuer);
        let tokens = web.tokens(&browser, "ada", &[]).await;
        assert_eq!(at_b.userinfo(tokens.text("access_token")).await.status(), 200);
        if who == "user" {
            let ada = nodes.a.users.find_by_sign_in_name(&"ada".parse().unwrap()).await.unwrap();
            nodes.a.users.set_enabled(ada.id, false, Actor::CommandLine).await.unwrap();
        } else {
            nodes.a.clients.set_enabled(&"web".parse().unwrap(), false, Actor::CommandLine).await.unwrap();
        }
        assert_eq!(at_b.userinfo(tokens.text("access_token")).await.status(), 401, "{who}");
        let refused = at_b.refresh(tokens.text("refresh_token")).await.status();
        assert_eq!(refused, if who == "user" { 400 } else { 401 }, "{who}");
    }
}

#[tokio::test]
async fn a_session_that_ended_on_one_node_has_ended_on_the_other() {
    let (nodes, web) = nodes().await;
    let browser = Browser::new(&nodes.issuer);
    let tokens = web.tokens(&browser, "ada", &[]).await;
    // Cookies are bound to the host and not to the port, so this browser is signed in at both
    // addresses.
    let authorize_at_b = web.at(&nodes.b.listening).authorization_url(&[]);
    assert!(matches!(browser.open(&authorize_at_b).await, Landed::Client(_)));
    let logout = format!("{}/oauth/logout?id_token_hint={}", nodes.a.listening, tokens.text("id_token"));
    assert_eq!(browser.http().get(logout).send().await.unwrap().status(), 200);
    let answer = browser.http().get(&authorize_at_b).send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.contains("/login"), "{location}");
    assert_eq!(web.at(&nodes.b.listening).refresh(tokens.text("refresh_token")).await.status(), 400);
}

#[tokio::test]
async fn a_key_rotation_on_one_node_is_seen_by_the_other_within_a_second() {
    let (nodes, web) = nodes().await;
    let (at_a, at_b) = (web.at(&nodes.a.listening), web.at(&nodes.b.listening));
    let browser = Browser::new(&nodes.issuer);
    let before = web.tokens(&browser, "ada", &[]).await;
    nodes.a.clock.advance(Duration::seconds(300));
    at_b.userinfo(before.text("access_token")).await; // B has looked at its keys just now
    nodes.a.keys.rotate(SigningAlgorithm::Rs256, Urgency::Scheduled, Actor::CommandLine).await.unwrap();

    // Within that second, each node may sign with a different key, and each accepts tokens of the
    // other.
    for (signs, believes) in [(&at_a, &at_b), (&at_b, &at_a)] {
        let tokens = signs.redeemed(&web.code(&browser, "ada", &[]).await).await;
        assert_eq!(believes.userinfo(tokens.text("access_token")).await.status(), 200);
    }
    nodes.a.clock.advance(Duration::seconds(1));
    let new = kid(at_a.redeemed(&web.code(&browser, "ada", &[]).await).await.text("id_token"));
    assert_ne!(new, kid(before.text("id_token")));
    let seen = at_b.redeemed(&web.code(&browser, "ada", &[]).await).await;
    assert_eq!(kid(seen.text("id_token")), new);

    nodes.a.keys.rotate(SigningAlgorithm::Rs256, Urgency::Compromised, Actor::CommandLine).await.unwrap();
    nodes.a.clock.advance(Duration::seconds(1));
    assert_eq!(at_b.userinfo(seen.text("access_token")).await.status(), 401);
}

#[tokio::test]
async fn guesses_are_counted_over_both_nodes() {
    let (nodes, web) = nodes().await;
    let browser = Browser::new(&nodes.issuer);
    let login = browser.open(&web.authorization_url(&[])).await.page();
    let guess = || browser.submit(&login, &[("username", "ada"), ("password", "wrong")]);
    for _ in 0..nodes.a.settings.authentication_limit.attempts {
        assert_eq!(guess().await.page().status, 422);
    }
    for _ in 0..2 {
        assert_eq!(guess().await.page().status, 429);
    }
}
