//! Settings of one plain value: switches, numbers in a range, hosts, URLs, the encryption key.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use chrono::Duration;
use serde_json::Value;
use url::{Host, Url};

use super::table::Setting;
use crate::encryption_key::EncryptionKey;

impl Setting for bool {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_reason| format!("{text:?} is neither true nor false"))
    }

    fn shown(&self) -> Value {
        Value::from(*self)
    }
}

/// A port to listen on. 0 is not one: the issuer could not name the port the system would pick.
impl Setting for u16 {
    fn parse(text: &str) -> Result<Self, String> {
        within::<1, 65_535>(text, "a port number")?
            .try_into()
            .map_err(|_reason| format!("{text:?} is not a port number"))
    }

    fn shown(&self) -> Value {
        Value::from(*self)
    }
}

impl Setting for SocketAddr {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|_reason| format!("{text:?} is not an address and a port such as 127.0.0.1:9090"))
    }

    fn shown(&self) -> Value {
        Value::from(self.to_string())
    }
}

/// A number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Count<MIN, MAX> {
    /// The number.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<const MIN: u32, const MAX: u32> Setting for Count<MIN, MAX> {
    fn parse(text: &str) -> Result<Self, String> {
        within::<MIN, MAX>(text, "a whole number").map(Self)
    }

    fn shown(&self) -> Value {
        Value::from(self.0)
    }
}

/// A duration from `MIN` to `MAX` seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Seconds<MIN, MAX> {
    /// The duration.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::seconds(i64::from(self.0))
    }

    /// The seconds.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<const MIN: u32, const MAX: u32> Setting for Seconds<MIN, MAX> {
    fn parse(text: &str) -> Result<Self, String> {
        within::<MIN, MAX>(text, "a whole number of seconds").map(Self)
    }

    fn shown(&self) -> Value {
        Value::from(self.0)
    }
}

/// A duration from `MIN` to `MAX` days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Days<MIN, MAX> {
    /// The duration.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::days(i64::from(self.0))
    }
}

impl<const MIN: u32, const MAX: u32> Setting for Days<MIN, MAX> {
    fn parse(text: &str) -> Result<Self, String> {
        within::<MIN, MAX>(text, "a whole number of days").map(Self)
    }

    fn shown(&self) -> Value {
        Value::from(self.0)
    }
}

fn within<const MIN: u32, const MAX: u32>(text: &str, what: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| (MIN..=MAX).contains(number));
    number.ok_or_else(|| format!("{text:?} is not {what} from {MIN} to {MAX}"))
}

/// An IP address or host name to listen on, without a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenHost(String);

impl ListenHost {
    /// The address or name, IPv6 without brackets, as `TcpListener::bind((host, port))` takes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Setting for ListenHost {
    fn parse(text: &str) -> Result<Self, String> {
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        let address = bare.parse::<IpAddr>().is_ok();
        let name = matches!(Host::parse(text), Ok(Host::Domain(_)));
        match address || name {
            true => Ok(Self(bare.to_owned())),
            false => Err(format!(
                "{text:?} is not an IP address such as 127.0.0.1, 0.0.0.0 or ::, nor a host name"
            )),
        }
    }

    fn shown(&self) -> Value {
        Value::from(self.as_str())
    }
}

/// The name of a file; whether it is there and what it holds is seen when it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(PathBuf);

impl FileName {
    /// The name, relative to the working folder if it is not absolute.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        &self.0
    }
}

impl Setting for FileName {
    fn parse(text: &str) -> Result<Self, String> {
        match text.is_empty() {
            false => Ok(Self(PathBuf::from(text))),
            true => Err("the name of the file is missing".to_owned()),
        }
    }

    fn shown(&self) -> Value {
        Value::from(self.0.display().to_string())
    }
}

/// An absolute http or https URL for people to follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebUrl(String);

impl WebUrl {
    /// The URL as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Setting for WebUrl {
    fn parse(text: &str) -> Result<Self, String> {
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Self(text.to_owned())),
            Ok(_) | Err(_) => Err(format!("{text:?} is not an http or https URL")),
        }
    }

    fn shown(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl Setting for EncryptionKey {
    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|reason| format!("the value {reason}"))
    }

    fn shown(&self) -> Value {
        Value::from("[redacted]")
    }
}
