//! The monthly route as a walk: the steps of one message, and what the provider's results mean. Whether the route may
//! be taken at all is decided in `allowance`.

use super::agent::Language;
use super::failure::FailureReason;
use super::message::MessageKind;
use super::text_enum::text_enum;

text_enum!(
/// How far a message on the monthly route is.
MonthlyStep {
    /// It has its place; nothing was handed over.
    Reserved = "reserved",
    /// The request may have been written.
    Submitting = "submitting",
    /// The provider has taken the job and not yet said how it ended.
    Submitted = "submitted",
    /// It has left, failed or stays unknown.
    Ended = "ended",
});

/// The word with which the provider says that a job went well.
const SUCCESS: &str = "send success";

/// How a job ended, as the provider's push says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MassResult {
    /// The provider's number of the job.
    pub job_id: String,
    /// Its word, such as `send success` or `err(10001)`.
    pub status: String,
    /// Whom the audience had.
    pub total: i64,
    /// Who was left after those who have had their messages of the month.
    pub filtered: i64,
    /// Who got it.
    pub sent: i64,
    /// Who did not, although nothing of the account's forbade it.
    pub errors: i64,
}

/// What a result means for the one person it was for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It arrived.
    Sent,
    /// It did not: the stable reason.
    Failed(String),
    /// The provider left the person out: their messages of the month are used up, or they are on the blacklist.
    LeftOut,
}

impl MassResult {
    /// What it means.
    pub fn verdict(&self) -> Verdict {
        if let Some(number) = self.review_number() {
            return Verdict::Failed(format!("mass_err_{number}"));
        }
        if self.status == SUCCESS && self.sent > 0 {
            Verdict::Sent
        } else if self.errors > 0 {
            Verdict::Failed(FailureReason::MassRefusedByContact.as_str().to_owned())
        } else if self.total > 0 && self.filtered == 0 {
            Verdict::LeftOut
        } else {
            Verdict::Failed(FailureReason::MassFailed.as_str().to_owned())
        }
    }

    /// The number of `err(…)`: the provider's review, or the account's own administrator, said no.
    fn review_number(&self) -> Option<u32> {
        self.status
            .strip_prefix("err(")?
            .strip_suffix(')')?
            .trim()
            .parse()
            .ok()
    }
}

/// What the monthly route carries. WeChat has no card among its messages to many.
pub const fn carries(kind: MessageKind) -> bool {
    matches!(
        kind,
        MessageKind::Text | MessageKind::Image | MessageKind::Voice | MessageKind::Video
    )
}

/// The title that a video gets on the route: WeChat insists on one, and the customer reads it. Neither the file's name
/// nor the channel's: both were given for the organisation's own eyes.
pub const fn video_title(language: Language) -> &'static str {
    match language {
        Language::English => "A video for you",
        Language::Japanese => "動画をお送りします",
        Language::Chinese => "发给您的视频",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(status: &str, [total, filtered, sent, errors]: [i64; 4]) -> Verdict {
        MassResult {
            job_id: "1".into(),
            status: status.into(),
            total,
            filtered,
            sent,
            errors,
        }
        .verdict()
    }

    #[test]
    fn each_result_means_what_the_platform_says_it_does() {
        let failed = |reason: &str| Verdict::Failed(reason.to_owned());
        assert_eq!(result("send success", [1, 1, 1, 0]), Verdict::Sent);
        assert_eq!(result("send success", [1, 0, 0, 0]), Verdict::LeftOut);
        assert_eq!(result("send fail", [1, 0, 0, 0]), Verdict::LeftOut);
        assert_eq!(
            result("send fail", [1, 1, 0, 1]),
            failed("mass_refused_by_contact")
        );
        assert_eq!(result("send fail", [0, 0, 0, 0]), failed("mass_failed"));
        assert_eq!(result("err(10001)", [1, 1, 0, 0]), failed("mass_err_10001"));
        assert_eq!(result("err(what)", [1, 1, 0, 0]), failed("mass_failed"));
    }
}
