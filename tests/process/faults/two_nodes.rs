//! `kill -9` of one of two nodes on one PostgreSQL and one Redis, under load: the other node is not
//! affected.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tests::support::{PrivateDatabase, RelyingParty};
use tokio::task::JoinHandle;

use super::front::Front;
use super::load::{Forgets, Load, SCOPE};
use super::own_redis::OwnRedis;
use super::{LIFETIMES, RECOVERY_TIMEOUT, client_and_browsers, sign_in};
use crate::installation::Installation;
use crate::{ENCRYPTION_KEY, USERNAME};

/// Sends requests to one node without pause. Any unexpected response fails the test.
struct Watch {
    over: Arc<AtomicBool>,
    asking: JoinHandle<usize>,
}

impl Watch {
    fn begin(node: &Installation, client: &RelyingParty) -> Self {
        let at = format!("http://127.0.0.1:{}", node.port);
        let client = RelyingParty::registered(&at, &client.id, client.secret.clone(), &client.redirect_uri);
        let over = Arc::new(AtomicBool::new(false));
        let asking = send_requests(client, over.clone());
        Self { over, asking: tokio::spawn(asking) }
    }

    /// Stops the watch. Returns how many requests were answered.
    async fn end(self) -> usize {
        self.over.store(true, Ordering::Relaxed);
        self.asking.await.expect("the other node answers all through")
    }
}

async fn send_requests(client: RelyingParty, over: Arc<AtomicBool>) -> usize {
    let mut answers = 0;
    while !over.load(Ordering::Relaxed) {
        let ready = client.http().get(format!("{}/ready", client.issuer)).send().await;
        assert_eq!(ready.expect("an answer").status(), 200);
        let tokens = client.token(&[("grant_type", "client_credentials"), ("scope", "read")]).await;
        let tokens = RelyingParty::successful(tokens).await;
        assert_eq!(client.introspect(tokens.text("access_token")).await["active"], true);
        assert_eq!(client.redeem("unknown").await.status(), 400);
        answers += 4;
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_nodes_is_killed_under_load_and_comes_back() {
    let (redis, database) = (OwnRedis::start().await, PrivateDatabase::migrated().await);
    let (front, redis_url) = (Front::bind().await, redis.url());
    let settings = [
        ("OAUTH2_DATABASE_URL", database.url()),
        ("OAUTH2_REDIS_URL", &redis_url),
        ("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY),
        ("OAUTH2_SERVER_PUBLIC_BASE_URL", &front.issuer),
    ];
    let settings = [&settings[..], &LIFETIMES[..]].concat();
    let nodes = [Installation::with(&settings), Installation::with(&settings)];
    let (client, browsers) = client_and_browsers(&nodes[0]).await;
    let (a, b) = tokio::join!(nodes[0].serves(), nodes[1].serves());
    let mut running = [a, b];
    front.sends_to([nodes[0].port, nodes[1].port]);
    sign_in(&client, &browsers).await;
    let before = client.tokens(&browsers[0], USERNAME, &[SCOPE]).await;

    let load = Load::begin(&client, &browsers, Forgets::Nothing);
    for round in 0..6 {
        let (dies, lives) = (round % 2, (round + 1) % 2);
        load.answers(40).await;
        let watch = Watch::begin(&nodes[lives], &client);
        load.answers(5).await;
        running[dies].kill().await;
        // Only one node runs.
        load.answers(60).await;
        let began = Instant::now();
        running[dies] = nodes[dies].serves().await;
        let ready = client.http().get(format!("http://127.0.0.1:{}/ready", nodes[dies].port)).send().await;
        assert_eq!(ready.expect("an answer").status(), 200);
        let took = began.elapsed();
        assert!(took < RECOVERY_TIMEOUT, "ready after {took:?}");
        load.answers(20).await;
        println!("ready after {took:?}; the other answered {} questions meanwhile", watch.end().await);
    }
    assert_eq!(load.refused(), 0, "the end of a node does not make a store unavailable");
    // The requests in progress, and as many again that were sent over a connection before its end
    // was noticed.
    assert!(
        load.cut() <= 2 * 6 * browsers.len(),
        "more responses were cut than requests were in progress: {}",
        load.cut()
    );
    load.end().await.verify(&client).await;
    assert_eq!(client.introspect(before.text("access_token")).await["active"], true);
    for running in running {
        let ended = running.ends().await;
        assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
    }
}
