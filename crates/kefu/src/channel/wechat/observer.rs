//! Listens to every call of a channel's clients: keeps the addresses WeChat refused, whichever call met the refusal,
//! and WeChat's time. The one place where either is learnt.

use super::Wechat;
use crate::clock::Clock;
use crate::db::{Db, addresses};
use crate::domain::ids::ChannelId;
use crate::domain::time::{MINUTE_MS, Time};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use wechat::{ClientOptions, Observer};

/// An address is written down again after this long.
const AGAIN_MS: i64 = MINUTE_MS;

/// The listener of one channel.
#[derive(Debug)]
pub(super) struct DeskObserver {
    db: Db,
    clock: Clock,
    channel_id: ChannelId,
    written: Mutex<HashMap<IpAddr, Time>>,
    ahead_ms: Mutex<Option<i64>>,
}

impl DeskObserver {
    pub(super) fn new(kind: &Wechat, channel_id: ChannelId) -> Arc<Self> {
        Arc::new(Self {
            db: kind.db.clone(),
            clock: kind.clock.clone(),
            channel_id,
            written: Mutex::default(),
            ahead_ms: Mutex::default(),
        })
    }

    /// How far the desk's clock is ahead of WeChat's, by the last answer.
    pub(super) fn ahead_ms(&self) -> Option<i64> {
        *self.ahead_ms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_due(&self, address: IpAddr, wall: Time) -> bool {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = written
            .get(&address)
            .is_none_or(|at| wall.since_ms(*at) >= AGAIN_MS);
        if is_due {
            // Addresses that changed long ago are of no use here.
            written.retain(|_, at| wall.since_ms(*at) < AGAIN_MS);
            written.insert(address, wall);
        }
        is_due
    }

    async fn write(db: Db, id: ChannelId, address: IpAddr, at: Time) {
        let text = address.to_string();
        let written = db.write(move |tx| {
            let text = text.clone();
            Box::pin(async move { addresses::put_seen(tx, id, &text, at).await })
        });
        if let Err(error) = written.await {
            tracing::warn!(channel = %id, %error, "an address that WeChat refused could not be written down");
        }
    }
}

impl Observer for DeskObserver {
    fn refused_addresses(&self, addresses: &[IpAddr]) {
        let (at, wall) = (self.clock.now(), self.clock.wall());
        for address in addresses.iter().filter(|address| self.is_due(**address, wall)) {
            tokio::spawn(Self::write(self.db.clone(), self.channel_id, *address, at));
        }
    }

    fn server_time(&self, unix_seconds: i64) {
        let ahead = self.clock.now().since_ms(Time(unix_seconds.saturating_mul(1000)));
        *self.ahead_ms.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead);
    }
}

/// The options of a client that is listened to.
pub(super) fn observed(options: ClientOptions, observer: &Arc<DeskObserver>) -> ClientOptions {
    ClientOptions {
        observer: Some(Arc::clone(observer) as Arc<dyn Observer>),
        ..options
    }
}
