//! Sends through `wechat::Client`.

use super::Wechat;
use crate::channel::Messenger;
use crate::db::channels::ChannelSettings;
use std::sync::Arc;

pub(super) fn build(kind: &Wechat, channel: Arc<ChannelSettings>) -> Arc<dyn Messenger> {
    unimplemented!("{kind:?} {channel:?}")
}
