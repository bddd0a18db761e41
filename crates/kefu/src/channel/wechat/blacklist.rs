//! The account's blacklist at WeChat, through `wechat::Client`.

use super::{Wechat, failures, messenger};
use crate::channel::SendError;
use crate::channel::blacklist::Blacklist;
use crate::db::channels::ChannelSettings;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use wechat::{Client, OpenId};

/// The blacklist of one channel.
#[derive(Debug)]
struct WechatBlacklist {
    client: Result<Client, SendError>,
}

pub(super) fn build(kind: &Wechat, channel: &ChannelSettings) -> Arc<dyn Blacklist> {
    Arc::new(WechatBlacklist {
        client: match messenger::client(kind, channel) {
            Some(made) => made.map_err(|error| failures::of_send(&error)),
            None => Err(failures::deleted()),
        },
    })
}

impl WechatBlacklist {
    async fn change(&self, external_id: String, listed: bool) -> Result<(), SendError> {
        let client = self.client.as_ref().map_err(Clone::clone)?;
        let who = [OpenId::from(external_id)];
        let done = if listed {
            client.block_users(&who).await
        } else {
            client.unblock_users(&who).await
        };
        done.map_err(|error| failures::of_send(&error))
    }
}

impl Blacklist for WechatBlacklist {
    fn add(&self, external_id: String) -> BoxFuture<'_, Result<(), SendError>> {
        Box::pin(self.change(external_id, true))
    }

    fn remove(&self, external_id: String) -> BoxFuture<'_, Result<(), SendError>> {
        Box::pin(self.change(external_id, false))
    }
}
