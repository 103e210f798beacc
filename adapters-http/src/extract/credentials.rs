//! Client credentials from the header or the form (RFC 6749 §2.3): one method per request.

use application::Parameters;
use application::client_auth::{ASSERTION_TYPE, Credentials};
use application::error::Refusal;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Secret;
use http::HeaderMap;
use http::header::AUTHORIZATION;

/// The credentials of a request; none if it carries none.
///
/// # Errors
/// `invalid_request` for two methods at once or two different ids; `invalid_client` for malformed credentials.
pub(crate) fn credentials(
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Option<Credentials>, Refusal> {
    let id = parameters.get("client_id");
    let secret = parameters.get("client_secret");
    if let Some(assertion) = assertion(parameters)? {
        if secret.is_some() || headers.contains_key(AUTHORIZATION) {
            return Err(Refusal::invalid_request("the request uses two client authentication methods"));
        }
        return Ok(Some(Credentials::Assertion { id: id.map(str::to_owned), assertion }));
    }
    let Some(basic) = basic(headers)? else {
        return match (id, secret) {
            (Some(id), Some(secret)) => {
                Ok(Some(Credentials::Secret { id: id.to_owned(), secret: Secret::from(secret) }))
            }
            (Some(id), None) => Ok(Some(Credentials::Id(id.to_owned()))),
            (None, Some(_)) => Err(Refusal::invalid_request("client_secret without client_id")),
            (None, None) => Ok(None),
        };
    };
    if secret.is_some() {
        return Err(Refusal::invalid_request("the request uses two client authentication methods"));
    }
    match (&basic, id) {
        (Credentials::Secret { id: named, .. }, Some(id)) if named != id => {
            Err(Refusal::invalid_request("client_id differs from the one in the Authorization header"))
        }
        _ => Ok(Some(basic)),
    }
}

/// `client_assertion`, which must have the one supported type (RFC 7521 §4.2, RFC 7523 §2.2).
fn assertion(parameters: &Parameters) -> Result<Option<Secret>, Refusal> {
    match (parameters.get("client_assertion"), parameters.get("client_assertion_type")) {
        (None, None) => Ok(None),
        (Some(assertion), Some(ASSERTION_TYPE)) => Ok(Some(Secret::from(assertion))),
        (Some(_), Some(_) | None) => {
            Err(Refusal::invalid_client("client_assertion_type is missing or not supported"))
        }
        (None, Some(_)) => Err(Refusal::invalid_request("client_assertion_type without client_assertion")),
    }
}

/// `Authorization: Basic`, whose user name and password are form-encoded (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<Credentials>, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Refusal::invalid_request("more than one Authorization header"));
    }
    let unreadable = || {
        Refusal::invalid_client(
            "the Authorization header is malformed: Basic needs base64 of client_id:client_secret",
        )
    };
    let (scheme, encoded) =
        value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(unreadable)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(Refusal::invalid_client("the Authorization header must use the scheme Basic"));
    }
    let decoded = STANDARD.decode(encoded.trim()).map_err(|_| unreadable())?;
    let decoded = std::str::from_utf8(&decoded).map_err(|_| unreadable())?;
    let (id, secret) = decoded.split_once(':').ok_or_else(unreadable)?;
    let (id, secret) =
        (form_decoded(id).ok_or_else(unreadable)?, form_decoded(secret).ok_or_else(unreadable)?);
    if secret.is_empty() {
        return Ok(Some(Credentials::Id(id)));
    }
    Ok(Some(Credentials::Secret { id, secret: Secret::new(secret) }))
}

fn form_decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(header: Option<&str>, pairs: &[(&str, &str)]) -> Result<Option<Credentials>, Refusal> {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert(AUTHORIZATION, HeaderValue::from_str(header).unwrap());
        }
        let pairs = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        credentials(&headers, &Parameters::new(pairs))
    }

    fn basic_header(text: &str) -> String {
        format!("Basic {}", STANDARD.encode(text))
    }

    #[test]
    fn the_basic_header_is_form_decoded() {
        let header = basic_header("my%3Aid:a%2Bb+c%25");
        let Ok(Some(Credentials::Secret { id, secret })) = read(Some(&header), &[]) else {
            panic!("not read")
        };
        assert_eq!((id.as_str(), secret.expose()), ("my:id", "a+b c%"));
    }

    #[test]
    fn two_methods_or_two_ids_are_refused() {
        let header = basic_header("web:s");
        assert!(read(Some(&header), &[("client_secret", "s")]).is_err());
        assert!(read(Some(&header), &[("client_id", "other")]).is_err());
        assert!(read(Some(&header), &[("client_id", "web")]).is_ok());
    }

    #[test]
    fn an_assertion_comes_alone_and_is_of_the_one_type() {
        let pair = [("client_assertion", "a.b.c"), ("client_assertion_type", ASSERTION_TYPE)];
        assert!(matches!(read(None, &pair), Ok(Some(Credentials::Assertion { id: None, .. }))));
        let with = |name, value| [pair[0], pair[1], (name, value)];
        assert!(matches!(
            read(None, &with("client_id", "web")),
            Ok(Some(Credentials::Assertion { id: Some(id), .. })) if id == "web"
        ));
        let refused = |header: Option<&str>, pairs: &[(&str, &str)]| read(header, pairs).unwrap_err().code;
        assert_eq!(refused(None, &with("client_secret", "s")), domain::ErrorCode::InvalidRequest);
        let header = basic_header("web:s");
        assert_eq!(refused(Some(&header), &pair), domain::ErrorCode::InvalidRequest);
        assert_eq!(refused(None, &pair[..1]), domain::ErrorCode::InvalidClient);
        assert_eq!(refused(None, &pair[1..]), domain::ErrorCode::InvalidRequest);
        let saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
        let other = [pair[0], ("client_assertion_type", saml)];
        assert_eq!(refused(None, &other), domain::ErrorCode::InvalidClient);
    }

    #[test]
    fn another_scheme_or_garbage_is_invalid_client() {
        for header in ["Bearer x", "Basic", "Basic !!!", "Basic d2Vi"] {
            let refusal = read(Some(header), &[]).unwrap_err();
            assert_eq!(refusal.code, domain::ErrorCode::InvalidClient, "{header}");
        }
    }
}
