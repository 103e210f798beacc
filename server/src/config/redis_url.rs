//! Redis, or a Redis Cluster, for short-lived state.

use std::fmt;

use adapters_redis::Sentinels;
use figment::value::Value;
use url::Url;

use super::value::{Read, text, without_password};

const EXAMPLE: &str = "redis://:password@host:6379/0, rediss:// for TLS, redis+cluster://host:6379 for a cluster, several \
                       nodes of one separated by commas, or redis+sentinel://:password@sentinel,sentinel/master for Sentinel";

/// One URL, or several separated by commas. `Debug` does not show the passwords in it.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisUrl(String);

impl RedisUrl {
    /// The URL as the operator wrote it, password included.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Where Redis is, for a log line or an error message: without user name and password.
    #[must_use]
    pub fn place(&self) -> String {
        if let Some(Sentinels { urls, name }) = Sentinels::parse(&self.0) {
            let sentinels: Vec<_> =
                urls.iter().filter_map(|url| Url::parse(url).ok()).map(|url| node(&url)).collect();
            return format!("the master {name} of Redis Sentinel at {}", sentinels.join(", "));
        }
        let kind = if is_cluster(&self.0) { "Redis Cluster" } else { "Redis" };
        let nodes: Vec<_> = urls(&self.0).flatten().map(|url| node(&url)).collect();
        format!("{kind} at {}", nodes.join(", "))
    }

    fn redacted(&self) -> String {
        if let Some(Sentinels { urls, name }) = Sentinels::parse(&self.0) {
            let sentinels: Vec<_> = urls.iter().map(|url| without_password(url)).collect();
            return format!("{name} at {}", sentinels.join(","));
        }
        self.0.split(',').map(without_password).collect::<Vec<_>>().join(",")
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.redacted())
    }
}

/// The messages do not repeat the text: it may hold a password.
pub(super) fn redis_url(value: &Value) -> Read<RedisUrl> {
    let text = text(value)?;
    if let Some(Sentinels { urls, name }) = Sentinels::parse(&text) {
        if name.is_empty() {
            return Err(
                "the URL of Sentinel ends with the name of the master: redis+sentinel://host/name".to_owned()
            );
        }
        for url in urls {
            check(Url::parse(&url).ok(), false)?;
        }
    } else {
        for url in urls(&text) {
            check(url, is_cluster(&text))?;
        }
    }
    let url = RedisUrl(text.into_owned());
    let shown = url.redacted().into();
    Ok((url, shown))
}

fn check(url: Option<Url>, cluster: bool) -> Result<(), String> {
    let url = url.ok_or_else(|| {
        format!("the value is not {EXAMPLE}; special characters in the password must be percent-encoded")
    })?;
    if !matches!(url.scheme(), "redis" | "rediss" | "redis+cluster" | "rediss+cluster") {
        return Err(format!("the value is not {EXAMPLE}"));
    }
    let database = url.path().trim_start_matches('/');
    let problem = if url.host_str().is_none_or(str::is_empty) {
        "the value names no host; redis://localhost:6379 is an example"
    } else if url.query().is_some() || url.fragment().is_some() {
        "the URL has to end after the number of the database: neither ? nor # is allowed"
    } else if cluster && !matches!(database, "" | "0") {
        "a cluster has only database 0; leave the number out"
    } else if !database.is_empty() && database.parse::<u16>().is_err() {
        "what follows the host is not the number of a database"
    } else {
        return Ok(());
    };
    Err(problem.to_owned())
}

/// `None` for an entry that is not a URL.
fn urls(text: &str) -> impl Iterator<Item = Option<Url>> {
    text.split(',').map(|url| Url::parse(url.trim()).ok())
}

fn is_cluster(text: &str) -> bool {
    text.contains(',') || text.contains("+cluster://")
}

fn node(url: &Url) -> String {
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    let database = url.path().trim_end_matches('/');
    format!("{}{port}{database}", url.host_str().unwrap_or("localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<(RedisUrl, serde_json::Value), String> {
        redis_url(&Value::from(text))
    }

    #[test]
    fn a_url_says_placewithout_its_password() {
        for (text, place) in [
            ("redis://localhost", "Redis at localhost"),
            ("rediss://ada:s3cret@redis.internal:6380/2", "Redis at redis.internal:6380/2"),
            ("redis://:s3cret@[::1]:6379", "Redis at [::1]:6379"),
            ("redis+cluster://:s3cret@a:1", "Redis Cluster at a:1"),
            ("redis://:s3cret@a:1,redis://:s3cret@b:2", "Redis Cluster at a:1, b:2"),
            (
                "redis+sentinel://:s3cret@a,b:1/main/2",
                "the master main of Redis Sentinel at a:26379/2, b:1/2",
            ),
        ] {
            let (url, shown) = parsed(text).unwrap();
            assert_eq!(url.place(), place);
            assert_eq!(url.expose(), text);
            assert!(!format!("{url:?} {shown}").contains("s3cret"), "{url:?}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_repeating_it() {
        for (text, reason) in [
            ("", "redis://"),
            ("localhost:6379", "redis://"),
            ("http://:s3cret@localhost", "redis://"),
            ("redis://:s3cret@", "redis://"),
            ("redis://:s3c/ret@localhost", "percent-encoded"),
            ("redis://:s3cret@localhost/one", "number of a database"),
            ("redis://:s3cret@localhost/0?db=1", "neither ? nor #"),
            ("rediss://:s3cret@localhost/#insecure", "neither ? nor #"),
            ("redis+cluster://:s3cret@a/1", "only database 0"),
            ("redis://:s3cret@a,", "redis://"),
            ("redis+sentinel://:s3cret@a", "name of the master"),
            ("redis+sentinel://:s3cret@a/main/x", "number of a database"),
            ("http+sentinel://:s3cret@a/main", "redis://"),
        ] {
            let refused = parsed(text).unwrap_err();
            assert!(refused.contains(reason) && !refused.contains("s3c"), "{text}: {refused}");
        }
    }
}
