//! The issuer identifier (RFC 8414 §2, RFC 9207 §2): the URL under which everyone reaches this server.

use serde_json::Value;
use url::{Host, Url};

use super::table::Setting;

/// An https URL without query and fragment (http for this machine only), never ending in a slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer(Url);

impl Issuer {
    /// The identifier exactly as tokens and metadata carry it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The same as a URL; one without a path has the path `/` here.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Whether browsers reach it by https, so that cookies can be `__Host-` and `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl Setting for Issuer {
    fn parse(text: &str) -> Result<Self, String> {
        // Whatever is wrong, the text is not repeated: a mistaken URL may carry a password.
        let mut url = Url::parse(text).map_err(|reason| {
            format!("the value is not a URL such as https://login.example.com ({reason})")
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("the scheme {:?} is not https", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a user name or password is not allowed in the issuer".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("a query or fragment is not allowed in the issuer (RFC 8414 section 2)".to_owned());
        }
        if url.scheme() == "http" && !is_this_machine(&url) {
            return Err("http is only allowed for localhost and loopback addresses: \
                        put TLS in front (a reverse proxy) and set the https URL that browsers use"
                .to_owned());
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    fn shown(&self) -> Value {
        Value::from(self.as_str())
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
