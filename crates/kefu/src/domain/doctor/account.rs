//! How bad what was found about the account itself is: its credentials, its privileges, its quotas.

use super::{Finding, Found, QuotaOf};
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::channel::AccountKind;
use serde::Serialize;
use serde_json::{Value, json};

/// Why there is no access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenProblem {
    /// No account has this app id.
    AppId,
    /// The secret is another one.
    Secret,
    /// WeChat does not accept calls from these addresses.
    Address(Vec<String>),
    /// The secret is frozen.
    Frozen,
    /// An administrator of the account must confirm the address.
    WaitingForAdmin,
    /// An administrator of the account said no.
    RefusedByAdmin,
    /// The day's token calls are used up.
    QuotaUsedUp,
    /// Too busy; again later.
    Busy,
    /// No connection, or no answer in time.
    Unreachable,
    /// What answers is not WeChat.
    OddAnswer,
    /// Refused for another reason: the desk's word, such as `wechat_50002`.
    Other(String),
}

/// What an access token costs, or why there is none.
pub fn token(fetched: Result<(), (TokenProblem, Value)>) -> Found {
    let Err((problem, mut details)) = fetched else {
        return Found::ok(Finding::TokenOk, json!({}));
    };
    let code = match &problem {
        TokenProblem::AppId => Finding::TokenAppId,
        TokenProblem::Secret => Finding::TokenSecret,
        TokenProblem::Address(addresses) => {
            details["addresses"] = json!(addresses);
            Finding::TokenAddress
        }
        TokenProblem::Frozen => Finding::TokenFrozen,
        TokenProblem::WaitingForAdmin => Finding::TokenWaiting,
        TokenProblem::RefusedByAdmin => Finding::TokenRefusedByAdmin,
        TokenProblem::QuotaUsedUp => Finding::TokenQuota,
        TokenProblem::Busy => return Found::warning(Finding::TokenBusy, details),
        TokenProblem::Unreachable => Finding::TokenUnreachable,
        TokenProblem::OddAnswer => Finding::TokenAnswer,
        TokenProblem::Other(reason) => {
            details["reason"] = json!(reason);
            Finding::TokenRefused
        }
    };
    Found::failed(code, details)
}

/// WeChat's answers have a resolution of a second, and the way takes time.
const CLOCK_WARNING_MS: i64 = 30_000;
const CLOCK_FAILED_MS: i64 = 5 * 60_000;

/// How far the desk's clock is from WeChat's; positive: the desk is ahead.
pub fn clock(ahead_ms: Option<i64>) -> Found {
    let Some(ahead_ms) = ahead_ms else {
        return Found::skipped(Finding::ClockUnknown, json!({}));
    };
    let params = json!({ "seconds": ahead_ms.abs() / 1000, "ahead": ahead_ms > 0 });
    match ahead_ms.abs() {
        CLOCK_FAILED_MS.. => Found::failed(Finding::ClockWrong, params),
        CLOCK_WARNING_MS.. => Found::warning(Finding::ClockOff, params),
        _ => Found::ok(Finding::ClockOk, params),
    }
}

/// Chats in WeChat's own customer service: what people write there does not reach the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NativeChats {
    /// The account does not use it.
    Off,
    /// How many are open, and how many wait.
    On { open: i64, waiting: i64 },
    /// It could not be asked.
    Unknown,
}

/// Whether people are in a native chat.
pub fn native_chats(found: NativeChats) -> Found {
    match found {
        NativeChats::Off => Found::ok(Finding::NativeOff, json!({})),
        NativeChats::On { open: 0, waiting: 0 } => Found::ok(Finding::NativeNone, json!({})),
        NativeChats::On { open, waiting } => {
            Found::warning(Finding::NativeOpen, json!({ "open": open, "waiting": waiting }))
        }
        NativeChats::Unknown => Found::skipped(Finding::NativeUnknown, json!({})),
    }
}

/// Whether a verified account of this kind has it; what it lacks by its kind is no fault.
pub const fn belongs_to(kind: AccountKind, capability: Capability) -> bool {
    match kind {
        AccountKind::Service | AccountKind::Enterprise => true,
        AccountKind::Subscription => !matches!(capability, Capability::QrCode),
        AccountKind::Test => !matches!(capability, Capability::MenuMessage | Capability::MassSend),
    }
}

/// Accounts that WeChat has not verified lack all of these.
const OF_VERIFIED: [Capability; 4] = [
    Capability::CustomSend,
    Capability::Tags,
    Capability::UserInfo,
    Capability::Blacklist,
];

/// What the account may do, all in all.
pub fn privileges(kind: AccountKind, found: &[(Capability, CapabilityState)]) -> Found {
    let is = |capability, state| found.contains(&(capability, state));
    let with = |state| {
        let of_state = move |(_, its): &&(Capability, CapabilityState)| *its == state;
        let words = found.iter().filter(of_state).map(|(capability, _)| *capability);
        words
            .filter(|capability| belongs_to(kind, *capability))
            .collect::<Vec<_>>()
    };
    let missing = with(CapabilityState::Denied);
    let params = json!({ "capabilities": missing });
    if OF_VERIFIED
        .iter()
        .all(|capability| is(*capability, CapabilityState::Denied))
    {
        Found::failed(Finding::AccountUnverified, params)
    } else if is(Capability::CustomSend, CapabilityState::Denied) {
        Found::failed(Finding::ReplyMissing, params)
    } else if !missing.is_empty() {
        Found::warning(Finding::PrivilegesMissing, params)
    } else if is(Capability::CustomSend, CapabilityState::Granted) {
        Found::ok(Finding::PrivilegesOk, json!({}))
    } else {
        let unknown = with(CapabilityState::Unknown);
        Found::skipped(Finding::PrivilegesUnknown, json!({ "capabilities": unknown }))
    }
}

/// How much of one kind of call is left today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct QuotaLeft {
    /// Of which.
    pub of: QuotaOf,
    /// A day; 0: no limit is known.
    pub limit: i64,
    /// Used.
    pub used: i64,
    /// Left.
    pub remain: i64,
}

/// Whether there are calls left; less than a tenth is little.
pub fn quota(found: &[QuotaLeft]) -> Found {
    let limited: Vec<&QuotaLeft> = found.iter().filter(|left| left.limit > 0).collect();
    let params = json!({ "items": limited });
    if found.is_empty() {
        Found::skipped(Finding::QuotaUnknown, json!({}))
    } else if limited.iter().any(|left| left.remain <= 0) {
        Found::failed(Finding::QuotaUsedUp, params)
    } else if limited
        .iter()
        .any(|left| left.remain.saturating_mul(10) < left.limit)
    {
        Found::warning(Finding::QuotaLow, params)
    } else {
        Found::ok(Finding::QuotaOk, params)
    }
}

#[cfg(test)]
mod tests {
    use super::super::CheckState;
    use super::*;

    #[test]
    fn a_clock_is_judged_by_its_distance_whichever_way() {
        for (ahead_ms, code) in [
            (0, Finding::ClockOk),
            (29_999, Finding::ClockOk),
            (-30_000, Finding::ClockOff),
            (299_999, Finding::ClockOff),
            (-300_000, Finding::ClockWrong),
        ] {
            assert_eq!(clock(Some(ahead_ms)).code, code, "{ahead_ms}");
        }
        assert_eq!(clock(None).state, CheckState::Skipped);
    }

    #[test]
    fn what_an_account_lacks_by_its_kind_is_no_fault() {
        let denied = |capability| (capability, CapabilityState::Denied);
        let reply = (Capability::CustomSend, CapabilityState::Granted);
        let code = |kind, found: &[_]| privileges(kind, found).code;
        let no_codes = [reply, denied(Capability::QrCode)];
        assert_eq!(code(AccountKind::Subscription, &no_codes), Finding::PrivilegesOk);
        assert_eq!(code(AccountKind::Service, &no_codes), Finding::PrivilegesMissing);
        let no_mass = [reply, denied(Capability::MassSend)];
        assert_eq!(code(AccountKind::Test, &no_mass), Finding::PrivilegesOk);
        let no_reply = [
            denied(Capability::CustomSend),
            (Capability::Tags, CapabilityState::Granted),
        ];
        assert_eq!(code(AccountKind::Service, &no_reply), Finding::ReplyMissing);
        assert_eq!(
            code(AccountKind::Service, &OF_VERIFIED.map(denied)),
            Finding::AccountUnverified
        );
        assert_eq!(code(AccountKind::Service, &[]), Finding::PrivilegesUnknown);
    }

    #[test]
    fn less_than_a_tenth_of_a_quota_is_little_and_no_limit_is_enough() {
        let left = |limit, remain| QuotaLeft {
            of: QuotaOf::CustomSend,
            limit,
            used: limit - remain,
            remain,
        };
        assert_eq!(quota(&[left(100, 10)]).code, Finding::QuotaOk);
        assert_eq!(quota(&[left(100, 10), left(100, 9)]).code, Finding::QuotaLow);
        assert_eq!(quota(&[left(100, 0)]).code, Finding::QuotaUsedUp);
        assert_eq!(quota(&[left(0, 0)]).code, Finding::QuotaOk);
        assert_eq!(quota(&[]).code, Finding::QuotaUnknown);
    }
}
