//! The address a request comes from: the peer's, or what a trusted proxy says (RFC 7239 §8.1).

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::Request;
use http::HeaderMap;
use ipnet::IpNet;

/// The other end of the connection; the accept loop puts it into every request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address that attempts are counted under.
///
/// `X-Forwarded-For` counts only as far as it was written by trusted proxies: from the right, the first address
/// that is not one of them. An IPv6 host owns its /64, so that is what is counted.
pub(crate) fn client_address(request: &Request, trusted: &[IpNet]) -> String {
    let Some(Peer(peer)) = request.extensions().get::<Peer>() else {
        return "unknown".to_owned();
    };
    let address = originator(peer.ip().to_canonical(), request.headers(), trusted);
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
    }
}

fn originator(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut address = peer;
    let mut hops = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|hop| hop.trim().parse::<IpAddr>())
        .collect::<Vec<_>>();
    while is_trusted(&address) {
        match hops.pop() {
            Some(Ok(hop)) => address = hop.to_canonical(),
            Some(Err(_)) | None => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn from(peer: &str, forwarded: &'static str) -> String {
        let headers = HeaderMap::from_iter([(
            http::HeaderName::from_static(FORWARDED_FOR),
            HeaderValue::from_static(forwarded),
        )]);
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        originator(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_what_a_trusted_proxy_wrote_counts() {
        assert_eq!(from("203.0.113.9", "198.51.100.1"), "203.0.113.9");
        assert_eq!(from("10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(from("10.0.0.1", "192.0.2.7, 198.51.100.1, 10.0.0.2"), "198.51.100.1");
        assert_eq!(from("10.0.0.1", "garbage"), "10.0.0.1");
    }
}
