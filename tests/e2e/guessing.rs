//! Guessing passwords over many addresses (NIST SP 800-63B §3.2.2), and browsers that the person signed in with before.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use application::port::{Attempt, Attempts, Counter, Forgiven, Ports, Unavailable};
use application::settings::Settings;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::{Actor, GrantType, Secret};
use tests::support::{Browser, PASSWORD, Page, RelyingParty, TestServer};

/// A browser at an address of its own.
fn stranger(server: &TestServer, number: u8) -> Browser {
    Browser::calling_from(&server.issuer, IpAddr::V4(Ipv4Addr::new(127, 0, 9, number)))
}

async fn attempt(browser: &Browser, username: &str, password: &str) -> Page {
    let login = browser.open("/login").await.page();
    browser.submit(&login, &[("username", username), ("password", password)]).await.page()
}

/// A browser that the person has signed in with, at the address that every test calls from.
async fn known(server: &TestServer, username: &str) -> Browser {
    let browser = Browser::new(&server.issuer);
    assert_eq!(attempt(&browser, username, PASSWORD).await.status, 200);
    browser
}

/// The same browser after its session has ended.
fn without_session(server: &TestServer, browser: &Browser) -> Browser {
    let device = device_cookie(browser);
    Browser::with_cookies(&server.issuer, &[device])
}

fn device_cookie(browser: &Browser) -> (String, String) {
    let device = browser.cookies().into_iter().find(|(name, _)| name.starts_with("oauth2_device"));
    device.unwrap()
}

/// Wrong passwords from as many addresses, until strangers are refused.
async fn reach_the_ceiling(server: &TestServer, username: &str, ceiling: u8) {
    for number in 1..=ceiling {
        let refused = attempt(&stranger(server, number), username, "wrong").await;
        assert_eq!(refused.status, 422, "failure {number} of {username}");
    }
    let limited = attempt(&stranger(server, ceiling + 1), username, PASSWORD).await;
    assert_eq!(limited.status, 429, "{username}");
}

async fn server(change: impl FnOnce(&mut Settings)) -> TestServer {
    let server = TestServer::with(|settings| {
        settings.authentication_ceiling = 4;
        change(settings);
    })
    .await;
    server.user("ada").await;
    server
}

#[tokio::test]
async fn a_hundred_failures_from_as_many_addresses_are_the_ceiling_and_invented_names_are_alike() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let mut shown = Vec::new();
    for name in ["ada", "nobody"] {
        reach_the_ceiling(&server, name, 100).await;
        let limited = attempt(&stranger(&server, 200), name, PASSWORD).await;
        shown.push((limited.status, limited.text("[role=alert]"), limited.headers["retry-after"].clone()));
    }
    assert_eq!(shown[0], shown[1]);
    assert_eq!(shown[0].2, "2592000", "thirty days after the hundredth");
    assert!(shown[0].1.contains("browser that you have used here before"), "{}", shown[0].1);
}

#[tokio::test]
async fn strangers_lock_no_known_browser_out_and_its_success_lets_strangers_in_again() {
    let server = server(|_| {}).await;
    server.user("eve").await;
    let browser = without_session(&server, &known(&server, "ada").await);
    reach_the_ceiling(&server, "ada", 4).await;
    assert_eq!(attempt(&stranger(&server, 9), "eve", PASSWORD).await.status, 200, "another account");
    assert_eq!(attempt(&browser, "ada", "wrong").await.status, 422, "judged apart");
    assert_eq!(attempt(&browser, "ada", PASSWORD).await.status, 200);
    assert_eq!(attempt(&stranger(&server, 10), "ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn nobody_at_the_same_address_locks_a_known_browser_out() {
    let server = server(|settings| settings.authentication_limit.attempts = 1).await;
    let browser = without_session(&server, &known(&server, "ada").await);
    for number in 0..100 {
        assert_eq!(
            attempt(&Browser::new(&server.issuer), &format!("user-{number}"), "wrong").await.status,
            422
        );
    }
    assert_eq!(attempt(&Browser::new(&server.issuer), "ada", PASSWORD).await.status, 429);
    assert_eq!(attempt(&browser, "ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn only_consecutive_failures_count() {
    let server = server(|_| {}).await;
    for round in 0..3 {
        for number in 1..=3 {
            assert_eq!(attempt(&stranger(&server, 10 * round + number), "ada", "wrong").await.status, 422);
        }
        assert_eq!(attempt(&stranger(&server, 100 + round), "ada", PASSWORD).await.status, 200);
    }
}

#[tokio::test]
async fn a_known_browser_has_the_same_limits_and_may_not_guess_on_as_a_stranger() {
    let server = server(|settings| settings.authentication_limit.attempts = 2).await;
    let browser = without_session(&server, &known(&server, "ada").await);
    for _ in 0..2 {
        for expected in [422, 422, 429] {
            assert_eq!(attempt(&browser, "ada", "wrong").await.status, expected);
        }
        server.clock.advance(Duration::minutes(15));
    }
    let limited = attempt(&browser, "ada", PASSWORD).await;
    assert_eq!(limited.status, 429, "its own ceiling");
    assert_eq!(attempt(&stranger(&server, 1), "ada", PASSWORD).await.status, 200, "strangers have another");
}

#[tokio::test]
async fn a_device_cookie_is_no_help_when_it_is_changed_or_for_another_account() {
    let server = server(|_| {}).await;
    server.user("eve").await;
    let of_eve = without_session(&server, &known(&server, "eve").await);
    let (name, value) = device_cookie(&known(&server, "ada").await);
    let other = TestServer::start().await;
    other.user("ada").await;
    let (_, of_another_key) = device_cookie(&known(&other, "ada").await);
    let mut changed = value.clone();
    let last = if changed.pop() == Some('A') { 'Q' } else { 'A' };
    changed.push(last);
    reach_the_ceiling(&server, "ada", 4).await;
    for forged in [changed, value[..40].to_owned(), String::new(), "x".repeat(4_000), of_another_key] {
        let browser = Browser::with_cookies(&server.issuer, &[(name.clone(), forged.clone())]);
        assert_eq!(attempt(&browser, "ada", PASSWORD).await.status, 429, "{forged}");
    }
    assert_eq!(attempt(&of_eve, "ada", PASSWORD).await.status, 429);
    let right = Browser::with_cookies(&server.issuer, &[(name, value)]);
    assert_eq!(attempt(&right, "ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_new_password_ends_the_ceiling_and_makes_every_browser_a_stranger() {
    let server = server(|_| {}).await;
    let browser = without_session(&server, &known(&server, "ada").await);
    reach_the_ceiling(&server, "ada", 4).await;
    let ada = server.users.find_by_sign_in_name(&"ada".parse().unwrap()).await.unwrap();
    let new = "another horse battery staple";
    server.users.set_password(&ada, &Secret::from(new), Actor::CommandLine).await.unwrap();
    let wrong = attempt(&stranger(&server, 20), "ada", PASSWORD).await;
    assert_eq!(wrong.status, 422, "it is counted anew");
    for number in 21..=23 {
        assert_eq!(attempt(&stranger(&server, number), "ada", "wrong").await.status, 422);
    }
    assert_eq!(attempt(&browser, "ada", new).await.status, 429, "the cookie was for the old password");
}

#[tokio::test]
async fn a_ceiling_that_is_left_alone_passes_after_seven_hours_for_each_failure() {
    let server = server(|_| {}).await;
    reach_the_ceiling(&server, "ada", 4).await;
    server.clock.advance(Duration::minutes(4 * 432) - Duration::seconds(1));
    assert_eq!(attempt(&stranger(&server, 50), "ada", PASSWORD).await.status, 429);
    server.clock.advance(Duration::seconds(1));
    assert_eq!(attempt(&stranger(&server, 50), "ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_browser_is_known_to_each_person_who_signed_in_with_it() {
    let server = server(|_| {}).await;
    server.user("eve").await;
    let first = without_session(&server, &known(&server, "ada").await);
    assert_eq!(attempt(&first, "eve", PASSWORD).await.status, 200);
    let family = without_session(&server, &first);
    for name in ["ada", "eve"] {
        reach_the_ceiling(&server, name, 4).await;
        assert_eq!(attempt(&family, name, PASSWORD).await.status, 200, "{name}");
    }
}

#[tokio::test]
async fn a_browser_is_known_to_the_last_four_people_and_for_400_days() {
    let server = server(|_| {}).await;
    let browser = known(&server, "ada").await;
    for name in ["eve", "bob", "joe", "sue"] {
        server.user(name).await;
        assert_eq!(attempt(&browser, name, PASSWORD).await.status, 200);
    }
    reach_the_ceiling(&server, "ada", 4).await;
    assert_eq!(attempt(&without_session(&server, &browser), "ada", PASSWORD).await.status, 429);
    server.clock.advance(Duration::days(400) - Duration::seconds(1));
    for expected in [200, 429] {
        reach_the_ceiling(&server, "eve", 4).await;
        assert_eq!(attempt(&without_session(&server, &browser), "eve", PASSWORD).await.status, expected);
        server.clock.advance(Duration::seconds(1));
    }
}

#[tokio::test]
async fn a_sign_in_does_not_give_a_browser_new_counters() {
    let server = server(|_| {}).await;
    let (first, second) =
        (known(&server, "ada").await, without_session(&server, &known(&server, "ada").await));
    let before = without_session(&server, &first);
    assert_eq!(attempt(&first, "ada", PASSWORD).await.status, 200);
    let after = without_session(&server, &first);
    assert_ne!(device_cookie(&before), device_cookie(&after));
    for browser in [&before, &after, &before, &after] {
        assert_eq!(attempt(browser, "ada", "wrong").await.status, 422);
    }
    for (browser, expected) in [(&before, 429), (&after, 429), (&second, 200)] {
        assert_eq!(attempt(browser, "ada", PASSWORD).await.status, expected);
    }
}

static CALLS: AtomicU32 = AtomicU32::new(0);

struct Counted(Arc<dyn Attempts>);

#[async_trait]
impl Attempts for Counted {
    async fn count(&self, counters: &[Counter], now: DateTime<Utc>) -> Result<Attempt, Unavailable> {
        CALLS.fetch_add(1, Ordering::SeqCst);
        self.0.count(counters, now).await
    }

    async fn forgive(&self, forgiven: &[Forgiven]) -> Result<(), Unavailable> {
        CALLS.fetch_add(1, Ordering::SeqCst);
        self.0.forgive(forgiven).await
    }
}

#[tokio::test]
async fn a_success_writes_its_counters_twice_and_a_failure_once() {
    let counted =
        |ports: &mut Ports| ports.stores.attempts = Arc::new(Counted(ports.stores.attempts.clone()));
    let server = TestServer::with_ports(counted).await;
    server.user("ada").await;
    let browser = Browser::new(&server.issuer);
    for (password, status, calls) in [("wrong", 422, 1), (PASSWORD, 200, 3), (PASSWORD, 200, 5)] {
        assert_eq!(attempt(&browser, "ada", password).await.status, status);
        assert_eq!(CALLS.load(Ordering::SeqCst), calls);
    }
}

#[tokio::test]
async fn the_device_cookie_lasts_longer_than_the_session_and_no_script_sees_it() {
    let server = server(|settings| settings.issuer = "https://login.example.com".parse().unwrap()).await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let page = http.get(format!("{}/login", server.listening)).send().await.unwrap();
    let binding = page.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let location = page.headers()["location"].to_str().unwrap().to_owned();
    let url = format!("{}{location}", server.listening);
    let page = http.get(url).header("cookie", &binding).send().await.unwrap().text().await.unwrap();
    let field = |name: &str| {
        let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        after.split('"').next().unwrap().to_owned()
    };
    let form = [
        ("interaction", field("interaction")),
        ("form_token", field("form_token")),
        ("username", "ada".to_owned()),
        ("password", PASSWORD.to_owned()),
    ];
    let posted = http.post(format!("{}/login", server.listening)).header("cookie", &binding).form(&form);
    let answer = posted.send().await.unwrap();
    let mut cookies = answer.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let device = cookies.find(|cookie| cookie.starts_with("__Host-device=")).unwrap();
    let attributes: Vec<_> = device.split("; ").skip(1).collect();
    assert_eq!(attributes, ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=34560000"]);
}

#[tokio::test]
async fn the_password_grant_counts_for_each_application_and_account() {
    let server = server(|settings| {
        settings.password_grant = true;
        settings.authentication_limit.attempts = 3;
    })
    .await;
    server.user("eve").await;
    let application = async |id: &str| {
        RelyingParty::register(&server, id, |client| {
            client.grant_types = [GrantType::Password].into();
            client.redirect_uris.clear();
        })
        .await
    };
    let (one, other) = (application("one").await, application("other").await);
    let grant = async |client: &RelyingParty, username: &str, password: &str| {
        let fields =
            [("grant_type", "password"), ("username", username), ("password", password), ("scope", "read")];
        client.token(&fields).await.status().as_u16()
    };
    for name in ["ada", "nobody"] {
        for expected in [400, 400, 400, 429] {
            assert_eq!(grant(&one, name, "wrong").await, expected, "{name}");
        }
    }
    assert_eq!(grant(&one, "ada", PASSWORD).await, 429);
    assert_eq!(grant(&one, "eve", PASSWORD).await, 200, "another account");
    assert_eq!(grant(&other, "ada", PASSWORD).await, 200, "another application");
    assert_eq!(attempt(&stranger(&server, 1), "ada", PASSWORD).await.status, 200, "the login page");
    // The ceiling holds beyond the window, and one success ends it.
    server.clock.advance(Duration::minutes(15));
    assert_eq!(grant(&one, "ada", "wrong").await, 400);
    assert_eq!(grant(&one, "ada", PASSWORD).await, 429);
    server.clock.advance(Duration::minutes(4 * 432));
    assert_eq!(grant(&one, "ada", "wrong").await, 400);
    assert_eq!(grant(&one, "ada", PASSWORD).await, 200);
    for _ in 0..3 {
        assert_eq!(grant(&one, "ada", "wrong").await, 400);
    }
    // The login page locks no application out.
    for number in 1..=4 {
        assert_eq!(attempt(&stranger(&server, number), "ada", "wrong").await.status, 422);
    }
    assert_eq!(attempt(&stranger(&server, 5), "ada", PASSWORD).await.status, 429);
    assert_eq!(grant(&other, "ada", PASSWORD).await, 200);
}
