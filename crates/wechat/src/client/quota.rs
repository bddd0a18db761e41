//! How many calls are left today, what became of one call, and counting from zero again.

use serde::Deserialize;
use serde_json::json;

use super::call::{Done, Effect};
use super::{Client, Error};

/// The books of one call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ApiQuota {
    /// The day's count.
    pub quota: DailyQuota,
    /// A limit on the rate, where there is one.
    #[serde(default)]
    pub rate_limit: Option<RateLimit>,
}

/// How many calls a day, with an error of about one percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct DailyQuota {
    /// Allowed.
    pub daily_limit: i64,
    /// Made.
    pub used: i64,
    /// Left.
    pub remain: i64,
}

/// How many calls in how many seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct RateLimit {
    /// Calls.
    pub call_count: i64,
    /// Seconds.
    pub refresh_second: i64,
}

/// What WeChat remembers of one call, for seven days. It may contain secrets: addresses carry tokens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RidInfo {
    /// When, in Unix seconds.
    pub invoke_time: i64,
    /// How long it took.
    pub cost_in_ms: i64,
    /// The query string.
    #[serde(default)]
    pub request_url: String,
    /// The body.
    #[serde(default)]
    pub request_body: String,
    /// The answer.
    #[serde(default)]
    pub response_body: String,
    /// From where.
    #[serde(default)]
    pub client_ip: String,
}

#[derive(Deserialize)]
struct RidAnswer {
    request: RidInfo,
}

impl Client {
    /// How many calls of one kind are left today. `path` is such as `/cgi-bin/message/custom/send`.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/apimanage/api_getapiquota.html>.
    /// Errors: 76021 (no such path), 76022 (not this account's, or under `/sns`).
    pub async fn api_quota(&self, path: &str) -> Result<ApiQuota, Error> {
        let body = json!({ "cgi_path": path });
        self.post("/cgi-bin/openapi/quota/get", &body, Effect::Repeatable)
            .await
    }

    /// What WeChat remembers of a call, by the request id in its error.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/apimanage/api_getridinfo.html>.
    /// Errors: 76001 (no such id), 76002 (another account's), 76003, 76004 (older than seven days).
    pub async fn rid_info(&self, rid: &str) -> Result<RidInfo, Error> {
        let body = json!({ "rid": rid });
        let answer: RidAnswer = self
            .post("/cgi-bin/openapi/rid/get", &body, Effect::Repeatable)
            .await?;
        Ok(answer.request)
    }

    /// Counts every call from zero again.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/apimanage/api_clearquota.html>.
    /// Limits: 10 a month, together with [`Client::clear_quota_by_secret`] (48006 beyond).
    pub async fn clear_quota(&self) -> Result<(), Error> {
        let body = json!({ "appid": self.app_id() });
        self.change("/cgi-bin/clear_quota", &body, Effect::Once).await
    }

    /// The same without a token, for when token calls themselves are used up.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/apimanage/api_clearquotabyappsecret.html>.
    /// Limits: 10 a month, together with [`Client::clear_quota`] (48006 beyond).
    pub async fn clear_quota_by_secret(&self) -> Result<(), Error> {
        let secret = self.inner.tokens.secret()?;
        let body = json!({ "appid": self.app_id(), "appsecret": secret.expose() });
        let path = "/cgi-bin/clear_quota/v2";
        let done: Done = self.post_without_token(path, &body, Effect::Once).await?;
        done.ok()
    }

    /// Counts one kind of call from zero again.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/apimanage/api_clearapiquota.html>.
    /// Limits: 50 a month.
    pub async fn clear_api_quota(&self, path: &str) -> Result<(), Error> {
        let body = json!({ "cgi_path": path });
        self.change("/cgi-bin/openapi/quota/clear", &body, Effect::Once)
            .await
    }
}
