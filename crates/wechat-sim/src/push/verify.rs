//! What the platform's "submit" does with a callback address: one signed GET that must come back with its `echostr`.
use std::time::Duration;

use serde::Serialize;

use super::sign::basic_query;
use crate::random;
use crate::state::account::AccountSpec;
use crate::world::World;

/// The result of one verification.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Verification {
    ok: bool,
    status: Option<u16>,
    body: String,
    error: Option<String>,
}

impl Verification {
    fn failed(error: impl Into<String>) -> Self {
        Self {
            error: Some(error.into()),
            ..Self::default()
        }
    }
}

/// Asks the callback to prove that it knows the token.
pub(crate) async fn verify_url(world: &World, spec: &AccountSpec) -> Verification {
    if spec.callback_url.is_empty() {
        return Verification::failed("the account has no callback_url");
    }
    let mut query = basic_query(spec, world.now_ms());
    let echostr = format!("{}{}", random::digits(), random::digits());
    query.push(("echostr", echostr.clone()));
    let limit = Duration::from_millis(spec.push_timeout_ms);
    let answered = tokio::time::timeout(limit, ask(world, &spec.callback_url, &query)).await;
    match answered {
        Err(_) => Verification::failed("no answer within the time"),
        Ok(Err(error)) => Verification::failed(error.without_url().to_string()),
        Ok(Ok((status, body))) => judge(status, body, &echostr),
    }
}

fn judge(status: u16, body: String, echostr: &str) -> Verification {
    let error = match (status, body == echostr) {
        (200, true) => None,
        (200, false) => Some("the answer is not the echostr".to_owned()),
        _ => Some(format!("the answer has status {status}")),
    };
    Verification {
        ok: error.is_none(),
        status: Some(status),
        body,
        error,
    }
}

async fn ask(world: &World, url: &str, query: &[(&str, String)]) -> reqwest::Result<(u16, String)> {
    let response = world.http.get(url).query(query).send().await?;
    let status = response.status().as_u16();
    Ok((status, response.text().await?))
}
