//! Template messages: fixed texts with gaps, to followers, outside their window too. Verified service accounts only.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Effect, text};
use super::{Client, Error};
use crate::{AppId, OpenId, TemplateId};

/// A template message to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateMessage {
    /// To whom.
    pub to: OpenId,
    /// Which template.
    pub template_id: TemplateId,
    /// What goes into the gaps, by their names.
    pub data: BTreeMap<String, String>,
    /// Where a tap leads. Accounts registered outside mainland China have no such jump.
    pub jump: Jump,
    /// The same person gets the same key once within about ten minutes.
    pub client_msg_id: Option<String>,
}

/// Where a tap on a notice leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Jump {
    /// Nowhere.
    #[default]
    None,
    /// To a page.
    Url(String),
    /// To a mini program linked with the account.
    MiniProgram {
        /// The mini program.
        app_id: AppId,
        /// The page in it.
        page_path: String,
        /// For phones that are too old.
        url: Option<String>,
    },
}

impl Jump {
    pub(super) fn write(&self, body: &mut Value, url_key: &str) {
        let url = match self {
            Self::None => None,
            Self::Url(url) => Some(url),
            Self::MiniProgram {
                app_id,
                page_path,
                url,
            } => {
                body["miniprogram"] = json!({ "appid": app_id, "pagepath": page_path });
                url.as_ref()
            }
        };
        if let Some(url) = url {
            body[url_key] = json!(url);
        }
    }
}

/// A template of the account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Template {
    /// Its id.
    pub template_id: TemplateId,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// Its text, gaps written as `{{name.DATA}}`.
    #[serde(default)]
    pub content: String,
    /// The same, filled in.
    #[serde(default)]
    pub example: String,
}

/// The trades an account has said it is in; templates are offered by them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Industries {
    /// The first.
    #[serde(rename = "primary_industry")]
    pub primary: Industry,
    /// The second.
    #[serde(rename = "secondary_industry")]
    pub secondary: Option<Industry>,
}

/// A trade.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Industry {
    /// Its group.
    pub first_class: String,
    /// Its name.
    pub second_class: String,
}

#[derive(Deserialize)]
struct Added {
    template_id: TemplateId,
}

#[derive(Deserialize)]
struct Sent {
    #[serde(deserialize_with = "text")]
    msgid: String,
}

#[derive(Deserialize)]
struct Templates {
    template_list: Vec<Template>,
}

pub(super) fn values(data: &BTreeMap<String, String>) -> Value {
    data.iter()
        .map(|(name, value)| (name.clone(), json!({ "value": value })))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

impl Client {
    /// Sends a template message and returns its number; how it went comes as
    /// [`Event::TemplateSent`](crate::callback::Event).
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html>.
    /// Limits: 100 000 a day, more with many followers; the same message to the same person once a minute (40241).
    /// Errors: 40003, 40037 (no such template), 43004, 43116, 47003 (a value does not fit its gap), 48001.
    pub async fn send_template(&self, message: &TemplateMessage) -> Result<String, Error> {
        let mut body = json!({ "touser": message.to, "template_id": message.template_id });
        message.jump.write(&mut body, "url");
        if let Some(key) = &message.client_msg_id {
            body["client_msg_id"] = json!(key);
        }
        body["data"] = values(&message.data);
        let path = "/cgi-bin/message/template/send";
        let sent: Result<Sent, Error> = self.post(path, &body, Effect::Once).await;
        // WeChat drops the second of two with the same key.
        let sent = match message.client_msg_id {
            Some(_) => sent.map_err(Error::of_repeatable_call)?,
            None => sent?,
        };
        Ok(sent.msgid)
    }

    /// Takes a template from the library, by its number there (`TM…`, or only digits for templates of a category, which
    /// also need the names of their gaps).
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/template/api_addtemplate.html>.
    /// Limits: 25 templates (45026).
    pub async fn add_template(&self, short_id: &str, keywords: &[&str]) -> Result<TemplateId, Error> {
        let mut body = json!({ "template_id_short": short_id });
        if !keywords.is_empty() {
            body["keyword_name_list"] = json!(keywords);
        }
        let path = "/cgi-bin/template/api_add_template";
        let added: Added = self.post(path, &body, Effect::Once).await?;
        Ok(added.template_id)
    }

    /// Deletes a template of the account.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/template/api_deletetemplate.html>.
    /// Errors: 40037 (no such template).
    pub async fn delete_template(&self, id: &TemplateId) -> Result<(), Error> {
        let body = json!({ "template_id": id });
        self.change(
            "/cgi-bin/template/del_private_template",
            &body,
            Effect::Repeatable,
        )
        .await
    }

    /// The trades of the account.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/template/api_getindustry.html>.
    pub async fn industries(&self) -> Result<Industries, Error> {
        self.get("/cgi-bin/template/get_industry", Vec::new()).await
    }

    /// Says in which trades the account is, by their numbers in Tencent's list.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/template/api_setindustry.html>.
    /// Limits: once a month (43100).
    pub async fn set_industries(&self, primary: u32, secondary: u32) -> Result<(), Error> {
        let body = json!({ "industry_id1": primary.to_string(), "industry_id2": secondary.to_string() });
        self.change("/cgi-bin/template/api_set_industry", &body, Effect::Repeatable)
            .await
    }

    /// The templates of the account, 25 at most.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/template/api_getalltemplates.html>.
    pub async fn templates(&self) -> Result<Vec<Template>, Error> {
        let path = "/cgi-bin/template/get_all_private_template";
        let answer: Templates = self.get(path, Vec::new()).await?;
        Ok(answer.template_list)
    }
}
