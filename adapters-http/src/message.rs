//! What HTTP demands of a request and hyper leaves to the application: the target, `Host`, codings and expectations
//! (RFC 9110, RFC 9112, RFC 9113).

use axum::body::HttpBody;
use axum::extract::Request;
use http::header::{CONTENT_ENCODING, EXPECT, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Version};

/// The maximum target in bytes: some clients send whole request objects in it.
const MAX_TARGET_BYTES: usize = 30 * 1024;

/// What is wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// `Host` is missing, repeated, malformed, or another one than in the target (RFC 9112 §3.2, RFC 9113 §8.3.1).
    Host(&'static str),
    /// RFC 9110 §15.5.15.
    TargetTooLong,
    /// The end of the body is unknown (RFC 9112 §6.3).
    Coding(&'static str),
    /// An unsupported transfer coding (RFC 9112 §6.1).
    TransferCoding,
    /// An unsupported content coding (RFC 9110 §8.4).
    ContentCoding,
    /// An unsupported expectation (RFC 9110 §10.1.1).
    Expectation,
    /// A trusted proxy received it over http although the issuer is https, so others may have read its secrets.
    PlainHttp,
}

/// Checks a request before anything else.
pub(crate) fn check(request: &Request) -> Result<(), Malformed> {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if target > MAX_TARGET_BYTES {
        return Err(Malformed::TargetTooLong);
    }
    check_host(request)?;
    let headers = request.headers();
    check_transfer_coding(headers)?;
    // Without a body, the header says nothing.
    if !request.body().is_end_stream()
        && list(headers, &CONTENT_ENCODING).any(|coding| !coding.eq_ignore_ascii_case("identity"))
    {
        return Err(Malformed::ContentCoding);
    }
    if list(headers, &EXPECT).any(|expected| !expected.eq_ignore_ascii_case("100-continue")) {
        return Err(Malformed::Expectation);
    }
    Ok(())
}

/// HTTP/1.0 knows requests without a host. In HTTP/1.1 the host of an absolute target replaces the header's (RFC 9112
/// §3.2.2); in HTTP/2 both must name the same.
fn check_host(request: &Request) -> Result<(), Malformed> {
    let authority = request.uri().authority();
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host,
        (Some(_), Some(_)) => return Err(Malformed::Host("more than one Host header")),
        (None, _) => {
            let in_target = request.version() == Version::HTTP_2 && authority.is_some();
            let may_be_missing = in_target || request.version() < Version::HTTP_11;
            return if may_be_missing { Ok(()) } else { Err(Malformed::Host("the Host header is missing")) };
        }
    };
    let default_port = if request.uri().scheme_str() == Some("https") { 443 } else { 80 };
    let host = host.to_str().ok().and_then(|host| host_and_port(host, default_port));
    let host = host.ok_or(Malformed::Host("the Host header is malformed"))?;
    match authority {
        Some(authority)
            if request.version() == Version::HTTP_2
                && host_and_port(authority.as_str(), default_port) != Some(host) =>
        {
            Err(Malformed::Host("the Host header differs from :authority"))
        }
        Some(_) | None => Ok(()),
    }
}

/// `uri-host [ ":" port ]` (RFC 9110 §7.2), the host in lower case. An http URI has a host that is not empty (§4.2.1).
fn host_and_port(text: &str, default_port: u16) -> Option<(String, u16)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            (address, if port.is_empty() { Some("") } else { port.strip_prefix(':') })
        }
        None => {
            let (host, port) = text.split_once(':').unwrap_or((text, ""));
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%".contains(&byte);
            (host, (!host.is_empty() && host.bytes().all(allowed)).then_some(port))
        }
    };
    let port = match port? {
        "" => default_port,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
        _ => return None,
    };
    Some((host.to_ascii_lowercase(), port))
}

/// hyper refuses a body whose last coding is not `chunked`; it removes no coding but that one.
fn check_transfer_coding(headers: &HeaderMap) -> Result<(), Malformed> {
    let chunked = |coding: &&str| coding.eq_ignore_ascii_case("chunked");
    if list(headers, &TRANSFER_ENCODING).any(|coding| !chunked(&coding)) {
        return Err(Malformed::TransferCoding);
    }
    if list(headers, &TRANSFER_ENCODING).filter(chunked).count() > 1 {
        return Err(Malformed::Coding("the transfer coding chunked is applied twice"));
    }
    Ok(())
}

/// The entries of a header that is a list (RFC 9110 §5.6.1). An entry that is not text becomes `?`, which matches no known value.
fn list<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).iter().map(|value: &HeaderValue| value.to_str().unwrap_or("?"));
    values.flat_map(|value| value.split(',')).map(str::trim).filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_with_or_without_a_port() {
        for (text, expected) in [
            ("Example.COM", Some(("example.com", 80))),
            ("example.com:", Some(("example.com", 80))),
            ("my_service:8080", Some(("my_service", 8080))),
            ("192.0.2.1:1", Some(("192.0.2.1", 1))),
            ("[2001:DB8::1]:8443", Some(("2001:db8::1", 8443))),
            ("[::1]", Some(("::1", 80))),
            ("", None),
            (":80", None),
            ("a b", None),
            ("a/b", None),
            ("user@example.com", None),
            ("a:b", None),
            ("a:1:2", None),
            ("a:65536", None),
            ("a:+1", None),
            ("::1", None),
            ("[::1", None),
            ("[::1]8", None),
            ("[nonsense]", None),
            ("http://example.com", None),
        ] {
            let expected = expected.map(|(host, port)| (host.to_owned(), port));
            assert_eq!(host_and_port(text, 80), expected, "{text}");
        }
    }
}
