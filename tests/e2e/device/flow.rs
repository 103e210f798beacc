//! The whole device flow, and what the user sees (RFC 8628 §3).

use std::collections::HashSet;
use std::sync::Arc;

use chrono::Duration;
use serde_json::{Value, json};
use tests::support::{Browser, RelyingParty, TestServer, Tokens};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::{
    GRANT, approve, begin, decide, enter, page_for, poll, polled, printer, signed_in, television, tokens,
};

/// Posts a form as `curl -d` does.
async fn curl(server: &TestServer, path: &str, form: String) -> reqwest::Response {
    let request = reqwest::Client::new().post(server.url(path));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    request.send().await.unwrap()
}

#[tokio::test]
async fn the_page_names_the_host_that_an_operator_registered() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let both = RelyingParty::register(&server, "both", |client| {
        client.grant_types.insert(domain::GrantType::DeviceCode);
    })
    .await;
    let browser = signed_in(&server, "ada").await;
    let page = page_for(&browser, &begin(&both, "openid").await).await;
    assert_eq!(page.text(".host"), "client.example", "{}", page.html);
    let plain = television(&server, "tv").await;
    let page = page_for(&browser, &begin(&plain, "openid").await).await;
    assert!(page.has("#allow") && !page.has(".host"), "{}", page.html);
}

#[tokio::test]
async fn a_television_gets_tokens_by_the_two_requests_of_the_documentation() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    television(&server, "YOUR_CLIENT_ID").await;

    let form = "client_id=YOUR_CLIENT_ID&scope=read".to_owned();
    let answer = curl(&server, "/oauth/device_authorization", form).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["cache-control"]),
        (200, &"no-store".parse().unwrap())
    );
    let begun = Tokens(answer.json::<Value>().await.unwrap());
    let members: HashSet<_> = begun.0.as_object().unwrap().keys().map(String::as_str).collect();
    let promised = [
        "device_code",
        "user_code",
        "verification_uri",
        "verification_uri_complete",
        "expires_in",
        "interval",
    ];
    assert_eq!(members, promised.into());
    assert_eq!((&begun.0["expires_in"], &begun.0["interval"]), (&json!(600), &json!(5)));
    assert_eq!(begun.text("verification_uri"), server.url("/oauth/device/verify"));
    let user_code = begun.text("user_code");
    let complete = format!("{}?user_code={user_code}", begun.text("verification_uri"));
    assert_eq!(begun.text("verification_uri_complete"), complete);
    let letters: String = user_code.split('-').collect();
    assert!(user_code.len() == 9 && user_code.find('-') == Some(4), "{user_code}");
    assert!(letters.chars().all(|letter| "BCDFGHJKLMNPQRSTVWXZ".contains(letter)), "{user_code}");
    assert_eq!(begun.text("device_code").len(), 43, "256 bits");

    let form =
        format!("grant_type={GRANT}&device_code={}&client_id=YOUR_CLIENT_ID", begun.text("device_code"));
    let pending = curl(&server, "/oauth/token", form.clone()).await;
    assert_eq!(super::error(pending).await, (400, "authorization_pending".to_owned()));

    // The user opens the URL, signs in, and types the code that the television shows.
    let browser = Browser::new(&server.issuer);
    let login = browser.open(begun.text("verification_uri")).await.page();
    let entry = browser.sign_in(&login, "ada").await.page();
    assert!(entry.has("input[name=user_code]") && entry.has("#continue"), "{}", entry.html);
    let page = enter(&browser, &entry, &format!(" {} ", letters.to_lowercase())).await;
    assert_eq!(page.text("#user-code"), user_code, "to compare");
    let text = page.text("body");
    assert!(text.contains("The YOUR_CLIENT_ID application") && text.contains("ada"), "{text}");
    assert!(text.to_lowercase().contains("read your data"), "{text}");
    assert!(page.has("#allow") && page.has("#deny"));
    assert!(
        decide(&browser, &page, "allow").await.text("#device-allowed").contains("go back to your device")
    );

    server.clock.advance(Duration::seconds(5));
    let answer = RelyingParty::successful(curl(&server, "/oauth/token", form).await).await;
    assert_eq!((&answer.0["token_type"], &answer.0["scope"]), (&json!("Bearer"), &json!("read")));
    assert!(answer.0.get("id_token").is_none() && answer.0.get("refresh_token").is_some());
    let claims = answer.claims("access_token");
    assert_eq!(
        (&claims["sub"], &claims["client_id"]),
        (&json!(ada.id.to_string()), &json!("YOUR_CLIENT_ID"))
    );
    assert_eq!(claims["acr"], "urn:oauth2-server:acr:password");
}

#[tokio::test]
async fn a_confidential_device_authenticates_at_both_endpoints_and_knows_how_the_person_signed_in() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let device = printer(&server, "printer").await;
    let begun = begin(&device, "openid profile").await;

    let browser = signed_in(&server, "ada").await;
    let auth_time = server.now().timestamp();
    server.clock.advance(Duration::seconds(60));
    approve(&browser, &begun).await;

    let secretless =
        [("grant_type", GRANT), ("device_code", begun.text("device_code")), ("client_id", "printer")];
    for path in ["/oauth/token", "/oauth/device_authorization"] {
        let answer = device.http().post(server.url(path)).form(&secretless).send().await.unwrap();
        assert_eq!(super::error(answer).await, (401, "invalid_client".to_owned()), "{path}");
    }
    let answer = tokens(&device, &begun).await;
    assert!(answer.0.get("refresh_token").is_none(), "it is not registered for them");
    let id_token = answer.claims("id_token");
    assert_eq!((&id_token["sub"], &id_token["aud"]), (&json!(ada.id.to_string()), &json!("printer")));
    assert_eq!((&id_token["auth_time"], &id_token["amr"]), (&json!(auth_time), &json!(["pwd"])));
    assert!(id_token.get("nonce").is_none() && id_token["sid"].is_string());
    assert_eq!(device.userinfo(answer.text("access_token")).await.status(), 200);
}

#[tokio::test]
async fn the_complete_address_leads_after_login_straight_to_the_question() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let tv = television(&server, "tv").await;
    let begun = begin(&tv, "openid read offline_access").await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(begun.text("verification_uri_complete")).await.page();
    assert!(login.has("#login") && !login.html.contains(begun.text("user_code")), "first sign in");
    assert!(!login.text("body").contains("tv"), "the page shows the code to a user who is not signed in");
    let page = browser.sign_in(&login, "ada").await.page();
    assert_eq!(page.text("#user-code"), begun.text("user_code"));
    assert!(page.text("body").contains("offline_access"));
    // Without the consent page, there is no approval.
    assert_eq!(polled(&tv, &begun).await, "authorization_pending");
}

#[tokio::test]
async fn whoever_is_denied_is_told() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let tv = television(&server, "tv").await;
    let browser = signed_in(&server, "ada").await;
    for decision in ["deny", "whatever is not a clear yes"] {
        let begun = begin(&tv, "read").await;
        let page = page_for(&browser, &begun).await;
        assert!(decide(&browser, &page, decision).await.has("#device-denied"));
        for _ in 0..2 {
            assert_eq!(polled(&tv, &begun).await, "access_denied");
        }
        assert!(page_for(&browser, &begun).await.has("#problem"), "a second decision was possible");
    }
}

#[tokio::test]
async fn two_devices_at_once_each_get_what_was_decided_about_them() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let tv = television(&server, "tv").await;
    let (kitchen, bedroom) = (begin(&tv, "openid read").await, begin(&tv, "openid write").await);
    approve(&signed_in(&server, "eve").await, &bedroom).await;
    assert_eq!(polled(&tv, &kitchen).await, "authorization_pending");
    approve(&signed_in(&server, "ada").await, &kitchen).await;
    for (begun, user, scope) in [(&kitchen, ada, "openid read"), (&bedroom, eve, "openid write")] {
        let answer = tokens(&tv, begun).await;
        assert_eq!(answer.claims("id_token")["sub"], user.id.to_string());
        assert_eq!(answer.0["scope"], scope);
    }
}

#[tokio::test]
async fn people_are_asked_every_time_and_nothing_is_remembered() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let own = RelyingParty::register(&server, "own", |client| {
        client.grant_types.insert(domain::GrantType::DeviceCode);
        client.first_party = true;
    })
    .await;
    let other = RelyingParty::register(&server, "other", |client| {
        client.grant_types.insert(domain::GrantType::DeviceCode);
    })
    .await;
    let browser = signed_in(&server, "ada").await;
    // A consent in a browser does not count for a device …
    browser.sign_in_and_consent(&other.authorization_url(&[("scope", "read")]), "ada").await;
    for client in [&own, &other] {
        let begun = begin(client, "read").await;
        assert!(page_for(&browser, &begun).await.has("#allow"), "{}", client.id);
        assert_eq!(polled(client, &begun).await, "authorization_pending");
    }
    // … and a consent for a device does not count in a browser.
    approve(&browser, &begin(&other, "read write").await).await;
    let wider = other.authorization_url(&[("scope", "read write")]);
    assert!(browser.open(&wider).await.page().has("#allow"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_polls_after_the_approval_one_gets_tokens_and_they_live() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let device = printer(&server, "printer").await;
    let begun = begin(&device, "read").await;
    approve(&signed_in(&server, "ada").await, &begun).await;

    let barrier = Arc::new(Barrier::new(100));
    let mut polls = JoinSet::new();
    for _ in 0..100 {
        let (barrier, device, begun) = (barrier.clone(), device.clone(), begun.clone());
        polls.spawn(async move {
            barrier.wait().await;
            let answer = poll(&device, &begun).await;
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
        });
    }
    let (won, lost): (Vec<_>, Vec<_>) =
        polls.join_all().await.into_iter().partition(|(status, _)| *status == 200);
    assert_eq!(won.len(), 1);
    for (status, body) in lost {
        assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    }
    // A device that redeems twice is not an attack, so its tokens stay valid.
    let access_token = won[0].1["access_token"].as_str().unwrap();
    assert_eq!(device.introspect(access_token).await["active"], true);
    assert_eq!(polled(&device, &begun).await, "invalid_grant");
    assert_eq!(device.introspect(access_token).await["active"], true);
}
