//! What WeChat's numbers mean: one table, read by [`Error::class`](crate::Error::class) and
//! [`Error::retry`](crate::Error::retry). Where a number has a meaning only in some calls, the class is the one for
//! customer-service messages.

/// What a refusal is about, and so who can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The access token: renewed once by the client itself. A second refusal is a matter of configuration.
    Token,
    /// WeChat is busy: soon again.
    Busy,
    /// Too many calls: after a minute again.
    Throttled,
    /// The quota of the day or month is used up: wait for midnight in China, or an operator clears it.
    QuotaUsedUp,
    /// This person cannot be reached now: not following, window closed, refused.
    Recipient,
    /// This message cannot be sent as it is. Numbers that are not known are put here.
    Message,
    /// The media id is not known any more: upload again, once.
    MediaGone,
    /// The same message went out before: as good as success.
    AlreadySent,
    /// The account's settings, permissions or standing: for an operator.
    Account,
    /// The call itself is wrong: a defect.
    Programming,
}

pub(super) fn class_of(code: i64) -> Class {
    match code {
        40001 | 40014 | 42001 => Class::Token,
        -1 | 46007 | 61450 | 9_001_002 | 9_500_001 | 9_500_002 => Class::Busy,
        268_487_001 | 268_487_002 | 268_488_001 => Class::Busy,
        45011 | 45066 => Class::Throttled,
        45009 | 45028 | 45040 | 48006 => Class::QuotaUsedUp,
        40003 | 43004 | 43019 | 43101 | 45015 | 45047 | 46004 | 48002 | 49003 | 50005 | 70000 => {
            Class::Recipient
        }
        40007 => Class::MediaGone,
        45065 => Class::AlreadySent,
        40013
        | 40125
        | 40164
        | 40200
        | 40243
        | 43016
        | 45087
        | 45094
        | 45102
        | 45103
        | 48001
        | 48003
        | 48004
        | 48008
        | 50001
        | 50002
        | 50004
        | 61004
        | 65400
        | 89501..=89507 => Class::Account,
        40002 | 40038 | 41001..=41004 | 43001..=43003 => Class::Programming,
        _ => Class::Message,
    }
}
