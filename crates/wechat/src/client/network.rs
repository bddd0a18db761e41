//! Addresses and reachability: from where WeChat calls, where it is called, and whether it reaches this server.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::Effect;
use super::{Client, Error};

#[derive(Deserialize)]
struct IpList {
    ip_list: Vec<String>,
}

/// What [`Client::check_callback`] tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CallbackAction {
    /// Finds the server's address.
    Dns,
    /// Pings it.
    Ping,
    /// Both.
    All,
}

/// From which network [`Client::check_callback`] tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum CallbackOperator {
    /// China Telecom.
    Chinanet,
    /// China Unicom.
    Unicom,
    /// Tencent's own.
    Cap,
    /// Whichever suits.
    Default,
}

/// What the try found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct CallbackCheck {
    /// The addresses the name has.
    pub dns: Vec<DnsFinding>,
    /// How they answered.
    pub ping: Vec<PingFinding>,
}

/// One address of the server's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct DnsFinding {
    /// The address.
    pub ip: String,
    /// Whose network it is in.
    pub real_operator: String,
}

/// How one address answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PingFinding {
    /// The address.
    pub ip: String,
    /// From which network.
    pub from_operator: String,
    /// In percent, such as `0%`.
    pub package_loss: String,
    /// Such as `23.079ms`.
    pub time: String,
}

impl Client {
    /// From where pushes come: addresses and ranges (`101.226.103.0/25`), for an inbound allow-list. They change.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/base/api_getcallbackip.html>.
    pub async fn callback_ips(&self) -> Result<Vec<String>, Error> {
        let answer: IpList = self.get("/cgi-bin/getcallbackip", Vec::new()).await?;
        Ok(answer.ip_list)
    }

    /// Where the interface is: addresses and ranges, for an outbound allow-list. They change.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/base/api_getapidomainip.html>.
    pub async fn api_ips(&self) -> Result<Vec<String>, Error> {
        let answer: IpList = self.get("/cgi-bin/get_api_domain_ip", Vec::new()).await?;
        Ok(answer.ip_list)
    }

    /// Has WeChat try to reach the account's callback address.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/base/api_callbackcheck.html>.
    /// Errors: 40201 (no address set), 40202 (wrong action), 40203 (wrong operator).
    pub async fn check_callback(
        &self,
        action: CallbackAction,
        operator: CallbackOperator,
    ) -> Result<CallbackCheck, Error> {
        let body = json!({ "action": action, "check_operator": operator });
        self.post("/cgi-bin/callback/check", &body, Effect::Repeatable)
            .await
    }
}
