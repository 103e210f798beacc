//! What is valid, but does not do what an operator expects, is said in one line.

use domain::redirect_uri::{NO_ENCRYPTION, NO_WILDCARDS};
use serde_json::json;
use tests::support::{RelyingParty, SelfSigned};

use crate::installation::Installation;

/// The lines with this text.
fn lines<'a>(errors: &'a str, text: &str) -> Vec<&'a str> {
    errors.lines().filter(|line| line.contains(text)).collect()
}

#[tokio::test]
async fn a_registration_that_does_less_than_it_says_is_warned_about() {
    let mut installation = Installation::new();
    installation.set("OAUTH2_REFRESH_TOKEN_GRANT_ENABLED", "false");
    let create = "client create --id app --redirect-uri http://localhost:3000/cb --redirect-uri http://127.0.0.1/cb \
                  --grant authorization_code --grant refresh_token --grant password";
    let create: Vec<_> = create.split_whitespace().collect();
    let update = ["client", "update", "app", "--name", "App"];
    for line in [&create[..], &update] {
        let ended = installation.runs(line, "").await;
        assert!(ended.status.success(), "{}", ended.errors);
        for (said, remedy) in [
            ("grant type refresh_token is switched off", "OAUTH2_REFRESH_TOKEN_GRANT_ENABLED=true"),
            ("grant type password is switched off", "OAUTH2_PASSWORD_GRANT_ENABLED=true"),
            ("http://localhost:3000/cb", "127.0.0.1"),
        ] {
            let found = lines(&ended.errors, said);
            assert_eq!(found.len(), 1, "{said}: {}", ended.errors);
            assert!(found[0].contains(remedy) && found[0].contains("WARN"), "{}", found[0]);
        }
        assert_eq!(lines(&ended.errors, "WARN").len(), 3, "{}", ended.errors);
    }
    installation.set("OAUTH2_REFRESH_TOKEN_GRANT_ENABLED", "true");
    installation.set("OAUTH2_PASSWORD_GRANT_ENABLED", "true");
    let plain = ["client", "update", "app", "--redirect-uri", "http://127.0.0.1/cb"];
    assert_eq!(installation.runs(&plain, "").await.errors, "");
}

#[tokio::test]
async fn requests_that_expect_something_else_are_warned_about_with_the_way_out() {
    let installation = Installation::new();
    let running = installation.serves().await;
    let client = crate::client(&installation, &[]).await;
    let line = ["client", "create", "--id", "api", "--grant", "client_credentials", "--json"];
    let registered = installation.answers(&line, "").await;
    let secret = registered["client_secret"].as_str().expect("a secret").to_owned();
    let api = RelyingParty::registered(&installation.issuer, "api", Some(secret), "http://127.0.0.1/");

    let grant = [("grant_type", "client_credentials"), ("scope", "read")];
    let tokens = RelyingParty::successful(client.token(&grant).await).await;
    assert_eq!(client.introspect(tokens.text("access_token")).await["active"], true);
    assert_eq!(api.introspect(tokens.text("access_token")).await, json!({"active": false}));
    let audience = [&grant[..], &[("audience", "https://api.example")]].concat();
    RelyingParty::successful(client.token(&audience).await).await;

    let errors = running.ends().await.errors;
    let introspection = lines(&errors, "may not introspect");
    assert_eq!(introspection.len(), 1, "{errors}");
    for part in ["client_id=api", "issued_to=app", "--resource-server", "resource create"] {
        assert!(introspection[0].contains(part), "{part}: {}", introspection[0]);
    }
    let audience = lines(&errors, "audience");
    assert_eq!(audience.len(), 1, "{errors}");
    for part in ["client_id=app", "https://api.example", "resource"] {
        assert!(audience[0].contains(part), "{part}: {}", audience[0]);
    }
    assert!(!errors.contains(tokens.text("access_token")));
}

#[tokio::test]
async fn an_issuer_with_http_is_warned_about_and_one_with_https_is_not() {
    let plain = Installation::new().serves().await.ends().await.errors;
    let found = lines(&plain, "the issuer is http");
    assert_eq!(found.len(), 1, "{plain}");
    for part in ["WARN", "http://127.0.0.1:", "Kubernetes", "OAUTH2_SERVER_PUBLIC_BASE_URL"] {
        assert!(found[0].contains(part), "{part}: {}", found[0]);
    }
    let checked = Installation::new().runs(&["config", "check"], "").await;
    assert_eq!(lines(&checked.errors, "the issuer is http").len(), 1, "{}", checked.errors);
    let certificate = SelfSigned::new();
    let secure = Installation::over_https(&certificate).serves().await.ends().await.errors;
    assert_eq!(lines(&secure, "the issuer is http"), Vec::<&str>::new());
}

#[tokio::test]
async fn output_that_is_closed_early_is_no_error() {
    let installation = Installation::new();
    for line in ["config show", "client list", "client list --json", "--help", "client create --help"] {
        // The reader is gone before the first byte, and then after it.
        for reader in ["true", "head -c 1"] {
            let script = format!("{{ sleep 0.2; \"$SERVER_BINARY\" {line}; }} | {reader}");
            let ended = installation.runs_script(&script).await;
            assert!(ended.status.success() && ended.errors.is_empty(), "{script}: {}", ended.errors);
        }
    }
    // A failure is still a failure, also if its message cannot be written.
    let ended =
        installation.runs_script("{ sleep 0.2; \"$SERVER_BINARY\" client show nobody; } 2>&1 | true").await;
    assert_eq!(ended.status.code(), Some(1));
}

#[tokio::test]
async fn redirect_uris_that_do_less_than_they_seem_and_weak_secrets_are_warned_about() {
    let installation = Installation::new();
    let create = |id: &str, more: &str| {
        let line = format!("client create --id {id} --grant authorization_code {more}");
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    let said = async |line: Vec<String>, input: &str| {
        let line: Vec<_> = line.iter().map(String::as_str).collect();
        installation.runs(&line, input).await
    };
    let ended = said(create("stars", "--redirect-uri https://app.example/cb*"), "").await;
    assert!(ended.status.success(), "{}", ended.errors);
    let found = lines(&ended.errors, "https://app.example/cb*");
    assert_eq!((found.len(), lines(&ended.errors, "WARN").len()), (1, 1), "{}", ended.errors);
    assert!(found[0].contains(NO_WILDCARDS), "{}", found[0]);
    let ended = said(create("host", "--redirect-uri https://*.example.com/cb"), "").await;
    assert!(!ended.status.success() && ended.errors.contains(NO_WILDCARDS), "{}", ended.errors);
    let plain = "--redirect-uri http://192.168.1.2/cb --allow-http-redirect";
    let ended = said(create("lan", plain), "").await;
    assert!(ended.status.success() && ended.errors.contains(NO_ENCRYPTION), "{}", ended.errors);

    let with_secret = "--redirect-uri https://app.example/cb --secret-stdin";
    for (id, secret, warnings) in
        [("weak", "correct horse battery staple", 1), ("strong", "87GJ0HpeSGKw2ep3E8UvSAx4", 0)]
    {
        let ended = said(create(id, with_secret), secret).await;
        assert!(ended.status.success(), "{}", ended.errors);
        assert_eq!(lines(&ended.errors, "fewer than 128 bits").len(), warnings, "{}", ended.errors);
        assert!(!ended.errors.contains(secret), "{}", ended.errors);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_configuration_file_that_every_user_can_read_is_warned_about_if_it_has_secrets() {
    use std::os::unix::fs::PermissionsExt;
    let key = format!("encryption_key = \"{}\"\n", crate::ENCRYPTION_KEY);
    for (text, mode, is_warned) in [
        (key.as_str(), 0o644, true),
        (key.as_str(), 0o640, false),
        ("session_ttl_secs = 3600\n", 0o644, false),
        ("encryption_key_file = \"key\"\n", 0o644, false),
    ] {
        let mut installation = Installation::new();
        installation.unset("OAUTH2_ENCRYPTION_KEY");
        std::fs::write(installation.folder().join("key"), crate::ENCRYPTION_KEY).expect("a file");
        let file = installation.folder().join("oauth2.toml");
        std::fs::write(&file, text).expect("a file");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("its mode");
        for errors in [
            installation.runs(&["config", "check"], "").await.errors,
            installation.serves().await.ends().await.errors,
        ] {
            let found = lines(&errors, "secrets in the configuration file");
            assert_eq!(found.len(), usize::from(is_warned), "{text} {mode:o}: {errors}");
            for part in ["WARN", "oauth2.toml", "encryption_key", "chmod 600"] {
                assert!(found.iter().all(|line| line.contains(part)), "{part}: {errors}");
            }
            assert!(!errors.contains(crate::ENCRYPTION_KEY), "{errors}");
        }
    }
}
