//! Codes that carry something: who scans one follows or comes back, and the event says which code it was.
//! Verified service accounts only.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::call::Effect;
use super::{Client, Error};
use crate::Rule;

/// Where code pictures are.
const SHOW_QRCODE: &str = "https://mp.weixin.qq.com/cgi-bin/showqrcode";

/// Code pictures are a few ten kilobytes.
const IMAGE_LIMIT: u64 = 4 * 1024 * 1024;

/// What a code carries. It comes back as `EventKey`; after a follow with `qrscene_` in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QrScene {
    /// A number, 1 and up, for a while.
    Id(u32),
    /// A text of 1 to 64 characters, for a while.
    Text(String),
    /// A number from 1 to 100 000, for ever.
    PermanentId(u32),
    /// A text of 1 to 64 characters, for ever.
    PermanentText(String),
}

/// A code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct QrCode {
    /// What its picture is fetched with.
    pub ticket: String,
    /// How long it is good for; absent for ever.
    pub expire_seconds: Option<u64>,
    /// What the code says: for drawing it oneself.
    pub url: String,
}

impl QrCode {
    /// Where its picture (JPEG) is at Tencent's. It needs no token and may be shown in a page.
    pub fn image_url(&self) -> Url {
        Url::parse_with_params(SHOW_QRCODE, [("ticket", &self.ticket)]).expect("the address is well-formed")
    }
}

impl QrScene {
    fn check(&self) -> Result<(), Error> {
        match self {
            Self::Id(id) => Rule::QrSceneId.check(u64::from(*id)),
            Self::PermanentId(id) => Rule::QrLimitSceneId.check(u64::from(*id)),
            Self::Text(text) | Self::PermanentText(text) => Rule::QrSceneChars.chars(text),
        }
    }

    fn write(&self) -> Value {
        let (action, scene) = match self {
            Self::Id(id) => ("QR_SCENE", json!({ "scene_id": id })),
            Self::Text(text) => ("QR_STR_SCENE", json!({ "scene_str": text })),
            Self::PermanentId(id) => ("QR_LIMIT_SCENE", json!({ "scene_id": id })),
            Self::PermanentText(text) => ("QR_LIMIT_STR_SCENE", json!({ "scene_str": text })),
        };
        json!({ "action_name": action, "action_info": { "scene": scene } })
    }

    fn is_permanent(&self) -> bool {
        matches!(self, Self::PermanentId(_) | Self::PermanentText(_))
    }
}

impl Client {
    /// Makes a code. A temporary one lives `expire_seconds`, at most 30 days; a permanent one does not take it.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode.html>.
    /// Limits: 100 000 a day; 100 000 permanent ones in all (45029). Errors: 40052, 40053, 48001.
    pub async fn create_qrcode(&self, scene: &QrScene, expire_seconds: Option<u32>) -> Result<QrCode, Error> {
        scene.check()?;
        let mut body = scene.write();
        match expire_seconds {
            Some(_) if scene.is_permanent() => {
                return Err(Error::Invalid {
                    field: "expire_seconds",
                    rule: "is for temporary codes only",
                });
            }
            Some(seconds) => {
                Rule::QrSeconds.check(u64::from(seconds))?;
                body["expire_seconds"] = json!(seconds);
            }
            None => {}
        }
        // The same scene made twice is the same code to whoever scans it.
        self.post("/cgi-bin/qrcode/create", &body, Effect::Repeatable)
            .await
    }

    /// Where the picture of a code is, for a page that shows it: Tencent's host, or the stand-in for it.
    pub fn qrcode_url(&self, code: &QrCode) -> Url {
        self.inner.transport.beside_api(code.image_url())
    }

    /// Fetches the picture of a code, from the host of the interface or Tencent's.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode.html>.
    /// An unknown ticket is [`Error::Status`] 404.
    pub async fn qrcode_image(&self, code: &QrCode) -> Result<Bytes, Error> {
        let url = self.qrcode_url(code);
        let file = self.inner.transport.fetch(url, IMAGE_LIMIT, self.deadline());
        let file = file.await.map_err(Error::of_repeatable_call)?;
        Ok(file.bytes)
    }
}
