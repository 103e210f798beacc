//! Which host an answer reaches.

use url::Url;

/// The host that a browser opens for this URI; none for a scheme other than https and http, which starts an application.
#[must_use]
pub fn host_reached(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?;
    url.host_str().map(str::to_owned)
}
