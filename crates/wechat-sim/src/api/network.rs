//! The addresses the platform pushes from and is called at: those of the simulator itself.
use serde_json::json;

use super::call::{Answer, Call, Outcome};

pub(super) const CALLBACK_IPS: &str = "/cgi-bin/getcallbackip";
pub(super) const API_IPS: &str = "/cgi-bin/get_api_domain_ip";

pub(super) fn callback_ips(call: &Call) -> Outcome {
    addresses(call)
}

pub(super) fn api_ips(call: &Call) -> Outcome {
    addresses(call)
}

fn addresses(call: &Call) -> Outcome {
    let ip = call.world.addr.ip();
    let ip = if ip.is_unspecified() {
        std::net::Ipv4Addr::LOCALHOST.into()
    } else {
        ip
    };
    Ok(Answer::Json(json!({ "ip_list": [ip.to_string()] })))
}
