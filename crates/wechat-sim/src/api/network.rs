//! The network between platform and account: the addresses on the platform's side, which are those of the simulator itself,
//! and the check of the callback from there.
use axum::http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::{Duration, Instant, timeout};

use super::call::{Answer, Call, Outcome};
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/cgi-bin/getcallbackip", Needs::Nothing, addresses),
    Endpoint::get("/cgi-bin/get_api_domain_ip", Needs::Nothing, addresses),
    Endpoint::later(Method::POST, "/cgi-bin/callback/check", |call| {
        Box::pin(check(call))
    }),
];

fn addresses(call: &Call) -> Outcome {
    Ok(Answer::Json(json!({ "ip_list": [own_address(call)] })))
}

fn own_address(call: &Call) -> String {
    let ip = call.world.addr.ip();
    if ip.is_unspecified() {
        std::net::Ipv4Addr::LOCALHOST.to_string()
    } else {
        ip.to_string()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CheckRequest {
    action: String,
    check_operator: String,
}

/// How long a connection may take.
const REACH: Duration = Duration::from_secs(3);

/// Resolves the callback's name and connects to it once. The platform pings; a connection needs no privilege here, and
/// like a ping it is no push and no verification.
async fn check(call: &Call) -> Outcome {
    let request: CheckRequest = call.json()?;
    let operators = ["CHINANET", "UNICOM", "CAP", "DEFAULT", ""];
    if !operators.contains(&request.check_operator.as_str()) {
        return Err(ApiError::with_text(40202, "invalid check_operator"));
    }
    let (wants_dns, wants_ping) = match request.action.as_str() {
        "dns" => (true, false),
        "ping" => (false, true),
        "all" => (true, true),
        _ => return Err(ApiError::with_text(40201, "invalid action")),
    };
    let spec = call.with_account(|account, _| Ok(account.spec.clone()))?;
    let host = url::Url::parse(&spec.callback_url)
        .ok()
        .and_then(|url| Some((url.host_str()?.to_owned(), url.port_or_known_default()?)));
    let (name, port) = host.ok_or_else(|| ApiError::with_text(40203, "no url set"))?;
    let name = name.trim_matches(['[', ']']).to_owned();
    let found = tokio::net::lookup_host((name.as_str(), port)).await;
    let ips: Vec<String> = found
        .map(|all| all.map(|addr| addr.ip().to_string()).collect())
        .unwrap_or_default();
    let mut answer = json!({});
    if wants_dns {
        let of = |ip: &String| json!({ "ip": ip, "real_operator": "CAP" });
        answer["dns"] = ips.iter().map(of).collect();
    }
    if wants_ping {
        let started = Instant::now();
        let connected = timeout(REACH, TcpStream::connect((name.as_str(), port))).await;
        let is_reached = connected.is_ok_and(|stream| stream.is_ok());
        let time = format!("{:.3}ms", started.elapsed().as_secs_f64() * 1000.0);
        let loss = if is_reached { "0%" } else { "100%" };
        let of =
            |ip: &String| json!({ "ip": ip, "from_operator": "CAP", "package_loss": loss, "time": time });
        answer["ping"] = ips.iter().map(of).collect::<Vec<Value>>().into();
    }
    Ok(Answer::Json(answer))
}
