//! Tags on followers: at most 100 an account, 20 a follower. Tags 0 to 2 are WeChat's own and cannot be changed.

use serde::Deserialize;
use serde_json::json;

use super::call::Effect;
use super::user::{OpenIdPage, PageAnswer};
use super::{Client, Error};
use crate::{OpenId, Rule, TagId};

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Tag {
    /// Its number.
    pub id: TagId,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// How many followers have it; absent right after it is made.
    pub count: Option<u64>,
}

#[derive(Deserialize)]
struct OneTag {
    tag: Tag,
}

#[derive(Deserialize)]
struct AllTags {
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
struct TagIds {
    tagid_list: Vec<TagId>,
}

impl Client {
    /// Makes a tag with a name of 1 to 30 characters.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_createtag.html>.
    /// Errors: 45056 (100 tags), 45157 (name taken or not allowed), 45158 (name too long).
    pub async fn create_tag(&self, name: &str) -> Result<Tag, Error> {
        Rule::TagNameChars.chars(name)?;
        let body = json!({ "tag": { "name": name } });
        // Made twice, the second one is refused: the outcome is never in doubt for long.
        let answer: OneTag = self
            .post("/cgi-bin/tags/create", &body, Effect::Repeatable)
            .await?;
        Ok(answer.tag)
    }

    /// All tags.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_gettags.html>.
    pub async fn tags(&self) -> Result<Vec<Tag>, Error> {
        let answer: AllTags = self.get("/cgi-bin/tags/get", Vec::new()).await?;
        Ok(answer.tags)
    }

    /// Renames a tag.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_updatetag.html>.
    /// Errors: 45157, 45158, 45058 (WeChat's own tag).
    pub async fn rename_tag(&self, id: TagId, name: &str) -> Result<(), Error> {
        Rule::TagNameChars.chars(name)?;
        let body = json!({ "tag": { "id": id, "name": name } });
        self.change("/cgi-bin/tags/update", &body, Effect::Repeatable)
            .await
    }

    /// Deletes a tag, and takes it off everybody.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_deletetag.html>.
    /// Errors: 45058 (WeChat's own tag), 45057 (more than 100 000 followers have it).
    pub async fn delete_tag(&self, id: TagId) -> Result<(), Error> {
        let body = json!({ "tag": { "id": id } });
        self.change("/cgi-bin/tags/delete", &body, Effect::Repeatable)
            .await
    }

    /// Puts a tag on 1 to 50 followers.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_batchtagging.html>.
    /// Errors: 40032, 45159 (no such tag), 45059 (20 tags on one), 40003, 49003.
    pub async fn tag_users(&self, id: TagId, openids: &[OpenId]) -> Result<(), Error> {
        self.change_tagging("/cgi-bin/tags/members/batchtagging", id, openids)
            .await
    }

    /// Takes a tag off 1 to 50 followers.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_batchuntagging.html>.
    /// Errors: 40032, 45159, 40003, 49003.
    pub async fn untag_users(&self, id: TagId, openids: &[OpenId]) -> Result<(), Error> {
        self.change_tagging("/cgi-bin/tags/members/batchuntagging", id, openids)
            .await
    }

    /// The tags of one follower.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_gettagidlist.html>.
    /// Errors: 40003, 49003.
    pub async fn tags_of(&self, openid: &OpenId) -> Result<Vec<TagId>, Error> {
        let body = json!({ "openid": openid });
        let answer: TagIds = self
            .post("/cgi-bin/tags/getidlist", &body, Effect::Repeatable)
            .await?;
        Ok(answer.tagid_list)
    }

    /// The followers with a tag, a page at a time; the first page without `after`.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_gettagfans.html>.
    /// Errors: 45159, 40003.
    pub async fn tagged_users(&self, id: TagId, after: Option<&OpenId>) -> Result<OpenIdPage, Error> {
        let next = after.map_or("", OpenId::as_str);
        let body = json!({ "tagid": id, "next_openid": next });
        let answer: PageAnswer = self
            .post("/cgi-bin/user/tag/get", &body, Effect::Repeatable)
            .await?;
        Ok(answer.into())
    }

    async fn change_tagging(&self, path: &'static str, id: TagId, openids: &[OpenId]) -> Result<(), Error> {
        Rule::TaggedAtOnce.count(openids.len())?;
        let body = json!({ "openid_list": openids, "tagid": id });
        self.change(path, &body, Effect::Repeatable).await
    }
}
