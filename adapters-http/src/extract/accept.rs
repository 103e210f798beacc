//! Content negotiation (RFC 9110 §12.4, §12.5).

use http::header::ACCEPT;
use http::{HeaderMap, HeaderName};

/// Whether `Accept` names `media_type` and does not prefer JSON. A wildcard does not name it: a caller that accepts any
/// type gets JSON.
pub(crate) fn prefers_to_json(headers: &HeaderMap, media_type: &str) -> bool {
    let ranges = weighted(headers, ACCEPT);
    let weight = |name: &str| ranges.iter().find(|(range, _)| range == name).map(|(_, weight)| *weight);
    // The most specific range that covers JSON counts.
    let json = ["application/json", "application/*", "*/*"].into_iter().find_map(weight).unwrap_or(0.0);
    weight(media_type).is_some_and(|named| named > 0.0 && named >= json)
}

/// The entries of a header, in lower case and in order, each with its weight (RFC 9110 §12.4.2).
pub(crate) fn weighted(headers: &HeaderMap, name: HeaderName) -> Vec<(String, f32)> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).filter_map(range).collect()
}

/// A range in lower case and its weight; none if it is malformed.
fn range(text: &str) -> Option<(String, f32)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next()?.to_ascii_lowercase();
    let weight = parts.find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.eq_ignore_ascii_case("q").then_some(value)
    });
    match weight {
        None => Some((name, 1.0)),
        Some(weight) => weight.parse().ok().filter(|weight| (0.0..=1.0).contains(weight)).map(|w| (name, w)),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const JWT: &str = "application/token-introspection+jwt";

    fn prefers(accept: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for value in accept {
            headers.append(ACCEPT, HeaderValue::from_str(value).unwrap());
        }
        prefers_to_json(&headers, JWT)
    }

    #[test]
    fn it_is_preferred_when_it_is_named_and_json_is_not_liked_better() {
        for accept in [
            JWT,
            "Application/Token-Introspection+JWT",
            "application/token-introspection+jwt; q=0.9, application/json;q=0.8",
            "application/json;q=0.5, application/token-introspection+jwt",
            "application/token-introspection+jwt, */*;q=0.1",
            "application/token-introspection+jwt;q=0.1, text/html",
            "*/*, application/json;q=0, application/token-introspection+jwt;q=0.5",
        ] {
            assert!(prefers(&[accept]), "{accept}");
        }
        assert!(prefers(&["text/html", JWT]));
    }

    #[test]
    fn everybody_else_gets_json() {
        for accept in [
            "",
            "*/*",
            "application/*",
            "application/json",
            "application/jwt",
            "text/html, */*;q=0.8",
            "application/token-introspection+jwt;q=0",
            "application/token-introspection+jwt;q=0.5, application/json",
            "application/token-introspection+jwt;q=0.5, */*;q=0.8",
            "application/token-introspection+jwt;q=x",
            "application/token-introspection+jwt;q=NaN",
            "application/token-introspection+jwt;q=2",
        ] {
            assert!(!prefers(&[accept]), "{accept}");
        }
        assert!(!prefers(&[]));
    }
}
