//! Parameters from a query or a form: strict UTF-8, nothing twice (RFC 6749 §3.1, §3.2, Appendix B).

use application::error::Refusal;
use application::{Error, Parameters};
use axum::extract::Request;
use domain::UiLocales;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Uri};
use percent_encoding::percent_decode;

use super::body::{Unreadable, body};

/// The parameters of a query, each at most once.
pub(crate) fn query(uri: &Uri) -> Result<Parameters, Error> {
    Ok(query_with_repetitions(uri)?.each_once()?)
}

/// The parameters of a query, for an endpoint that has its own answer to a repeated one.
pub(crate) fn query_with_repetitions(uri: &Uri) -> Result<Parameters, Error> {
    Ok(decode(uri.query().unwrap_or_default().as_bytes())?)
}

/// `ui_locales`; empty if the query is malformed.
pub(crate) fn ui_locales<E>(sent: &Result<Parameters, E>) -> UiLocales {
    sent.as_ref().map(Parameters::ui_locales).unwrap_or_default()
}

/// The parameters of a posted form, each at most once.
pub(crate) async fn form(request: Request) -> Result<Parameters, Unreadable> {
    Ok(form_with_repetitions(request).await?.each_once()?)
}

/// The parameters of a posted form, for an endpoint that has its own answer to a repeated one.
pub(crate) async fn form_with_repetitions(request: Request) -> Result<Parameters, Unreadable> {
    if !is_form(request.headers()) {
        return Err(Refusal::invalid_request(
            "the request body must be a form: Content-Type application/x-www-form-urlencoded",
        )
        .into());
    }
    Ok(decode(&body(request).await?)?)
}

/// The parameters of a posted form. A body of any other type is read and ignored.
pub(crate) async fn form_if_any(request: Request) -> Result<Option<Parameters>, Unreadable> {
    if is_form(request.headers()) {
        return form(request).await.map(Some);
    }
    body(request).await?;
    Ok(None)
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn decode(encoded: &[u8]) -> Result<Parameters, Refusal> {
    // The separators are ASCII: the whole is valid UTF-8 exactly if every name and value is.
    if percent_decode(encoded).decode_utf8().is_err() {
        return Err(Refusal::invalid_request("a parameter is not valid UTF-8"));
    }
    Ok(Parameters::new(form_urlencoded::parse(encoded).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_utf8_are_refused() {
        for encoded in ["a=%ff", "%C3=%A9", "a=%C3&b=%A9", "a=%ED%A0%80"] {
            assert!(decode(encoded.as_bytes()).is_err(), "{encoded}");
        }
        assert_eq!(decode(b"a=%C3%A9+x").unwrap().get("a"), Some("é x"));
    }

    #[test]
    fn a_repeated_parameter_is_refused_however_it_is_encoded() {
        for text in ["/?scope=1&scope=2", "/?scope=1&%73cope=2"] {
            let uri: Uri = text.parse().unwrap();
            assert!(query(&uri).is_err() && query_with_repetitions(&uri).is_ok(), "{text}");
        }
        assert!(query(&"/?utm_source=1&utm_source=2".parse().unwrap()).is_ok());
    }
}
