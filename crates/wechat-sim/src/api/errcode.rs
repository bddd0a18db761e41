//! The error codes this platform gives, with the text the real one sends.
use serde_json::{Map, Value, json};

/// A refused call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) errcode: i64,
    pub(crate) errmsg: String,
    /// What some errors carry beside code and text.
    extra: Map<String, Value>,
}

impl ApiError {
    /// The code with its usual text.
    pub(crate) fn new(errcode: i64) -> Self {
        Self {
            errcode,
            errmsg: usual_text(errcode).to_owned(),
            extra: Map::new(),
        }
    }

    pub(crate) fn with_text(errcode: i64, errmsg: impl Into<String>) -> Self {
        Self {
            errcode,
            errmsg: errmsg.into(),
            extra: Map::new(),
        }
    }

    pub(crate) fn and(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(key.to_owned(), value.into());
        self
    }

    /// The body, with the request id that ends every error text.
    pub(crate) fn body(&self, rid: &str) -> Value {
        let mut body = json!({ "errcode": self.errcode, "errmsg": format!("{} rid: {rid}", self.errmsg) });
        if let Value::Object(fields) = &mut body {
            fields.extend(self.extra.clone());
        }
        body
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
        40009 => "invalid image size",
        40013 => "invalid appid",
        40014 => "invalid access_token",
        40015 => "invalid button type",
        40016 => "invalid button size",
        40017 => "invalid button type",
        40018 => "invalid button name size",
        40019 => "invalid button key size",
        40020 => "invalid button url size",
        40023 => "invalid sub button size",
        40024 => "invalid sub button type",
        40025 => "invalid sub button name size",
        40026 => "invalid sub button key size",
        40027 => "invalid sub button url size",
        40029 => "invalid code",
        40030 => "invalid refresh_token",
        40032 => "invalid openid list size",
        40033 => "invalid charset. please check your request, if include \\uxxxx will create fail!",
        40037 => "invalid template_id",
        40039 => "invalid url size",
        40052 => "invalid action name",
        40053 => "invalid action info",
        40092 => "invalid remark",
        40097 => "invalid args",
        40125 => "invalid appsecret",
        40130 => "invalid openid list size, at least two openid",
        40137 => "invalid image format",
        40152 => "invalid tagid",
        40163 => "code been used",
        40200 => "invalid account type",
        40241 => "The message is duplicate in 60 seconds",
        40243 => "appsecret is frozen",
        41001 => "access_token missing",
        41002 => "appid missing",
        41004 => "appsecret missing",
        41005 => "media data missing",
        41006 => "media_id missing",
        41008 => "missing code",
        41009 => "missing openid",
        41030 => "invalid page",
        42001 => "access_token expired",
        42002 => "refresh_token expired",
        42003 => "code expired",
        43001 => "require GET method",
        43002 => "require POST method",
        43004 => "require subscribe",
        43019 => "require remove blacklist",
        43101 => "user refuse to accept the msg",
        44001 => "empty media data",
        44002 => "empty post data",
        44004 => "empty content",
        45001 => "media size out of limit",
        45002 => "content size out of limit",
        45007 => "playtime out of limit",
        45008 => "article size out of limit",
        45009 => "reach max api daily quota limit",
        45010 => "menu page size out of limit",
        45011 => "api minute-quota reach limit, must slower, retry next minute",
        45015 => "response out of time limit or subscription is canceled",
        45028 => "has no masssend quota",
        45029 => "qrcode count out of limit",
        45047 => "out of response count limit",
        45056 => "too many tag now",
        45057 => "can't delete tag which has too many fans",
        45058 => "can't modify sys tag",
        45059 => "can not tag user too many",
        45065 => "clientmsgid exist",
        45066 => "same clientmsgid retry too fast",
        45067 => "clientmsgid size out of limit",
        45072 => "invalid command",
        45080 => {
            "need sending message to user, or recving message from user in the last 30 seconds before typing"
        }
        45081 => "you are already typing",
        45083 => "invalid speed",
        45098 => "menu list size out of limit",
        45157 => "invalid tag name",
        45158 => "tag name too long",
        45159 => "invalid tag id",
        45162 => "invalid msgtype",
        46003 => "menu no exist",
        47001 => "data format error",
        47003 => "argument invalid!",
        48001 => "api unauthorized",
        48002 => "user block receive message",
        48004 => "api forbidden for irregularities, view detail on mp.weixin.qq.com",
        48006 => "forbid to clear quota because of reaching the limit",
        49003 => "not match openid with appid",
        50005 => "user is unsubscribed",
        65301 => "not exist this menuid",
        65302 => "no user",
        65303 => "no default menu",
        65304 => "match rule empty",
        65305 => "menu count limit",
        65400 => "please enable new custom service",
        65401 => "invalid custom service",
        65413 => "user do not be accepted",
        76001 => "rid not found",
        76003 => "invalid rid",
        76021 => "cgi_path not found, please check",
        76022 => "could not use this cgi_path, no permission",
        _ => "system error",
    }
}
