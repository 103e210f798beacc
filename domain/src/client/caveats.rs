//! What an operator may not expect of a registration that is valid.

use super::Client;
use crate::redirect_uri::{NO_ENCRYPTION, NO_WILDCARDS};

impl Client {
    /// One sentence for each redirect URI that does not do, or not safely do, what its operator may expect.
    #[must_use]
    pub fn caveats(&self) -> Vec<String> {
        let all = self.redirect_uris.iter().chain(&self.post_logout_redirect_uris);
        let wildcards =
            all.filter(|uri| uri.as_str().contains('*')).map(|uri| format!("{uri}: {NO_WILDCARDS}"));
        let plain = self.redirect_uris.iter().filter(|uri| uri.is_http_to_another_machine());
        wildcards.chain(plain.map(|uri| format!("{uri}: {NO_ENCRYPTION}"))).collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{Incarnation, RedirectUri};

    fn client(redirect_uris: &[&str], post_logout: &[&str]) -> Client {
        let parsed = |uris: &[&str]| uris.iter().map(|uri| uri.parse().unwrap()).collect();
        Client {
            redirect_uris: parsed(redirect_uris),
            post_logout_redirect_uris: parsed(post_logout),
            ..Client::new("web".parse().unwrap(), Incarnation::from_random([1; 16]), DateTime::UNIX_EPOCH)
        }
    }

    #[test]
    fn an_asterisk_is_no_wildcard() {
        let told =
            client(&["https://a.example/*", "https://a.example/b"], &["https://a.example/out*"]).caveats();
        let (uris, words): (Vec<_>, Vec<_>) = told.iter().filter_map(|told| told.split_once(": ")).unzip();
        assert_eq!(uris, ["https://a.example/*", "https://a.example/out*"]);
        assert_eq!(words, [NO_WILDCARDS; 2]);
        let in_host = "https://*.a.example/".parse::<RedirectUri>().unwrap_err();
        assert_eq!(in_host.to_string(), NO_WILDCARDS);
    }
}
