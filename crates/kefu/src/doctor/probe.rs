//! The daily look at what an account may do, and the one after its credentials changed, so that the composer offers what
//! the account can send without anybody having opened the doctor. A job: it may run twice.

use crate::db::capabilities::{self, CapabilityRow};
use crate::db::jobs::{self, JobKind};
use crate::desk::Desk;
use crate::domain::capability::CapabilityState;
use crate::domain::channel::ChannelState;
use crate::domain::ids::ChannelId;
use crate::domain::time::{HOUR_MS, MINUTE_MS};
use crate::jobs::JobError;

/// How old a finding may be.
const DAILY_MS: i64 = 24 * HOUR_MS;
/// After new credentials the account's own lists are often still being filled in.
const SOON_MS: i64 = MINUTE_MS;

/// Asks soon. What cannot be written down now, the daily look does.
pub async fn ask_soon(desk: &Desk, id: ChannelId) {
    if let Err(error) = add(desk, id, SOON_MS).await {
        tracing::warn!(channel = %id, %error, "the account could not be noted for a look at its privileges");
    }
}

/// Notes every active channel of which nothing was found for a day.
pub(crate) async fn ask_where_due(desk: &Desk) -> crate::db::Result<()> {
    let since = desk.clock.now().plus_ms(-DAILY_MS);
    let due = capabilities::due(&mut desk.db.read().await?, since).await?;
    for id in due {
        add(desk, id, SOON_MS).await?;
    }
    Ok(())
}

async fn add(desk: &Desk, id: ChannelId, in_ms: i64) -> crate::db::Result<()> {
    if !desk.config.probe_accounts {
        return Ok(());
    }
    let wall = desk.clock.wall();
    desk.db
        .write(move |tx| {
            Box::pin(async move { jobs::add_once(tx, JobKind::ProbeAccount, id.0, in_ms, wall).await })
        })
        .await
}

/// Asks, and writes down what showed. Without a token nothing shows; the next look comes by itself.
pub(crate) async fn run(desk: &Desk, id: ChannelId) -> Result<(), JobError> {
    let entry = desk.channels.reload(id).await?;
    let Some(entry) = entry.filter(|entry| entry.settings.row.state == ChannelState::Active) else {
        return Ok(());
    };
    let Some(kind) = desk.channels.kind(&entry.settings.row.kind) else {
        return Ok(());
    };
    let diagnostician = kind.diagnostician(&entry.settings);
    match super::examine::privileges_only(&*diagnostician).await {
        Ok(shown) => {
            let now = desk.clock.now();
            let rows = shown
                .into_iter()
                .map(|(capability, (state, code))| CapabilityRow {
                    capability,
                    state,
                    code,
                    checked_at: now,
                });
            keep(desk, id, rows.collect()).await?;
        }
        Err(problem) => {
            tracing::info!(channel = %id, ?problem, "no token for a look at the account's privileges")
        }
    }
    Ok(())
}

/// Writes findings down. "Unknown" is written only where nothing is known: a busy minute must not undo a finding.
pub(super) async fn keep(desk: &Desk, id: ChannelId, rows: Vec<CapabilityRow>) -> crate::db::Result<()> {
    desk.db
        .write(move |tx| {
            let rows = rows.clone();
            Box::pin(async move {
                let known = capabilities::list(tx, id).await?;
                for row in rows {
                    let is_known = known.iter().any(|old| old.capability == row.capability);
                    if row.state != CapabilityState::Unknown || !is_known {
                        capabilities::put(tx, id, row).await?;
                    }
                }
                Ok(())
            })
        })
        .await
}
