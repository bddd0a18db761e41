//! The account's blacklist: whoever is on it, their messages are not pushed, and sending to them is refused (43019).

use serde_json::json;

use super::call::Effect;
use super::user::{OpenIdPage, PageAnswer};
use super::{Client, Error};
use crate::{OpenId, Rule};

impl Client {
    /// Those on the blacklist, up to 1000 a page; the first page without `after`.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_getblacklist.html>.
    /// Errors: 40003, 49003.
    pub async fn blacklist(&self, after: Option<&OpenId>) -> Result<OpenIdPage, Error> {
        let begin = after.map_or("", OpenId::as_str);
        let body = json!({ "begin_openid": begin });
        let path = "/cgi-bin/tags/members/getblacklist";
        let answer: PageAnswer = self.post(path, &body, Effect::Repeatable).await?;
        Ok(answer.into())
    }

    /// Puts 1 to 20 people on the blacklist.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_batchblacklist.html>.
    /// Errors: 40032, 40003, 49003.
    pub async fn block_users(&self, openids: &[OpenId]) -> Result<(), Error> {
        self.change_blacklist("/cgi-bin/tags/members/batchblacklist", openids)
            .await
    }

    /// Takes 1 to 20 people off the blacklist.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_batchunblacklist.html>.
    /// Errors: 40032, 40003, 49003.
    pub async fn unblock_users(&self, openids: &[OpenId]) -> Result<(), Error> {
        self.change_blacklist("/cgi-bin/tags/members/batchunblacklist", openids)
            .await
    }

    async fn change_blacklist(&self, path: &'static str, openids: &[OpenId]) -> Result<(), Error> {
        Rule::BlockedAtOnce.count(openids.len())?;
        let body = json!({ "openid_list": openids });
        self.change(path, &body, Effect::Repeatable).await
    }
}
