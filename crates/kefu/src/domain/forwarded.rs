//! Whose request it is when proxies stand before the desk. Anybody can write `X-Forwarded-For`; only what our own proxies
//! have added counts, and they add at the right.

use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// The caller: the right-most address that is not of a trusted proxy, beginning with who is connected.
pub fn caller<'h>(
    peer: IpAddr,
    lines: impl DoubleEndedIterator<Item = &'h str>,
    trusted: &[IpNet],
) -> IpAddr {
    let mut last = peer.to_canonical();
    let from_the_right = lines.rev().flat_map(|line| line.rsplit(','));
    for text in from_the_right {
        if !is_trusted(last, trusted) {
            return last;
        }
        match address(text.trim()) {
            Some(address) => last = address,
            // The proxy wrote something else, or nothing: it is the last that is known.
            None => return last,
        }
    }
    last
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// An address, as some proxies write it: with a port, in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let plain = text.trim_start_matches('[').trim_end_matches(']');
    let found = plain.parse::<IpAddr>().ok();
    let found = found.or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()));
    found.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, lines: &[&str], trusted: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|n| n.parse().expect("a network")).collect();
        let peer = peer.parse().expect("an address");
        caller(peer, lines.iter().copied(), &trusted).to_string()
    }

    #[test]
    fn without_trusted_proxies_nothing_that_is_written_counts() {
        assert_eq!(seen("203.0.113.7", &["198.51.100.1"], &[]), "203.0.113.7");
    }

    #[test]
    fn the_right_most_address_that_is_no_proxy_counts_whatever_the_caller_wrote_before_it() {
        let ours = ["127.0.0.1/32", "10.0.0.0/8"];
        assert_eq!(
            seen("127.0.0.1", &["198.51.100.9, 203.0.113.7"], &ours),
            "203.0.113.7"
        );
        assert_eq!(
            seen("127.0.0.1", &["198.51.100.9", "203.0.113.7, 10.1.2.3"], &ours),
            "203.0.113.7"
        );
        // Somebody who is no proxy of ours pretends to be one.
        assert_eq!(
            seen("198.51.100.9", &["127.0.0.1, 10.0.0.1"], &ours),
            "198.51.100.9"
        );
        assert_eq!(
            seen("127.0.0.1", &["10.0.0.1, 198.51.100.9"], &ours),
            "198.51.100.9"
        );
    }

    #[test]
    fn what_is_no_address_ends_the_search_at_the_last_that_is_known() {
        let ours = ["127.0.0.1/32", "10.0.0.0/8"];
        assert_eq!(seen("127.0.0.1", &["203.0.113.7, unknown"], &ours), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &["203.0.113.7, , 10.0.0.2"], &ours), "10.0.0.2");
        assert_eq!(seen("127.0.0.1", &[""], &ours), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &[], &ours), "127.0.0.1");
    }

    #[test]
    fn forms_that_proxies_write_are_read() {
        let ours = ["127.0.0.1/32", "::1/128"];
        assert_eq!(seen("127.0.0.1", &["203.0.113.7:51234"], &ours), "203.0.113.7");
        assert_eq!(seen("::1", &["[2001:db8::1]:443"], &ours), "2001:db8::1");
        assert_eq!(seen("::ffff:127.0.0.1", &["[2001:db8::1]"], &ours), "2001:db8::1");
    }
}
