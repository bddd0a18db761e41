//! The doctor of a channel: which checks there are, what each may find, and how bad that is. Pure: the facts come from
//! `crate::doctor`, the words (what was found, its cause, its fix) are the console's, by the code.

use super::capability::{Capability, CapabilityState};
use super::channel::{AccountKind, EncryptionMode};
use super::text_enum::text_enum;
use super::time::{HOUR_MS, Time};
use serde::Serialize;
use serde_json::{Value, json};

text_enum!(
/// Why a request to the callback address was refused.
PushRefusal {
    /// Signed with another token.
    WrongSignature = "wrong_signature",
    /// In clear text, to a channel in mode safe.
    WrongMode = "wrong_mode",
    /// Encrypted with another key.
    WrongKey = "wrong_key",
    /// Encrypted for another account.
    WrongAppId = "wrong_app_id",
    /// The check of the address itself, with a wrong signature.
    VerificationRefused = "verification_refused",
});

impl PushRefusal {
    /// Whether a successful check of the address shows that the cause is gone; otherwise only a push does.
    pub const fn ends_with_a_verification(self) -> bool {
        matches!(self, Self::WrongSignature | Self::VerificationRefused)
    }
}

text_enum!(
    /// Under which heading a check is shown.
    CheckGroup { Address = "address", Credentials = "credentials", Pushes = "pushes", Privileges = "privileges",
        Quota = "quota" });
text_enum!(
/// What is looked at.
Check {
    PublicUrl = "public_url",
    SelfTest = "self_test",
    Reachability = "reachability",
    Token = "token",
    Clock = "clock",
    Verification = "verification",
    LastPush = "last_push",
    Mode = "mode",
    Refusals = "refusals",
    OriginalId = "original_id",
    NativeChats = "native_chats",
    Privileges = "privileges",
    ReplyPolicy = "reply_policy",
    Quota = "quota",
});
text_enum!(
    /// How a check ended.
    CheckState { Running = "running", Ok = "ok", Warning = "warning", Failed = "failed", Skipped = "skipped" });
text_enum!(
/// What a check found.
Finding {
    UrlOk = "url_ok", UrlLocal = "url_local", UrlPort = "url_port", UrlPrivate = "url_private",
    SelfOk = "self_ok", SelfConnect = "self_connect", SelfTimeout = "self_timeout", SelfRedirect = "self_redirect",
    SelfStatus = "self_status", SelfAnswer = "self_answer",
    ReachOk = "reach_ok", ReachPartly = "reach_partly", ReachLost = "reach_lost", ReachPingBlocked = "reach_ping_blocked",
    ReachDns = "reach_dns", ReachNoUrl = "reach_no_url", ReachUnknown = "reach_unknown",
    TokenOk = "token_ok", TokenAppId = "token_app_id", TokenSecret = "token_secret", TokenAddress = "token_address",
    TokenFrozen = "token_frozen", TokenWaiting = "token_waiting", TokenRefusedByAdmin = "token_refused_by_admin",
    TokenQuota = "token_quota", TokenBusy = "token_busy", TokenUnreachable = "token_unreachable",
    TokenAnswer = "token_answer", TokenRefused = "token_refused",
    ClockOk = "clock_ok", ClockOff = "clock_off", ClockWrong = "clock_wrong", ClockUnknown = "clock_unknown",
    VerificationOk = "verification_ok", VerificationMissing = "verification_missing",
    PushRecent = "push_recent", PushOld = "push_old", PushNone = "push_none", PushDropped = "push_dropped",
    ModeOk = "mode_ok", ModeDiffers = "mode_differs", ModeUnknown = "mode_unknown",
    RefusalsNone = "refusals_none", RefusalsPast = "refusals_past",
    WrongSignature = "wrong_signature", WrongMode = "wrong_mode", WrongKey = "wrong_key", WrongAppId = "wrong_app_id",
    VerificationRefused = "verification_refused",
    OriginalIdOk = "original_id_ok", OriginalIdDiffers = "original_id_differs",
    NativeNone = "native_none", NativeOpen = "native_open", NativeOff = "native_off", NativeUnknown = "native_unknown",
    PrivilegesOk = "privileges_ok", PrivilegesMissing = "privileges_missing", ReplyMissing = "reply_missing",
    AccountUnverified = "account_unverified", PrivilegesUnknown = "privileges_unknown",
    PolicyOk = "policy_ok", PolicyDocumented = "policy_documented",
    QuotaOk = "quota_ok", QuotaLow = "quota_low", QuotaUsedUp = "quota_used_up", QuotaUnknown = "quota_unknown",
    NeedsToken = "needs_token", TimedOut = "timed_out",
});
text_enum!(
    /// From which network WeChat tries to reach the callback address.
    Network { Telecom = "telecom", Unicom = "unicom", Tencent = "tencent" });
text_enum!(
    /// Of which calls the rest of the day is asked.
    QuotaOf { CustomSend = "custom_send", MassSend = "mass_send", MediaUpload = "media_upload", MediaGet = "media_get",
        UserInfo = "user_info" });

impl Check {
    /// Its heading.
    pub const fn group(self) -> CheckGroup {
        match self {
            Self::PublicUrl | Self::SelfTest | Self::Reachability => CheckGroup::Address,
            Self::Token | Self::Clock => CheckGroup::Credentials,
            Self::Verification
            | Self::LastPush
            | Self::Mode
            | Self::Refusals
            | Self::OriginalId
            | Self::NativeChats => CheckGroup::Pushes,
            Self::Privileges | Self::ReplyPolicy => CheckGroup::Privileges,
            Self::Quota => CheckGroup::Quota,
        }
    }
}

/// What a check found, and how bad it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// How it ended.
    pub state: CheckState,
    /// What it is.
    pub code: Finding,
    /// Figures and names for the sentence; an object.
    pub params: Value,
}

impl Found {
    const fn new(state: CheckState, code: Finding, params: Value) -> Self {
        Self { state, code, params }
    }

    /// Good.
    pub fn ok(code: Finding, params: Value) -> Self {
        Self::new(CheckState::Ok, code, params)
    }

    /// It works, and somebody should look.
    pub fn warning(code: Finding, params: Value) -> Self {
        Self::new(CheckState::Warning, code, params)
    }

    /// It does not work.
    pub fn failed(code: Finding, params: Value) -> Self {
        Self::new(CheckState::Failed, code, params)
    }

    /// Nothing can be said.
    pub fn skipped(code: Finding, params: Value) -> Self {
        Self::new(CheckState::Skipped, code, params)
    }
}

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
