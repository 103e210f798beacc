//! Two nodes on one PostgreSQL and one Redis are one server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tests::support::{Browser, Landed, PrivateDatabase, RelyingParty, service};
use tokio::task::JoinSet;

use crate::front::Front;
use crate::installation::{Installation, Running};
use crate::redis_faults::ENCRYPTION_KEY;
use crate::{SCOPE, USERNAME};

/// How soon a node sees that another one rotated the keys.
const KEYS_ARE_SEEN_WITHIN: Duration = Duration::from_secs(1);

/// Two nodes behind a front that sends every request to the other one.
struct Site {
    /// Whatever it asks goes to the other node each time.
    client: RelyingParty,
    /// The same client, of the one node and of the other.
    at: [RelyingParty; 2],
    requests: Arc<AtomicUsize>,
    nodes: [Installation; 2],
    _running: [Running; 2],
    _database: PrivateDatabase,
}

impl Site {
    async fn new(options: &[&str]) -> Self {
        let (database, front) = (PrivateDatabase::migrated().await, Front::new().await);
        let (prefix, redis) = (database.url().rsplit('/').next().expect("a name"), service("TEST_REDIS_URL"));
        let settings = [
            ("OAUTH2_SERVER_PUBLIC_BASE_URL", front.url.as_str()),
            ("OAUTH2_DATABASE_URL", database.url()),
            ("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY),
            ("OAUTH2_REDIS_URL", &redis),
            ("OAUTH2_REDIS_PREFIX", prefix),
            ("OAUTH2_LOGIN_ATTEMPTS", "4"),
        ];
        let nodes = [Installation::with(&settings), Installation::with(&settings)];
        let client = crate::client(&nodes[0], options).await;
        crate::user(&nodes[0]).await;
        // They start at the same time, on a database without any keys.
        let (one, other) = tokio::join!(nodes[0].serves(), nodes[1].serves());
        let at = [&nodes[0], &nodes[1]].map(|node| {
            let issuer = format!("http://127.0.0.1:{}", node.port);
            RelyingParty::registered(&issuer, "app", client.secret.clone(), &client.redirect_uri)
        });
        let issuer = front.url.clone();
        let client = RelyingParty::registered(&issuer, "app", client.secret.clone(), &client.redirect_uri);
        let requests = front.forwards_to([nodes[0].port, nodes[1].port]);
        Self { client, at, requests, nodes, _running: [one, other], _database: database }
    }

    async fn operator(&self, line: &[&str]) {
        let ended = self.nodes[0].runs(line, "").await;
        assert!(ended.status.success(), "{line:?}: {}", ended.errors);
    }

    /// Whether an introspection at each node says so.
    async fn is_active(&self, token: &str) -> [bool; 2] {
        let [one, other] = &self.at;
        [one.introspect(token).await, other.introspect(token).await].map(|answer| answer["active"] == true)
    }
}

#[tokio::test]
async fn a_flow_whose_every_step_goes_to_the_other_node_works() {
    let site = Site::new(&[]).await;
    let (client, browser) = (&site.client, Browser::new(&site.client.issuer));
    for round in 0..2 {
        let tokens = client.tokens(&browser, USERNAME, &[SCOPE, ("prompt", "login consent")]).await;
        assert_eq!(client.introspect(tokens.text("access_token")).await["active"], true);
        let refreshed = RelyingParty::successful(client.refresh(tokens.text("refresh_token")).await).await;
        assert_eq!(client.userinfo(refreshed.text("access_token")).await.status(), 200);
        // An odd number, so that the next round begins at the other node.
        let requests = site.requests.load(Ordering::SeqCst);
        if round == 0 && requests % 2 == 0 {
            client.introspect("none").await;
        }
    }
    assert!(site.requests.load(Ordering::SeqCst) > 15);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_redemptions_split_over_both_nodes_one_wins() {
    let site = Site::new(&["--first-party"]).await;
    let code = site.client.code(&Browser::new(&site.client.issuer), USERNAME, &[SCOPE]).await;
    let mut redemptions = JoinSet::new();
    for number in 0..1_000 {
        let (node, code) = (site.at[number % 2].clone(), code.clone());
        redemptions.spawn(async move {
            let answer = node.redeem(&code).await;
            (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
        });
    }
    let (won, lost): (Vec<_>, Vec<_>) =
        redemptions.join_all().await.into_iter().partition(|(status, _)| *status == 200);
    assert_eq!(won.len(), 1);
    for (status, body) in lost {
        assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    }
    let access_token = won[0].1["access_token"].as_str().expect("a token");
    assert_eq!(site.is_active(access_token).await, [false, false], "the replays went unpunished");
}

#[tokio::test]
async fn what_ends_on_one_node_has_ended_on_the_other() {
    let site = Site::new(&["--first-party"]).await;
    let [one, other] = &site.at;
    let browser = Browser::new(&site.client.issuer);
    let access_token =
        async || site.client.tokens(&browser, USERNAME, &[SCOPE]).await.text("access_token").to_owned();

    let revoked = access_token().await;
    assert_eq!(site.is_active(&revoked).await, [true, true]);
    assert_eq!(one.revoke(&revoked).await.status(), 200);
    assert_eq!(site.is_active(&revoked).await, [false, false]);

    let of_the_session = access_token().await;
    let page = browser.open("/oauth/logout").await.page();
    assert!(browser.submit(&page, &[]).await.page().has("#logged-out"));
    assert_eq!(site.is_active(&of_the_session).await, [false, false]);
    for _ in 0..2 {
        assert!(browser.open(&site.client.authorization_url(&[SCOPE])).await.page().has("#login"));
    }

    let of_the_user = access_token().await;
    site.operator(&["user", "disable", USERNAME]).await;
    assert_eq!(site.is_active(&of_the_user).await, [false, false]);

    site.operator(&["client", "disable", "app"]).await;
    for node in [one, other] {
        let refused = node.token(&[("grant_type", "client_credentials"), ("scope", "read")]).await;
        assert_eq!(refused.status(), 401);
    }
}

#[tokio::test]
async fn failures_on_one_node_count_on_the_other() {
    let site = Site::new(&[]).await;
    let browser = Browser::new(&site.client.issuer);
    let login = browser.open(&site.client.authorization_url(&[SCOPE])).await.page();
    let wrong = [("username", USERNAME), ("password", "wrong")];
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let Landed::Page(page) = browser.submit(&login, &wrong).await else {
            unreachable!("nobody signed in")
        };
        statuses.push(page.status.as_u16());
    }
    assert_eq!(statuses, [422, 422, 422, 422, 429, 429]);
}

#[tokio::test]
async fn a_key_rotated_on_one_node_is_seen_on_the_other_within_a_second() {
    let site = Site::new(&[]).await;
    let keys = async |node: &RelyingParty| {
        let answer = node.http().get(format!("{}/.well-known/jwks.json", node.issuer)).send().await;
        answer.expect("an answer").text().await.expect("keys")
    };
    let [one, other] = &site.at;
    let before = keys(one).await;
    assert_eq!(keys(other).await, before);
    site.operator(&["keys", "rotate", "--compromised"]).await;
    let rotated = std::time::Instant::now();
    loop {
        let (here, there) = (keys(one).await, keys(other).await);
        if here != before && there == here {
            break;
        }
        assert!(rotated.elapsed() < 2 * KEYS_ARE_SEEN_WITHIN, "it is not seen");
    }
    println!("seen after {:?}", rotated.elapsed());
}
