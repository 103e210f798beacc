//! A Redis Cluster of a test's own, whose nodes can be stopped, started and cut off.

use std::time::Duration;

use tokio::process::Command;
use tokio::time::{sleep, timeout};

use super::own_redis::OwnRedis;
use crate::installation::{PATIENCE, free_port};

/// How many masters share the keys.
const MASTERS: usize = 3;

/// How often it is asked whether it is whole.
const OFTEN: Duration = Duration::from_millis(20);

pub(super) struct OwnCluster {
    /// The masters come first; each then has this many replicas.
    pub(super) nodes: Vec<OwnRedis>,
}

impl OwnCluster {
    /// Starts an empty one, each master with so many replicas.
    pub(super) async fn start(replicas: usize) -> Self {
        let mut nodes = Vec::new();
        for _ in 0..MASTERS * (1 + replicas) {
            // The usual port for the others, 10000 above, may not exist.
            let port = free_port().to_string();
            let options =
                ["--cluster-enabled", "yes", "--cluster-port", &port, "--cluster-node-timeout", "1000"];
            let durable = [
                "--cluster-announce-ip",
                "127.0.0.1",
                "--appendfsync",
                "always",
                "--repl-diskless-sync-delay",
                "0",
            ];
            nodes.push(OwnRedis::with(&[&options[..], &durable[..]].concat()).await);
        }
        let made = Command::new("redis-cli")
            .args(["--cluster", "create"])
            .args(nodes.iter().map(OwnRedis::address))
            .args(["--cluster-replicas", &replicas.to_string(), "--cluster-yes"])
            .output();
        let made = made.await.expect("redis-cli, which `tests/run` installs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
        let cluster = Self { nodes };
        cluster.is_whole().await;
        cluster.is_copied().await;
        cluster
    }

    /// Every node, masters first, as a setting.
    pub(super) fn url(&self) -> String {
        let urls = self.nodes.iter().map(|node| format!("redis+cluster://{}", node.address()));
        urls.collect::<Vec<_>>().join(",")
    }

    /// Waits until every node that runs finds every key served.
    pub(super) async fn is_whole(&self) {
        let whole = async {
            for node in self.nodes.iter().filter(|node| node.is_running()) {
                while !node.answers::<String>(&["CLUSTER", "INFO"]).await.contains("cluster_state:ok") {
                    sleep(OFTEN).await;
                }
            }
        };
        timeout(PATIENCE, whole).await.expect("the cluster does not become whole");
    }

    /// Waits until every replica has a copy: only then it may take its master's place.
    async fn is_copied(&self) {
        let copied = async {
            for replica in &self.nodes[MASTERS..] {
                while !replica
                    .answers::<String>(&["INFO", "replication"])
                    .await
                    .contains("master_link_status:up")
                {
                    sleep(OFTEN).await;
                }
            }
        };
        timeout(PATIENCE, copied).await.expect("a replica has no copy");
    }

    /// Waits until some node finds that keys are served by nobody.
    pub(super) async fn is_not_whole(&self) {
        let broken = async {
            let node = self.nodes.iter().find(|node| node.is_running()).expect("a node");
            while node.answers::<String>(&["CLUSTER", "INFO"]).await.contains("cluster_state:ok") {
                sleep(OFTEN).await;
            }
        };
        timeout(PATIENCE, broken).await.expect("the cluster does not miss anybody");
    }
}
