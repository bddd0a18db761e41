//! One line for customers who write to a channel that is disabled, in the response to their message.
//!
//! Beside the hot path: a channel that is on, or has nothing to say, pays one comparison. The message was counted and
//! dropped before, and stays so; whatever fails here, the push is acknowledged and the customer is told nothing.

use crate::channel::directory::Entry as Channel;
use crate::db::{
    self,
    off_notices::{self, Turn},
};
use crate::desk::Desk;
use crate::domain::allowance::Grant;
use crate::domain::channel::ChannelState;
use crate::domain::inbound::{Content, MaybeSaid, Push, Said};
use crate::domain::time::HOUR_MS;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Nobody is told more often.
const EVERY_MS: i64 = HOUR_MS;
/// WeChat waits five seconds for an answer, and the push has waited for the database already: as with automatic answers,
/// nothing is said later than this.
const IN_TIME: Duration = Duration::from_secs(4);

/// What may be said in response to one push.
pub(super) struct OffNotice {
    text: String,
    turn: Turn,
    deadline: Instant,
}

/// The notice for this push: a message that a person wrote, to a channel that is off and has something to say. A tap on
/// a menu message is none.
pub(super) fn of(channel: &Channel, push: &Push) -> Option<OffNotice> {
    let row = &channel.settings.row;
    if row.state != ChannelState::Disabled || row.off_notice.is_empty() || !push.awaited {
        return None;
    }
    match &push.content {
        Content::Message(message) if message.grant == Grant::Message => Some(OffNotice {
            text: row.off_notice.clone(),
            turn: Turn {
                channel_id: row.id,
                external_id: push.external_id.clone(),
                contact_hash: digest(&push.external_id),
                push_hash: digest(&push.dedupe_key),
                now: push.received_at,
                since: push.received_at.plus_ms(-EVERY_MS),
            },
            deadline: Instant::now() + IN_TIME,
        }),
        Content::Message(_) | Content::Event(_) => None,
    }
}

impl OffNotice {
    /// What is said, if it is this contact's turn and that is known in time.
    pub(super) async fn said(self, desk: &Desk) -> MaybeSaid {
        let channel_id = self.turn.channel_id;
        match timeout_at(self.deadline, take_turn(desk, self.turn)).await {
            Ok(Ok(true)) => Some(Arc::new(Said::notice(&self.text))),
            Ok(Ok(false)) => None,
            Ok(Err(error)) => {
                tracing::warn!(%error, channel = %channel_id, "a customer of a disabled channel is told nothing");
                None
            }
            Err(_) => {
                tracing::warn!(channel = %channel_id, "a customer of a disabled channel could not be told in time");
                None
            }
        }
    }
}

async fn take_turn(desk: &Desk, turn: Turn) -> db::Result<bool> {
    if !off_notices::is_due(&mut desk.db.read().await?, &turn).await? {
        return Ok(false);
    }
    desk.db
        .write(move |tx| {
            let turn = turn.clone();
            Box::pin(async move { off_notices::take(tx, &turn).await })
        })
        .await
}

fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}
