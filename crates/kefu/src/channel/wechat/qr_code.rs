//! Codes with a scene, by `qrcode/create`: verified service accounts only (`wechat.md` 8.1).

use super::observer::{DeskObserver, observed};
use super::{Wechat, failures, messenger};
use crate::channel::SendError;
use crate::channel::qr_code::QrCodes;
use crate::db::channels::ChannelSettings;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use wechat::{Client, QrScene};

/// Makes codes for one channel.
#[derive(Debug)]
struct WechatQrCodes(Result<Client, SendError>);

pub(super) fn build(kind: &Wechat, channel: &ChannelSettings) -> Arc<dyn QrCodes> {
    let Some(options) = messenger::options(&kind.api_base_url, channel) else {
        return Arc::new(WechatQrCodes(Err(failures::deleted())));
    };
    let options = observed(options, &DeskObserver::new(kind, channel.row.id));
    let client = Client::new(options, messenger::tokens(kind, channel));
    Arc::new(WechatQrCodes(client.map_err(|error| failures::of_send(&error))))
}

impl WechatQrCodes {
    async fn made(&self, scene: String) -> Result<String, SendError> {
        let client = self.0.as_ref().map_err(Clone::clone)?;
        let made = client.create_qrcode(&QrScene::PermanentText(scene), None).await;
        made.map(|code| code.url)
            .map_err(|error| failures::of_send(&error))
    }
}

impl QrCodes for WechatQrCodes {
    fn make_permanent(&self, scene: String) -> BoxFuture<'_, Result<String, SendError>> {
        Box::pin(self.made(scene))
    }
}
