//! Where a redirect URI leads: to a site, or to the user's own device.

use url::Url;

use super::{RedirectUri, VerifiedRedirectUri, is_this_machine};

impl RedirectUri {
    /// The root of the https host that it belongs to; none if it has another scheme.
    #[must_use]
    pub fn https_root(&self) -> Option<String> {
        let url = Url::parse(&self.0).ok().filter(|url| url.scheme() == "https")?;
        url.join("/").ok().map(String::from)
    }
}

impl VerifiedRedirectUri {
    /// Whether it leads to an application on the user's own device: by a private-use scheme, or to this machine.
    #[must_use]
    pub fn is_on_the_device(&self) -> bool {
        !self.is_web() || Url::parse(&self.0).is_ok_and(|url| is_this_machine(&url))
    }
}
