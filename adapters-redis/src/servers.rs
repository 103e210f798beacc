//! The servers that a URL names: one, the nodes of a cluster, or the sentinels that know the master.

use std::time::Duration;

use redis::io::tcp::TcpSettings;
use redis::{Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, ProtocolVersion};

use crate::fault::Fault;

/// A connection on which sent data is not acknowledged for this long is lost.
#[cfg(target_os = "linux")]
const ACKNOWLEDGEMENT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a sentinel may take to answer.
const SENTINEL_TIMEOUT: Duration = Duration::from_secs(1);

/// The servers that a URL names.
pub(crate) enum Servers {
    /// Where one server is.
    Single(Place),
    /// Some nodes of a cluster.
    Cluster(Vec<ConnectionInfo>),
}

/// Where one server is.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// At this address, which may lead to another server after a failover.
    Fixed(Box<ConnectionInfo>),
    /// Where the sentinels say that the master is (Redis Sentinel).
    Watched {
        /// The sentinels.
        sentinels: Vec<ConnectionInfo>,
        /// The name of the master.
        name: String,
    },
}

/// What a URL of Redis Sentinel says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentinels {
    /// A URL for each sentinel, with the user, the password and the database of the master.
    pub urls: Vec<String>,
    /// The name of the master; empty if the URL has none.
    pub name: String,
}

impl Sentinels {
    /// Takes `redis+sentinel://user:password@host,host:26379/name/database` apart; none for another URL.
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("+sentinel://")?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (name, database) = path.split_once('/').unwrap_or((path, "0"));
        let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
        let user = &authority[..authority.len() - hosts.len()];
        let sentinel = |host: &str| {
            // After the bracket of an IPv6 address.
            let has_port = host.rsplit(']').next().is_some_and(|rest| rest.contains(':'));
            let port = if has_port { "" } else { ":26379" };
            format!("{scheme}://{user}{host}{port}/{database}")
        };
        let urls = hosts.split(',').map(|host| sentinel(host.trim())).collect();
        Some(Self { urls, name: name.to_owned() })
    }
}

impl Servers {
    /// `redis://`, `rediss://`; for a cluster with `+cluster` or several URLs; for sentinels
    /// `redis+sentinel://user:password@sentinel,sentinel/name/database`.
    pub(crate) fn parse(url: &str) -> Result<Self, Fault> {
        if let Some(Sentinels { urls, name }) = Sentinels::parse(url) {
            let sentinels = urls.iter().map(|url| server(url)).collect::<Result<Vec<_>, _>>()?;
            return Ok(Self::Single(Place::Watched { sentinels, name }));
        }
        let urls: Vec<_> = url.split(',').map(str::trim).collect();
        let nodes = urls.iter().map(|url| server(&url.replacen("+cluster://", "://", 1)));
        let mut nodes = nodes.collect::<Result<Vec<_>, _>>()?;
        let one = urls.len() == 1 && !url.contains("+cluster://");
        match nodes.pop() {
            Some(server) if one => Ok(Self::Single(Place::Fixed(Box::new(server)))),
            last => Ok(Self::Cluster(nodes.into_iter().chain(last).collect())),
        }
    }
}

impl Place {
    /// Where the server is now.
    pub(crate) async fn find(&self) -> Result<ConnectionInfo, Fault> {
        match self {
            Self::Fixed(server) => Ok((**server).clone()),
            Self::Watched { sentinels, name } => {
                let mut refused = "no sentinel answers".to_owned();
                for sentinel in sentinels {
                    let asked = tokio::time::timeout(SENTINEL_TIMEOUT, master(sentinel, name));
                    match asked.await {
                        Ok(Ok(Some((host, port)))) => {
                            // A sentinel may not know yet what happened (Sentinel client guidelines, step 3).
                            let server = at(sentinel, host, port);
                            match tokio::time::timeout(SENTINEL_TIMEOUT, is_master(&server)).await {
                                Ok(Ok(true)) => return Ok(server),
                                Ok(Ok(false)) => {
                                    refused = "the server that Sentinel names is no master".to_owned();
                                }
                                Ok(Err(reason)) => refused = reason.to_string(),
                                Err(_elapsed) => {
                                    refused = "the server that Sentinel names does not answer".to_owned();
                                }
                            }
                        }
                        Ok(Ok(None)) => refused = format!("the sentinels know no master {name}"),
                        Ok(Err(reason)) => refused = reason.to_string(),
                        Err(_elapsed) => {}
                    }
                }
                Err(Fault::Sentinel(refused))
            }
        }
    }
}

async fn master(sentinel: &ConnectionInfo, name: &str) -> redis::RedisResult<Option<(String, u16)>> {
    // The user, the password and the database are those of the master.
    let bare = redis::RedisConnectionInfo::default().set_protocol(ProtocolVersion::RESP3);
    let client = Client::open(sentinel.clone().set_redis_settings(bare))?;
    let mut connection = client.get_multiplexed_async_connection().await?;
    redis::cmd("SENTINEL").arg("get-master-addr-by-name").arg(name).query_async(&mut connection).await
}

async fn is_master(server: &ConnectionInfo) -> redis::RedisResult<bool> {
    let mut connection = Client::open(server.clone())?.get_multiplexed_async_connection().await?;
    let role: redis::Value = redis::cmd("ROLE").query_async(&mut connection).await?;
    let redis::Value::Array(role) = role else { return Ok(false) };
    Ok(matches!(role.first(), Some(redis::Value::BulkString(first)) if first == b"master"))
}

/// The server at this address, reached as its sentinel is.
fn at(sentinel: &ConnectionInfo, host: String, port: u16) -> ConnectionInfo {
    let addr = match sentinel.addr() {
        ConnectionAddr::TcpTls { insecure, tls_params, .. } => {
            ConnectionAddr::TcpTls { host, port, insecure: *insecure, tls_params: tls_params.clone() }
        }
        ConnectionAddr::Tcp(..) | ConnectionAddr::Unix(_) | _ => ConnectionAddr::Tcp(host, port),
    };
    sentinel.clone().set_addr(addr)
}

fn server(url: &str) -> Result<ConnectionInfo, Fault> {
    if url.starts_with("rediss:") {
        // An earlier default is the same provider, because the build has no other.
        let _chosen = rustls::crypto::aws_lc_rs::default_provider().install_default();
    }
    let server = url.into_connection_info()?;
    // With RESP3 only, a lost connection is noticed and replaced before the next command.
    let protocol = server.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Ok(server.set_redis_settings(protocol).set_tcp_settings(tcp()))
}

/// Detects a peer that no longer answers after seconds. The default of the operating system is 15 minutes.
#[cfg(target_os = "linux")]
pub(crate) fn tcp() -> TcpSettings {
    TcpSettings::default().set_nodelay(true).set_user_timeout(ACKNOWLEDGEMENT_TIMEOUT)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn tcp() -> TcpSettings {
    TcpSettings::default().set_nodelay(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(url: &str) -> (bool, Vec<String>) {
        let (cluster, nodes) = match Servers::parse(url).unwrap() {
            Servers::Single(Place::Fixed(server)) => (false, vec![*server]),
            Servers::Single(Place::Watched { sentinels, .. }) => (false, sentinels),
            Servers::Cluster(nodes) => (true, nodes),
        };
        (cluster, nodes.iter().map(|node| node.addr().to_string()).collect())
    }

    #[test]
    fn one_url_is_a_single_redis() {
        assert_eq!(nodes("redis://:secret@a:6380/2"), (false, vec!["a:6380".to_owned()]));
        assert_eq!(nodes("rediss://a"), (false, vec!["a:6379".to_owned()]));
    }

    #[test]
    fn a_list_or_the_scheme_says_cluster() {
        for url in ["redis+cluster://a:1", "rediss+cluster://user:secret@a:1"] {
            assert_eq!(nodes(url), (true, vec!["a:1".to_owned()]), "{url}");
        }
        for url in ["redis://a:1,redis://b:2", "redis+cluster://a:1, redis+cluster://b:2"] {
            assert_eq!(nodes(url), (true, vec!["a:1".to_owned(), "b:2".to_owned()]), "{url}");
        }
    }

    #[tokio::test]
    async fn what_is_no_url_of_ours_is_refused() {
        for url in ["", "http://a", "redis://", "redis://a,"] {
            assert!(Servers::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn sentinels_know_a_master_by_its_name() {
        let url = "redis+sentinel://:secret@a,b:5000,[::1]/main/2";
        assert_eq!(
            nodes(url),
            (false, vec!["a:26379".to_owned(), "b:5000".to_owned(), "::1:26379".to_owned()])
        );
        let Servers::Single(Place::Watched { name, sentinels }) = Servers::parse(url).unwrap() else {
            panic!("no sentinels")
        };
        assert_eq!((name.as_str(), sentinels[0].redis_settings().db()), ("main", 2));
    }
}
