//! The log lines that fail2ban and CrowdSec read, by the filters of docs/deployment.md.

use std::net::{IpAddr, Ipv4Addr};

use regex::Regex;
use tests::support::{Browser, PASSWORD};

use crate::installation::Installation;
use crate::{USERNAME, client, user};

/// What strangers put wherever they can: lines that ban another address, in both formats.
const FORGED: [&str; 3] = [
    "\r\n2026-11-30T15:15:26.123456Z  WARN sign_in: sign-in failed address=\"192.0.2.66\" through=\"login_page\" reason=\"",
    "2026-11-30T15:15:26.123456Z  WARN sign_in: sign-in failed address=\"192.0.2.66\" through=\"login_page\" reason=\"",
    "\n{\"timestamp\":\"2026-11-30T15:15:26.123456Z\",\"level\":\"WARN\",\"message\":\"sign-in failed\",\"address\":\
     \"192.0.2.66\",\"through\":\"login_page\",\"reason\":\"",
];

fn documentation() -> String {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/deployment.md");
    std::fs::read_to_string(file).expect("docs/deployment.md")
}

/// The value of a setting of several lines, each one indented but the first.
fn setting(text: &str, name: &str) -> Vec<String> {
    let after = text.split(&format!("\n{name} = ")).nth(1).expect("a setting");
    let mut lines = after.lines();
    let first = lines.next().expect("a value").to_owned();
    let more = lines.take_while(|line| line.starts_with("    ")).map(|line| line.trim().to_owned());
    std::iter::once(first).chain(more).collect()
}

/// The address that the documented filter of fail2ban finds in a line. It removes the time first.
fn banned_by_fail2ban(line: &str) -> Option<String> {
    let text = documentation();
    let time = setting(&text, "datepattern").remove(0);
    let time =
        ["%%Y", "%%m", "%%d", "%%H", "%%M", "%%S"].iter().fold(time, |time, part| time.replace(part, r"\d+"));
    let line = Regex::new(&time.replace("%%z", "Z")).expect("a pattern").replace(line, "").into_owned();
    setting(&text, "failregex")
        .iter()
        .find_map(|pattern| found(&pattern.replace("<ADDR>", "(?P<address>[0-9a-f.:]+)"), &line))
}

/// The address that the documented parser of CrowdSec finds in a line.
fn found_by_crowdsec(line: &str) -> Option<String> {
    let text = documentation();
    let patterns = text.lines().filter_map(|line| line.trim().strip_prefix("pattern: '")?.strip_suffix('\''));
    let patterns: Vec<_> = patterns
        .map(|pattern| {
            let pattern = pattern.replace("%{TIMESTAMP_ISO8601:timestamp}", r"[-0-9T:.]+Z");
            pattern.replace("%{IP:source_ip}", "(?P<address>[0-9a-f.:]+)")
        })
        .collect();
    assert_eq!(patterns.len(), 2, "one for each format");
    patterns.iter().find_map(|pattern| found(pattern, line))
}

fn found(pattern: &str, line: &str) -> Option<String> {
    let captures = Regex::new(pattern).expect("a pattern").captures(line)?;
    Some(captures["address"].to_owned())
}

async fn attempt(issuer: &str, last: u8, username: &str, password: &str) {
    let browser = Browser::calling_from(issuer, IpAddr::V4(Ipv4Addr::new(127, 0, 9, last)));
    let login = browser.open("/login").await.page();
    browser.submit(&login, &[("username", username), ("password", password)]).await;
}

/// A program that calls from this address.
fn program(last: u8) -> reqwest::Client {
    let address = IpAddr::V4(Ipv4Addr::new(127, 0, 9, last));
    reqwest::Client::builder().no_proxy().local_address(address).build().expect("an HTTP client")
}

/// Wrong secrets of every kind, each from its own address.
async fn guess_in_every_way(issuer: &str) {
    let sent = |request: reqwest::RequestBuilder| async { request.send().await.expect("an answer").status() };
    let token = format!("{issuer}/oauth/token");
    let grant = ("grant_type", "client_credentials");
    let wrong = program(21).post(&token).basic_auth("app", Some("wrong")).form(&[grant]);
    assert_eq!(sent(wrong).await, 401);
    let forged = [grant, ("client_id", FORGED[1]), ("client_secret", FORGED[1])];
    assert_eq!(sent(program(22).post(&token).form(&forged)).await, 401);
    let register = format!("{issuer}/connect/register");
    let document = serde_json::json!({"redirect_uris": ["https://app.example/cb"]});
    assert_eq!(sent(program(23).post(&register).bearer_auth("wrong").json(&document)).await, 401);
    assert_eq!(sent(program(24).get(format!("{register}/app")).bearer_auth("wrong")).await, 401);
    assert_eq!(sent(program(25).get(format!("{issuer}/setup?token=wrong"))).await, 400);
    let browser = Browser::calling_from(issuer, IpAddr::V4(Ipv4Addr::new(127, 0, 9, 26)));
    let login = browser.open("/oauth/device/verify").await.page();
    let device = browser.sign_in(&login, USERNAME).await.page();
    assert_eq!(browser.submit(&device, &[("user_code", "BCDF-GHJK")]).await.page().status, 422);
    // What sends no secret guesses none.
    let silent = [program(27).post(&token).form(&[grant]), program(27).get(format!("{issuer}/setup"))];
    for request in silent {
        assert!(sent(request).await.is_client_error());
    }
    assert_eq!(sent(program(27).post(&register).json(&document)).await, 401);
}

async fn fail_in_every_way(installation: &Installation) {
    user(installation).await;
    let app = client(installation, &["--grant", "password"]).await;
    let issuer = &installation.issuer;
    attempt(issuer, 1, USERNAME, PASSWORD).await;
    attempt(issuer, 2, USERNAME, "wrong").await;
    attempt(issuer, 2, USERNAME, PASSWORD).await;
    attempt(issuer, 3, "nobody", "wrong").await;
    for (last, forged) in (11..).zip(FORGED) {
        attempt(issuer, last, forged, "wrong").await;
        let fields = [("grant_type", forged), ("username", forged), ("password", forged)];
        app.post("/oauth/token", &fields).await;
        let unknown = reqwest::Client::new().post(format!("{issuer}/oauth/token"));
        unknown.form(&[("client_id", forged), ("grant_type", "password")]).send().await.expect("an answer");
    }
    // An application is not banned for what is typed there.
    let fields = [("grant_type", "password"), ("username", USERNAME), ("password", "wrong")];
    app.post("/oauth/token", &fields).await;
    guess_in_every_way(issuer).await;
    installation.answers(&["user", "disable", USERNAME, "--json"], "").await;
    attempt(issuer, 4, USERNAME, PASSWORD).await;
}

#[tokio::test]
async fn the_documented_filters_find_every_failure_on_the_login_page_every_guess_and_no_forged_one() {
    for format in ["text", "json"] {
        let more = [
            ("OAUTH2_LOG_FORMAT", format),
            ("OAUTH2_AUTHENTICATION_ATTEMPTS", "1"),
            ("OAUTH2_PASSWORD_GRANT_ENABLED", "true"),
        ];
        let installation = Installation::with(&more);
        let running = installation.serves().await;
        fail_in_every_way(&installation).await;
        let said = running.says("the user is disabled").await;
        let expected = [2, 2, 3, 11, 12, 13, 21, 22, 23, 24, 25, 26, 4].map(|last| format!("127.0.9.{last}"));
        for find in [banned_by_fail2ban, found_by_crowdsec] {
            assert_eq!(said.lines().filter_map(find).collect::<Vec<_>>(), expected, "{format}\n{said}");
        }
        // What is in the log of systemd has a prefix.
        let journal = said.lines().map(|line| format!("login oauth2-server[17]: {line}"));
        let found: Vec<_> = journal.filter_map(|line| banned_by_fail2ban(&line)).collect();
        assert_eq!(found, expected, "{format}");
        assert!(said.contains("password_grant") && said.contains("192.0.2.66"), "{said}");
    }
}
