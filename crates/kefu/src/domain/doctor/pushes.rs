//! How bad what was found about the way of pushes is: whether WeChat reaches the desk, and what came.

use super::{Finding, Found, Network, PushRefusal};
use crate::domain::channel::EncryptionMode;
use crate::domain::time::{HOUR_MS, Time};
use serde::Serialize;
use serde_json::{Value, json};

/// What one network found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// From where.
    pub network: Network,
    /// The addresses the name has there.
    pub addresses: Vec<String>,
    /// Percent of pings that were lost; `None` when nothing was pinged.
    pub lost_percent: Option<u32>,
    /// How long one took.
    pub time: Option<String>,
}

/// Why WeChat's own check gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReachProblem {
    /// No address is set at WeChat.
    NoUrl,
    /// Another refusal, or no answer: the desk's word.
    Other(String),
}

/// How recent a push must be to show that only pings are blocked.
const STILL_PUSHING_MS: i64 = HOUR_MS;

/// What WeChat's own check says, network by network.
pub fn reachability(tried: &[Result<Reach, ReachProblem>], last_push_at: Option<Time>, now: Time) -> Found {
    let found: Vec<&Reach> = tried.iter().filter_map(|one| one.as_ref().ok()).collect();
    if found.is_empty() {
        return match tried.iter().find_map(|one| one.as_ref().err()) {
            Some(ReachProblem::NoUrl) => Found::failed(Finding::ReachNoUrl, json!({})),
            Some(ReachProblem::Other(reason)) => {
                Found::warning(Finding::ReachUnknown, json!({ "reason": reason }))
            }
            None => Found::skipped(Finding::ReachUnknown, json!({ "reason": "" })),
        };
    }
    let params = json!({ "networks": found });
    let lost = |reach: &&&Reach| reach.lost_percent.is_some_and(|percent| percent >= 100);
    let nameless = found.iter().filter(|reach| reach.addresses.is_empty()).count();
    let all_lost = found.iter().filter(lost).count();
    let is_pushing = last_push_at.is_some_and(|at| now.since_ms(at) < STILL_PUSHING_MS);
    if nameless == found.len() {
        Found::failed(Finding::ReachDns, params)
    } else if all_lost == found.len() && is_pushing {
        Found::warning(Finding::ReachPingBlocked, params)
    } else if all_lost == found.len() {
        Found::failed(Finding::ReachLost, params)
    } else if nameless + all_lost > 0 {
        Found::warning(Finding::ReachPartly, params)
    } else {
        Found::ok(Finding::ReachOk, params)
    }
}

/// What is known of a channel's pushes.
#[derive(Debug, Clone, Default)]
pub struct PushFacts {
    /// Whether the channel is switched on.
    pub is_active: bool,
    /// When WeChat checked the address.
    pub url_verified_at: Option<Time>,
    /// When the last push came.
    pub last_push_at: Option<Time>,
    /// Pushes dropped while the channel was off.
    pub dropped: i64,
    /// Pushes that named another account.
    pub mismatched: i64,
    /// The refusal that no success has followed.
    pub problem: Option<PushRefusal>,
    /// Refusals by reason: how many, and when the last one was; the newest first.
    pub refusals: Vec<(PushRefusal, i64, Time)>,
    /// How accepted pushes look.
    pub seen_mode: Option<EncryptionMode>,
}

/// Whether WeChat has checked the address. A push shows it too.
pub fn verification(facts: &PushFacts) -> Found {
    match facts.url_verified_at.or(facts.last_push_at) {
        Some(at) => Found::ok(Finding::VerificationOk, json!({ "at": at })),
        None => Found::warning(Finding::VerificationMissing, json!({})),
    }
}

const DAY_MS: i64 = 24 * HOUR_MS;
/// An account whose last push is older has either no customers or no connection.
const PUSH_OLD_MS: i64 = 7 * DAY_MS;

/// How old the last push is.
pub fn last_push(facts: &PushFacts, now: Time) -> Found {
    if !facts.is_active {
        return Found::warning(Finding::PushDropped, json!({ "count": facts.dropped }));
    }
    match facts.last_push_at {
        None => Found::skipped(Finding::PushNone, json!({})),
        Some(at) if now.since_ms(at) >= PUSH_OLD_MS => {
            let days = now.since_ms(at) / DAY_MS;
            Found::warning(Finding::PushOld, json!({ "at": at, "days": days }))
        }
        Some(at) => Found::ok(Finding::PushRecent, json!({ "at": at })),
    }
}

/// Whether pushes look as the channel's settings say.
pub fn mode(facts: &PushFacts, configured: EncryptionMode) -> Found {
    match facts.seen_mode {
        None => Found::skipped(Finding::ModeUnknown, json!({ "configured": configured })),
        Some(seen) if seen == configured => Found::ok(Finding::ModeOk, json!({ "configured": configured })),
        Some(seen) => Found::warning(
            Finding::ModeDiffers,
            json!({ "configured": configured, "seen": seen }),
        ),
    }
}

/// Which requests were refused, and whether they still are.
pub fn refusals(facts: &PushFacts) -> Found {
    let counted = |(reason, count, at): &(PushRefusal, i64, Time)| json!({ "reason": reason, "count": count, "last_at": at });
    let all: Vec<Value> = facts.refusals.iter().map(counted).collect();
    let Some(problem) = facts.problem else {
        return match facts.refusals.first() {
            None => Found::ok(Finding::RefusalsNone, json!({})),
            Some((_, _, at)) => {
                let count: i64 = facts.refusals.iter().map(|(_, count, _)| count).sum();
                Found::ok(
                    Finding::RefusalsPast,
                    json!({ "count": count, "last_at": at, "all": all }),
                )
            }
        };
    };
    let (count, at) = facts
        .refusals
        .iter()
        .find(|(reason, ..)| *reason == problem)
        .map_or((1, None), |(_, count, at)| (*count, Some(*at)));
    let code = match problem {
        PushRefusal::WrongSignature => Finding::WrongSignature,
        PushRefusal::WrongMode => Finding::WrongMode,
        PushRefusal::WrongKey => Finding::WrongKey,
        PushRefusal::WrongAppId => Finding::WrongAppId,
        PushRefusal::VerificationRefused => Finding::VerificationRefused,
    };
    Found::failed(code, json!({ "count": count, "last_at": at, "all": all }))
}

/// Whether pushes name the account the channel is for.
pub fn original_id(facts: &PushFacts, original_id: &str) -> Found {
    if facts.mismatched == 0 {
        return Found::ok(Finding::OriginalIdOk, json!({ "original_id": original_id }));
    }
    let params = json!({ "original_id": original_id, "count": facts.mismatched });
    Found::warning(Finding::OriginalIdDiffers, params)
}

#[cfg(test)]
mod tests {
    use super::super::CheckState;
    use super::*;

    fn reach(network: Network, addresses: &[&str], lost_percent: u32) -> Result<Reach, ReachProblem> {
        Ok(Reach {
            network,
            addresses: addresses.iter().map(|text| (*text).to_owned()).collect(),
            lost_percent: Some(lost_percent),
            time: None,
        })
    }

    fn reached(tried: &[Result<Reach, ReachProblem>], last_push_at: Option<Time>) -> Finding {
        reachability(tried, last_push_at, Time(10 * HOUR_MS)).code
    }

    #[test]
    fn reachability_is_judged_network_by_network() {
        use Network::{Telecom, Unicom};
        let all = [reach(Telecom, &["1.2.3.4"], 0), reach(Unicom, &["1.2.3.4"], 0)];
        assert_eq!(reached(&all, None), Finding::ReachOk);
        let one = [reach(Telecom, &["1.2.3.4"], 0), reach(Unicom, &["1.2.3.4"], 100)];
        assert_eq!(reached(&one, None), Finding::ReachPartly);
        let none = [
            reach(Telecom, &["1.2.3.4"], 100),
            reach(Unicom, &["1.2.3.4"], 100),
        ];
        assert_eq!(reached(&none, None), Finding::ReachLost);
        assert_eq!(
            reached(&none, Some(Time(10 * HOUR_MS - 1))),
            Finding::ReachPingBlocked
        );
        assert_eq!(reached(&none, Some(Time(9 * HOUR_MS))), Finding::ReachLost);
        assert_eq!(reached(&[reach(Telecom, &[], 100)], None), Finding::ReachDns);
        assert_eq!(reached(&[Err(ReachProblem::NoUrl)], None), Finding::ReachNoUrl);
        assert_eq!(
            reached(&[Err(ReachProblem::Other("x".into()))], None),
            Finding::ReachUnknown
        );
        assert_eq!(reached(&[], None), Finding::ReachUnknown);
    }

    #[test]
    fn past_refusals_are_told_calmly_and_present_ones_by_name() {
        let mut facts = PushFacts {
            refusals: vec![(PushRefusal::WrongKey, 3, Time(5))],
            ..PushFacts::default()
        };
        assert_eq!(refusals(&facts).code, Finding::RefusalsPast);
        assert_eq!(refusals(&facts).state, CheckState::Ok);
        facts.problem = Some(PushRefusal::WrongKey);
        assert_eq!(
            (refusals(&facts).code, refusals(&facts).state),
            (Finding::WrongKey, CheckState::Failed)
        );
        assert_eq!(refusals(&facts).params["count"], 3);
    }

    #[test]
    fn a_week_without_a_push_is_worth_a_look() {
        let facts = |at| PushFacts {
            is_active: true,
            last_push_at: at,
            ..PushFacts::default()
        };
        let code = |at, now| last_push(&facts(at), Time(now)).code;
        assert_eq!(code(None, 0), Finding::PushNone);
        assert_eq!(code(Some(Time(0)), PUSH_OLD_MS - 1), Finding::PushRecent);
        assert_eq!(code(Some(Time(0)), PUSH_OLD_MS), Finding::PushOld);
        assert_eq!(
            last_push(&PushFacts::default(), Time(0)).code,
            Finding::PushDropped
        );
    }
}
