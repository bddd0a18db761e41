//! Notices somebody agreed to: subscription notices (`bizsend`), each use of a one-time consent sends one, and one-time
//! notices after a consent page.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::call::Effect;
use super::template::{Jump, values};
use super::{Client, Error};
use crate::{OpenId, Rule, TemplateId};

/// Where people agree to a one-time notice.
const CONSENT_PAGE: &str = "https://mp.weixin.qq.com/mp/subscribemsg";

/// A subscription notice to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionNotice {
    /// To whom.
    pub to: OpenId,
    /// Which template.
    pub template_id: TemplateId,
    /// What goes into the gaps, by their names.
    pub data: BTreeMap<String, String>,
    /// Where a tap leads.
    pub jump: Jump,
}

/// A one-time notice to one person, follower or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTimeNotice {
    /// To whom.
    pub to: OpenId,
    /// Which template.
    pub template_id: TemplateId,
    /// The scene they agreed to, 0 to 10 000.
    pub scene: u32,
    /// Its title, up to 15 characters.
    pub title: String,
    /// Its text, up to 200 characters.
    pub text: String,
    /// Where a tap leads.
    pub jump: Jump,
}

/// A template for subscription notices.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoticeTemplate {
    /// Its id.
    #[serde(rename = "priTmplId")]
    pub template_id: TemplateId,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// Its text.
    #[serde(default)]
    pub content: String,
    /// The same, filled in.
    #[serde(default)]
    pub example: String,
    /// 2 one-time, 3 long-term.
    #[serde(rename = "type", default)]
    pub kind: i64,
}

#[derive(Deserialize)]
struct NoticeTemplates {
    data: Vec<NoticeTemplate>,
}

impl Client {
    /// Sends a subscription notice; how it went comes as [`Event::SubscriptionSent`](crate::callback::Event).
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/notify/api_sendnewsubscribemsg.html>.
    /// Errors: 43101 (has not agreed, or the one consent is used up), 47003 (a value does not fit its gap), 40037,
    /// 41030 (no such page).
    pub async fn send_notice(&self, notice: &SubscriptionNotice) -> Result<(), Error> {
        let mut body = json!({ "touser": notice.to, "template_id": notice.template_id });
        notice.jump.write(&mut body, "page");
        body["data"] = values(&notice.data);
        self.change("/cgi-bin/message/subscribe/bizsend", &body, Effect::Once)
            .await
    }

    /// The templates for subscription notices.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/notify/api_getwxapubnewtemplate.html>.
    pub async fn notice_templates(&self) -> Result<Vec<NoticeTemplate>, Error> {
        let answer: NoticeTemplates = self.get("/wxaapi/newtmpl/gettemplate", Vec::new()).await?;
        Ok(answer.data)
    }

    /// The page on which somebody agrees to one one-time notice. It leads back to `redirect` with `openid`,
    /// `template_id`, `action` (`confirm` or `cancel`), `scene` and `reserved`, which is `state`: check it.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/subscribe/api_templatesubscribe.html>.
    pub fn one_time_consent_url(
        &self,
        template_id: &TemplateId,
        scene: u32,
        redirect: &Url,
        state: &str,
    ) -> Result<Url, Error> {
        Rule::OneTimeScene.check(u64::from(scene))?;
        let mut url = Url::parse(CONSENT_PAGE).expect("the address is well-formed");
        url.query_pairs_mut()
            .append_pair("action", "get_confirm")
            .append_pair("appid", self.app_id().as_str())
            .append_pair("scene", &scene.to_string())
            .append_pair("template_id", template_id.as_str())
            .append_pair("redirect_url", redirect.as_str())
            .append_pair("reserved", state);
        url.set_fragment(Some("wechat_redirect"));
        Ok(url)
    }

    /// Sends a one-time notice to somebody who has agreed to it.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/subscribe/api_templatesubscribe.html>.
    /// Errors: 40003, 40037, 40062 (title), 43101.
    pub async fn send_one_time_notice(&self, notice: &OneTimeNotice) -> Result<(), Error> {
        Rule::OneTimeScene.check(u64::from(notice.scene))?;
        Rule::OneTimeTitleChars.chars(&notice.title)?;
        Rule::OneTimeTextChars.chars(&notice.text)?;
        let mut body = json!({ "touser": notice.to, "template_id": notice.template_id });
        notice.jump.write(&mut body, "url");
        body["scene"] = json!(notice.scene.to_string());
        body["title"] = json!(notice.title);
        body["data"] = json!({ "content": { "value": notice.text } });
        self.change("/cgi-bin/message/template/subscribe", &body, Effect::Once)
            .await
    }
}
