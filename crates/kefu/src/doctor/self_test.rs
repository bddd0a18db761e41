//! The self-test: the desk checks its own callback address over the network, as WeChat's "submit" would. Only the
//! configured public URL is asked, no redirect is followed, and nothing is stored: a GET that must come back.

use crate::auth::secrets::{Place, Secrets};
use crate::channel::diagnosis::Diagnostician;
use crate::domain::doctor::{Finding, Found};
use crate::domain::ids::ChannelId;
use crate::domain::time::Time;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Client, redirect};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use url::{Host, Url};

/// WeChat waits five seconds.
const LIMIT: Duration = Duration::from_secs(5);
/// Longer than any answer of ours.
const ANSWER_LIMIT: usize = 4096;
/// With what the text to be echoed begins.
const MARK: &str = "kefu-doctor-";

/// Whether an echo is the doctor's question about this channel, on whichever node. It proves nothing about WeChat.
pub fn is_ours(secrets: &Secrets, id: ChannelId, echo: &str) -> bool {
    let sealed = echo
        .strip_prefix(MARK)
        .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    sealed.is_some_and(|sealed| secrets.unseal(&sealed, place(id)).is_ok())
}

fn echo(secrets: &Secrets, id: ChannelId) -> String {
    format!(
        "{MARK}{}",
        URL_SAFE_NO_PAD.encode(secrets.seal("self-test", place(id)))
    )
}

const fn place(id: ChannelId) -> Place {
    Place {
        table: "doctor_reports",
        column: "self_test",
        row: id.0,
    }
}

/// Asks, and judges the answer.
pub(super) async fn ask(
    callback_url: &Url,
    secrets: &Secrets,
    id: ChannelId,
    diagnostician: &dyn Diagnostician,
    now: Time,
) -> Found {
    let host = callback_url.host_str().unwrap_or_default();
    let echo = echo(secrets, id);
    let Some(question) = diagnostician.question(&echo, now) else {
        return Found::failed(Finding::SelfAnswer, json!({ "host": host }));
    };
    let mut url = callback_url.clone();
    url.query_pairs_mut().extend_pairs(question);
    let started = Instant::now();
    match get(url).await {
        Ok(answer) => judge(&answer, &echo, host, started.elapsed()),
        Err(error) if error.is_timeout() && !error.is_connect() => Found::failed(
            Finding::SelfTimeout,
            json!({ "host": host, "seconds": LIMIT.as_secs() }),
        ),
        Err(error) => {
            let cause = cause(&error);
            Found::failed(Finding::SelfConnect, json!({ "host": host, "cause": cause }))
        }
    }
}

struct Answer {
    status: u16,
    location: Option<String>,
    body: Vec<u8>,
}

async fn get(url: Url) -> Result<Answer, reqwest::Error> {
    let mut builder = Client::builder()
        .timeout(LIMIT)
        .redirect(redirect::Policy::none())
        .user_agent("kefu-doctor");
    if is_loopback(&url) {
        builder = builder.no_proxy();
    }
    let mut response = builder.build()?.get(url).send().await?;
    let location = response
        .headers()
        .get("location")
        .and_then(|value| value.to_str().ok());
    let location = location.map(without_query);
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_LIMIT {
            break;
        }
    }
    Ok(Answer {
        status,
        location,
        body,
    })
}

fn judge(answer: &Answer, echo: &str, host: &str, took: Duration) -> Found {
    let mut params = json!({ "host": host, "status": answer.status });
    match (answer.status, &answer.location) {
        (200, _) if answer.body == echo.as_bytes() => {
            let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            Found::ok(Finding::SelfOk, json!({ "host": host, "ms": ms }))
        }
        (200, _) => Found::failed(Finding::SelfAnswer, params),
        (300..=399, location) => {
            params["location"] = location.clone().map_or(Value::Null, Value::String);
            Found::failed(Finding::SelfRedirect, params)
        }
        _ => Found::failed(Finding::SelfStatus, params),
    }
}

/// A redirect may repeat the query, which carries a signature.
fn without_query(location: &str) -> String {
    location
        .split('?')
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// The innermost cause: "connection refused", "certificate expired". Causes carry no address of ours.
fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let text = cause.to_string();
    if text.contains("://") {
        "no connection".to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str, location: Option<&str>) -> Answer {
        Answer {
            status,
            location: location.map(without_query),
            body: body.into(),
        }
    }

    #[test]
    fn only_the_very_echo_is_right() {
        let code = |answer: &Answer| judge(answer, "e", "h", Duration::ZERO).code;
        assert_eq!(code(&answer(200, "e", None)), Finding::SelfOk);
        assert_eq!(code(&answer(200, "e\n", None)), Finding::SelfAnswer);
        assert_eq!(code(&answer(200, "<html>", None)), Finding::SelfAnswer);
        assert_eq!(
            code(&answer(403, "callback_signature_wrong", None)),
            Finding::SelfStatus
        );
        let moved = answer(301, "", Some("https://desk.example.com/c?signature=s"));
        assert_eq!(code(&moved), Finding::SelfRedirect);
        let found = judge(&moved, "e", "h", Duration::ZERO);
        assert_eq!(found.params["location"], "https://desk.example.com/c");
    }

    #[test]
    fn an_echo_is_ours_on_its_own_channel_only() {
        let key = base64::engine::general_purpose::STANDARD.encode([7; 32]);
        let secrets = Secrets::from_setting(&key).expect("a key");
        let ours = echo(&secrets, ChannelId(1));
        assert!(is_ours(&secrets, ChannelId(1), &ours));
        assert!(!is_ours(&secrets, ChannelId(2), &ours));
        assert!(!is_ours(&secrets, ChannelId(1), "4375120948345356249"));
        assert!(!is_ours(&secrets, ChannelId(1), "kefu-doctor-AAAA"));
    }
}
