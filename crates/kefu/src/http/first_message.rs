//! Writes down when the first message of a channel arrived, so that the administrator who sets it up sees it at once.
//!
//! Beside the hot path: whoever pushes has their answer already, and a channel whose first message is known pays one
//! comparison. What is lost when the process dies in between is only the moment: the next message is noted instead.

use crate::channel::ReceivedPush;
use crate::channel::directory::Entry as Channel;
use crate::db::callback_marks::{self, FirstMessage};
use crate::desk::Desk;
use crate::domain::channel::ChannelState;
use crate::domain::inbound::Content;
use std::sync::atomic::Ordering;

/// What this push would be written down as, while the channel has no first message.
pub(super) fn of(channel: &Channel, received: &ReceivedPush) -> Option<FirstMessage> {
    let row = &channel.settings.row;
    if row.first_message_at.is_some() || row.state != ChannelState::Active {
        return None;
    }
    match &received.push.content {
        Content::Message(_) => Some(FirstMessage {
            channel_id: row.id,
            external_id: received.push.external_id.clone(),
            at: received.push.received_at,
        }),
        Content::Event(_) => None,
    }
}

/// Writes it down, once for each reading of the channel: a flood of pushes must not start a flood of writes.
pub(super) fn note(desk: &Desk, channel: &Channel, first: FirstMessage) {
    if channel.first_message_noted.swap(true, Ordering::Relaxed) {
        return;
    }
    let desk = desk.clone();
    tokio::spawn(async move {
        let id = first.channel_id;
        let noted = desk
            .db
            .write(move |tx| {
                let first = first.clone();
                Box::pin(async move { callback_marks::first_message(tx, &first).await })
            })
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, channel = %id, "the first message of a channel could not be written down");
        }
        // Read again: with the mark, or, where that failed, for the next message to try once more.
        desk.channels.refresh(id);
    });
}
