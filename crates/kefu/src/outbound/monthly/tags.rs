//! Tags that were made are removed, whatever happened in between: by a job after each message, and by a sweep that
//! looks at WeChat itself.

use super::gather::{message_of, name, prefix};
use crate::channel::Class;
use crate::channel::SendError;
use crate::channel::broadcast::Audience;
use crate::channel::directory::Entry;
use crate::db::monthly_sends::{self, MonthlyRow};
use crate::db::{self};
use crate::desk::Desk;
use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::monthly::MonthlyStep;
use crate::domain::time::HOUR_MS;
use crate::jobs::JobError;

/// The sweep looks at channels that used the route within this time.
const SWEEP_MS: i64 = 48 * HOUR_MS;
/// What pushes said about jobs is kept this long.
const KEEP_RESULTS_MS: i64 = 7 * 24 * HOUR_MS;

/// Removes the tag of one message that has ended.
pub(crate) async fn remove(desk: &Desk, message: MessageId) -> Result<(), JobError> {
    let row = monthly_sends::find(&mut desk.db.read().await?, message).await?;
    let Some(row) = row.filter(|row| row.tag_open && row.step == MonthlyStep::Ended) else {
        return Ok(());
    };
    let entry = desk.channels.by_id(row.channel_id).await?;
    let Some(entry) = entry else { return Ok(()) };
    let removed = match removal(&entry, &row).await {
        Ok(()) => Ok(()),
        // Without secrets nothing can be removed any more: the channel was deleted.
        Err(error) if error.class == Class::Final && entry.settings.app_secret.is_none() => Ok(()),
        Err(error) => Err(JobError::Retry(error.reason)),
    };
    if removed.is_ok() {
        desk.db
            .write(move |tx| Box::pin(monthly_sends::tag_is_gone(tx, message)))
            .await?;
    }
    removed
}

/// By its number; by its name where the number was lost.
async fn removal(entry: &Entry, row: &MonthlyRow) -> Result<(), SendError> {
    let Some(broadcaster) = &entry.broadcaster else {
        return Ok(());
    };
    if let Some(id) = row.tag_id {
        return broadcaster.dissolve(id).await;
    }
    let name = name(&entry.settings.row, row.message_id);
    for audience in broadcaster.audiences(name.clone()).await? {
        if audience.name == name {
            broadcaster.dissolve(audience.id).await?;
        }
    }
    Ok(())
}

/// Removes every tag of ours that no message needs. Errors are for the next round.
pub(crate) async fn sweep(desk: &Desk) -> db::Result<()> {
    let now = desk.clock.now();
    let before = now.plus_ms(-KEEP_RESULTS_MS);
    desk.db
        .write(move |tx| Box::pin(monthly_sends::forget_results(tx, before)))
        .await?;
    let since = now.plus_ms(-SWEEP_MS);
    let channels = monthly_sends::channels_to_sweep(&mut desk.db.read().await?, since).await?;
    for channel in channels {
        sweep_channel(desk, channel).await?;
    }
    Ok(())
}

async fn sweep_channel(desk: &Desk, channel: ChannelId) -> db::Result<()> {
    let Some(entry) = desk.channels.by_id(channel).await? else {
        return Ok(());
    };
    let Some(broadcaster) = &entry.broadcaster else {
        return Ok(());
    };
    match broadcaster.audiences(prefix(&entry.settings.row)).await {
        Ok(tags) => {
            for tag in tags {
                sweep_tag(desk, &entry, tag).await?;
            }
        }
        Err(error) => tracing::info!(%channel, reason = error.reason, "tags could not be looked at"),
    }
    Ok(())
}

async fn sweep_tag(desk: &Desk, entry: &Entry, tag: Audience) -> db::Result<()> {
    let (Some(broadcaster), Some(message)) = (&entry.broadcaster, message_of(&entry.settings.row, &tag.name))
    else {
        return Ok(());
    };
    if monthly_sends::needs_tag(&mut desk.db.read().await?, message).await? {
        return Ok(());
    }
    match broadcaster.dissolve(tag.id).await {
        Ok(()) => {
            desk.db
                .write(move |tx| Box::pin(monthly_sends::tag_is_gone(tx, message)))
                .await
        }
        Err(error) => {
            tracing::info!(tag = tag.id, reason = error.reason, "a tag could not be removed");
            Ok(())
        }
    }
}
