//! The home address of a client, which an error page links to.

use super::Client;
use crate::redirect_uri::RedirectUri;

impl Client {
    /// The address of the application that an operator registered: its home page in this language, or else the root of the one https
    /// host of its redirect URIs. None for a client that registered itself or is disabled, and where the hosts differ.
    #[must_use]
    pub fn home(&self, language: &str) -> Option<String> {
        if self.registration.is_some() || !self.is_enabled() {
            return None;
        }
        if let Some(page) = self.in_language("client_uri", language) {
            return Some(page.to_owned());
        }
        let mut roots = self.redirect_uris.iter().map(RedirectUri::https_root);
        let first = roots.next()??;
        roots.all(|root| root.as_ref() == Some(&first)).then_some(first)
    }

    /// The one https host of all its redirect URIs, if an operator vouches for it. Of a client that registered itself nothing
    /// proves a host until an answer reaches it.
    #[must_use]
    pub fn vouched_host(&self) -> Option<String> {
        let mut hosts = self.redirect_uris.iter().map(RedirectUri::host_of_its_own);
        let first = hosts.next()?.filter(|_| self.is_vetted())?;
        hosts.all(|host| host.as_ref() == Some(&first)).then_some(first)
    }

    /// Whether it has an address at which people begin to use it.
    #[must_use]
    pub fn has_start_page(&self) -> bool {
        self.details.initiate_login_uri.is_some() || self.details.client_uri.is_some()
    }

    /// The address at which people begin to use it: the one that starts a sign-in (OpenID Connect Core §4), or else its home page in
    /// this language.
    #[must_use]
    pub fn start_page(&self, language: &str) -> Option<&str> {
        let starts_sign_in = self.details.initiate_login_uri.as_deref();
        starts_sign_in.or_else(|| self.in_language("client_uri", language))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::self_registration::{RegistrationLimits, SelfRegistration};
    use crate::{Digest, Incarnation};

    fn client(redirect_uris: &[&str]) -> Client {
        let (id, incarnation) = ("notes".parse().unwrap(), Incarnation::from_random([1; 16]));
        let mut client = Client::new(id, incarnation, DateTime::UNIX_EPOCH);
        client.redirect_uris = redirect_uris.iter().map(|uri| uri.parse().unwrap()).collect();
        client
    }

    #[test]
    fn a_client_is_at_home_at_the_one_https_host_of_its_redirect_uris() {
        for (uris, home) in [
            (
                &["https://a.example:8443/cb?x=1", "https://a.example:8443/"][..],
                Some("https://a.example:8443/"),
            ),
            (&["https://a.example/cb", "https://b.example/cb"], None),
            (&["https://a.example/cb", "http://127.0.0.1/cb"], None),
            (&["http://localhost:3000/cb"], None),
            (&["com.example.app:/cb"], None),
            (&[], None),
        ] {
            assert_eq!(client(uris).home("en").as_deref(), home, "{uris:?}");
        }
    }

    #[test]
    fn its_home_page_comes_first_and_only_what_an_operator_registered_counts() {
        let mut it = client(&["https://a.example/cb"]);
        it.details.client_uri = Some("https://www.a.example/".to_owned());
        assert_eq!(it.home("en").as_deref(), Some("https://www.a.example/"));
        let token = SelfRegistration::new(Digest::of(b"token"), RegistrationLimits::default());
        it.registration = Some(token);
        assert_eq!(it.home("en"), None);
    }

    #[test]
    fn the_vouched_host_is_the_only_one_and_never_that_of_a_client_that_registered_itself() {
        for (redirect_uris, host) in [
            (&["https://a.example/1", "https://a.example/2"][..], Some("a.example")),
            (&["https://a.example/", "https://b.example/"], None),
            (&["https://a.example/", "http://127.0.0.1/"], None),
            (&["com.example.app:/callback"], None),
            (&[], None),
        ] {
            let operated = client(redirect_uris);
            assert_eq!(operated.vouched_host().as_deref(), host, "{redirect_uris:?}");
            let registration = Some(SelfRegistration::new(Digest::of(b"x"), RegistrationLimits::default()));
            assert_eq!(Client { registration, ..operated }.vouched_host(), None, "{redirect_uris:?}");
        }
    }
}
