//! The command line beside the running server: its changes apply to the next request.

use std::time::Duration;

use application::port::Clock;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use server::system::SystemClock;
use tests::support::{ASSERTION_TYPE, Browser, ClientSigner, RelyingParty};
use tokio::time::{interval, timeout};

use crate::USERNAME;
use crate::installation::Installation;

/// The `kid` of each published key of this algorithm.
async fn published(client: &RelyingParty, algorithm: &str) -> Vec<String> {
    let url = format!("{}/.well-known/jwks.json", client.issuer);
    let answer = client.http().get(url).send().await.expect("an answer");
    let set: Value = answer.json().await.expect("JSON");
    let keys = set["keys"].as_array().expect("keys");
    let keys = keys.iter().filter(|key| key["alg"] == algorithm);
    keys.map(|key| key["kid"].as_str().expect("a kid").to_owned()).collect()
}

#[tokio::test]
async fn a_client_made_beside_the_server_is_known_at_the_next_request() {
    let installation = Installation::new();
    let _running = installation.serves().await;
    let client = crate::client(&installation, &[]).await;
    let grant = [("grant_type", "client_credentials"), ("scope", "read")];
    let tokens = RelyingParty::successful(client.token(&grant).await).await;
    assert_eq!(tokens.claims("access_token")["sub"], "app");

    installation.answers(&["client", "disable", "app", "--json"], "").await;
    assert_eq!(client.token(&grant).await.status(), 401);
}

#[tokio::test]
async fn a_registration_token_made_beside_the_server_admits_until_it_is_used_up_or_revoked() {
    let installation = Installation::new();
    let _running = installation.serves().await;
    let url = format!("{}/connect/register", installation.issuer);
    let register = async |token: &Value| {
        let request = reqwest::Client::builder().no_proxy().build().expect("an HTTP client").post(&url);
        let request = request.bearer_auth(token["token"].as_str().expect("a token"));
        let metadata = json!({"grant_types": ["client_credentials"], "scope": "read"});
        request.json(&metadata).send().await.expect("an answer").status()
    };
    let line =
        ["registration-token", "create", "--scope", "read", "--allow-grant", "client_credentials", "--json"];
    let once = installation.answers(&line, "").await;
    assert_eq!(register(&once).await, 201);
    assert_eq!(register(&once).await, 401);
    let twice = installation.answers(&[&line[..], &["--uses", "2"]].concat(), "").await;
    assert_eq!(register(&twice).await, 201);

    let list = installation.answers(&["registration-token", "list", "--json"], "").await;
    let counts: Vec<_> =
        list.as_array().unwrap().iter().map(|token| (&token["used"], &token["uses"])).collect();
    assert_eq!(counts, [(&json!(1), &json!(1)), (&json!(1), &json!(2))]);
    assert!(list[0].get("token").is_none(), "the token is shown only once");
    let id = twice["id"].as_str().unwrap();
    installation.answers(&["registration-token", "revoke", id, "--json"], "").await;
    assert_eq!(register(&twice).await, 401);
    let again = installation.runs(&["registration-token", "revoke", id], "").await;
    assert_eq!(again.status.code(), Some(1));
    assert!(again.errors.contains("there is no registration token"), "{}", again.errors);
}

#[tokio::test]
async fn a_resource_made_beside_the_server_is_an_audience_at_the_next_request() {
    let installation = Installation::new();
    let _running = installation.serves().await;
    let client = crate::client(&installation, &[]).await;
    let api = "https://api.example/v1";
    let answers = async |words: &[&str]| installation.answers(&[words, &["--json"]].concat(), "").await;
    let refused = installation.runs(&["client", "update", "app", "--resource", api], "").await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.errors.contains("there is no resource"), "{}", refused.errors);

    let made = answers(&["resource", "create", api, "--name", "The API", "--client", "app"]).await;
    assert_eq!((&made["resource"], &made["client_id"]), (&json!(api), &json!("app")));
    assert_eq!(answers(&["resource", "show", api]).await, made);
    assert_eq!(answers(&["resource", "list"]).await, json!([made]));
    let changed = answers(&["resource", "update", api, "--access-token-typ", "JWT", "--client="]).await;
    assert_eq!((&made["access_token_typ"], &changed["access_token_typ"]), (&json!("at+jwt"), &json!("JWT")));
    assert_eq!((&changed["resource_name"], changed.get("client_id")), (&json!("The API"), None));
    assert_eq!(answers(&["resource", "show", api]).await, changed);
    let default = format!("default_resource={api}");
    let updated = answers(&["client", "update", "app", "--resource", api, "--set", &default]).await;
    assert_eq!((&updated["resources"], &updated["default_resource"]), (&json!([api]), &json!(api)));
    let grant = [("grant_type", "client_credentials"), ("scope", "read")];
    let tokens = RelyingParty::successful(client.token(&grant).await).await;
    assert_eq!(tokens.claims("access_token")["aud"], api);

    let in_use = installation.runs(&["resource", "delete", api], "").await;
    assert_eq!(in_use.status.code(), Some(1));
    assert!(in_use.errors.contains("clients may still request"), "{}", in_use.errors);
    answers(&["client", "update", "app", "--set", "resources=", "--set", "default_resource="]).await;
    answers(&["resource", "delete", api]).await;
    assert_eq!(answers(&["resource", "list"]).await, json!([]));
    let tokens = RelyingParty::successful(client.token(&grant).await).await;
    assert_eq!(tokens.claims("access_token")["aud"], installation.issuer);
}

#[tokio::test]
async fn a_user_made_beside_the_server_signs_in_and_once_disabled_is_out_at_the_next_request() {
    let installation = Installation::new();
    let _running = installation.serves().await;
    let client = crate::client(&installation, &[]).await;
    let account = crate::user(&installation).await;
    let browser = Browser::new(&installation.issuer);
    let scope = [("scope", "openid offline_access")];
    let tokens = client.tokens(&browser, USERNAME, &scope).await;
    assert_eq!(tokens.claims("id_token")["sub"], account["id"]);
    let access_token = tokens.text("access_token");
    assert_eq!(client.userinfo(access_token).await.status(), 200);

    installation.answers(&["user", "disable", USERNAME, "--json"], "").await;
    assert_eq!(client.userinfo(access_token).await.status(), 401);
    assert_eq!(client.introspect(access_token).await, json!({"active": false}));
    let refused = client.refresh(tokens.text("refresh_token")).await;
    assert_eq!(refused.status(), 400);
    let refused: Value = refused.json().await.expect("JSON");
    assert_eq!(refused["error"], "invalid_grant");
    let silent = [("prompt", "none"), ("scope", "openid")];
    let landed = browser.open(&client.authorization_url(&silent)).await.client();
    assert!(landed.as_str().contains("error=login_required"), "{landed}");
}

#[tokio::test]
async fn groups_are_made_filled_and_deleted_at_the_command_line() {
    let installation = Installation::new();
    crate::user(&installation).await;
    let answers = async |line: &[&str]| installation.answers(&[line, &["--json"]].concat(), "").await;
    let created = answers(&["group", "create", "Staff", "--display-name", "All of us"]).await;
    assert_eq!((&created["name"], &created["display_name"]), (&json!("Staff"), &json!("All of us")));
    assert_eq!(created["members"], json!([]));
    for _ in 0..2 {
        assert_eq!(answers(&["group", "add", "staff", USERNAME]).await["members"], json!([USERNAME]));
    }
    let refused = installation.runs(&["group", "add", "staff", USERNAME, "nobody"], "").await.errors;
    assert!(refused.contains("unknown user: nobody"), "{refused}");
    let updated = answers(&["group", "update", "staff", "--display-name", "", "--description", "x"]).await;
    assert!(updated.get("display_name").is_none() && updated["description"] == "x", "{updated}");
    assert_eq!(answers(&["group", "list"]).await[0]["name"], "Staff");
    let client = ["client", "create", "--id", "web", "--redirect-uri", "https://web.example/cb"];
    let created = answers(&[&client[..], &["--allow-group", "staff"]].concat()).await;
    assert_eq!(created["allowed_groups"], json!(["Staff"]));
    let opened = answers(&["client", "update", "web", "--allow-group", ""]).await;
    assert!(opened.get("allowed_groups").is_none(), "{opened}");
    answers(&["client", "update", "web", "--allow-group", "staff"]).await;
    let refused = installation.runs(&["client", "update", "web", "--allow-group", "no"], "").await.errors;
    assert!(refused.contains("there is no group with the name no"), "{refused}");
    assert_eq!(answers(&["group", "remove", "staff", USERNAME]).await["members"], json!([]));
    assert_eq!(answers(&["group", "show", "staff"]).await["description"], "x");
    assert_eq!(answers(&["group", "delete", "staff"]).await, json!({"name": "Staff", "deleted": true}));
    assert_eq!(answers(&["client", "show", "web"]).await["allowed_groups"], json!([]));
    let refused = installation.runs(&["group", "show", "staff"], "").await.errors;
    assert!(refused.contains("unknown group: staff"), "{refused}");
}

#[tokio::test]
async fn a_fresh_key_is_not_rotated_unless_in_an_emergency_and_then_the_server_follows() {
    let installation = Installation::new();
    let _running = installation.serves().await;
    let client = crate::client(&installation, &[]).await;
    let grant = [("grant_type", "client_credentials"), ("scope", "read")];
    let old_token = RelyingParty::successful(client.token(&grant).await).await;
    let old_token = old_token.text("access_token");
    let before = published(&client, "RS256").await;

    let refused = installation.runs(&["keys", "rotate"], "").await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.errors.contains("too short a time"), "{}", refused.errors);
    assert_eq!(published(&client, "RS256").await, before);

    let line = ["keys", "rotate", "--alg", "RS256", "--emergency", "--json"];
    let rotated = installation.answers(&line, "").await;
    let next = rotated[0]["next"].as_str().expect("a kid");
    let followed = async {
        let mut again = interval(Duration::from_millis(20));
        while !published(&client, "RS256").await.iter().any(|kid| kid == next) {
            again.tick().await;
        }
    };
    let followed = timeout(Duration::from_secs(3), followed).await;
    followed.expect("the new key is not published");

    let new_token = RelyingParty::successful(client.token(&grant).await).await;
    let header = |token: &str| token.split('.').next().unwrap().to_owned();
    assert_ne!(header(new_token.text("access_token")), header(old_token), "the old key signs");
    assert_eq!(client.introspect(old_token).await["active"], true);
    assert_eq!(client.introspect(new_token.text("access_token")).await["active"], true);
}

#[tokio::test]
async fn a_client_registered_with_its_keys_signs_who_it_is() {
    let installation = Installation::new();
    let _running = installation.serves().await;
    let signer = ClientSigner::new(Algorithm::RS256);
    let file = installation.files()[0].with_file_name("client.json");
    let document = json!({"jwks": {"keys": [signer.jwk()]}, "access_token_format": "opaque"});
    std::fs::write(&file, document.to_string()).expect("a file");
    let file = file.display().to_string();
    let line = ["client", "create", "--id", "app", "--grant", "client_credentials", "--scope", "read"];
    let keys = ["--auth-method", "private_key_jwt", "--from", &file, "--json"];
    let registered = installation.answers(&[&line[..], &keys].concat(), "").await;
    assert_eq!(registered["token_endpoint_auth_method"], "private_key_jwt");
    assert_eq!(registered["access_token_format"], "opaque");
    assert!(registered.get("client_secret").is_none(), "{registered}");

    let exp = SystemClock.now().timestamp() + 60;
    let assertion = signer
        .sign(&json!({"iss": "app", "sub": "app", "aud": installation.issuer, "exp": exp, "jti": "one"}));
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &assertion),
    ];
    let url = format!("{}/oauth/token", installation.issuer);
    let answer = reqwest::Client::new().post(url).form(&form).send().await.expect("an answer");
    let tokens = RelyingParty::successful(answer).await;
    assert!(tokens.text("access_token").starts_with("oaat_"));
}

#[tokio::test]
async fn a_client_is_judged_on_the_command_line_as_by_the_administrative_api() {
    let installation = Installation::new();
    let redirect = ["client", "create", "--id", "web", "--redirect-uri", "https://x.example/"];
    let long = "x".repeat(400);
    for (words, reason) in [
        (["--name", "Pay\u{202e}laP"], "client_name: must have 1 to 256 bytes and no invisible characters"),
        (["--name", &long], "client_name: must have 1 to 256 bytes and no invisible characters"),
        (["--set", "logo_uri=https://u:p@x.example/a"], "logo_uri: must be an https URL"),
    ] {
        let refused = installation.runs(&[&redirect[..], &words].concat(), "").await;
        assert_eq!(refused.status.code(), Some(1));
        assert!(refused.errors.contains(reason), "{}", refused.errors);
    }
    let document = json!({"redirect_uris": ["https://x.example/"], "client_name": "a\nb"}).to_string();
    let refused = installation.runs(&["client", "create", "--from", "-"], &document).await;
    assert!(refused.errors.contains("client_name: must have"), "{}", refused.errors);
    let misspelled =
        installation.runs(&["client", "create", "--from", "-"], r#"{"client_nmae": "Web"}"#).await;
    assert!(misspelled.errors.contains("Did you mean client_name?"), "{}", misspelled.errors);
    assert_eq!(installation.answers(&["client", "list", "--json"], "").await, json!([]));

    let document = json!({"redirect_uris": ["https://x.example/"], "client_name": "Web"}).to_string();
    let line = ["client", "create", "--id", "web", "--from", "-", "--set", "default_max_age=60", "--json"];
    let created = installation.answers(&line, &document).await;
    assert_eq!((&created["client_name"], &created["default_max_age"]), (&json!("Web"), &json!(60)));
    let line = ["client", "update", "web", "--first-party", "--set", "default_max_age=", "--json"];
    let updated = installation.answers(&line, "").await;
    assert_eq!((&updated["client_name"], &updated["first_party"]), (&json!("Web"), &json!(true)));
    assert!(updated.get("default_max_age").is_none(), "{updated}");
}

#[tokio::test]
async fn output_that_is_closed_early_is_no_error() {
    let installation = Installation::new();
    for command in ["config show", "client list", "--help", "client create --help"] {
        // `true` reads nothing and has ended before the command writes.
        let ended = installation.runs_script(&format!("\"$SERVER_BINARY\" {command} | true")).await;
        assert_eq!((ended.status.code(), ended.errors.as_str()), (Some(0), ""), "{command}");
    }
}

#[tokio::test]
async fn the_check_of_the_configuration_lists_the_clients_that_are_exempt_from_pkce() {
    let mut installation = Installation::new();
    let check = ["config", "check", "--json"];
    assert_eq!(installation.answers(&check, "").await, json!({"valid": true}));
    assert!(installation.files().is_empty(), "a check makes no database");
    for (id, more) in [("modern", None), ("legacy", Some("--no-require-pkce"))] {
        let line = ["client", "create", "--id", id, "--redirect-uri", "https://x.example/", "--json"];
        let line: Vec<_> = line.into_iter().chain(more).collect();
        let created = installation.answers(&line, "").await;
        assert_eq!(created["require_pkce"], json!(more.is_none()));
    }
    let listed = json!({"valid": true, "pkce_exempt_clients": ["legacy"]});
    assert_eq!(installation.answers(&check, "").await, listed);
    let text = installation.runs(&check[..2], "").await;
    assert_eq!(text.output, "the configuration is valid\nexempt from PKCE: legacy\n");

    installation.set("OAUTH2_PKCE_POLICY", "required");
    let strict = installation.runs(&check[..2], "").await;
    assert!(
        strict.status.success() && strict.output.contains("refused because pkce_policy is required: legacy")
    );
    let line = ["client", "create", "--no-require-pkce", "--redirect-uri", "https://x.example/"];
    let refused = installation.runs(&line, "").await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.errors.contains("pkce_policy"), "{}", refused.errors);
    installation.answers(&["client", "update", "legacy", "--require-pkce", "--json"], "").await;
    assert_eq!(installation.answers(&check, "").await["pkce_exempt_clients"], json!([]));
}

#[tokio::test]
async fn a_registration_access_token_is_replaced_and_revoked_beside_the_server() {
    let installation = Installation::with(&[("OAUTH2_DYNAMIC_REGISTRATION", "open")]);
    let _running = installation.serves().await;
    let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
    let document = json!({"redirect_uris": ["https://client.example/callback"]});
    let url = format!("{}/connect/register", installation.issuer);
    let answer = http.post(&url).json(&document).send().await.expect("an answer");
    let client: Value = answer.json().await.expect("JSON");
    let member = |document: &Value, name: &str| document[name].as_str().expect("a text").to_owned();
    let (id, uri) = (member(&client, "client_id"), member(&client, "registration_client_uri"));
    let reads = async |document: &Value| {
        let token = member(document, "registration_access_token");
        http.get(&uri).bearer_auth(token).send().await.expect("an answer").status()
    };
    assert_eq!(reads(&client).await, 200);
    let rotated = installation.answers(&["client", "rotate-registration-token", &id, "--json"], "").await;
    assert_eq!((reads(&client).await.as_u16(), reads(&rotated).await.as_u16()), (401, 200));
    installation.answers(&["client", "revoke-registration-token", &id, "--json"], "").await;
    assert_eq!(reads(&rotated).await, 401);
}

#[tokio::test]
async fn a_password_that_is_typed_at_a_terminal_is_not_shown() {
    let installation = Installation::new();
    // `script` (util-linux) gives the command a terminal, and writes down what the terminal shows.
    let ended = installation
        .runs_script(
            r#"mkfifo keyboard
            script --quiet --flush --return --command "$SERVER_BINARY user create --username ada --password-stdin" screen < keyboard > /dev/null &
            exec 3> keyboard
            until grep -q "then press Enter" screen 2> /dev/null; do sleep 0.05; done
            printf 'correct horse battery staple\n' >&3
            wait $!
            exec 3>&-
            cat screen"#,
        )
        .await;
    assert!(ended.status.success(), "{} {}", ended.output, ended.errors);
    assert!(ended.output.contains("which is not shown"), "{}", ended.output);
    assert!(!ended.output.contains("battery"), "{}", ended.output);
    let users = installation.answers(&["user", "list", "--json"], "").await;
    assert!(users.to_string().contains("ada"), "{users}");
}

#[tokio::test]
async fn a_refused_request_is_explained_beside_the_server() {
    let installation = Installation::new();
    let _running = installation.serves().await;
    let client = crate::client(&installation, &[]).await;
    let refused = client.token(&[("grant_type", "client_credentials"), ("scope", "profil")]).await;
    let reference = refused.headers()["error-reference"].to_str().unwrap().to_owned();
    // The server records it within a second.
    let mut told = installation.runs(&["explain", &reference], "").await;
    for _ in 0..50 {
        if told.status.success() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        told = installation.runs(&["explain", &reference], "").await;
    }
    for part in ["app asked for the scope profil", "nearest is profile", "RFC 6749 §3.3", &reference] {
        assert!(told.output.contains(part), "{part}: {} {}", told.output, told.errors);
    }
    let json = installation.answers(&["explain", &reference, "--json"], "").await;
    assert_eq!((&json["rule"], &json["client_id"]), (&json!("scope_unknown"), &json!("app")));
    let unknown = installation.runs(&["explain", "AAAAAAAAAAAA"], "").await;
    assert_eq!(unknown.status.code(), Some(1));
    assert!(
        unknown.errors.contains("no refused request has the reference AAAAAAAAAAAA"),
        "{}",
        unknown.errors
    );
}

#[tokio::test]
async fn a_registration_that_falls_short_is_found_and_the_exit_status_says_so() {
    let installation = Installation::new();
    let good = [
        "client",
        "create",
        "--id",
        "good",
        "--name",
        "Good",
        "--public",
        "--redirect-uri",
        "https://a.example/cb",
    ];
    installation.answers(&[&good[..], &["--json"]].concat(), "").await;
    let clean = installation.runs(&["client", "lint", "good"], "").await;
    assert_eq!(clean.status.code(), Some(0), "{} {}", clean.output, clean.errors);
    assert!(clean.output.contains("info: good: every user of this server may enter it"), "{}", clean.output);
    let weak =
        ["client", "create", "--id", "weak", "--redirect-uri", "https://b.example/cb", "--no-require-pkce"];
    installation.answers(&[&weak[..], &["--json"]].concat(), "").await;
    let found = installation.runs(&["client", "lint"], "").await;
    assert_eq!(found.status.code(), Some(1));
    for part in
        ["warning: weak: it need not use PKCE", "oauth2-server client update weak --require-pkce", "no name"]
    {
        assert!(found.output.contains(part), "{part}: {}", found.output);
    }
    let json = installation.runs(&["client", "lint", "weak", "--json"], "").await;
    let json: Value = serde_json::from_str(&json.output).unwrap();
    assert_eq!((&json[0]["client_id"], &json[0]["severity"]), (&json!("weak"), &json!("warning")));
    let unknown = installation.runs(&["client", "lint", "nobody"], "").await;
    assert!(unknown.status.code() == Some(1) && unknown.output.is_empty(), "{}", unknown.output);
}
