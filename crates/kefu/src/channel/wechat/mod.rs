//! WeChat Official Accounts: adapts the `wechat` crate to the desk's words.

mod blacklist;
mod broadcast;
mod callback;
mod cards;
mod diagnosis;
mod failures;
mod messenger;
mod observer;
mod own_automation;
mod passive;
mod qr_code;
mod token_store;
mod translate;

use super::blacklist::Blacklist;
use super::broadcast::Broadcaster;
use super::diagnosis::Diagnostician;
use super::own_automation::OwnAutomation;
use super::passive::PassiveReplies;
use super::qr_code::QrCodes;
use super::{CallbackRefusal, CallbackRequest, ChannelKind, Messenger, ReceivedPush};
use crate::auth::secrets::Secrets;
use crate::clock::Clock;
use crate::db::Db;
use crate::db::channels::ChannelSettings;
use crate::domain::inbound::Push;
use crate::domain::time::Time;
use std::sync::Arc;
use url::Url;

/// Longest text of one message, in bytes of UTF-8 (`wechat.md` 4.2).
const TEXT_LIMIT_BYTES: usize = 2048;

/// The kind `wechat`.
#[derive(Debug)]
pub struct Wechat {
    db: Db,
    secrets: Secrets,
    clock: Clock,
    api_base_url: Url,
}

impl Wechat {
    /// With the API base of the settings.
    pub fn new(db: Db, secrets: Secrets, clock: Clock, api_base_url: Url) -> Self {
        Self {
            db,
            secrets,
            clock,
            api_base_url,
        }
    }
}

impl ChannelKind for Wechat {
    fn word(&self) -> &'static str {
        "wechat"
    }

    fn verify(
        &self,
        channel: &ChannelSettings,
        request: &CallbackRequest,
    ) -> Result<String, CallbackRefusal> {
        callback::verify(channel, request)
    }

    fn receive(
        &self,
        channel: &ChannelSettings,
        request: &CallbackRequest,
    ) -> Result<ReceivedPush, CallbackRefusal> {
        callback::receive(channel, request)
    }

    fn reread(
        &self,
        channel: &ChannelSettings,
        raw: &[u8],
        received_at: Time,
    ) -> Result<Push, CallbackRefusal> {
        callback::reread(channel, raw, received_at)
    }

    fn passive(&self) -> Option<&dyn PassiveReplies> {
        Some(self)
    }

    fn messenger(&self, channel: Arc<ChannelSettings>) -> Arc<dyn Messenger> {
        messenger::build(self, &channel)
    }

    fn diagnostician(&self, channel: &Arc<ChannelSettings>) -> Arc<dyn Diagnostician> {
        diagnosis::build(self, channel)
    }

    fn qr_codes(&self, channel: &Arc<ChannelSettings>) -> Arc<dyn QrCodes> {
        qr_code::build(self, channel)
    }

    fn blacklist(&self, channel: &ChannelSettings) -> Option<Arc<dyn Blacklist>> {
        Some(blacklist::build(self, channel))
    }

    fn own_automation(&self, channel: Arc<ChannelSettings>) -> Arc<dyn OwnAutomation> {
        own_automation::build(self, &channel)
    }

    fn broadcaster(&self, channel: Arc<ChannelSettings>) -> Option<Arc<dyn Broadcaster>> {
        Some(broadcast::build(self, &channel))
    }

    fn text_limit_bytes(&self) -> usize {
        TEXT_LIMIT_BYTES
    }
}
