//! `POST /cgi-bin/message/custom/typing`: "is typing" on the customer's phone.
use serde::Deserialize;

use super::call::{Answer, Call, Outcome};
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::post(
    "/cgi-bin/message/custom/typing",
    Needs::Verified,
    typing,
)];

/// A message must have gone either way this recently.
const TALKED_WITHIN_MS: i64 = 30_000;
/// How long the phone shows it.
const SHOWN_MS: i64 = 15_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TypingRequest {
    touser: String,
    command: String,
}

fn typing(call: &Call) -> Outcome {
    let request: TypingRequest = call.json()?;
    let app_id = call.account_id()?;
    set(call, app_id, &request)?;
    call.world.changed("typing", Some(app_id), Some(&request.touser));
    Ok(Answer::ok())
}

fn set(call: &Call, app_id: &str, request: &TypingRequest) -> Result<(), ApiError> {
    let now_ms = call.now_ms();
    let mut state = call.world.state();
    let follower = state
        .follower_mut(app_id, &request.touser)
        .ok_or_else(|| ApiError::new(40003))?;
    match request.command.as_str() {
        "CancelTyping" => follower.typing_until_ms = None,
        "Typing" => {
            if follower.talked_ms.is_none_or(|at| now_ms - at > TALKED_WITHIN_MS) {
                return Err(ApiError::new(45080));
            }
            if follower.typing_until_ms.is_some_and(|until| now_ms < until) {
                return Err(ApiError::new(45081));
            }
            follower.typing_until_ms = Some(now_ms + SHOWN_MS);
        }
        _ => return Err(ApiError::new(45072)),
    }
    Ok(())
}
