//! Pushes made by hand, for what the simulator would never send.

use super::{Channel, TOKEN};
use reqwest::{Client, StatusCode};
use wechat::CallbackToken;
use wechat::callback::sign;

/// A push in mode plain, signed with the channel's token.
#[derive(Debug, Clone)]
pub struct RawPush {
    client: Client,
    url: String,
    original_id: String,
}

impl RawPush {
    pub fn to(channel: &Channel) -> Self {
        let client = Client::builder().no_proxy().build().expect("a client");
        Self {
            client,
            url: channel.callback_url.clone(),
            original_id: channel.original_id.clone(),
        }
    }

    /// A text message.
    pub fn text(&self, openid: &str, msg_id: u64, content: &str) -> String {
        format!(
            "<xml><ToUserName><![CDATA[{}]]></ToUserName>\n<FromUserName><![CDATA[{openid}]]></FromUserName>\n\
             <CreateTime>1700000000</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n\
             <Content><![CDATA[{content}]]></Content>\n<MsgId>{msg_id}</MsgId>\n</xml>",
            self.original_id
        )
    }

    /// Posts a body with a right signature: status and answer.
    pub async fn post(&self, body: impl Into<reqwest::Body>) -> (StatusCode, String) {
        let query = signed_query(TOKEN, "1700000000", "nonce");
        self.post_with(&query, body).await
    }

    /// Posts a body with any query.
    pub async fn post_with(&self, query: &str, body: impl Into<reqwest::Body>) -> (StatusCode, String) {
        let answer = self
            .client
            .post(format!("{}?{query}", self.url))
            .body(body)
            .send()
            .await
            .expect("an answer");
        (answer.status(), answer.text().await.unwrap_or_default())
    }

    /// Posts a body with a right signature; whether it was acknowledged. A server that is away is no panic.
    pub async fn try_post(&self, client: &Client, body: String) -> bool {
        let query = signed_query(TOKEN, "1700000000", "nonce");
        let Ok(answer) = client
            .post(format!("{}?{query}", self.url))
            .body(body)
            .send()
            .await
        else {
            return false;
        };
        let accepted = answer.status() == 200;
        accepted && answer.text().await.is_ok_and(|text| text == "success")
    }

    /// Gets with any query: the verification of the address.
    pub async fn get_with(&self, query: &str) -> (StatusCode, String) {
        let answer = self
            .client
            .get(format!("{}?{query}", self.url))
            .send()
            .await
            .expect("an answer");
        (answer.status(), answer.text().await.expect("a body"))
    }
}

/// `signature`, `timestamp` and `nonce` for a token.
pub fn signed_query(token: &str, timestamp: &str, nonce: &str) -> String {
    let token = CallbackToken::parse(token).expect("a token");
    let signature = sign(&token, &[timestamp, nonce]);
    format!("signature={signature}&timestamp={timestamp}&nonce={nonce}")
}
