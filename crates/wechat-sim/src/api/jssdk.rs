//! `GET /cgi-bin/ticket/getticket`: what a page signs with to use WeChat's functions.
use serde_json::json;

use super::call::{Answer, Call, Outcome};
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;
use crate::random;

pub(super) const ENDPOINTS: &[Endpoint] =
    &[Endpoint::get("/cgi-bin/ticket/getticket", Needs::Nothing, ticket)];

const LIFE_MS: i64 = 7_200_000;
/// A ticket near its end is not handed out again.
const OVERLAP_MS: i64 = 300_000;

fn ticket(call: &Call) -> Outcome {
    let kind = call.query("type").unwrap_or("jsapi").to_owned();
    if !matches!(kind.as_str(), "jsapi" | "wx_card") {
        return Err(ApiError::with_text(40097, "invalid args"));
    }
    call.with_account(|account, now_ms| {
        let kept = account.tickets.get(&kind);
        let kept = kept
            .filter(|(_, until_ms)| until_ms - now_ms > OVERLAP_MS)
            .cloned();
        let (ticket, until_ms) = kept.unwrap_or_else(|| {
            (
                format!("sM4AOVdWfPE4DxkXGEs8V{}", random::url_safe(65)),
                now_ms + LIFE_MS,
            )
        });
        account.tickets.insert(kind, (ticket.clone(), until_ms));
        Ok(Answer::Json(json!({
            "errcode": 0,
            "errmsg": "ok",
            "ticket": ticket,
            "expires_in": (until_ms - now_ms) / 1000,
        })))
    })
}
