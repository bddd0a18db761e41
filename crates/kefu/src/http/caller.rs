//! What is known of a caller without a login: that no other site made the request, the network address, the browser.

use super::ApiError;
use super::login_guard::refuse_forged;
use crate::actions::sign_in::Origin;
use crate::desk::Desk;
use crate::domain::forwarded;
use crate::domain::login_limit::{Limit, PER_ADDRESS};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::{header, request::Parts};
use std::net::{IpAddr, SocketAddr};

/// Where proxies write whose request it is.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// A caller without a login; refused with 403 when another site may have made the request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Counts attempts of this network address.
    pub subject: (String, Limit),
    /// Where a login comes from: the browser's own description, and the network address.
    pub origin: Origin,
}

impl FromRequestParts<Desk> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, ApiError> {
        refuse_forged(parts, desk)?;
        let address = address(parts, desk);
        let label = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        Ok(Self {
            subject: (address_subject(address), PER_ADDRESS),
            origin: Origin {
                label: label.to_owned(),
                address,
            },
        })
    }
}

/// Who is connected, or whom a trusted proxy names.
fn address(parts: &Parts, desk: &Desk) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip();
    let lines = parts.headers.get_all(FORWARDED_FOR).iter().collect::<Vec<_>>();
    let lines = lines.into_iter().map(|line| line.to_str().unwrap_or_default());
    Some(forwarded::caller(peer, lines, &desk.config.trusted_proxies))
}

/// One household has a whole /64 of IPv6, so that much counts as one address.
fn address_subject(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        None => "address:unknown".to_owned(),
        Some(IpAddr::V4(address)) => format!("address:{address}"),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("address:{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let subject = |text: &str| address_subject(text.parse().ok());
        assert_eq!(subject("203.0.113.7"), "address:203.0.113.7");
        assert_eq!(subject("::ffff:203.0.113.7"), "address:203.0.113.7");
        assert_eq!(subject("2001:db8:1:2::1"), subject("2001:db8:1:2:ffff::9"));
        assert_ne!(subject("2001:db8:1:2::1"), subject("2001:db8:1:3::1"));
    }
}
