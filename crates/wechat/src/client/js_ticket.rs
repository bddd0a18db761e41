//! Signatures for pages that use WeChat's JS-SDK, and the ticket they are made with. The ticket is kept like the
//! token: asked for once, used for two hours, renewed by one caller at a time.

use serde::Deserialize;
use tokio::sync::Mutex;

use super::token::RENEW_BEFORE_MS;
use super::{Client, Error};
use crate::JsTicket;
use crate::callback::sha1_hex;

/// The ticket in force, with its end by the clock of the token store.
#[derive(Default)]
pub(super) struct TicketCache(Mutex<Option<(JsTicket, i64)>>);

/// What `wx.config` wants, with the account's App ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsSignature {
    /// As given.
    pub nonce: String,
    /// Unix seconds, as given.
    pub timestamp: i64,
    /// Over ticket, nonce, timestamp and address, in lower-case hex.
    pub signature: String,
}

#[derive(Deserialize)]
struct TicketAnswer {
    ticket: String,
    expires_in: i64,
}

impl JsTicket {
    /// Signs a page. The part of `url` from `#` on is not signed; everything else is signed as the browser shows it.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/guide/h5/jssdk.html>.
    pub fn sign(&self, url: &str, nonce: &str, timestamp: i64) -> JsSignature {
        let page = url.split('#').next().unwrap_or_default();
        let ticket = self.expose();
        let text = format!("jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}");
        JsSignature {
            nonce: nonce.to_owned(),
            timestamp,
            signature: sha1_hex(text.as_bytes()),
        }
    }
}

impl Client {
    /// The ticket in force, good for two minutes at least.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/webdev/jssdk/api_getticket.html>.
    pub async fn js_ticket(&self) -> Result<JsTicket, Error> {
        let turn = tokio::time::timeout_at(self.deadline().instant(), self.inner.ticket.0.lock());
        let waited_in_vain = |_| Error::Timeout.of_repeatable_call();
        let mut cached = turn.await.map_err(waited_in_vain)?;
        let now = self.inner.tokens.now_ms();
        if let Some((ticket, ends)) = &*cached
            && *ends - now > RENEW_BEFORE_MS
        {
            return Ok(ticket.clone());
        }
        let answer: TicketAnswer = self
            .get("/cgi-bin/ticket/getticket", vec![("type", "jsapi")])
            .await?;
        let ticket = JsTicket::from(answer.ticket);
        let ends = now.saturating_add(answer.expires_in.saturating_mul(1000));
        *cached = Some((ticket.clone(), ends));
        Ok(ticket)
    }

    /// Signs a page with the ticket in force.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/guide/h5/jssdk.html>.
    pub async fn js_signature(&self, url: &str, nonce: &str, timestamp: i64) -> Result<JsSignature, Error> {
        Ok(self.js_ticket().await?.sign(url, nonce, timestamp))
    }
}
