//! What programs look for at every host: `/.well-known/change-password`, `/.well-known/security.txt` (RFC 9116),
//! `/robots.txt` (RFC 9309).

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Days, SecondsFormat, Utc};
use domain::AccountPage;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::answer::see_other;
use crate::app::Shared;

/// How long a reader may rely on the contacts. RFC 9116 §2.5.5 recommends less than a year.
const CONTACTS_VALID_DAYS: Days = Days::new(180);

/// Nothing here is of use in a search result: pages lead to one application, or need a session.
const ROBOTS: &str = "User-agent: *\nDisallow: /\n";

/// Leads a password manager to the page with the form (A Well-Known URL for Changing Passwords §4).
pub(crate) async fn change_password(State(app): State<Shared>) -> Response {
    see_other(&app.path(AccountPage::Password.path()))
}

/// The operator's contacts for reports of vulnerabilities; not found without any.
pub(crate) async fn security(State(app): State<Shared>, request: Request) -> Response {
    let settings = &app.use_cases.settings;
    if settings.security_contacts.is_empty() {
        return app.not_found(request.uri().path(), request.headers());
    }
    text(security_text(&settings.security_contacts, settings.issuer.origin(), app.use_cases.clock.now()))
}

/// No search engine keeps a page.
pub(crate) async fn robots() -> Response {
    text(ROBOTS.to_owned())
}

fn security_text(contacts: &[String], origin: &str, now: DateTime<Utc>) -> String {
    let contacts: String = contacts.iter().map(|contact| format!("Contact: {contact}\n")).collect();
    let expires = now.checked_add_days(CONTACTS_VALID_DAYS).unwrap_or(now);
    let expires = expires.to_rfc3339_opts(SecondsFormat::Secs, true);
    // The file must be at an https address (§3).
    let canonical = match origin.starts_with("https://") {
        true => format!("Canonical: {origin}/.well-known/security.txt\n"),
        false => String::new(),
    };
    format!("{contacts}Expires: {expires}\n{canonical}")
}

fn text(text: String) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contact_has_a_line_and_they_expire() {
        let now = "2025-01-31T12:00:00Z".parse().unwrap();
        let contacts = ["mailto:security@example.com", "https://example.com/report"].map(str::to_owned);
        assert_eq!(
            security_text(&contacts, "https://login.example.com", now),
            "Contact: mailto:security@example.com\nContact: https://example.com/report\n\
             Expires: 2025-07-30T12:00:00Z\nCanonical: https://login.example.com/.well-known/security.txt\n"
        );
        assert!(!security_text(&contacts, "http://localhost:8080", now).contains("Canonical"));
    }
}
