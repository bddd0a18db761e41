//! The error codes this platform gives, with the text the real one sends.
use serde_json::{Value, json};

use crate::random;

/// A refused call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) errcode: i64,
    pub(crate) errmsg: String,
}

impl ApiError {
    /// The code with its usual text.
    pub(crate) fn new(errcode: i64) -> Self {
        Self {
            errcode,
            errmsg: usual_text(errcode).to_owned(),
        }
    }

    pub(crate) fn with_text(errcode: i64, errmsg: impl Into<String>) -> Self {
        Self {
            errcode,
            errmsg: errmsg.into(),
        }
    }

    /// The body, with the request id that ends every error text.
    pub(crate) fn body(&self, now_ms: i64) -> Value {
        json!({ "errcode": self.errcode, "errmsg": format!("{} rid: {}", self.errmsg, random::rid(now_ms)) })
    }
}

/// The platform's text for a code.
fn usual_text(errcode: i64) -> &'static str {
    match errcode {
        -1 => "system error",
        40001 => {
            "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, \
             more details at https://mmbizurl.cn/s/JtxxFh33r"
        }
        40002 => "invalid grant_type",
        40003 => "invalid openid",
        40004 => "invalid media type",
        40005 => "invalid file type",
        40007 => "invalid media_id",
        40008 => "invalid message type",
        40013 => "invalid appid",
        40014 => "invalid access_token",
        40033 => "invalid charset. please check your request, if include \\uxxxx will create fail!",
        40125 => "invalid appsecret",
        40137 => "invalid image format",
        40200 => "invalid account type",
        40243 => "appsecret is frozen",
        41001 => "access_token missing",
        41002 => "appid missing",
        41004 => "appsecret missing",
        41005 => "media data missing",
        41006 => "media_id missing",
        42001 => "access_token expired",
        43001 => "require GET method",
        43002 => "require POST method",
        43004 => "require subscribe",
        43019 => "require remove blacklist",
        44001 => "empty media data",
        44002 => "empty post data",
        44004 => "empty content",
        45001 => "media size out of limit",
        45002 => "content size out of limit",
        45007 => "playtime out of limit",
        45008 => "article size out of limit",
        45009 => "reach max api daily quota limit",
        45011 => "api minute-quota reach limit, must slower, retry next minute",
        45015 => "response out of time limit or subscription is canceled",
        45047 => "out of response count limit",
        45072 => "invalid command",
        45080 => {
            "need sending message to user, or recving message from user in the last 30 seconds before typing"
        }
        45081 => "you are already typing",
        45098 => "menu list size out of limit",
        47001 => "data format error",
        48001 => "api unauthorized",
        48002 => "user block receive message",
        48004 => "api forbidden for irregularities, view detail on mp.weixin.qq.com",
        50005 => "user is unsubscribed",
        _ => "system error",
    }
}
