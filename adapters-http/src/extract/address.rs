//! The client's IP address: the peer's, or the one that a trusted proxy reports (RFC 7239 §8.1).

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Once};

use axum::extract::Request;
use domain::{Caller, UserAgent};
use http::header::USER_AGENT;
use http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;

use crate::budget::{Full, Place, UnderWay, network};

/// The peer of the connection, and the connection's place in the budget; the accept loop adds them to every request.
#[derive(Clone)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    pub(crate) place: Arc<Place>,
}

const FORWARDED: HeaderName = HeaderName::from_static("forwarded");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Who sends a request: its address, and what limits are counted under.
pub(crate) fn caller(request: &Request, trusted: &[IpNet]) -> Caller {
    let user_agent = request.headers().get(USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    let address = request.extensions().get().map_or_else(
        || "unknown".to_owned(),
        |Peer { address, .. }| originator(*address, request.headers(), trusted).to_canonical().to_string(),
    );
    Caller {
        network: client_address(request, trusted),
        address,
        user_agent: user_agent.as_deref().and_then(UserAgent::new),
    }
}

/// The address that rate limits are counted under.
///
/// Only the entries of `Forwarded` and `X-Forwarded-For` that trusted proxies wrote are used: from the right, the first
/// address that is not a trusted proxy. A proxy that writes one header passes the other on unchanged, so if both are present
/// and disagree, both are ignored. An IPv6 host owns its /64, so limits are counted per /64.
pub(crate) fn client_address(request: &Request, trusted: &[IpNet]) -> String {
    let Some(Peer { address, .. }) = request.extensions().get() else {
        return "unknown".to_owned();
    };
    network(originator(*address, request.headers(), trusted)).to_string()
}

/// The network of the request's sender, as [`client_address`] writes it, for the case that it is refused.
pub(crate) fn sender(request: &Request, trusted: &[IpNet]) -> Option<IpAddr> {
    let Peer { address, .. } = request.extensions().get()?;
    Some(network(originator(*address, request.headers(), trusted)))
}

/// The budget entry of a request; the accept loop adds it.
#[derive(Clone)]
pub(crate) struct Begun(pub(crate) Result<Arc<UnderWay>, Full>);

/// Enters a request of this peer in the budget, under the peer's address, or under the one that a trusted proxy reports.
pub(crate) fn begin<B>(peer: &Peer, request: &http::Request<B>, trusted: &[IpNet]) -> Begun {
    let client = originator(peer.address, request.headers(), trusted);
    let passed_on = (client != peer.address).then_some(client);
    let target_length = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    Begun(peer.place.begin(passed_on, target_length, request.headers()))
}

/// Whether the peer is a trusted proxy.
pub(crate) fn is_from_trusted_proxy(request: &Request, trusted: &[IpNet]) -> bool {
    let peer = request.extensions().get::<Peer>();
    peer.is_some_and(|Peer { address, .. }| trusted.iter().any(|network| network.contains(address)))
}

/// Whether a trusted proxy says that the request came to it by http. A proxy before it may have ended TLS, so one word of https in
/// the chain is enough.
pub(crate) fn came_by_http(request: &Request, trusted: &[IpNet]) -> bool {
    if !is_from_trusted_proxy(request, trusted) {
        return false;
    }
    let values =
        |name: HeaderName| request.headers().get_all(name).iter().filter_map(|value| value.to_str().ok());
    let usual = values(FORWARDED_PROTO).flat_map(|value| value.split(',')).map(str::trim);
    let pairs = values(FORWARDED).flat_map(|value| value.split([',', ';'])).map(str::trim);
    let is_proto = |name: &str| name.trim().eq_ignore_ascii_case("proto");
    let standard = pairs
        .filter_map(|pair| pair.split_once('=').filter(|(name, _)| is_proto(name)))
        .map(|(_, value)| value.trim().trim_matches('"'));
    let mut schemes = usual.chain(standard).filter(|scheme| !scheme.is_empty()).peekable();
    schemes.peek().is_some() && schemes.all(|scheme| scheme.eq_ignore_ascii_case("http"))
}

/// Warns about the first request that a proxy seems to have passed on and that is not from a trusted one: without the
/// setting, all people behind a proxy share one address, and the limits of one.
pub(crate) fn warn_about_untrusted_proxy(request: &Request, trusted: &[IpNet], warned: &Once) {
    if warned.is_completed() {
        return;
    }
    let header = [FORWARDED, FORWARDED_FOR].into_iter().find(|name| request.headers().contains_key(name));
    if let (Some(header), Some(Peer { address: peer, .. })) = (header, request.extensions().get::<Peer>())
        && !is_from_trusted_proxy(request, trusted)
    {
        warned.call_once(|| {
            tracing::warn!(
                %peer, %header,
                "ignored the header, because the peer is not in OAUTH2_TRUSTED_PROXIES: limits count everyone behind it \
                 as one address. If it is your proxy, add its address or network to OAUTH2_TRUSTED_PROXIES"
            );
        });
    }
}

fn originator(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let standard =
        || hops(headers, &FORWARDED, |hop| hop.split(';').find_map(|pair| value_of_for(pair.trim())));
    let usual = || hops(headers, &FORWARDED_FOR, |hop| Some(hop));
    let client = |hops| before_trusted(peer, hops, trusted);
    match (headers.contains_key(FORWARDED), headers.contains_key(FORWARDED_FOR)) {
        (true, true) if client(standard()) != client(usual()) => peer,
        (true, _) => client(standard()),
        (false, _) => client(usual()),
    }
}

/// The first address from the right that is not a trusted proxy.
fn before_trusted(peer: IpAddr, mut hops: Vec<Option<IpAddr>>, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut address = peer;
    while is_trusted(&address) {
        match hops.pop() {
            Some(Some(hop)) => address = hop,
            // A malformed entry was not written by a trusted proxy, or it says `unknown`.
            Some(None) | None => break,
        }
    }
    address
}

/// The hops of a header, the nearest last; none for a malformed one.
fn hops(headers: &HeaderMap, name: &HeaderName, node: impl Fn(&str) -> Option<&str>) -> Vec<Option<IpAddr>> {
    let values = headers.get_all(name).iter().map(HeaderValue::as_bytes);
    values
        .flat_map(|value| value.split(|byte| *byte == b','))
        .map(|hop| std::str::from_utf8(hop).ok().and_then(|hop| node(hop.trim())).and_then(address_of))
        .collect()
}

/// The value of a `for=` pair (RFC 7239 §4), without its quotes.
fn value_of_for(pair: &str) -> Option<&str> {
    let (name, value) = pair.split_once('=')?;
    name.trim().eq_ignore_ascii_case("for").then(|| value.trim().trim_matches('"'))
}

/// An address, with or without a port: `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`, `2001:db8::1`.
fn address_of(node: &str) -> Option<IpAddr> {
    let bare = node.strip_prefix('[').and_then(|node| node.strip_suffix(']')).unwrap_or(node);
    let address = bare.parse().ok().or_else(|| node.parse::<SocketAddr>().ok().map(|node| node.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_bytes(peer: &str, name: HeaderName, value: &[u8]) -> String {
        let headers = HeaderMap::from_iter([(name, HeaderValue::from_bytes(value).unwrap())]);
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        originator(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    fn from(peer: &str, forwarded: &str) -> String {
        from_bytes(peer, FORWARDED_FOR, forwarded.as_bytes())
    }

    #[test]
    fn only_what_a_trusted_proxy_wrote_counts() {
        assert_eq!(from("203.0.113.9", "198.51.100.1"), "203.0.113.9");
        assert_eq!(from("10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(from("10.0.0.1", "192.0.2.7, 198.51.100.1, 10.0.0.2"), "198.51.100.1");
        assert_eq!(from("10.0.0.1", "garbage"), "10.0.0.1");
    }

    #[test]
    fn only_a_trusted_proxy_that_names_no_https_says_that_a_request_came_by_http() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let budget = crate::budget::Budget::new(1024 * 1024, Vec::new());
        let by = |peer: &str, headers: &[(&HeaderName, &'static str)]| {
            let address: IpAddr = peer.parse().unwrap();
            let place = Place::take(&budget, address).unwrap();
            let mut request = Request::new(axum::body::Body::empty());
            request.extensions_mut().insert(Peer { address, place });
            for (name, value) in headers {
                request.headers_mut().append(*name, HeaderValue::from_static(value));
            }
            came_by_http(&request, &trusted)
        };
        let usual = |value| by("10.0.0.1", &[(&FORWARDED_PROTO, value)]);
        assert!(usual("http") && usual("HTTP") && usual("http, http"));
        assert!(!usual("https") && !usual("https, http") && !usual("http,https") && !usual(""));
        let standard = |value| by("10.0.0.1", &[(&FORWARDED, value)]);
        assert!(standard("for=192.0.2.1;proto=http") && standard("Proto=\"http\""));
        assert!(!standard("for=192.0.2.1") && !standard("proto=https, for=10.0.0.2;proto=http"));
        assert!(!by("10.0.0.1", &[(&FORWARDED_PROTO, "http"), (&FORWARDED, "proto=https")]));
        assert!(!by("10.0.0.1", &[]) && !by("203.0.113.9", &[(&FORWARDED_PROTO, "http")]));
    }

    #[test]
    fn a_port_and_what_a_stranger_put_before_do_not_matter() {
        assert_eq!(from("10.0.0.1", "198.51.100.1:4711"), "198.51.100.1");
        assert_eq!(from("10.0.0.1", "[2001:db8::1]:4711"), "2001:db8::1");
        assert_eq!(from("10.0.0.1", "2001:db8::1"), "2001:db8::1");
        assert_eq!(from_bytes("10.0.0.1", FORWARDED_FOR, b"\xff, 198.51.100.1"), "198.51.100.1");
    }

    #[test]
    fn a_header_that_the_proxy_does_not_write_cannot_be_used_to_pose_as_somebody_else() {
        let both = |forwarded: &'static str, forwarded_for: &'static str| {
            let headers = HeaderMap::from_iter([
                (FORWARDED, HeaderValue::from_static(forwarded)),
                (FORWARDED_FOR, HeaderValue::from_static(forwarded_for)),
            ]);
            originator("10.0.0.1".parse().unwrap(), &headers, &["10.0.0.0/8".parse().unwrap()]).to_string()
        };
        assert_eq!(both("for=192.0.2.7", "198.51.100.1"), "10.0.0.1");
        assert_eq!(both("for=198.51.100.1", "192.0.2.7, 198.51.100.1"), "198.51.100.1");
    }

    #[test]
    fn the_standard_header_is_read_too() {
        let forwarded = |value: &str| from_bytes("10.0.0.1", FORWARDED, value.as_bytes());
        assert_eq!(forwarded("for=198.51.100.1;proto=https;by=10.0.0.1"), "198.51.100.1");
        assert_eq!(forwarded("proto=https; For=\"[2001:db8::1]:4711\""), "2001:db8::1");
        assert_eq!(forwarded("for=192.0.2.7, for=198.51.100.1"), "198.51.100.1");
        assert_eq!(forwarded("for=_hidden"), "10.0.0.1");
    }
}
