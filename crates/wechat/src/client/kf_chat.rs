//! Chats of WeChat's own customer service: which are open, who waits, what was said; opening and closing them.

use serde::Deserialize;
use serde_json::json;

use super::call::{Effect, filled};
use super::{Client, Error};
use crate::{OpenId, Rule};

/// Who serves one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenChat {
    /// The native agent.
    pub kf_account: String,
    /// Since when, in Unix seconds.
    pub since: i64,
}

/// One person in a chat or in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ChatOf {
    /// The person.
    pub openid: OpenId,
    /// Since when, or when they wrote last, in Unix seconds.
    #[serde(alias = "createtime", alias = "latest_time", default)]
    pub time: i64,
}

/// Those who wait for a native agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingChats {
    /// How many.
    pub count: i64,
    /// The first hundred.
    pub chats: Vec<ChatOf>,
}

/// One message of a native chat. Texts only.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ChatRecord {
    /// The person.
    pub openid: OpenId,
    /// 2002 the agent wrote, 2003 the person wrote.
    pub opercode: i64,
    /// What.
    #[serde(default)]
    pub text: String,
    /// When, in Unix seconds.
    pub time: i64,
    /// The native agent.
    #[serde(default)]
    pub worker: String,
}

/// A page of records.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ChatRecords {
    /// The records.
    #[serde(rename = "recordlist", default)]
    pub records: Vec<ChatRecord>,
    /// How many there are on this page.
    #[serde(default)]
    pub number: u64,
    /// What to ask the next page with.
    #[serde(default)]
    pub msgid: u64,
}

#[derive(Deserialize)]
struct ChatAnswer {
    #[serde(default, deserialize_with = "filled")]
    kf_account: Option<String>,
    #[serde(default)]
    createtime: i64,
}

#[derive(Deserialize)]
struct ChatList {
    sessionlist: Vec<ChatOf>,
}

#[derive(Deserialize)]
struct WaitList {
    #[serde(default)]
    count: i64,
    #[serde(default)]
    waitcaselist: Vec<ChatOf>,
}

impl Client {
    /// Opens a native chat of a person with an agent who is signed in.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/messctrl/api_createkfsession.html>.
    /// Errors: 65401, 65402, 65414 (served by another), 65415 (not signed in).
    pub async fn open_kf_chat(&self, kf_account: &str, openid: &OpenId) -> Result<(), Error> {
        let body = json!({ "kf_account": kf_account, "openid": openid });
        self.change("/customservice/kfsession/create", &body, Effect::Repeatable)
            .await
    }

    /// Ends a native chat.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/messctrl/api_closesession.html>.
    /// Errors: 65401, 65413 (no such chat).
    pub async fn close_kf_chat(&self, kf_account: &str, openid: &OpenId) -> Result<(), Error> {
        let body = json!({ "kf_account": kf_account, "openid": openid });
        self.change("/customservice/kfsession/close", &body, Effect::Repeatable)
            .await
    }

    /// Which native agent serves a person now, if any.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/messctrl/api_getkfsession.html>.
    /// Errors: 65400.
    pub async fn kf_chat_of(&self, openid: &OpenId) -> Result<Option<OpenChat>, Error> {
        let query = vec![("openid", openid.as_str())];
        let answer: ChatAnswer = self.get("/customservice/kfsession/getsession", query).await?;
        Ok(answer.kf_account.map(|kf_account| OpenChat {
            kf_account,
            since: answer.createtime,
        }))
    }

    /// The open chats of a native agent.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/messctrl/api_getkfsessionlist.html>.
    /// Errors: 65401.
    pub async fn kf_chats(&self, kf_account: &str) -> Result<Vec<ChatOf>, Error> {
        let query = vec![("kf_account", kf_account)];
        let answer: ChatList = self.get("/customservice/kfsession/getsessionlist", query).await?;
        Ok(answer.sessionlist)
    }

    /// Those who wait for a native agent.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/messctrl/api_getwaitcase.html>.
    pub async fn waiting_kf_chats(&self) -> Result<WaitingChats, Error> {
        let path = "/customservice/kfsession/getwaitcase";
        let answer: WaitList = self.get(path, Vec::new()).await?;
        Ok(WaitingChats {
            count: answer.count,
            chats: answer.waitcaselist,
        })
    }

    /// What was said in native chats between two times (Unix seconds, at most a day apart), up to 10 000 a page.
    /// The first page has `after` 1, the next one the `msgid` of the one before.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/customer/message/api_getmsglist.html>.
    /// Errors: 65416, 65417.
    pub async fn kf_chat_records(
        &self,
        from: i64,
        to: i64,
        after: u64,
        number: u64,
    ) -> Result<ChatRecords, Error> {
        let Ok(seconds) = u64::try_from(to.saturating_sub(from)) else {
            return Err(Error::Invalid {
                field: "endtime",
                rule: "is not before starttime",
            });
        };
        Rule::ChatRecordSeconds.check(seconds)?;
        Rule::ChatRecords.check(number)?;
        let body = json!({ "starttime": from, "endtime": to, "msgid": after, "number": number });
        self.post("/customservice/msgrecord/getmsglist", &body, Effect::Repeatable)
            .await
    }
}
