//! This machine's own public address, where it has one: the local end of the route to WeChat. Nobody is asked: a socket
//! that is connected without sending anything shows it. Behind address translation there is none.

use crate::domain::network_address::is_public;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::time::timeout;
use url::Url;

/// How long the name may take.
const LIMIT: Duration = Duration::from_secs(2);

/// At most one address of each family.
pub async fn public(api_base_url: &Url) -> Vec<IpAddr> {
    let host = api_base_url
        .host_str()
        .unwrap_or_default()
        .trim_matches(['[', ']']);
    let port = api_base_url.port_or_known_default().unwrap_or(443);
    let Ok(Ok(found)) = timeout(LIMIT, tokio::net::lookup_host((host, port))).await else {
        return Vec::new();
    };
    let found: Vec<SocketAddr> = found.collect();
    let mut own = Vec::new();
    for target in [
        found.iter().find(|to| to.is_ipv4()),
        found.iter().find(|to| to.is_ipv6()),
    ] {
        if let Some(ip) = local_end(target).await
            && is_public(ip)
        {
            own.push(ip);
        }
    }
    own
}

async fn local_end(target: Option<&SocketAddr>) -> Option<IpAddr> {
    let target = target?;
    let any: IpAddr = if target.is_ipv4() {
        Ipv4Addr::UNSPECIFIED.into()
    } else {
        Ipv6Addr::UNSPECIFIED.into()
    };
    let socket = UdpSocket::bind((any, 0)).await.ok()?;
    socket.connect(target).await.ok()?;
    Some(socket.local_addr().ok()?.ip())
}
