//! Followers: what WeChat tells of them, who they are, remarks on them.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Effect, filled, number};
use super::{Client, Error};
use crate::{AppId, OpenId, Rule, TagId, UnionId};

/// The languages WeChat writes places in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    #[serde(rename = "zh_CN")]
    ZhCn,
    /// Traditional Chinese.
    #[serde(rename = "zh_TW")]
    ZhTw,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::ZhCn => "zh_CN",
            Self::ZhTw => "zh_TW",
            Self::En => "en",
        }
    }
}

/// What WeChat tells of a person. Since the end of 2021 that is neither a name nor a picture.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UserInfo {
    /// 1 while they follow; otherwise only `openid` is filled, perhaps `unionid`.
    pub subscribe: u8,
    /// The person.
    pub openid: OpenId,
    /// When they followed last, in Unix seconds.
    #[serde(default, deserialize_with = "number")]
    pub subscribe_time: Option<i64>,
    /// The same person in all applications of one owner.
    #[serde(default)]
    pub unionid: Option<UnionId>,
    /// The account's own remark on them.
    #[serde(default, deserialize_with = "filled")]
    pub remark: Option<String>,
    /// Their tags.
    #[serde(default)]
    pub tagid_list: Vec<TagId>,
    /// How they came, such as `ADD_SCENE_QR_CODE`.
    #[serde(default, deserialize_with = "filled")]
    pub subscribe_scene: Option<String>,
    /// The number in the code they scanned; 0 when there was none.
    #[serde(default, deserialize_with = "number")]
    pub qr_scene: Option<i64>,
    /// The text in the code they scanned.
    #[serde(default, deserialize_with = "filled")]
    pub qr_scene_str: Option<String>,
    /// Their language; no longer provided.
    #[serde(default, deserialize_with = "filled")]
    pub language: Option<String>,
}

impl UserInfo {
    /// Whether they follow the account.
    pub fn follows(&self) -> bool {
        self.subscribe == 1
    }
}

/// A page of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenIdPage {
    /// How many there are in all, where WeChat says it.
    pub total: Option<u64>,
    /// Those of this page.
    pub openids: Vec<OpenId>,
    /// What to ask the next page with; absent on the last.
    pub next: Option<OpenId>,
}

#[derive(Deserialize)]
pub(super) struct PageAnswer {
    total: Option<u64>,
    #[serde(default)]
    count: u64,
    data: Option<PageData>,
    #[serde(default, deserialize_with = "filled")]
    next_openid: Option<String>,
}

#[derive(Deserialize)]
struct PageData {
    #[serde(default)]
    openid: Vec<OpenId>,
}

impl From<PageAnswer> for OpenIdPage {
    /// An empty page has no `data`, and the last full one still names a cursor: an empty page ends the walk.
    fn from(answer: PageAnswer) -> Self {
        let openids = answer.data.map_or_else(Vec::new, |data| data.openid);
        let next = answer.next_openid.map(OpenId::from);
        Self {
            total: answer.total,
            next: next.filter(|_| answer.count > 0 && !openids.is_empty()),
            openids,
        }
    }
}

/// What became of one openid when its account was moved into another.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ChangedOpenId {
    /// At the account before.
    #[serde(rename = "ori_openid")]
    pub before: OpenId,
    /// At this account; absent when there is none.
    #[serde(rename = "new_openid", default)]
    pub now: Option<OpenId>,
    /// `ok`, or why there is none.
    #[serde(rename = "err_msg", default)]
    pub message: String,
}

#[derive(Deserialize)]
struct ChangedList {
    result_list: Vec<ChangedOpenId>,
}

#[derive(Deserialize)]
struct UserList {
    user_info_list: Vec<UserInfo>,
}

impl Client {
    /// What WeChat tells of one person.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html>.
    /// Limits: 5 000 000 a day; verified service accounts. Errors: 40003, 48001.
    pub async fn user_info(&self, openid: &OpenId, lang: Lang) -> Result<UserInfo, Error> {
        let query = vec![("openid", openid.as_str()), ("lang", lang.as_str())];
        self.get("/cgi-bin/user/info", query).await
    }

    /// What WeChat tells of up to 100 people.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_batchuserinfo.html>.
    /// Errors: 40003, 40032.
    pub async fn users_info(&self, openids: &[OpenId], lang: Lang) -> Result<Vec<UserInfo>, Error> {
        Rule::UsersAtOnce.count(openids.len())?;
        let list: Vec<_> = openids
            .iter()
            .map(|openid| json!({ "openid": openid, "lang": lang }))
            .collect();
        let body = json!({ "user_list": list });
        let answer: UserList = self
            .post("/cgi-bin/user/info/batchget", &body, Effect::Repeatable)
            .await?;
        Ok(answer.user_info_list)
    }

    /// The followers, up to 10 000 a page; the first page without `after`.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_getfans.html>.
    /// Limits: 500 a day.
    pub async fn followers(&self, after: Option<&OpenId>) -> Result<OpenIdPage, Error> {
        let query = after
            .map(|openid| ("next_openid", openid.as_str()))
            .into_iter()
            .collect();
        let answer: PageAnswer = self.get("/cgi-bin/user/get", query).await?;
        Ok(answer.into())
    }

    /// The openids at this account of followers of another one that was moved into it, up to 100.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/changeopenid/api_changeopenid.html>.
    /// Errors: 63178 (that account was not moved into this one).
    pub async fn changed_openids(
        &self,
        from: &AppId,
        openids: &[OpenId],
    ) -> Result<Vec<ChangedOpenId>, Error> {
        Rule::UsersAtOnce.count(openids.len())?;
        let body = json!({ "from_appid": from, "openid_list": openids });
        let answer: ChangedList = self
            .post("/cgi-bin/changeopenid", &body, Effect::Repeatable)
            .await?;
        Ok(answer.result_list)
    }

    /// Writes the account's remark on a follower, less than 30 bytes; an empty one removes it.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_updateremark.html>.
    /// Limits: 10 000 a day; verified service accounts. Errors: 40092, 43004, 49003.
    pub async fn set_remark(&self, openid: &OpenId, remark: &str) -> Result<(), Error> {
        Rule::RemarkBytes.bytes(remark)?;
        let body = json!({ "openid": openid, "remark": remark });
        self.change("/cgi-bin/user/info/updateremark", &body, Effect::Repeatable)
            .await
    }
}
