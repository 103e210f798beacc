//! A running server moves from SQLite to PostgreSQL and back: clients and users notice nothing, and
//! what was revoked stays revoked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tests::support::{Browser, Callback, PrivateDatabase, RelyingParty, Tokens};

use crate::USERNAME;
use crate::installation::{Installation, is_private};

const SCOPE: (&str, &str) = ("scope", "openid offline_access read");

/// The credentials that the clients and the user hold.
struct Credentials {
    client: RelyingParty,
    opaque: RelyingParty,
    browser: Browser,
    tokens: Tokens,
    kept: Tokens,
    revoked: String,
    spent: String,
    latest: String,
    code: String,
}

impl Credentials {
    async fn collect(installation: &Installation) -> Self {
        let client = crate::client(installation, &["--first-party"]).await;
        let line = "client create --id opaque --redirect-uri http://127.0.0.1/callback --grant authorization_code \
                    --set access_token_format=opaque --json --scope";
        let line: Vec<_> = line.split_whitespace().chain(["openid read"]).collect();
        let registration = installation.answers(&line, "").await;
        let secret = registration["client_secret"].as_str().map(str::to_owned);
        let opaque =
            RelyingParty::registered(&installation.issuer, "opaque", secret, "http://127.0.0.1/callback");
        let browser = Browser::new(&installation.issuer);
        let tokens = client.tokens(&browser, USERNAME, &[SCOPE]).await;
        // The user consents here.
        let kept = opaque.tokens(&browser, USERNAME, &[("scope", "openid read")]).await;
        let other = client.tokens(&browser, USERNAME, &[SCOPE]).await;
        let revoked = other.text("access_token").to_owned();
        assert_eq!(client.revoke(&revoked).await.status(), 200);
        let spent = other.text("refresh_token").to_owned();
        let latest = RelyingParty::successful(client.refresh(&spent).await).await;
        let latest = latest.text("refresh_token").to_owned();
        let code = client.code(&browser, USERNAME, &[SCOPE]).await;
        Self { client, opaque, browser, tokens, kept, revoked, spent, latest, code }
    }

    /// Asserts that all credentials still work.
    async fn still_works(&mut self) {
        let Self { client, opaque, browser, .. } = self;
        for (client, scope) in [(&*client, SCOPE.1), (&*opaque, "openid read")] {
            let silent = [("prompt", "none"), ("scope", scope)];
            let answer = browser.open(&client.authorization_url(&silent)).await.client();
            client.redeemed(Callback::from_url(&answer).code()).await;
        }
        client.tokens(&Browser::new(&client.issuer), USERNAME, &[SCOPE]).await;

        let access_token = self.tokens.text("access_token");
        assert_eq!(client.introspect(access_token).await["active"], true);
        assert_eq!(client.userinfo(access_token).await.status(), 200);
        assert_eq!(opaque.introspect(self.kept.text("access_token")).await["active"], true);
        assert_eq!(client.introspect(&self.revoked).await, json!({"active": false}));
        let next = RelyingParty::successful(client.refresh(&self.latest).await).await;
        self.latest = next.text("refresh_token").to_owned();
        assert!(published(client).await.contains(&kid(self.tokens.text("id_token"))));
    }
}

fn kid(jwt: &str) -> String {
    let header = URL_SAFE_NO_PAD.decode(jwt.split('.').next().expect("a header")).expect("base64url");
    let header: Value = serde_json::from_slice(&header).expect("JSON");
    header["kid"].as_str().expect("a kid").to_owned()
}

/// The `kid` of each published key.
async fn published(client: &RelyingParty) -> Vec<String> {
    let url = format!("{}/.well-known/jwks.json", client.issuer);
    let set: Value = client.http().get(url).send().await.expect("an answer").json().await.expect("JSON");
    let keys = set["keys"].as_array().expect("keys").iter();
    keys.map(|key| key["kid"].as_str().expect("a kid").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_moves_to_postgresql_and_back_without_losing_a_login() {
    let mut installation = Installation::with(&[("OAUTH2_AUTHORIZATION_CODE_TTL_SECS", "600")]);
    crate::user(&installation).await;
    let running = installation.serves().await;
    let mut hand = Credentials::collect(&installation).await;
    running.ends().await;

    let exported = installation.answers(&["export", "everything.jsonl", "--json"], "").await;
    let file = installation.folder().join("everything.jsonl");
    assert!(is_private(&file));
    let again = installation.runs(&["export", "everything.jsonl"], "").await;
    assert!(!again.status.success() && again.errors.contains("everything.jsonl"), "{}", again.errors);
    let export = std::fs::read_to_string(&file).expect("an export");
    for secret in [hand.client.secret.as_deref().expect("a secret"), &hand.latest, tests::support::PASSWORD] {
        assert!(!export.contains(secret), "the backup has {secret}");
    }

    let postgres = PrivateDatabase::empty().await;
    installation.set("OAUTH2_DATABASE_URL", postgres.url());
    let import = ["import", "everything.jsonl", "--json"];
    for wrong in [None, Some(crate::ENCRYPTION_KEY)] {
        if let Some(key) = wrong {
            installation.set("OAUTH2_ENCRYPTION_KEY", key);
        }
        let refused = installation.runs(&import, "").await;
        assert_eq!(refused.status.code(), Some(1));
        assert!(refused.errors.contains("OAUTH2_ENCRYPTION_KEY"), "{}", refused.errors);
    }
    installation.unset("OAUTH2_ENCRYPTION_KEY");
    installation.set("OAUTH2_ENCRYPTION_KEY_FILE", "oauth2.key");
    let imported = installation.answers(&import, "").await;
    assert_eq!(imported["rows"], exported["rows"]);
    let again = installation.runs(&import, "").await;
    assert!(!again.status.success() && again.errors.contains("not empty"), "{}", again.errors);

    let running = installation.serves().await;
    hand.still_works().await;
    hand.client.redeemed(&hand.code).await;
    running.ends().await;

    let back =
        "\"$SERVER_BINARY\" export | OAUTH2_DATABASE_URL='sqlite:back.db?mode=rwc' \"$SERVER_BINARY\" import";
    let moved = installation.runs_script(back).await;
    assert!(moved.status.success(), "{}", moved.errors);
    installation.set("OAUTH2_DATABASE_URL", "sqlite:back.db?mode=rwc");
    assert!(is_private(&installation.folder().join("back.db")));
    let running = installation.serves().await;
    hand.still_works().await;
    // Credentials that were spent before a move stay spent, and the refresh token from the old
    // server is detected as reuse.
    assert_eq!(hand.client.redeem(&hand.code).await.status(), 400);
    assert_eq!(hand.client.refresh(&hand.spent).await.status(), 400);
    assert_eq!(hand.client.refresh(&hand.latest).await.status(), 400, "reuse revokes the family");
    let hint = hand.tokens.text("id_token");
    let page = hand.browser.open(&format!("/oauth/logout?id_token_hint={hint}")).await.page();
    assert!(page.has("#logged-out"), "{}", page.html);
    running.ends().await;
}

#[tokio::test]
async fn a_pipe_that_breaks_leaves_the_target_empty() {
    let installation = Installation::new();
    crate::user(&installation).await;
    let cut = "\"$SERVER_BINARY\" export | head -n 5 | OAUTH2_DATABASE_URL='sqlite:other.db?mode=rwc' \"$SERVER_BINARY\" import";
    let moved = installation.runs_script(cut).await;
    assert!(!moved.status.success() && moved.errors.contains("cut off"), "{}", moved.errors);
    let whole = cut.replace("head -n 5 | ", "");
    let moved = installation.runs_script(&whole).await;
    assert!(moved.status.success(), "{}", moved.errors);
}
