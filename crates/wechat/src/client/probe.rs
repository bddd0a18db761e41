//! Harmless calls that show whether an account may make a kind of call at all. Each one either only reads, or names
//! something that cannot exist, so that the refusal tells: 48001 (no privilege) or any other (the privilege is there).
//! None of them reaches a person or changes the account.

use bytes::Bytes;
use serde_json::json;

use super::call::{Done, Effect};
use super::transport::{JSON_LIMIT, Payload, Request};
use super::user::Lang;
use super::{Client, Error};
use crate::OpenId;

/// No follower has this id: real ones have 28 characters and begin with `o`.
const NOBODY: &str = "kefu-doctor-nobody";
/// No upload has this id.
const NOTHING: &str = "kefu-doctor-nothing";

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Probe {
    /// A customer-service text to nobody.
    CustomSend,
    /// The typing sign taken back from nobody.
    Typing,
    /// An upload of nothing.
    MediaUpload,
    /// A customer-service voice message that does not exist, to nobody.
    VoiceSend,
    /// A customer-service video that does not exist, to nobody.
    VideoSend,
    /// A question with answers to tap, to nobody.
    MenuMessage,
    /// What became of a mass message that was never sent.
    MassSend,
    /// The list of tags.
    Tags,
    /// The menu.
    Menu,
    /// A code of a kind that does not exist.
    QrCode,
    /// What is known of nobody.
    UserInfo,
    /// The blacklist.
    Blacklist,
    /// The automatic answers set in WeChat's own console.
    AutoReplyInfo,
}

impl Client {
    /// Makes the call. `Ok` and every refusal but those about token, address and privilege mean that the account has
    /// the call; [`Error::api_code`] tells.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/guide/product/interface_privilege.html>.
    pub async fn probe(&self, probe: Probe) -> Result<(), Error> {
        let nobody = OpenId::from(NOBODY);
        match probe {
            Probe::CustomSend => self.custom_to_nobody("text", json!({ "content": "." })).await,
            Probe::VoiceSend => {
                self.custom_to_nobody("voice", json!({ "media_id": NOTHING }))
                    .await
            }
            Probe::VideoSend => {
                let video = json!({ "media_id": NOTHING, "thumb_media_id": NOTHING });
                self.custom_to_nobody("video", video).await
            }
            Probe::MenuMessage => {
                let items = json!([{ "id": "1", "content": "." }]);
                let menu = json!({ "head_content": ".", "list": items, "tail_content": "." });
                self.custom_to_nobody("msgmenu", menu).await
            }
            Probe::Typing => self.typing(&nobody, false).await,
            Probe::MediaUpload => self.upload_nothing().await,
            Probe::MassSend => self.mass_status(1).await.map(drop),
            Probe::Tags => self.tags().await.map(drop),
            Probe::Menu => self.menus().await.map(drop),
            Probe::QrCode => {
                let body = json!({ "action_name": "KEFU_DOCTOR", "action_info": { "scene": {} } });
                self.try_post("/cgi-bin/qrcode/create", &body).await
            }
            Probe::UserInfo => self.user_info(&nobody, Lang::ZhCn).await.map(drop),
            Probe::Blacklist => self.blacklist(None).await.map(drop),
            Probe::AutoReplyInfo => self.auto_replies().await.map(drop),
        }
    }

    async fn custom_to_nobody(&self, kind: &str, object: serde_json::Value) -> Result<(), Error> {
        let body = json!({ "touser": NOBODY, "msgtype": kind, kind: object });
        self.try_post("/cgi-bin/message/custom/send", &body).await
    }

    async fn upload_nothing(&self) -> Result<(), Error> {
        let payload = Payload::File {
            name: "nothing.jpg".to_owned(),
            mime: "image/jpeg".to_owned(),
            bytes: Bytes::new(),
        };
        let request = Request {
            path: "/cgi-bin/media/upload",
            query: vec![("type", "image")],
            payload,
            limit: JSON_LIMIT,
            accepted: &[],
        };
        self.call(&request, self.deadline())
            .await
            .map(drop)
            .map_err(Error::of_repeatable_call)
    }

    async fn try_post(&self, path: &'static str, body: &serde_json::Value) -> Result<(), Error> {
        let done: Done = self.post(path, body, Effect::Repeatable).await?;
        done.ok()
    }
}
