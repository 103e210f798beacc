//! What the log says about a request that is over a limit.

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
    let of_ada = format!("address=\"127.0.0.1\" user={id}");
    for (line, expected) in lines.iter().zip([
        format!("INFO application::login::password_verifier: sign-in succeeded {of_ada}"),
        format!(
            "WARN application::login::password_verifier: sign-in failed {of_ada} reason=\"wrong password\""
        ),
        "WARN application::login::password_verifier: sign-in failed address=\"127.0.0.1\" until=".to_owned(),
        "sign-in failed address=\"127.0.0.1\" reason=\"unknown user name\"".to_owned(),
    ]) {
        assert!(line.contains(&expected), "{line}\n{expected}");
    }
    assert_eq!(lines.len(), 4, "{said}");
    assert!(!said.contains("a typed password"), "{said}");
}
