//! The URLs that a page may link to, show or post to: https, and http on this machine for development.

use domain::RedirectUri;
use url::{Host, Url};

/// The unchanged URL, if a page may use it in `href`, `src` or `action`.
///
/// Admitted are `https` addresses, and `http` ones on `localhost` or a loopback address (RFC 8252 §7.3), both without
/// credentials, which serve to disguise a host (RFC 3986 §7.6). Everything else is `None`: an address that runs as a
/// script (`javascript:`, `data:`), one relative to us, and text that is no address at all. The scheme is read by the URL
/// Standard's parser, the same rules a browser follows, so no white space or mixed case slips through.
pub fn admitted(address: &str) -> Option<&str> {
    let url = Url::parse(address).ok()?;
    let secure = url.scheme() == "https" || (url.scheme() == "http" && is_this_machine(&url));
    let disguised = !url.username().is_empty() || url.password().is_some();
    (secure && !disguised).then_some(address)
}

/// The address as it was given, if it can be a registered redirect URI: an [`admitted`] address, or
/// one with a private-use scheme (RFC 8252 §7.1), which has a dot and never runs as a script.
pub fn registrable(address: &str) -> Option<&str> {
    let own_scheme = || address.parse().is_ok_and(|uri: RedirectUri| uri.is_private_use());
    admitted(address).or_else(|| own_scheme().then_some(address))
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_this_machine_are_admitted() {
        for address in [
            "https://app.example.com/logo.png?size=2#top",
            "HTTPS://app.example.com",
            "http://localhost:3000/callback",
            "http://127.0.0.1:49152/",
            "http://[::1]:49152/",
        ] {
            assert_eq!(admitted(address), Some(address));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for address in [
            "",
            "/relative",
            "//app.example.com",
            "javascript:alert(1)",
            " \tJaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "blob:https://app.example.com/1",
            "http://app.example.com/",
            "http://localhost.example.com/",
            "https://bank.example@evil.example/",
            "https://user:secret@app.example.com/",
            "com.example.app:/callback",
        ] {
            assert_eq!(admitted(address), None, "{address:?}");
            let own_scheme = address.starts_with("com.example.app:");
            assert_eq!(registrable(address).is_some(), own_scheme, "{address:?}");
        }
    }
}
