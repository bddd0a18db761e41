//! A deleted channel keeps its secret as long as a tag of ours may be at the provider: without it nobody could remove
//! that. At most for a day; a secret that no longer works must not be kept for ever.

use super::JobError;
use crate::db::{channel_writes, channels, monthly_sends};
use crate::desk::Desk;
use crate::domain::channel::ChannelState;
use crate::domain::ids::ChannelId;
use crate::domain::time::HOUR_MS;

const KEEP_MS: i64 = 24 * HOUR_MS;

/// Wipes it, or asks to be run again.
pub(super) async fn run(desk: &Desk, id: ChannelId) -> Result<(), JobError> {
    let now = desk.clock.now();
    let found = channels::find(&mut desk.db.read().await?, id).await?;
    let Some(row) = found.filter(|row| row.state == ChannelState::Deleted && row.app_secret.is_some()) else {
        return Ok(());
    };
    if monthly_sends::has_open_tags(&mut desk.db.read().await?, id).await? {
        if row.deleted_at.is_some_and(|at| now.since_ms(at) < KEEP_MS) {
            return Err(JobError::Retry(
                "tags of the channel are still to be removed".to_owned(),
            ));
        }
        tracing::warn!(channel = %id, "tags of a deleted channel could not be removed; its secret is wiped all the same");
    }
    desk.db
        .write(move |tx| Box::pin(async move { channel_writes::wipe_secret(tx, id, now).await }))
        .await?;
    Ok(())
}
