//! The cookies: the session, the one that binds interactions to a browser, the one that remembers cancelled logins, and the one
//! of a known browser. What a page says once travels in another one.

use application::browser::Browser;
use application::login::device_cookie;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use chrono::Duration;
use domain::interaction::LIFETIME;
use domain::{Issuer, Secret};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};

/// The page that a notice is for is opened at once.
const NOTICE_LIFETIME: time::Duration = time::Duration::minutes(1);

/// The names and the paths of the cookies.
///
/// Over https the `__Host-` prefix makes browsers refuse them from a subdomain, another path or without TLS
/// (draft-ietf-httpbis-rfc6265bis §4.1.3.2); it requires `Path=/`. An issuer with a path shares its host with other
/// applications, which must not receive the session: its cookies have its path and so only the prefix `__Secure-`.
/// Browsers send the cookies of `/a` to `/a/b` too, in no reliable order (RFC 6265 §4.2.2), and the cookies of one port to
/// every other (§8.5), so each name contains the path, and the port unless it is the default one of the scheme.
pub(crate) struct CookieNames {
    session: String,
    binding: String,
    cancelled: String,
    device: String,
    notice: String,
    path: String,
    secure: bool,
}

impl CookieNames {
    pub(crate) fn new(issuer: &Issuer) -> Self {
        let (below, secure) = (issuer.path(), issuer.is_https());
        let prefix = match (secure, below) {
            (true, "") => "__Host-",
            (true, _) => "__Secure-",
            (false, _) => "oauth2_",
        };
        let port = issuer.port().map(|port| format!(".{port}")).unwrap_or_default();
        let suffix = format!("{port}{}", below.replace('/', "-"));
        Self {
            session: format!("{prefix}session{suffix}"),
            binding: format!("{prefix}browser{suffix}"),
            cancelled: format!("{prefix}cancelled{suffix}"),
            device: format!("{prefix}device{suffix}"),
            // `__Host-` would need the path `/`, and each notice is for one page.
            notice: format!("{}notice{suffix}", if secure { "__Secure-" } else { prefix }),
            path: if below.is_empty() { "/".to_owned() } else { below.to_owned() },
            secure,
        }
    }

    /// The cookies of a request.
    pub(crate) fn read(&self, headers: &HeaderMap) -> Browser {
        let jar = CookieJar::from_headers(headers);
        let secret = |name: &str| jar.get(name).map(|cookie| Secret::from(cookie.value()));
        let cancelled = jar.get(&self.cancelled).map(|cookie| cookie.value().to_owned());
        Browser {
            session: secret(&self.session),
            binding: secret(&self.binding),
            cancelled,
            device: secret(&self.device),
        }
    }

    /// Sets the session cookie for the lifetime of the session.
    pub(crate) fn set_session(&self, headers: &mut HeaderMap, value: &Secret, lifetime: Duration) {
        append_lasting(headers, self.cookie(&self.session, value), lifetime);
    }

    /// Sets the device cookie: a user has signed in with this browser.
    pub(crate) fn set_device(&self, headers: &mut HeaderMap, value: &Secret) {
        append_lasting(headers, self.cookie(&self.device, value), device_cookie::LIFETIME);
    }

    /// Removes the session cookie.
    pub(crate) fn clear_session(&self, headers: &mut HeaderMap) {
        let mut cookie = self.cookie(&self.session, &Secret::from(""));
        cookie.set_max_age(Some(time::Duration::ZERO));
        append(headers, &cookie);
    }

    /// Sets the cookie that binds interactions, until the browser closes; does nothing if the browser has it.
    pub(crate) fn set_binding(&self, headers: &mut HeaderMap, value: &Secret, browser: &Browser) {
        let there = browser.binding.as_ref().is_some_and(|there| there.digest() == value.digest());
        if !there {
            append(headers, &self.cookie(&self.binding, value));
        }
    }

    /// Sets the cookie that remembers cancelled logins, until their interactions have expired.
    pub(crate) fn set_cancelled(&self, headers: &mut HeaderMap, value: &str) {
        let mut cookie = self.cookie(&self.cancelled, &Secret::from(value));
        cookie.set_max_age(Some(time::Duration::seconds(LIFETIME.num_seconds())));
        append(headers, &cookie);
    }

    /// What a page of the account says once, sealed.
    pub(crate) fn notice(&self, headers: &HeaderMap) -> Option<String> {
        CookieJar::from_headers(headers).get(&self.notice).map(|cookie| cookie.value().to_owned())
    }

    /// Sets the notice for the page at `path`.
    pub(crate) fn set_notice(&self, headers: &mut HeaderMap, path: &str, value: &str) {
        let mut cookie = self.cookie(&self.notice, &Secret::from(value));
        cookie.set_path(path);
        cookie.set_max_age(Some(NOTICE_LIFETIME));
        append(headers, &cookie);
    }

    /// Removes the notice of the page at `path`, which has shown it.
    pub(crate) fn clear_notice(&self, headers: &mut HeaderMap, path: &str) {
        let mut cookie = self.cookie(&self.notice, &Secret::from(""));
        cookie.set_path(path);
        cookie.set_max_age(Some(time::Duration::ZERO));
        append(headers, &cookie);
    }

    fn cookie<'a>(&'a self, name: &'a str, value: &Secret) -> Cookie<'a> {
        Cookie::build((name, value.expose().to_owned()))
            .path(self.path.as_str())
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .build()
    }
}

fn append_lasting(headers: &mut HeaderMap, mut cookie: Cookie<'_>, lifetime: Duration) {
    cookie.set_max_age(Some(time::Duration::seconds(lifetime.num_seconds())));
    append(headers, &cookie);
}

fn append(headers: &mut HeaderMap, cookie: &Cookie<'_>) {
    // Names and values only use characters that a header allows.
    if let Ok(value) = HeaderValue::try_from(cookie.to_string()) {
        headers.append(SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The session cookie that this issuer sets.
    fn set(issuer: &str) -> String {
        let mut headers = HeaderMap::new();
        let names = CookieNames::new(&issuer.parse().unwrap());
        names.set_session(&mut headers, &Secret::from("s"), Duration::hours(1));
        headers[SET_COOKIE].to_str().unwrap().to_owned()
    }

    #[test]
    fn the_cookie_of_an_issuer_with_a_path_is_sent_nowhere_else_on_its_host() {
        let rest = "HttpOnly; SameSite=Lax; Secure;";
        for (issuer, cookie) in [
            ("https://example.com", format!("__Host-session=s; {rest} Path=/; Max-Age=3600")),
            ("https://example.com/a", format!("__Secure-session-a=s; {rest} Path=/a; Max-Age=3600")),
            ("https://example.com/a/b", format!("__Secure-session-a-b=s; {rest} Path=/a/b; Max-Age=3600")),
            (
                "http://localhost/a",
                "oauth2_session-a=s; HttpOnly; SameSite=Lax; Path=/a; Max-Age=3600".into(),
            ),
            ("https://example.com:443", format!("__Host-session=s; {rest} Path=/; Max-Age=3600")),
            ("https://example.com:8443", format!("__Host-session.8443=s; {rest} Path=/; Max-Age=3600")),
            (
                "http://localhost:8080/a",
                "oauth2_session.8080-a=s; HttpOnly; SameSite=Lax; Path=/a; Max-Age=3600".into(),
            ),
        ] {
            assert_eq!(set(issuer), cookie);
        }
    }

    #[test]
    fn two_issuers_on_one_host_do_not_take_each_other_s_cookies() {
        // The cookies that a browser with a session at each of the issuers sends to the innermost one.
        let sent = "__Secure-session-a-b=inner; __Secure-session-a=outer; __Host-session=root; \
                    __Host-session.8443=port";
        let headers = HeaderMap::from_iter([(http::header::COOKIE, HeaderValue::from_static(sent))]);
        for (issuer, session) in [
            ("https://x.example", "root"),
            ("https://x.example:8443", "port"),
            ("https://x.example/a", "outer"),
            ("https://x.example/a/b", "inner"),
        ] {
            let browser = CookieNames::new(&issuer.parse().unwrap()).read(&headers);
            assert_eq!(browser.session.unwrap().expose(), session);
        }
    }
}
