//! An address or a network as allow-lists have it: `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/48`.

use std::fmt;
use std::net::IpAddr;

/// An address, or a network by its first address and the length of its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkAddress {
    ip: IpAddr,
    prefix: Option<u8>,
}

impl NetworkAddress {
    /// Reads one; `None` where it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let (ip, prefix) = match text.split_once('/') {
            Some((ip, prefix)) => (ip, Some(prefix.parse::<u8>().ok()?)),
            None => (text, None),
        };
        let ip: IpAddr = ip.parse::<IpAddr>().ok()?.to_canonical();
        let width = if ip.is_ipv4() { 32 } else { 128 };
        (!ip.is_unspecified() && prefix.is_none_or(|prefix| (1..=width).contains(&prefix)))
            .then_some(Self { ip, prefix })
    }
}

impl fmt::Display for NetworkAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.prefix {
            Some(prefix) => write!(f, "{}/{prefix}", self.ip),
            None => write!(f, "{}", self.ip),
        }
    }
}

/// Whether the Internet routes it: what WeChat could see as the desk's address.
pub fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            // 100.64.0.0/10: behind a carrier's address translation.
            let [a, b, ..] = ip.octets();
            let is_shared = a == 100 && (64..128).contains(&b);
            let is_local = ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified();
            !(is_local || is_shared || ip.is_broadcast() || ip.is_multicast() || ip.is_documentation())
        }
        IpAddr::V6(ip) => {
            let is_local = ip.is_loopback() || ip.is_unspecified() || ip.is_unicast_link_local();
            let is_documentation = ip.segments()[..2] == [0x2001, 0xdb8];
            !(is_local || ip.is_unique_local() || ip.is_multicast() || is_documentation)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<String> {
        NetworkAddress::parse(text).map(|address| address.to_string())
    }

    #[test]
    fn addresses_and_networks_of_both_families_are_read() {
        for (text, told) in [
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.0/24", "203.0.113.0/24"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:DB8::1", "2001:db8::1"),
            ("2001:db8::/48", "2001:db8::/48"),
        ] {
            assert_eq!(read(text).as_deref(), Some(told), "{text}");
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        for text in [
            "",
            "*",
            "desk.example.com",
            "203.0.113.7:443",
            "203.0.113",
            "203.0.113.0/33",
            "203.0.113.0/0",
            "0.0.0.0",
            "2001:db8::/129",
            "203.0.113.7/",
            "1.2.3.4, 5.6.7.8",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn what_no_router_knows_is_not_public() {
        let public = |text: &str| is_public(text.parse().expect("an address"));
        assert!(public("8.8.8.8") && public("2400:3200::1"));
        for text in [
            "127.0.0.1",
            "10.0.0.1",
            "100.64.0.1",
            "169.254.1.1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!public(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_again(bits in any::<u32>().prop_filter("0.0.0.0", |bits| *bits != 0), prefix in proptest::option::of(1_u8..=32)) {
            let address = NetworkAddress { ip: IpAddr::V4(bits.into()), prefix };
            prop_assert_eq!(NetworkAddress::parse(&address.to_string()), Some(address));
        }
    }
}
