//! Addresses and networks of a whitelist.
use std::net::IpAddr;

/// An address or a network such as `101.226.103.0/25`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Network {
    bits: u128,
    prefix: u32,
}

impl Network {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let length = length.unwrap_or(width);
        (length <= width).then(|| Self {
            bits: as_v6_bits(address),
            prefix: 128 - width + length,
        })
    }

    pub(super) fn contains(self, address: IpAddr) -> bool {
        let mask = u128::MAX.checked_shl(128 - self.prefix).unwrap_or(0);
        (as_v6_bits(address) ^ self.bits) & mask == 0
    }
}

fn as_v6_bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}
