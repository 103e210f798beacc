//! WebFinger (RFC 7033): which issuer signs in the accounts of a host (OpenID Connect Discovery §2).

use serde::Serialize;

use crate::error::Refusal;
use crate::settings::Settings;

/// The relation of the issuer of an account (OpenID Connect Discovery §2).
const ISSUER: &str = "http://openid.net/specs/connect/1.0/issuer";

/// What a resource is linked to (RFC 7033 §4.4).
#[derive(Debug, Serialize)]
pub struct ResourceDescriptor<'a> {
    subject: &'a str,
    links: Vec<Link<'a>>,
}

#[derive(Debug, Serialize)]
struct Link<'a> {
    rel: &'static str,
    href: &'a str,
}

/// The descriptor of an account, an e-mail address or a URL of a host that signs in here; none for another host. The
/// answer depends on the host alone: it does not say whether there is such an account. If relations are named, the
/// descriptor has only those (RFC 7033 §4.3).
///
/// # Errors
/// `invalid_request` if the resource is not a URI (RFC 7033 §4.2).
pub fn describe<'a>(
    settings: &'a Settings,
    resource: &'a str,
    relations: &[String],
) -> Result<Option<ResourceDescriptor<'a>>, Refusal> {
    let is_uri = resource.split_once(':').is_some_and(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty());
    if !is_uri {
        return Err(Refusal::invalid_request("resource is not a URI, such as acct:user@example.com"));
    }
    if !host(resource).is_some_and(|host| is_ours(settings, host)) {
        return Ok(None);
    }
    let wanted = relations.is_empty() || relations.iter().any(|relation| relation == ISSUER);
    let links = wanted.then(|| Link { rel: ISSUER, href: settings.issuer.as_str() });
    Ok(Some(ResourceDescriptor { subject: resource, links: links.into_iter().collect() }))
}

fn is_scheme(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(allowed)
}

/// The host of a resource, with its port if it names one.
fn host(resource: &str) -> Option<&str> {
    let (scheme, rest) = resource.split_once(':')?;
    match scheme.to_ascii_lowercase().as_str() {
        "acct" | "mailto" => {
            let address = rest.split(['?', '#']).next()?;
            address.rsplit_once('@').filter(|(user, _)| !user.is_empty()).map(|(_, host)| host)
        }
        "https" | "http" => {
            let authority = rest.strip_prefix("//")?.split(['/', '?', '#']).next()?;
            Some(authority.rsplit_once('@').map_or(authority, |(_, host)| host))
        }
        _ => None,
    }
}

/// The issuer's host, with or without its port, or one of the operator's.
fn is_ours(settings: &Settings, host: &str) -> bool {
    let authority = settings.issuer.origin().split_once("://").map_or("", |(_, authority)| authority);
    let without_port = match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) | None => authority,
    };
    let ours = [authority, without_port].into_iter();
    let host = as_the_dns_knows_it(host);
    ours.chain(settings.webfinger_hosts.iter().map(String::as_str))
        .any(|ours| as_the_dns_knows_it(ours) == host)
}

/// The host in A-labels and lower case (UTS 46): people type domains in their own script.
fn as_the_dns_knows_it(host: &str) -> String {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, Some(port)),
        Some(_) | None => (host, None),
    };
    let name = url::Host::parse(name).map_or_else(|_| name.to_ascii_lowercase(), |host| host.to_string());
    port.map_or_else(|| name.clone(), |port| format!("{name}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_resource_is_found_in_every_form() {
        for (resource, expected) in [
            ("acct:ada@example.com", Some("example.com")),
            ("ACCT:ada@example.com", Some("example.com")),
            ("acct:ada@home.example@example.com", Some("example.com")),
            ("mailto:ada@example.com?subject=x", Some("example.com")),
            ("https://example.com", Some("example.com")),
            ("https://ada@example.com:8443/ada?x#y", Some("example.com:8443")),
            ("acct:example.com", None),
            ("acct:@example.com", None),
            ("https:example.com", None),
            ("urn:example:ada", None),
        ] {
            assert_eq!(host(resource), expected, "{resource}");
        }
    }
}
