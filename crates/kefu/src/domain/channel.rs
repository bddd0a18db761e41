//! Words of a channel: what kind of account it is, in which state, and under which reply policy.

use super::text_enum::text_enum;

text_enum!(
    /// Whether a channel sends and receives. `deleted` is final.
    ChannelState { Active = "active", Disabled = "disabled", Deleted = "deleted" });
text_enum!(
    /// The kind of WeChat account.
    AccountKind { Service = "service", Subscription = "subscription", Enterprise = "enterprise", Test = "test" });
text_enum!(
    /// Where the organisation behind the account is based.
    Region { MainlandChina = "mainland_china", Other = "other" });
text_enum!(
    /// How pushes are encrypted.
    EncryptionMode { Plain = "plain", Compatible = "compatible", Safe = "safe" });
text_enum!(
    /// Which reply allowance is assumed; WeChat's own refusals always win.
    ReplyPolicy { Documented = "documented", WechatCurrent = "wechat_current", Custom = "custom" });
text_enum!(
    /// What happens to a person's data when they unfollow. Carried out by `jobs::unfollowed`.
    UnfollowPolicy { Keep = "keep", Anonymise = "anonymise", Erase = "erase" });

/// After how many days the policy `erase` may be carried out; 0: as soon as it can be.
pub const UNFOLLOW_DAYS: std::ops::RangeInclusive<i64> = 0..=3650;
