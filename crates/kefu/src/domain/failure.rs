//! Why a message did not leave, or a file did not arrive: stable codes that the console translates.
//!
//! A failed message may also carry a `ReplyReason` (judged again when it was about to leave), or the provider's own
//! number as `wechat_<errcode>`.

use super::text_enum::text_enum;

text_enum!(
/// Reasons the desk makes for messages that failed or whose fate is unknown.
FailureReason {
    ConnectionLost = "connection_lost",
    TimedOut = "timed_out",
    BadAnswer = "bad_answer",
    Interrupted = "interrupted",
    WechatUnreachable = "wechat_unreachable",
    WechatHttpStatus = "wechat_http_status",
    WechatSetup = "wechat_setup",
    FileMissing = "file_missing",
    FileStoreUnavailable = "file_store_unavailable",
    GaveUp = "gave_up",
    /// The desk was restored from a backup that was made before this left.
    Restored = "restored",
    /// The monthly route: the desk has used up what the account may ask in this minute.
    MassMinuteLimit = "mass_minute_limit",
    /// The monthly route: the provider says that it failed, and not why.
    MassFailed = "mass_failed",
    /// The monthly route: the provider left the contact out.
    MassLeftOut = "mass_left_out",
    /// The monthly route: the contact does not take the account's messages.
    MassRefusedByContact = "mass_refused_by_contact",
    /// The monthly route: the provider took it and never said how it ended.
    MassNotConfirmed = "mass_not_confirmed",
    /// The monthly route: the tag made for the contact holds somebody else too, so nothing was sent.
    MassTagNotAlone = "mass_tag_not_alone",
});

text_enum!(
/// What is said about an inbound file: why it is not there, or that its kind is not in the list.
MediaReason {
    TooLarge = "too_large",
    Expired = "expired",
    Unavailable = "unavailable",
    ChannelDeleted = "channel_deleted",
    NotInList = "not_in_list",
});
