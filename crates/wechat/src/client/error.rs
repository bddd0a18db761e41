//! What can go wrong with a call, and what may be done about it. WeChat's numbers are judged here and nowhere else.

use std::net::IpAddr;
use std::time::Duration;

use super::class::{Class, class_of};
use crate::Rule;

/// Why a call failed. [`Error::retry`] says what may follow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No connection: nothing was written.
    #[error("wechat cannot be reached")]
    Connect,
    /// The time was over after a connection was made.
    #[error("wechat did not answer in time")]
    Timeout,
    /// The connection broke, or the answer could not be read to its end, after the request was written.
    #[error("the connection to wechat broke before its answer was read")]
    Interrupted,
    /// An HTTP status other than success, which WeChat itself never sends.
    #[error("the wechat address answered with http status {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// WeChat refused the call.
    #[error("wechat answered `{code}`: {message}")]
    Api {
        /// `errcode`, the only part to rely on.
        code: i64,
        /// `errmsg` without the request id.
        message: String,
        /// WeChat's id of the request, for its support.
        rid: Option<String>,
    },
    /// The answer is not what this call returns.
    #[error("wechat's answer cannot be understood")]
    Decode,
    /// The file is larger than the caller takes.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// WeChat pointed to an address that is not one of its own.
    #[error("the file's address is not wechat's")]
    ForbiddenHost,
    /// WeChat's file address redirected too often.
    #[error("the file's address redirects too often")]
    TooManyRedirects,
    /// No access token could be had; the call itself was not made.
    #[error("no access token: {0}")]
    Token(#[source] Box<Error>),
    /// The outcome is not known, and the call may be repeated all the same: it shows nothing to anybody.
    #[error("{0}")]
    Repeatable(#[source] Box<Error>),
    /// A limit of WeChat's would be broken: no call was made.
    #[error("{rule}, this one {found}")]
    Limit {
        /// The limit.
        rule: Rule,
        /// What was counted.
        found: u64,
    },
    /// Something is not as WeChat wants it: no call was made.
    #[error("`{field}` {rule}")]
    Invalid {
        /// What.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// The client cannot be built with these options.
    #[error("the wechat client cannot be built: {detail}")]
    Setup {
        /// What is wrong.
        detail: String,
    },
}

/// What may follow a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The call had no effect: the same again, soon.
    Later,
    /// The call had no effect: the same again after this time.
    After(Duration),
    /// The access token was refused, even after the client had renewed it: the same again, soon.
    RefreshToken,
    /// The media id is not known any more: upload again, then the same with the new id.
    UploadAgain,
    /// The same call would fail the same way.
    Never,
    /// Perhaps the call had its effect. Only a person may decide to repeat it.
    Unknown,
}

fn retry_of_code(code: i64) -> Retry {
    match class_of(code) {
        Class::Token => Retry::RefreshToken,
        Class::Busy => Retry::Later,
        Class::Throttled => Retry::After(Duration::from_secs(60)),
        Class::MediaGone => Retry::UploadAgain,
        Class::QuotaUsedUp
        | Class::Recipient
        | Class::Message
        | Class::AlreadySent
        | Class::Account
        | Class::Programming => Retry::Never,
    }
}

/// More addresses than these no honest text names.
const ADDRESSES_IN_A_TEXT: usize = 4;

fn addresses_in(text: &str) -> Vec<IpAddr> {
    let words = text.split(|c: char| !(c.is_ascii_hexdigit() || matches!(c, '.' | ':')));
    let parsed = words.filter_map(|word| word.trim_end_matches(['.', ':']).parse::<IpAddr>().ok());
    let mut found = Vec::new();
    for address in parsed.map(|address| address.to_canonical()) {
        if !found.contains(&address) && found.len() < ADDRESSES_IN_A_TEXT {
            found.push(address);
        }
    }
    found
}

impl Error {
    /// What may follow.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Connect => Retry::Later,
            Self::Timeout | Self::Interrupted | Self::Decode => Retry::Unknown,
            Self::Status { status: 429 } => Retry::After(Duration::from_secs(60)),
            Self::Status { status: 408 | 500.. } => Retry::Unknown,
            Self::Api { code, .. } => retry_of_code(*code),
            // A token call that is refused for its credentials is a matter of configuration.
            Self::Token(source) => match source.retry() {
                Retry::Unknown => Retry::Later,
                Retry::RefreshToken | Retry::UploadAgain => Retry::Never,
                other => other,
            },
            Self::Repeatable(_) => Retry::Later,
            Self::Status { .. }
            | Self::TooLarge { .. }
            | Self::ForbiddenHost
            | Self::TooManyRedirects
            | Self::Limit { .. }
            | Self::Invalid { .. }
            | Self::Setup { .. } => Retry::Never,
        }
    }

    /// A stable code for interfaces and logs. WeChat's own number is [`Error::api_code`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Connect => "wechat_unreachable",
            Self::Timeout => "wechat_timeout",
            Self::Interrupted => "wechat_interrupted",
            Self::Status { .. } => "wechat_http_status",
            Self::Api { .. } => "wechat_refused",
            Self::Decode => "wechat_answer_unreadable",
            Self::TooLarge { .. } => "media_too_large",
            Self::ForbiddenHost => "media_host_forbidden",
            Self::TooManyRedirects => "media_redirects",
            Self::Token(_) => "wechat_token",
            Self::Repeatable(source) => source.code(),
            Self::Limit { .. } => "wechat_limit",
            Self::Invalid { .. } => "wechat_invalid",
            Self::Setup { .. } => "wechat_setup",
        }
    }

    /// WeChat's `errcode`, also when it was the token call that was refused.
    pub fn api_code(&self) -> Option<i64> {
        match self {
            Self::Api { code, .. } => Some(*code),
            Self::Token(source) | Self::Repeatable(source) => source.api_code(),
            _ => None,
        }
    }

    /// What WeChat's number means, for whom to tell.
    pub fn class(&self) -> Option<Class> {
        self.api_code().map(class_of)
    }

    /// The address WeChat does not accept calls from (40164), for whoever has to put it on the allow-list.
    pub fn refused_ip(&self) -> Option<&str> {
        match self {
            Self::Api {
                code: 40164, message, ..
            } => message.strip_prefix("invalid ip ")?.split([' ', ',']).next(),
            Self::Token(source) | Self::Repeatable(source) => source.refused_ip(),
            _ => None,
        }
    }

    /// Every address that text names, IPv4 and IPv6, each once: WeChat writes `invalid ip 203.0.113.7 ipv6
    /// ::ffff:203.0.113.7, not in whitelist` (40164), and may write the same under 61004.
    pub fn refused_addresses(&self) -> Vec<IpAddr> {
        match self {
            Self::Api {
                code: 40164 | 61004,
                message,
                ..
            } => addresses_in(message),
            Self::Token(source) | Self::Repeatable(source) => source.refused_addresses(),
            _ => Vec::new(),
        }
    }

    /// WeChat's id of the request, which its support asks for.
    pub fn rid(&self) -> Option<&str> {
        match self {
            Self::Api { rid, .. } => rid.as_deref(),
            Self::Token(source) | Self::Repeatable(source) => source.rid(),
            _ => None,
        }
    }

    /// For calls that may be made twice: an unknown outcome is no reason to stop.
    pub(crate) fn of_repeatable_call(self) -> Self {
        if self.retry() == Retry::Unknown {
            Self::Repeatable(Box::new(self))
        } else {
            self
        }
    }

    /// For calls whose answer is JSON: one without end says no more about the outcome than an unreadable one.
    pub(crate) fn of_json_call(self) -> Self {
        match self {
            Self::TooLarge { .. } => Self::Decode,
            other => other,
        }
    }

    pub(crate) fn refuses_token(&self) -> bool {
        matches!(self, Self::Api { code, .. } if retry_of_code(*code) == Retry::RefreshToken)
    }

    pub(crate) fn api(code: i64, message: &str) -> Self {
        let (message, rid) = match message.rsplit_once("rid: ") {
            Some((message, rid)) => (message, Some(rid.trim().to_owned()).filter(|rid| !rid.is_empty())),
            None => (message, None),
        };
        Self::Api {
            code,
            message: message.trim().to_owned(),
            rid,
        }
    }
}
