//! The doctor of a channel: which checks there are, and what each may find. How bad that is: `account` and `pushes`.
//! Pure: the facts come from `crate::doctor`, the words (what was found, its cause, its fix) are the console's, by the code.

mod account;
mod pushes;

pub use account::{
    NativeChats, QuotaLeft, TokenProblem, belongs_to, clock, native_chats, privileges, quota, token,
};
pub use pushes::{
    PushFacts, Reach, ReachProblem, last_push, mode, original_id, reachability, refusals, verification,
};

use super::text_enum::text_enum;
use serde_json::Value;

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
