//! A start that cannot succeed exits at once, with one sentence that names the reason.

use crate::installation::{Ended, Installation};

/// The sentence that a start printed before it exited with status 1.
fn sentence(ended: &Ended) -> &str {
    assert_eq!(ended.status.code(), Some(1), "{}", ended.errors);
    assert_eq!(ended.output, "");
    let mut lines = ended.errors.lines();
    let sentence = lines.next().expect("a sentence");
    assert_eq!(lines.next(), None, "more than one line: {}", ended.errors);
    assert!(sentence.starts_with("oauth2-server: "), "{sentence}");
    sentence
}

#[tokio::test]
async fn an_unknown_setting_stops_the_start_and_is_named() {
    let installation = Installation::new();
    let wrong = [("OAUTH2_SERVER_PROT", "8080")];
    let ended = installation.runs_with(&[], "", &wrong).await;
    assert!(sentence(&ended).contains("OAUTH2_SERVER_PROT"), "{}", ended.errors);
    assert!(ended.errors.contains("OAUTH2_SERVER_PORT"), "no advice: {}", ended.errors);
    assert!(installation.files().is_empty(), "the failed start created files");
}

#[tokio::test]
async fn a_wrong_value_stops_the_start_and_is_named() {
    let installation = Installation::new();
    let wrong = [("OAUTH2_ACCESS_TOKEN_TTL_SECS", "an hour")];
    let ended = installation.runs_with(&[], "", &wrong).await;
    let named = sentence(&ended).contains("OAUTH2_ACCESS_TOKEN_TTL_SECS");
    assert!(named, "{}", ended.errors);
}

#[tokio::test]
async fn a_colour_that_is_hard_to_read_stops_the_start_and_a_darker_one_is_proposed() {
    let installation = Installation::new();
    let pale = [("OAUTH2_BRAND_COLOR", "#ffcc00")];
    for command in [&[][..], &["config", "check"]] {
        let ended = installation.runs_with(command, "", &pale).await;
        let said = sentence(&ended);
        assert!(said.contains("OAUTH2_BRAND_COLOR") && said.contains("1.5 to 1 on the light page"), "{said}");
        let proposed = said.split_whitespace().rfind(|word| word.starts_with('#')).expect("a colour");
        let proposed = [("OAUTH2_BRAND_COLOR", proposed)];
        let ended = installation.runs_with(&["config", "check"], "", &proposed).await;
        assert!(ended.status.success(), "{}", ended.errors);
    }
}

#[tokio::test]
async fn a_port_in_use_stops_the_start_and_is_named() {
    let installation = Installation::new();
    let running = installation.serves().await;
    let ended = installation.runs(&[], "").await;
    let said = sentence(&ended);
    assert!(said.contains(&installation.port.to_string()), "{said}");
    assert!(said.contains("OAUTH2_SERVER_PORT"), "no advice: {said}");

    let link = running.says("The link is valid once").await;
    let link = link.split_whitespace().find(|word| word.contains("/setup?token="));
    let page = reqwest::get(link.expect("a link")).await.expect("an answer");
    assert_eq!(page.status(), 200, "the second start took the link of the first");
}
