//! What the log says about a request that is over a limit.

use tests::support::RelyingParty;

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
