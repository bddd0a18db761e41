//! `[http]`: where the desk listens, how it is reached, and which proxies stand before it.

use super::problem::{ConfigError, web_url, wrong};
use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize};
use std::net::{IpAddr, SocketAddr};
use url::Url;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawHttp {
    pub(super) listen: String,
    pub(super) public_url: Option<String>,
    #[serde(deserialize_with = "list")]
    pub(super) trusted_proxies: Vec<String>,
}

impl Default for RawHttp {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".into(),
            public_url: None,
            trusted_proxies: Vec::new(),
        }
    }
}

impl RawHttp {
    pub(super) fn listen(&self) -> Result<SocketAddr, ConfigError> {
        self.listen.parse().map_err(|_| {
            wrong(
                "http.listen",
                format!("`{}` is not an address", self.listen),
                "Write it as 127.0.0.1:8080",
            )
        })
    }

    /// The address itself, where nothing else is told.
    pub(super) fn public_url(&self, listen: SocketAddr) -> Result<Url, ConfigError> {
        match &self.public_url {
            Some(text) => web_url("http.public_url", text),
            None => web_url("http.listen", &format!("http://{listen}")),
        }
    }

    pub(super) fn trusted_proxies(&self) -> Result<Vec<IpNet>, ConfigError> {
        self.trusted_proxies.iter().map(|text| network(text)).collect()
    }
}

/// A list, or a text with commas, which is easier to write into the environment.
fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        List(Vec<String>),
        Text(String),
    }
    Ok(match Written::deserialize(from)? {
        Written::List(list) => list,
        Written::Text(text) => text
            .split(',')
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect(),
    })
}

/// A network, or one address.
fn network(text: &str) -> Result<IpNet, ConfigError> {
    let text = text.trim();
    let one = || {
        text.parse::<IpAddr>()
            .map(|address| IpNet::from(address.to_canonical()))
    };
    text.parse::<IpNet>().or_else(|_| one()).map_err(|_| {
        wrong(
            "http.trusted_proxies",
            format!("`{text}` is not a network"),
            "Write a list such as [\"127.0.0.1\", \"10.0.0.0/8\"], with the addresses of your own proxies only",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_networks_or_single_addresses() {
        assert_eq!(
            network("10.0.0.0/8").map(|n| n.to_string()).ok(),
            Some("10.0.0.0/8".into())
        );
        assert_eq!(
            network(" ::1 ").map(|n| n.to_string()).ok(),
            Some("::1/128".into())
        );
        let error = network("proxy.example.com").expect_err("a name").to_string();
        assert!(
            error.starts_with("setting `http.trusted_proxies`: `proxy.example.com`"),
            "{error}"
        );
    }
}
