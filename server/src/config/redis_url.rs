//! Where short-lived state is kept, if not in the database: a Redis, or a Redis Cluster.

use std::fmt;

use serde_json::Value;
use url::Url;

use super::table::Setting;

const REDACTED: &str = "redacted";
const EXAMPLE: &str = "redis://:password@host:6379/0, rediss:// for TLS, redis+cluster://host:6379 for a cluster, or several \
                       nodes of one separated by commas";

/// One URL, or several separated by commas; a password in it does not show itself.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisUrl(String);

impl RedisUrl {
    /// The URL as it was written, password included.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Where it is, for people: never with a user name or password.
    #[must_use]
    pub fn place(&self) -> String {
        let nodes: Vec<_> =
            urls(&self.0).map(|url| url.map_or_else(|| REDACTED.to_owned(), |url| node(&url))).collect();
        let what = if is_cluster(&self.0) { "Redis Cluster" } else { "Redis" };
        format!("{what} at {}", nodes.join(", "))
    }

    fn redacted(&self) -> String {
        let urls: Vec<_> =
            urls(&self.0).map(|url| url.map_or_else(|| REDACTED.to_owned(), redacted)).collect();
        urls.join(",")
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.redacted())
    }
}

impl Setting for RedisUrl {
    /// The text is never repeated: it may carry a password.
    fn parse(text: &str) -> Result<Self, String> {
        let cluster = is_cluster(text);
        for url in urls(text) {
            let url = url.ok_or_else(|| {
                format!(
                    "the value is not {EXAMPLE}; special characters in the password must be percent-encoded"
                )
            })?;
            if !matches!(url.scheme(), "redis" | "rediss" | "redis+cluster" | "rediss+cluster") {
                return Err(format!("the value is not {EXAMPLE}"));
            }
            if url.host_str().is_none_or(str::is_empty) {
                return Err("the value names no host; redis://localhost:6379 is an example".to_owned());
            }
            if url.query().is_some() || url.fragment().is_some() {
                return Err(
                    "nothing may follow the number of the database: neither ? nor # means anything here"
                        .to_owned(),
                );
            }
            match url.path().trim_start_matches('/') {
                "" => {}
                "0" if cluster => {}
                _ if cluster => {
                    return Err("a cluster has only database 0; leave the number out".to_owned());
                }
                number if number.parse::<u16>().is_ok() => {}
                _ => return Err("what follows the host is not the number of a database".to_owned()),
            }
        }
        Ok(Self(text.to_owned()))
    }

    fn shown(&self) -> Value {
        Value::from(self.redacted())
    }
}

/// The first characters of every key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedisPrefix(String);

impl RedisPrefix {
    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Setting for RedisPrefix {
    fn parse(text: &str) -> Result<Self, String> {
        // No braces: what is between them would send every key to one node of a cluster.
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_-.:/".contains(letter);
        match (1..=64).contains(&text.len()) && text.chars().all(allowed) {
            true => Ok(Self(text.to_owned())),
            false => Err(format!("{text:?} is not 1 to 64 letters, digits or any of _-.:/")),
        }
    }

    fn shown(&self) -> Value {
        Value::from(self.as_str())
    }
}

/// The URLs of the list; none for one that is not a URL.
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

fn redacted(mut url: Url) -> String {
    if url.password().is_some() && url.set_password(Some(REDACTED)).is_err() {
        return REDACTED.to_owned();
    }
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> RedisUrl {
        RedisUrl::parse(text).unwrap()
    }

    #[test]
    fn a_url_says_where_without_its_password() {
        for (text, place) in [
            ("redis://localhost", "Redis at localhost"),
            ("rediss://ada:s3cret@redis.internal:6380/2", "Redis at redis.internal:6380/2"),
            ("redis://:s3cret@[::1]:6379", "Redis at [::1]:6379"),
            ("redis+cluster://:s3cret@a:1", "Redis Cluster at a:1"),
            ("redis://:s3cret@a:1,redis://:s3cret@b:2", "Redis Cluster at a:1, b:2"),
        ] {
            let url = parsed(text);
            assert_eq!(url.place(), place);
            assert_eq!(url.expose(), text);
            assert!(!format!("{url:?} {}", url.shown()).contains("s3cret"), "{url:?}");
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
        ] {
            let refused = RedisUrl::parse(text).unwrap_err();
            assert!(refused.contains(reason) && !refused.contains("s3c"), "{text}: {refused}");
        }
    }

    #[test]
    fn a_prefix_is_plain() {
        for text in ["oauth2", "staging:oauth2", "a"] {
            assert_eq!(RedisPrefix::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "{oauth2}", "a b", "ü", &"a".repeat(65)] {
            assert!(RedisPrefix::parse(text).is_err(), "{text}");
        }
    }
}
