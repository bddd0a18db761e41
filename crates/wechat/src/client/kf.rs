//! Agents of WeChat's own customer service (多客服). A desk needs to know of them: while one of them has a chat, the
//! person's messages do not reach the desk.

use serde::Deserialize;
use serde_json::json;

use super::call::{Effect, filled, number, text};
use super::{Client, Error};
use crate::OpenId;

/// A native agent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct KfAccount {
    /// Prefix, `@` and the account's WeChat number.
    pub kf_account: String,
    /// The name people see.
    #[serde(rename = "kf_nick", default)]
    pub nickname: String,
    /// Their number.
    #[serde(rename = "kf_id", deserialize_with = "text")]
    pub id: String,
    /// Their picture.
    #[serde(rename = "kf_headimgurl", default, deserialize_with = "filled")]
    pub head_image_url: Option<String>,
    /// The WeChat number bound to them.
    #[serde(rename = "kf_wx", default, deserialize_with = "filled")]
    pub weixin: Option<String>,
    /// The WeChat number that was invited.
    #[serde(default, deserialize_with = "filled")]
    pub invite_wx: Option<String>,
    /// `waiting`, `rejected` or `expired`.
    #[serde(default, deserialize_with = "filled")]
    pub invite_status: Option<String>,
    /// Until when the invitation is good, in Unix seconds.
    #[serde(default, deserialize_with = "number")]
    pub invite_expire_time: Option<i64>,
    /// The person behind the agent.
    #[serde(rename = "kf_openid", default)]
    pub openid: Option<OpenId>,
}

/// A native agent who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OnlineKf {
    /// Prefix, `@` and the account's WeChat number.
    pub kf_account: String,
    /// 1 signed in on the web, 0 not.
    pub status: i64,
    /// Their number.
    #[serde(rename = "kf_id", deserialize_with = "text")]
    pub id: String,
    /// How many chats they have.
    #[serde(default)]
    pub accepted_case: i64,
}

#[derive(Deserialize)]
struct KfList {
    kf_list: Vec<KfAccount>,
}

#[derive(Deserialize)]
struct OnlineList {
    kf_online_list: Vec<OnlineKf>,
}

impl Client {
    /// The native agents, at most 100.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_getkflist.html>.
    /// Errors: 65400 (the feature is not enabled).
    pub async fn kf_accounts(&self) -> Result<Vec<KfAccount>, Error> {
        let answer: KfList = self.get("/cgi-bin/customservice/getkflist", Vec::new()).await?;
        Ok(answer.kf_list)
    }

    /// The native agents who are signed in.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_getonlinekflist.html>.
    pub async fn online_kf_accounts(&self) -> Result<Vec<OnlineKf>, Error> {
        let path = "/cgi-bin/customservice/getonlinekflist";
        let answer: OnlineList = self.get(path, Vec::new()).await?;
        Ok(answer.kf_online_list)
    }

    /// Makes a native agent: a prefix of up to 10 letters, digits and `_`, then `@` and the account's WeChat number;
    /// a name of up to 16 characters.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_addkfaccount.html>.
    /// Errors: 65400, 65403 (name), 65404 (account), 65405 (100 agents), 65406 (exists).
    pub async fn add_kf_account(&self, kf_account: &str, nickname: &str) -> Result<(), Error> {
        check_kf_account(kf_account)?;
        let body = json!({ "kf_account": kf_account, "nickname": nickname });
        // Made twice, the second is refused with 65406.
        self.change("/customservice/kfaccount/add", &body, Effect::Repeatable)
            .await
    }

    /// Renames a native agent.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_updatekfaccount.html>.
    /// Errors: 65401 (no such agent), 65403.
    pub async fn rename_kf_account(&self, kf_account: &str, nickname: &str) -> Result<(), Error> {
        let body = json!({ "kf_account": kf_account, "nickname": nickname });
        self.change("/customservice/kfaccount/update", &body, Effect::Repeatable)
            .await
    }

    /// Binds a WeChat user to a native agent, once they accept.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_invitekfworker.html>.
    /// Errors: 65401, 65407 to 65412.
    pub async fn invite_kf_worker(&self, kf_account: &str, weixin: &str) -> Result<(), Error> {
        let body = json!({ "kf_account": kf_account, "invite_wx": weixin });
        self.change("/customservice/kfaccount/inviteworker", &body, Effect::Once)
            .await
    }

    /// Deletes a native agent.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_delkfaccount.html>.
    /// Errors: 65401.
    pub async fn delete_kf_account(&self, kf_account: &str) -> Result<(), Error> {
        let body = json!({ "kf_account": kf_account });
        self.change("/customservice/kfaccount/del", &body, Effect::Repeatable)
            .await
    }
}

fn check_kf_account(kf_account: &str) -> Result<(), Error> {
    let prefix = kf_account.split_once('@').map(|(prefix, _)| prefix);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    match prefix {
        Some(prefix) if (1..=10).contains(&prefix.len()) && prefix.bytes().all(allowed) => Ok(()),
        _ => Err(Error::Invalid {
            field: "kf_account",
            rule: "is up to 10 letters, digits and `_`, then `@` and the account's WeChat number",
        }),
    }
}
