//! One request to the callback over a connection of its own, within its time.
use std::time::Duration;

use tokio::time::timeout;

use super::reply::{self, Answer};
use super::sign::{Signed, sign};
use super::{Outcome, Push};
use crate::state::account::{AccountSpec, PushFormat};
use crate::state::fault::{Cut, Fault};
use crate::state::{Line, State};
use crate::world::World;

/// A reply is small; more than this is abnormal.
const LONGEST_ANSWER: usize = 1 << 20;

/// How one request ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) http_status: Option<u16>,
    pub(super) outcome: Outcome,
    pub(super) reply: Option<Line>,
}

impl Ended {
    fn without_answer(outcome: Outcome) -> Self {
        Self {
            http_status: None,
            outcome,
            reply: None,
        }
    }

    fn with_status(status: u16, outcome: Outcome) -> Self {
        Self {
            http_status: Some(status),
            outcome,
            reply: None,
        }
    }
}

/// Makes the request and applies the fault that was ordered for it.
pub(super) async fn run(world: &World, push: &Push, limit: Duration, fault: Option<&Fault>) -> Ended {
    let cut = fault.and_then(|fault| fault.cut);
    if cut == Some(Cut::Before) {
        return Ended::without_answer(Outcome::Cut);
    }
    let spec = world
        .state()
        .accounts
        .get(&push.app_id)
        .map(|account| account.spec.clone());
    // The account went away while the push was waiting.
    let Some(spec) = spec else {
        return Ended::without_answer(Outcome::Refused);
    };
    let signed = sign(&spec, &push.openid, &push.xml, world.now_ms());
    let answered = timeout(limit, request(world, &spec, signed)).await;
    // Cutting after: the callback has done its work, its answer is lost.
    if cut == Some(Cut::After) {
        return Ended::without_answer(Outcome::Cut);
    }
    let (status, body) = match answered {
        Err(_) => return Ended::without_answer(Outcome::Timeout),
        Ok(Err(outcome)) => return Ended::without_answer(outcome),
        Ok(Ok(answer)) => answer,
    };
    let status = fault.and_then(|fault| fault.http_status).unwrap_or(status);
    judge(
        &world.state(),
        &spec,
        push,
        status,
        body.as_deref(),
        world.now_ms(),
    )
}

fn judge(
    state: &State,
    spec: &AccountSpec,
    push: &Push,
    status: u16,
    body: Option<&str>,
    now_ms: i64,
) -> Ended {
    if status != 200 {
        return Ended::with_status(status, Outcome::BadStatus);
    }
    match body.and_then(|body| reply::read(state, spec, &push.openid, body, now_ms)) {
        None => Ended::with_status(status, Outcome::BadReply),
        Some(Answer::Taken) => Ended::with_status(status, Outcome::Accepted),
        Some(Answer::Reply(line)) => Ended {
            reply: Some(line),
            ..Ended::with_status(status, Outcome::Accepted)
        },
    }
}

/// Status and body; no body when it is too long or not text.
async fn request(
    world: &World,
    spec: &AccountSpec,
    signed: Signed,
) -> Result<(u16, Option<String>), Outcome> {
    let content_type = match spec.push_format {
        PushFormat::Xml => "text/xml",
        PushFormat::Json => "application/json",
    };
    let request = world
        .http
        .post(&spec.callback_url)
        .query(&signed.query)
        .header("content-type", content_type)
        .header("connection", "close")
        .body(signed.body);
    let mut response = request.send().await.map_err(|error| outcome_of(&error))?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| outcome_of(&error))? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            return Ok((status, None));
        }
    }
    Ok((status, String::from_utf8(body).ok()))
}

fn outcome_of(error: &reqwest::Error) -> Outcome {
    if error.is_connect() || error.is_builder() {
        Outcome::Refused
    } else {
        Outcome::Cut
    }
}
