//! The tag of one message: its name says whose it is, so that it is found again whatever was lost in between.

use crate::channel::SendError;
use crate::channel::broadcast::Broadcaster;
use crate::db::channels::ChannelRow;
use crate::db::{Result, monthly_sends};
use crate::desk::Desk;
use crate::domain::ids::MessageId;

/// How much of the callback key tells this desk's tags from those of another desk on the same account.
const KEY_CHARS: usize = 8;

/// What the names of all tags of this channel begin with.
pub(super) fn prefix(channel: &ChannelRow) -> String {
    let key: String = channel.callback_key.chars().take(KEY_CHARS).collect();
    format!("kefu-{key}-")
}

/// The name of a message's tag.
pub(super) fn name(channel: &ChannelRow, message: MessageId) -> String {
    format!("{}{}", prefix(channel), message.0)
}

/// The message whose tag has this name.
pub(super) fn message_of(channel: &ChannelRow, name: &str) -> Option<MessageId> {
    name.strip_prefix(&prefix(channel))?.parse().ok().map(MessageId)
}

/// Makes the tag with only this person in it. What is about to exist is on disk before.
pub(super) async fn gather(
    desk: &Desk,
    broadcaster: &dyn Broadcaster,
    channel: &ChannelRow,
    message: MessageId,
    to: &str,
) -> Result<std::result::Result<i64, SendError>> {
    desk.db
        .write(move |tx| Box::pin(monthly_sends::tag_may_exist(tx, message)))
        .await?;
    Ok(broadcaster.gather(name(channel, message), to.to_owned()).await)
}
