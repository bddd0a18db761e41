//! Short keys: up to 4 KB of anything behind 15 letters and digits, for codes and addresses that must be short.

use serde::Deserialize;
use serde_json::json;

use super::call::Effect;
use super::{Client, Error};
use crate::Rule;

/// What is behind a short key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ShortKeyData {
    /// The data.
    pub long_data: String,
    /// When it was made, in Unix seconds.
    pub create_time: i64,
    /// How long it is still good for.
    pub expire_seconds: i64,
}

#[derive(Deserialize)]
struct Made {
    short_key: String,
}

impl Client {
    /// Puts data behind a short key, for at most 30 days.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/qrcode/shorten/api_genshortkey.html>.
    /// Limits: 4096 bytes.
    pub async fn make_short_key(&self, data: &str, expire_seconds: u32) -> Result<String, Error> {
        Rule::ShortKeyBytes.bytes(data)?;
        Rule::ShortKeySeconds.check(u64::from(expire_seconds))?;
        let body = json!({ "long_data": data, "expire_seconds": expire_seconds });
        let made: Made = self
            .post("/cgi-bin/shorten/gen", &body, Effect::Repeatable)
            .await?;
        Ok(made.short_key)
    }

    /// What is behind a short key.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/qrcode/shorten/api_fetchshorten.html>.
    pub async fn short_key_data(&self, short_key: &str) -> Result<ShortKeyData, Error> {
        let body = json!({ "short_key": short_key });
        self.post("/cgi-bin/shorten/fetch", &body, Effect::Repeatable)
            .await
    }
}
