//! Headers that protect pages, and the CSRF check of posted forms (RFC 9700 §4.16, OWASP CSRF).

use application::error::{Advice, Refusal};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use domain::{ErrorCode, Issuer};
use http::header::{
    CONTENT_SECURITY_POLICY, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Pages load only the server's stylesheet and its copies of the logos of clients. There is no `form-action`: Chrome applies it to
/// the redirect after a form, and the consent form redirects to the client.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'";
/// No page uses them, so that no script that got into one could.
const NO_DEVICES: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
/// No site may frame a page.
const UNFRAMED: &str = "frame-ancestors 'none'";

/// Refuses a form that another site posted. `Sec-Fetch-Site` decides if it is present, else `Origin`; if both are absent,
/// only the form token protects.
///
/// # Errors
/// `invalid_request`.
pub(crate) fn same_origin(headers: &HeaderMap, issuer: &Issuer) -> Result<(), Refusal> {
    let site = headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes);
    let origin = headers.get(ORIGIN).map(HeaderValue::as_bytes);
    let allowed = match (site, origin) {
        (Some(site), _) => site == b"same-origin" || site == b"none",
        (None, Some(origin)) => origin == issuer.origin().as_bytes(),
        (None, None) => true,
    };
    if allowed {
        Ok(())
    } else {
        Err(Refusal::invalid_request("the form was sent by another site")
            .because("Sec-Fetch-Site or Origin names another site")
            .advising(Advice::StartAgain))
    }
}

/// Whether a browser posted this: browsers say from where (Fetch §3.2).
pub(crate) fn is_from_a_browser(headers: &HeaderMap) -> bool {
    headers.contains_key(ORIGIN) || headers.contains_key(SEC_FETCH_SITE)
}

/// Refuses a request that another site may have sent with this server's cookie, for requests without a form token:
/// `Sec-Fetch-Site`, else `Origin`, must name the server's origin. A request without both headers is refused.
///
/// # Errors
/// `access_denied`.
pub(crate) fn surely_same_origin(headers: &HeaderMap, issuer: &Issuer) -> Result<(), Refusal> {
    let site = headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes);
    let origin = headers.get(ORIGIN).map(HeaderValue::as_bytes);
    let allowed = match (site, origin) {
        (Some(site), _) => site == b"same-origin",
        (None, Some(origin)) => origin == issuer.origin().as_bytes(),
        (None, None) => false,
    };
    if allowed {
        Ok(())
    } else {
        Err(Refusal::new(ErrorCode::AccessDenied, "with a cookie, only a page of this server may do this")
            .because("neither Sec-Fetch-Site nor Origin says that the request is ours"))
    }
}

/// The sources of a page beyond the stylesheet and logos.
pub(crate) enum Loads<'a> {
    /// Nothing.
    Nothing,
    /// One inline script, on a page that answers an application.
    Script {
        /// Its nonce.
        nonce: &'a str,
        /// The origin of the application, which may have asked in a hidden frame; none if it has no origin.
        framed_by: Option<&'a str>,
    },
    /// The script of passkeys, at this address.
    Passkeys(&'a str),
    /// Frames of these origins; the list is not empty.
    Frames(&'a [String]),
}

/// The Content-Security-Policy of such a page.
pub(crate) fn protect_page(headers: &mut HeaderMap, loads: &Loads<'_>, has_form: bool) {
    let policy = match loads {
        Loads::Nothing => format!("{PAGE_POLICY}; {UNFRAMED}"),
        Loads::Script { nonce, framed_by: Some(origin) } => {
            format!("{PAGE_POLICY}; frame-ancestors {origin}; script-src 'nonce-{nonce}'")
        }
        Loads::Script { nonce, framed_by: None } => {
            format!("{PAGE_POLICY}; {UNFRAMED}; script-src 'nonce-{nonce}'")
        }
        // It makes no markup, so nothing may.
        Loads::Passkeys(script) => format!(
            "{PAGE_POLICY}; {UNFRAMED}; script-src {script}; require-trusted-types-for 'script'; trusted-types 'none'"
        ),
        Loads::Frames(origins) => format!("{PAGE_POLICY}; {UNFRAMED}; frame-src {}", origins.join(" ")),
    };
    let policy = HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(UNFRAMED));
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(PERMISSIONS_POLICY, HeaderValue::from_static(NO_DEVICES));
    // This header cannot name an origin (RFC 7034 §2.3.2.3), and browsers ignore it beside `frame-ancestors`.
    if !matches!(loads, Loads::Script { framed_by: Some(_), .. }) {
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    if has_form {
        // With `no-referrer` browsers would send `Origin: null` along with the form.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    }
}

/// Cuts the page off from windows that opened it, or that it opens. Not for the pages of a sign-in: an application that signs in
/// in a popup (oidc-client-ts, MSAL) would lose its window.
pub(crate) async fn isolate(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// Sets the headers of every response.
pub(crate) fn protect(headers: &mut HeaderMap, https: bool) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(headers: &[(HeaderName, &'static str)]) -> bool {
        let issuer = "https://login.example.com/tenant".parse().unwrap();
        let headers =
            headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        same_origin(&headers, &issuer).is_ok()
    }

    #[test]
    fn what_does_not_say_that_it_is_ours_is_not_surely_ours() {
        let judged = |headers: &[(HeaderName, &'static str)]| {
            let issuer = "https://login.example.com/tenant".parse().unwrap();
            let headers =
                headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
            surely_same_origin(&headers, &issuer).is_ok()
        };
        assert!(judged(&[(SEC_FETCH_SITE, "same-origin")]));
        assert!(judged(&[(ORIGIN, "https://login.example.com")]));
        for site in ["none", "same-site", "cross-site"] {
            assert!(!judged(&[(SEC_FETCH_SITE, site), (ORIGIN, "https://login.example.com")]), "{site}");
        }
        assert!(!judged(&[(ORIGIN, "https://other.example.com")]) && !judged(&[(ORIGIN, "null")]));
        assert!(!judged(&[]));
    }

    #[test]
    fn a_form_of_another_site_is_refused() {
        assert!(judged(&[(SEC_FETCH_SITE, "same-origin")]));
        assert!(judged(&[(SEC_FETCH_SITE, "none")]));
        assert!(!judged(&[(SEC_FETCH_SITE, "same-site")]));
        assert!(!judged(&[(SEC_FETCH_SITE, "cross-site"), (ORIGIN, "https://login.example.com")]));
        assert!(judged(&[(ORIGIN, "https://login.example.com")]));
        assert!(!judged(&[(ORIGIN, "https://login.example.com.evil.example")]));
        assert!(!judged(&[(ORIGIN, "null")]));
        assert!(judged(&[]));
    }
}
