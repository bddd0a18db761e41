//! Whether WeChat could reach the public URL at all, by its form. Asks nobody.

use crate::domain::doctor::{Finding, Found};
use crate::domain::network_address::is_public;
use serde_json::json;
use url::{Host, Url};

/// WeChat calls port 80 and 443 of public addresses only. A stand-in on this machine or network calls any.
pub(super) fn judge(callback_url: &Url, api_base_url: &Url, is_tencent: bool) -> Found {
    let params = json!({
        "url": callback_url.as_str(),
        "host": callback_url.host_str().unwrap_or_default(),
        "port": callback_url.port_or_known_default(),
    });
    let is_private_here = is_private(callback_url);
    let has_other_port = callback_url.port().is_some_and(|port| !matches!(port, 80 | 443));
    let bad = |code, params| {
        if is_tencent {
            Found::failed(code, params)
        } else {
            Found::warning(code, params)
        }
    };
    if !is_tencent && is_private(api_base_url) && (is_private_here || has_other_port) {
        Found::ok(Finding::UrlLocal, params)
    } else if is_private_here {
        bad(Finding::UrlPrivate, params)
    } else if has_other_port {
        bad(Finding::UrlPort, params)
    } else {
        Found::ok(Finding::UrlOk, params)
    }
}

fn is_private(url: &Url) -> bool {
    match url.host() {
        None => true,
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let ends = [".localhost", ".local", ".internal", ".lan"];
            name == "localhost" || !name.contains('.') || ends.iter().any(|end| name.ends_with(end))
        }
        Some(Host::Ipv4(ip)) => !is_public(ip.into()),
        Some(Host::Ipv6(ip)) => !is_public(ip.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::doctor::CheckState;

    const WECHAT: &str = "https://api.weixin.qq.com";
    const STAND_IN: &str = "http://127.0.0.1:8081";
    const GATEWAY: &str = "https://gateway.example.com";

    fn judged(url: &str, api: &str) -> (Finding, CheckState) {
        let parsed = |text: &str| Url::parse(text).expect("a URL");
        let found = judge(&parsed(url), &parsed(api), api == WECHAT);
        (found.code, found.state)
    }

    #[test]
    fn wechat_itself_needs_a_public_address_and_a_usual_port() {
        for (url, code, state) in [
            ("https://desk.example.com/c", Finding::UrlOk, CheckState::Ok),
            ("http://desk.example.com/c", Finding::UrlOk, CheckState::Ok),
            (
                "https://desk.example.com:8443/c",
                Finding::UrlPort,
                CheckState::Failed,
            ),
            ("http://localhost/c", Finding::UrlPrivate, CheckState::Failed),
            ("http://desk/c", Finding::UrlPrivate, CheckState::Failed),
            ("http://10.1.2.3/c", Finding::UrlPrivate, CheckState::Failed),
            ("http://100.64.1.1/c", Finding::UrlPrivate, CheckState::Failed),
            ("http://[fd00::1]/c", Finding::UrlPrivate, CheckState::Failed),
            (
                "http://[::ffff:192.168.0.1]/c",
                Finding::UrlPrivate,
                CheckState::Failed,
            ),
        ] {
            assert_eq!(judged(url, WECHAT), (code, state), "{url}");
        }
    }

    #[test]
    fn a_stand_in_beside_the_desk_reaches_it_anywhere_and_another_host_may_not() {
        let local = "http://127.0.0.1:8080/c";
        assert_eq!(judged(local, STAND_IN), (Finding::UrlLocal, CheckState::Ok));
        assert_eq!(judged(local, GATEWAY), (Finding::UrlPrivate, CheckState::Warning));
        let port = "https://desk.example.com:8443/c";
        assert_eq!(judged(port, GATEWAY), (Finding::UrlPort, CheckState::Warning));
    }
}
