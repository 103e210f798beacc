//! What the log says about a request that is over a limit.

use serde_json::Value;
use tests::support::{Browser, PASSWORD, RelyingParty};

use crate::USERNAME;
use crate::installation::Installation;

#[tokio::test]
async fn a_device_over_the_limit_is_logged_with_its_client_its_address_and_the_limit() {
    let installation = Installation::with(&[("OAUTH2_DEVICE_AUTHORIZATIONS_PER_HOUR", "1")]);
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    let line = ["client", "create", "--id", "tv", "--public", "--grant", grant, "--scope", "read", "--json"];
    installation.answers(&line, "").await;
    let running = installation.serves().await;
    let tv = RelyingParty::registered(&installation.issuer, "tv", None, "");
    for expected in [200, 429] {
        let answer = tv.post("/oauth/device_authorization", &[("scope", "read")]).await;
        assert_eq!(answer.status(), expected);
    }
    let told = running.says("too many attempts").await;
    let line = told.lines().find(|line| line.contains("too many attempts")).expect("a line");
    assert!(line.contains("device authorizations of tv from 127.0.0.1: at most 1 in 3600 s"), "{line}");
}

#[tokio::test]
async fn every_sign_in_and_every_failure_is_one_line_with_the_address() {
    let installation = Installation::with(&[("OAUTH2_AUTHENTICATION_ATTEMPTS", "1")]);
    let id = crate::user(&installation).await["id"].as_str().expect("an id").to_owned();
    let running = installation.serves().await;
    let browser = Browser::new(&installation.issuer);
    let login = browser.open("/login").await.page();
    for (name, password) in
        [(USERNAME, PASSWORD), (USERNAME, "wrong"), (USERNAME, "wrong"), ("a typed password", "x")]
    {
        browser.submit(&login, &[("username", name), ("password", password)]).await;
    }
    let said = running.says("unknown user name").await;
    let lines: Vec<_> = said.lines().filter(|line| line.contains("sign-in ")).collect();
    let of = |reason: &str| format!("address=\"127.0.0.1\" through=\"login_page\"{reason}");
    let user = format!(" user={id}");
    for (line, expected) in lines.iter().zip([
        format!("INFO sign_in: sign-in succeeded {}{user}", of("")),
        format!("WARN sign_in: sign-in failed {}{user}", of(" reason=\"wrong password\"")),
        format!("WARN sign_in: sign-in failed {}{user} until=", of(" reason=\"too many failures\"")),
        format!("WARN sign_in: sign-in failed {}", of(" reason=\"unknown user name\"")),
    ]) {
        assert!(line.contains(&expected), "{line}\n{expected}");
    }
    assert_eq!(lines.len(), 4, "{said}");
    assert!(!said.contains("a typed password"), "{said}");
    // The history, on the command line: failures are recorded behind the answer, so the server ends first.
    assert!(running.ends().await.status.success());
    let listed = installation.answers(&["user", "events", USERNAME, "--json"], "").await;
    let kinds = |listed: &Value| {
        let items = listed["items"].as_array().expect("items").iter();
        items.map(|item| item["kind"].as_str().expect("a kind").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&listed), ["locked_out", "wrong_password", "signed_in"]);
    assert_eq!(listed["items"][0]["address"], "127.0.0.1");
    let one = ["user", "events", "--kind", "locked_out", "--kind", "signed_in", "--limit", "1", "--json"];
    let first = installation.answers(&one, "").await;
    let cursor = first["next"].as_str().expect("more").to_owned();
    let next = installation.answers(&[&one[..], &["--cursor", &cursor]].concat(), "").await;
    assert_eq!((kinds(&first)[0].as_str(), kinds(&next)[0].as_str()), ("locked_out", "signed_in"));
    assert!(next.get("next").is_none());
    // Unlocked, the person signs in at once.
    let unlocked = installation.answers(&["user", "unlock", USERNAME, "--json"], "").await;
    assert_eq!(unlocked["username"], USERNAME);
    let _running = installation.serves().await;
    let browser = Browser::new(&installation.issuer);
    let login = browser.open("/login").await.page();
    let home = browser.submit(&login, &[("username", USERNAME), ("password", PASSWORD)]).await.page();
    assert_eq!(home.status, 200);
    let listed = installation.answers(&["user", "events", USERNAME, "--json", "--limit=2"], "").await;
    assert_eq!(kinds(&listed), ["signed_in", "unlocked"]);
}
