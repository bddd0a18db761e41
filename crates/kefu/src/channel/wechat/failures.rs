//! What a failed call to WeChat means for a reply, in the desk's words. `wechat::Error::retry` judges the numbers.

use crate::channel::{Class, FetchError, SendError};
use crate::domain::allowance::ReplyReason;
use crate::domain::failure::{FailureReason, MediaReason};
use serde_json::json;
use wechat::{Error, Retry};

/// A channel without its secret has been deleted.
pub(super) fn deleted() -> SendError {
    SendError {
        class: Class::Final,
        reason: ReplyReason::ChannelDeleted.as_str().to_owned(),
        code: None,
        data: json!({}),
    }
}

/// A failed try to prepare or to send.
pub(super) fn of_send(error: &Error) -> SendError {
    let status = match error {
        Error::Status { status } => Some(*status),
        _ => None,
    };
    SendError {
        class: class(error.retry()),
        reason: reason(error),
        code: error.api_code(),
        data: json!({ "message": error.to_string(), "rid": error.rid(), "status": status }),
    }
}

/// A failed download. Only what can never be had again ends it before the file's own end.
pub(super) fn of_fetch(error: &Error) -> FetchError {
    match error {
        Error::TooLarge { .. } => FetchError::TooLarge,
        Error::ForbiddenHost | Error::TooManyRedirects => {
            FetchError::Final(MediaReason::Unavailable.as_str().to_owned())
        }
        _ if error.retry() == Retry::UploadAgain => FetchError::Expired,
        _ => FetchError::Later(error.to_string()),
    }
}

fn class(retry: Retry) -> Class {
    match retry {
        Retry::Later | Retry::RefreshToken => Class::Retry(None),
        Retry::After(wait) => Class::Retry(u64::try_from(wait.as_millis()).ok()),
        Retry::UploadAgain => Class::UploadAgain,
        Retry::Never => Class::Final,
        Retry::Unknown => Class::Unknown,
    }
}

fn reason(error: &Error) -> String {
    let own = match error {
        Error::Api { code, .. } => return format!("wechat_{code}"),
        // Refused before the call, as WeChat would have.
        Error::Limit { rule, .. } => return format!("wechat_{}", rule.errcode()),
        Error::Token(source) | Error::Repeatable(source) => return reason(source),
        Error::Connect => FailureReason::WechatUnreachable,
        Error::Timeout => FailureReason::TimedOut,
        Error::Interrupted => FailureReason::ConnectionLost,
        Error::Status { .. } => FailureReason::WechatHttpStatus,
        Error::Decode | Error::TooLarge { .. } | Error::ForbiddenHost | Error::TooManyRedirects => {
            FailureReason::BadAnswer
        }
        Error::Invalid { .. } | Error::Setup { .. } => FailureReason::WechatSetup,
    };
    own.as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(code: i64) -> Error {
        Error::Api {
            code,
            message: "m".into(),
            rid: Some("r-1".into()),
        }
    }

    fn judged(error: &Error) -> (Class, String) {
        let judged = of_send(error);
        (judged.class, judged.reason)
    }

    #[test]
    fn each_failure_has_its_class_and_reason() {
        for (error, class, reason) in [
            (Error::Connect, Class::Retry(None), "wechat_unreachable"),
            (Error::Timeout, Class::Unknown, "timed_out"),
            (Error::Interrupted, Class::Unknown, "connection_lost"),
            (Error::Decode, Class::Unknown, "bad_answer"),
            (
                Error::Status { status: 502 },
                Class::Unknown,
                "wechat_http_status",
            ),
            (api(-1), Class::Retry(None), "wechat_-1"),
            (api(45011), Class::Retry(Some(60_000)), "wechat_45011"),
            (api(40001), Class::Retry(None), "wechat_40001"),
            (api(40007), Class::UploadAgain, "wechat_40007"),
            (api(45015), Class::Final, "wechat_45015"),
            (api(48001), Class::Final, "wechat_48001"),
        ] {
            assert_eq!(judged(&error), (class, reason.to_owned()), "{error}");
        }
    }

    #[test]
    fn a_token_refused_for_its_credentials_is_final_and_a_slow_one_is_not() {
        let wrong_secret = Error::Token(Box::new(api(40125)));
        assert_eq!(judged(&wrong_secret), (Class::Final, "wechat_40125".to_owned()));
        let slow = Error::Token(Box::new(Error::Timeout));
        assert_eq!(judged(&slow), (Class::Retry(None), "timed_out".to_owned()));
        let upload = Error::Repeatable(Box::new(Error::Interrupted));
        assert_eq!(
            judged(&upload),
            (Class::Retry(None), "connection_lost".to_owned())
        );
    }

    #[test]
    fn the_number_and_the_request_id_are_kept() {
        let judged = of_send(&api(45047));
        assert_eq!(judged.code, Some(45047));
        assert_eq!(judged.data["rid"], "r-1");
    }

    #[test]
    fn only_an_unknown_media_id_expires_a_download_at_once() {
        assert!(matches!(of_fetch(&api(40007)), FetchError::Expired));
        assert!(matches!(
            of_fetch(&Error::TooLarge { limit: 1 }),
            FetchError::TooLarge
        ));
        assert!(matches!(
            of_fetch(&Error::Token(Box::new(api(40125)))),
            FetchError::Later(_)
        ));
        assert!(matches!(of_fetch(&Error::ForbiddenHost), FetchError::Final(_)));
    }
}
