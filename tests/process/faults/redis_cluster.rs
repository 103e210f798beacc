//! A Redis Cluster loses a master, or connections, under load: the server answers 503 in the
//! meantime, and afterwards nothing was used twice.
//!
//! The Redis Cluster client repeats a command whose connection broke, and the first attempt may
//! have consumed the code. So the server may refuse a code that was never used, but it never
//! accepts one twice.

use std::time::Instant;

use tests::support::{Browser, PrivateDatabase, RelyingParty};

use super::load::{Forgets, Load};
use super::own_cluster::OwnCluster;
use super::{RECOVERY_TIMEOUT, installed, sign_in};
use crate::installation::{Installation, Running};

/// Enough different keys that every master serves some.
const KEYS: usize = 24;

/// A server on PostgreSQL with a private Redis Cluster, a client, and signed-in browsers.
struct Site {
    cluster: OwnCluster,
    client: RelyingParty,
    browsers: Vec<Browser>,
    running: Running,
    _installation: Installation,
    _database: PrivateDatabase,
}

impl Site {
    async fn new(replicas: usize) -> Self {
        let (cluster, database) = (OwnCluster::start(replicas).await, PrivateDatabase::migrated().await);
        let (installation, client, browsers) =
            installed(database.url(), &[("OAUTH2_REDIS_URL", &cluster.url())]).await;
        let running = installation.serves().await;
        sign_in(&client, &browsers).await;
        Self { cluster, client, browsers, running, _installation: installation, _database: database }
    }

    fn load(&self) -> Load {
        Load::begin(&self.client, &self.browsers, Forgets::UnfinishedFlows)
    }

    /// Waits until every master answers again, which must be soon.
    async fn recovers(&self) {
        let since = Instant::now();
        let mut refused = 0;
        for key in 0..KEYS {
            loop {
                let answer = self.client.redeem(&format!("unknown-{key}")).await;
                if answer.status() == 400 {
                    break;
                }
                assert_eq!(answer.status(), 503);
                assert!(answer.headers().contains_key("retry-after"));
                refused += 1;
                assert!(since.elapsed() < RECOVERY_TIMEOUT, "the server has not recovered");
            }
        }
        println!("recovered after {:?}, and {refused} refusals", since.elapsed());
    }

    /// Asserts that everything issued is still valid, and that the server is ready.
    async fn verify_and_end(self, load: Load) {
        load.answers(40).await;
        load.end().await.verify(&self.client).await;
        let ready = self.client.http().get(format!("{}/ready", self.client.issuer)).send().await;
        assert_eq!(ready.expect("an answer").status(), 200);
        let ended = self.running.ends().await;
        assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_master_stops_or_is_killed_and_starts_again() {
    let mut site = Site::new(0).await;
    let load = site.load();
    for (master, signal) in [(0, "TERM"), (1, "KILL"), (2, "KILL")] {
        load.answers(40).await;
        site.cluster.nodes[master].stop_by(signal).await;
        // First only the keys of this master are not served; then none, because a cluster refuses
        // all keys unless it is complete.
        load.refusals(4).await;
        site.cluster.is_not_whole().await;
        load.refusals(8).await;
        site.cluster.nodes[master].start_again().await;
        site.cluster.is_whole().await;
        site.recovers().await;
    }
    site.verify_and_end(load).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_master_is_killed_and_its_replica_takes_its_place() {
    let mut site = Site::new(1).await;
    let load = site.load();
    load.answers(40).await;
    site.cluster.nodes[0].stop_by("KILL").await;
    site.cluster.is_not_whole().await;
    site.cluster.is_whole().await;
    // No operator starts it again: the server finds the replica by itself.
    site.recovers().await;
    site.verify_and_end(load).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_to_a_cluster_are_cut() {
    let site = Site::new(0).await;
    let load = site.load();
    let mut cut = 0;
    for _ in 0..10 {
        load.answers(10).await;
        for node in &site.cluster.nodes {
            cut += node.answers::<usize>(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]).await;
        }
        site.recovers().await;
    }
    assert!(cut >= 20, "{cut} connections were cut");
    site.verify_and_end(load).await;
}
