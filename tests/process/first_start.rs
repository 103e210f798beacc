//! What an operator sees at the first start, and which files the server creates.

use std::os::unix::fs::PermissionsExt;

use tests::support::PASSWORD;

use crate::installation::{Installation, is_private};

#[tokio::test]
async fn the_first_start_says_where_it_listens_where_the_data_is_and_how_to_begin() {
    let installation = Installation::new();
    let running = installation.serves().await;
    let said = running.says("The link is valid once").await;
    assert!(said.contains(&format!("127.0.0.1:{}", installation.port)), "{said}");
    let database = installation.files().remove(0);
    assert!(said.contains(&database.display().to_string()), "{said}");
    let link = format!("{}/setup?token=", installation.issuer);
    let link = said.split_whitespace().find(|word| word.starts_with(&link));
    let page = reqwest::get(link.expect("a link")).await.expect("an answer");
    assert_eq!(page.status(), 200);

    let ended = running.ends().await;
    assert_eq!(ended.output, "", "standard output is for results");
}

#[tokio::test]
async fn the_set_up_link_is_printed_until_there_is_an_administrator() {
    let installation = Installation::new();
    let running = installation.serves().await;
    running.says("/setup?token=").await;
    running.ends().await;
    let running = installation.serves().await;
    running.says("/setup?token=").await;
    running.ends().await;

    let line = ["user", "create", "--username", "root", "--password-stdin", "--admin", "--json"];
    installation.answers(&line, PASSWORD).await;
    let ended = installation.serves().await.ends().await;
    assert!(!ended.errors.contains("/setup"), "{}", ended.errors);
}

#[tokio::test]
async fn only_the_database_and_its_key_appear_on_disk_and_only_for_their_owner() {
    let installation = Installation::new();
    let check = |when: &str| {
        for file in installation.files() {
            let name = file.file_name().expect("a name").to_string_lossy().into_owned();
            assert!(name.starts_with("oauth2.db") || name == "oauth2.key", "{when}: {name}");
            assert!(is_private(&file), "{when}: others may read {name}");
        }
    };
    let running = installation.serves().await;
    check("while it runs");
    let names: Vec<_> = installation.files();
    assert!(names.iter().any(|file| file.ends_with("oauth2.db")), "{names:?}");
    assert!(names.iter().any(|file| file.ends_with("oauth2.key")), "{names:?}");
    crate::user(&installation).await;
    check("after a command beside it");
    running.ends().await;
    check("after its end");
}

#[tokio::test]
async fn a_database_that_other_users_can_read_is_mentioned() {
    let installation = Installation::new();
    let ended = installation.serves().await.ends().await;
    assert!(!ended.errors.contains("chmod 600"), "{}", ended.errors);
    let database =
        installation.files().into_iter().find(|file| file.ends_with("oauth2.db")).expect("a database");
    for (mode, is_mentioned) in [(0o640, true), (0o606, true), (0o600, false)] {
        std::fs::set_permissions(&database, std::fs::Permissions::from_mode(mode)).expect("permissions");
        let ended = installation.serves().await.ends().await;
        assert_eq!(ended.errors.contains("chmod 600"), is_mentioned, "{mode:o}: {}", ended.errors);
    }
}

#[tokio::test]
async fn in_a_log_of_json_the_set_up_link_is_a_line_of_json_of_its_own() {
    let installation = Installation::with(&[("OAUTH2_LOG_FORMAT", "json")]);
    let running = installation.serves().await;
    running.says("set_up_link").await;
    let ended = running.ends().await;
    let lines: Vec<serde_json::Value> =
        ended.errors.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let links: Vec<_> = lines.iter().filter_map(|line| line["set_up_link"].as_str()).collect();
    let [link] = links[..] else { panic!("not one link: {}", ended.errors) };
    assert!(link.starts_with(&format!("{}/setup?token=", installation.issuer)), "{link}");
}

#[tokio::test]
async fn the_password_grant_is_warned_about_when_it_is_on() {
    let installation = Installation::with(&[("OAUTH2_PASSWORD_GRANT_ENABLED", "true")]);
    installation.serves().await.says("RFC 9700 section 2.4").await;
    let off = Installation::new().serves().await.ends().await;
    assert!(!off.errors.contains("OAUTH2_PASSWORD_GRANT_ENABLED"), "{}", off.errors);
}
