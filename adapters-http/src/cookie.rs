//! Our two cookies: the session, and the one that interactions are bound to.

use application::browser::Browser;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use chrono::Duration;
use domain::Secret;
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};

/// What the cookies are called.
///
/// Over https the `__Host-` prefix makes browsers refuse them from a subdomain, another path or without TLS
/// (draft-ietf-httpbis-rfc6265bis §4.1.3.2).
pub(crate) struct CookieNames {
    session: &'static str,
    binding: &'static str,
    secure: bool,
}

impl CookieNames {
    pub(crate) const fn new(secure: bool) -> Self {
        if secure {
            Self { session: "__Host-session", binding: "__Host-browser", secure }
        } else {
            Self { session: "oauth2_session", binding: "oauth2_browser", secure }
        }
    }

    /// The cookies of a request.
    pub(crate) fn read(&self, headers: &HeaderMap) -> Browser {
        let jar = CookieJar::from_headers(headers);
        let secret = |name| jar.get(name).map(|cookie| Secret::from(cookie.value()));
        Browser { session: secret(self.session), binding: secret(self.binding) }
    }

    /// Sets the session cookie for as long as the session lives.
    pub(crate) fn set_session(&self, headers: &mut HeaderMap, value: &Secret, lifetime: Duration) {
        let mut cookie = self.cookie(self.session, value);
        cookie.set_max_age(Some(time::Duration::seconds(lifetime.num_seconds())));
        append(headers, &cookie);
    }

    /// Removes the session cookie.
    pub(crate) fn clear_session(&self, headers: &mut HeaderMap) {
        let mut cookie = self.cookie(self.session, &Secret::from(""));
        cookie.set_max_age(Some(time::Duration::ZERO));
        append(headers, &cookie);
    }

    /// Sets the cookie that interactions are bound to, until the browser closes; unless it is there already.
    pub(crate) fn set_binding(&self, headers: &mut HeaderMap, value: &Secret, browser: &Browser) {
        let there = browser.binding.as_ref().is_some_and(|there| there.digest() == value.digest());
        if !there {
            append(headers, &self.cookie(self.binding, value));
        }
    }

    fn cookie(&self, name: &'static str, value: &Secret) -> Cookie<'static> {
        Cookie::build((name, value.expose().to_owned()))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .build()
    }
}

fn append(headers: &mut HeaderMap, cookie: &Cookie<'_>) {
    // Names and values are of our own alphabet: they always fit into a header.
    if let Ok(value) = HeaderValue::try_from(cookie.to_string()) {
        headers.append(SET_COOKIE, value);
    }
}
