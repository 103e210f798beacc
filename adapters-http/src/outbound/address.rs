//! The classes of IP addresses (IANA special-purpose registries, RFC 6890), for the SSRF protection.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// The class of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// On the internet.
    Public,
    /// On this machine or in its private networks.
    Private,
    /// Never a valid target: link-local addresses (used by cloud metadata services), multicast, documentation, and
    /// tunnels that hide another address.
    Nowhere,
}

/// Private networks (RFC 1918), shared ones behind carriers (RFC 6598), this machine.
const PRIVATE_V4: [Ipv4Net; 5] = [
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([172, 16, 0, 0], 12),
    v4([192, 168, 0, 0], 16),
];

/// This network, the link, protocol assignments, documentation, the 6to4 relay, benchmarks, multicast, reserved.
const NOWHERE_V4: [Ipv4Net; 9] = [
    v4([0, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 88, 99, 0], 24),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    v4([224, 0, 0, 0], 3),
];

/// This machine, unique local addresses (RFC 4193).
const PRIVATE_V6: [Ipv6Net; 2] = [v6([0, 0, 0, 0, 0, 0, 0, 1], 128), v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7)];

/// The only assigned global unicast addresses (RFC 4291 §2.4).
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// Within the global ones: protocol assignments with Teredo, documentation, 6to4.
const NOWHERE_V6: [Ipv6Net; 4] = [
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

/// IPv6 forms of an IPv4 address: mapped by the socket (RFC 4291 §2.5.5.2) or translated by the network (RFC 6052 §2.1).
const EMBEDDED_V4: [Ipv6Net; 2] =
    [v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96), v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96)];

impl Reach {
    pub(super) fn classify(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::classify_v4(address),
            IpAddr::V6(address) => match embedded(address) {
                Some(embedded) => Self::classify_v4(embedded),
                None => Self::classify_v6(address),
            },
        }
    }

    fn classify_v4(address: Ipv4Addr) -> Self {
        let within = |networks: &[Ipv4Net]| networks.iter().any(|network| network.contains(&address));
        if within(&NOWHERE_V4) {
            Self::Nowhere
        } else if within(&PRIVATE_V4) {
            Self::Private
        } else {
            Self::Public
        }
    }

    fn classify_v6(address: Ipv6Addr) -> Self {
        let within = |networks: &[Ipv6Net]| networks.iter().any(|network| network.contains(&address));
        if within(&PRIVATE_V6) {
            Self::Private
        } else if GLOBAL_V6.contains(&address) && !within(&NOWHERE_V6) {
            Self::Public
        } else {
            Self::Nowhere
        }
    }
}

/// The IPv4 address that a connection to this IPv6 address would reach.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [.., a, b, c, d] = address.octets();
    let is_embedding = EMBEDDED_V4.iter().any(|network| network.contains(&address));
    is_embedding.then(|| Ipv4Addr::new(a, b, c, d))
}

const fn v4([a, b, c, d]: [u8; 4], prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6([a, b, c, d, e, f, g, h]: [u16; 8], prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_reach(addresses: &[&str], expected: Reach) {
        for address in addresses {
            assert_eq!(Reach::classify(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn addresses_of_the_internet_are_public() {
        assert_reach(
            &[
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2001:200::1",
                "2001:4860:4860::8888",
                "2606:4700::1111",
                "2a00:1450::1",
                "3ffe::1",
            ],
            Reach::Public,
        );
    }

    #[test]
    fn this_machine_and_private_networks_are_private() {
        assert_reach(
            &[
                "127.0.0.1",
                "127.255.255.254",
                "10.0.0.1",
                "10.255.255.255",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "192.168.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "::1",
                "fc00::1",
                "fd12:3456::1",
            ],
            Reach::Private,
        );
    }

    #[test]
    fn links_groups_and_reserved_addresses_lead_nowhere() {
        assert_reach(
            &[
                "0.0.0.0",
                "0.1.2.3",
                "169.254.169.254",
                "169.254.0.1",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "100::1",
                "5f00::1",
                "4000::1",
                "2001:db8::1",
                "3fff::1",
            ],
            Reach::Nowhere,
        );
    }

    #[test]
    fn an_ipv4_address_in_other_clothes_is_judged_as_what_it_is() {
        assert_reach(&["::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1"], Reach::Private);
        assert_reach(
            &["::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "::ffff:0.0.0.0"],
            Reach::Nowhere,
        );
        assert_reach(&["::ffff:8.8.8.8", "64:ff9b::8.8.8.8"], Reach::Public);
    }

    #[test]
    fn a_tunnel_that_hides_an_address_leads_nowhere() {
        // 6to4, Teredo, IPv4-compatible, translation of a network's own, ISATAP's link.
        assert_reach(
            &[
                "2002:7f00:1::1",
                "2001:0:7f00:1::1",
                "::127.0.0.1",
                "::8.8.8.8",
                "64:ff9b:1::7f00:1",
                "fe80::5efe:7f00:1",
            ],
            Reach::Nowhere,
        );
    }
}
