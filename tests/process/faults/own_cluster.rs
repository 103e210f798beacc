//! A private Redis Cluster for a test, whose nodes can be stopped, started and disconnected.

use std::time::Duration;

use tokio::process::Command;
use tokio::time::{sleep, timeout};

use super::own_redis::OwnRedis;
use crate::installation::{PROCESS_TIMEOUT, free_port};

/// The number of masters.
const MASTERS: usize = 3;

/// The interval between two checks of the cluster.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

pub(super) struct OwnCluster {
    /// The masters come first, then their replicas.
    pub(super) nodes: Vec<OwnRedis>,
}

impl OwnCluster {
    /// Starts an empty cluster with this number of replicas per master.
    pub(super) async fn start(replicas: usize) -> Self {
        let mut nodes = Vec::new();
        for _ in 0..MASTERS * (1 + replicas) {
            // The default port of the cluster bus, 10000 above, may exceed 65535.
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

    /// The URL with every node, the masters first, as the setting takes it.
    pub(super) fn url(&self) -> String {
        let urls = self.nodes.iter().map(|node| format!("redis+cluster://{}", node.address()));
        urls.collect::<Vec<_>>().join(",")
    }

    /// Waits until every running node reports that all keys are served.
    pub(super) async fn is_whole(&self) {
        let whole = async {
            for node in self.nodes.iter().filter(|node| node.is_running()) {
                while !node.answers::<String>(&["CLUSTER", "INFO"]).await.contains("cluster_state:ok") {
                    sleep(POLL_INTERVAL).await;
                }
            }
        };
        timeout(PROCESS_TIMEOUT, whole).await.expect("the cluster does not become whole");
    }

    /// Waits until every replica has copied its master: only then it may take over.
    async fn is_copied(&self) {
        let copied = async {
            for replica in &self.nodes[MASTERS..] {
                while !replica
                    .answers::<String>(&["INFO", "replication"])
                    .await
                    .contains("master_link_status:up")
                {
                    sleep(POLL_INTERVAL).await;
                }
            }
        };
        timeout(PROCESS_TIMEOUT, copied).await.expect("a replica has no copy");
    }

    /// Waits until a node reports that some keys are not served.
    pub(super) async fn is_not_whole(&self) {
        let broken = async {
            let node = self.nodes.iter().find(|node| node.is_running()).expect("a node");
            while node.answers::<String>(&["CLUSTER", "INFO"]).await.contains("cluster_state:ok") {
                sleep(POLL_INTERVAL).await;
            }
        };
        timeout(PROCESS_TIMEOUT, broken).await.expect("no node noticed that keys are not served");
    }
}
