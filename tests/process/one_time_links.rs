//! One-time links that an operator gives out by the command line, beside the running server.

use serde_json::Value;
use tests::support::{Browser, PASSWORD};

use crate::installation::Installation;

/// The answer to a command, as JSON.
async fn answer(installation: &Installation, line: &str) -> Value {
    let words: Vec<_> = line.split(' ').chain(["--json"]).collect();
    installation.answers(&words, "").await
}

/// The token of a link, which must be at this page.
fn token(answer: &Value, page: &str) -> String {
    let link = answer["link"].as_str().expect("a link");
    link.strip_prefix(&format!("{page}?token=")).unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[tokio::test]
async fn an_operator_invites_a_person_and_neither_log_nor_database_has_the_token() {
    let installation = Installation::new();
    let running = installation.serves().await;
    let issuer = &installation.issuer;
    let invite = "user invite --username ada --email ada@example.com";
    let first = answer(&installation, invite).await;
    // An invitation that was lost is given again. Other options would be lost, so they are refused.
    let again = installation.runs(&invite.split(' ').collect::<Vec<_>>(), "").await;
    assert!(again.errors.contains("exists already"), "{}", again.errors);
    let second = answer(&installation, "user invite --username ada").await;
    assert_eq!((&first["username"], &first["kind"]), (&"ada".into(), &"invitation".into()));
    let tokens = [&first, &second].map(|answer| token(answer, &format!("{issuer}/invite")));

    let browser = Browser::new(issuer);
    assert_eq!(browser.open(first["link"].as_str().expect("a link")).await.page().status, 410);
    let page = browser.open(second["link"].as_str().expect("a link")).await.page();
    let fields = [("password", PASSWORD), ("password_again", PASSWORD)];
    assert!(browser.submit(&page, &fields).await.page().has("#link-done"));
    let again = installation.runs(&["user", "invite", "--username", "ada"], "").await;
    assert!(again.errors.contains("has a password already"), "{}", again.errors);

    let reset = answer(&installation, "user reset-link ada").await;
    let email = answer(&installation, "user email-link ada --email new@example.com").await;
    let tokens = [
        tokens[0].clone(),
        tokens[1].clone(),
        token(&reset, &format!("{issuer}/reset")),
        token(&email, &format!("{issuer}/verify")),
    ];
    assert_eq!(browser.open(reset["link"].as_str().expect("a link")).await.page().status, 200);
    let shown = installation.runs(&["user", "reset-link", "ada"], "").await;
    assert!(shown.output.contains(&format!("{issuer}/reset?token=")), "{}", shown.output);

    let ended = running.ends().await;
    let files: Vec<u8> =
        installation.files().iter().flat_map(|file| std::fs::read(file).expect("a file")).collect();
    for token in tokens {
        assert!(!ended.errors.contains(&token), "{}", ended.errors);
        assert!(
            !files.windows(token.len()).any(|window| window == token.as_bytes()),
            "the files have {token}"
        );
    }
    let unknown = installation.runs(&["user", "reset-link", "eve"], "").await;
    assert!(unknown.errors.contains("unknown user: eve"), "{}", unknown.errors);
}
