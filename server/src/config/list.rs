//! Settings that are lists: separated by spaces in one text, or a TOML array.

use std::net::IpAddr;

use adapters_http::language::Language;
use domain::{AuthenticationContext, AuthenticationContexts, Scope};
use ipnet::IpNet;
use serde_json::Value;

use super::table::Setting;

impl Setting for Scope {
    const LIST: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        let tokens: Vec<_> = text.split_ascii_whitespace().collect();
        match tokens.iter().find(|token| token.parse::<Self>().is_err()) {
            Some(token) => Err(format!(
                "{token:?} is not a scope: printable ASCII without quotation marks and backslashes, separated by spaces"
            )),
            None => Ok(tokens.into_iter().collect()),
        }
    }

    fn shown(&self) -> Value {
        self.iter().collect()
    }
}

impl Setting for AuthenticationContexts {
    const LIST: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        let context = |entry: &str| {
            entry.parse::<AuthenticationContext>().map_err(|reason| format!("{entry:?}: each {reason}"))
        };
        let ladder: Vec<_> = text.split_ascii_whitespace().map(context).collect::<Result<_, _>>()?;
        Self::try_from(ladder).map_err(|reason| reason.to_string())
    }

    fn shown(&self) -> Value {
        self.iter().map(AuthenticationContext::as_str).collect()
    }
}

/// Networks whose machines are proxies of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// The networks.
    #[must_use]
    pub fn networks(&self) -> &[IpNet] {
        &self.0
    }
}

impl Setting for TrustedProxies {
    const LIST: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        let entries = text.split([',', ' ', '\t', '\n']).filter(|entry| !entry.is_empty());
        let network = |entry: &str| {
            let single = || entry.parse::<IpAddr>().map(IpNet::from);
            entry.parse::<IpNet>().or_else(|_reason| single()).map_err(|_reason| {
                format!("{entry:?} is not an address or network such as 10.0.0.0/8, 192.0.2.7 or fd00::/8")
            })
        };
        entries.map(network).collect::<Result<_, _>>().map(Self)
    }

    fn shown(&self) -> Value {
        self.0.iter().map(ToString::to_string).collect()
    }
}

/// The languages that the pages are offered in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLanguages(Vec<&'static str>);

impl PageLanguages {
    /// Their tags (RFC 5646).
    #[must_use]
    pub fn tags(&self) -> Vec<String> {
        self.0.iter().map(|tag| (*tag).to_owned()).collect()
    }
}

impl Setting for PageLanguages {
    const LIST: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        let shipped = || Language::shipped().map(Language::tag).collect::<Vec<_>>().join(", ");
        let mut tags = Vec::new();
        for entry in text.split([',', ' ', '\t', '\n']).filter(|entry| !entry.is_empty()) {
            let language =
                Language::find(entry).ok_or_else(|| format!("{entry:?} is not one of {}", shipped()))?;
            if !tags.contains(&language.tag()) {
                tags.push(language.tag());
            }
        }
        if tags.is_empty() { Err(format!("at least one of {} is needed", shipped())) } else { Ok(Self(tags)) }
    }

    fn shown(&self) -> Value {
        self.0.iter().copied().collect()
    }
}
