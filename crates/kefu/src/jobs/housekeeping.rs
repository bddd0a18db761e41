//! What is forgotten after a while: events, uploads nobody sent, ended logins. Harmless on several nodes at once.

use crate::db::{Result, events, housekeeping, off_notices, quarantine, typing_signs};
use crate::desk::Desk;
use crate::doctor::probe;
use crate::domain::time::HOUR_MS;
use crate::outbound::monthly::tags;
use std::time::Duration;

/// How often.
pub(super) const EVERY: Duration = Duration::from_secs(600);
/// Events are replayed to browsers this long.
const KEEP_EVENTS_MS: i64 = 7 * 24 * HOUR_MS;
/// Uploads may be sent within 24 hours; the hour more keeps this apart from a send at the last moment.
const EXPIRE_UPLOADS_MS: i64 = 25 * HOUR_MS;
/// Their objects outlive every backup that names them by a day.
const FORGET_UPLOADS_MS: i64 = 49 * HOUR_MS;
/// Ended logins are kept for a look back.
const KEEP_LOGINS_MS: i64 = 30 * 24 * HOUR_MS;
/// Nobody is told more often than this that a channel is off.
const KEEP_OFF_NOTICES_MS: i64 = HOUR_MS;
const KEEP_LOGIN_FAILURES_MS: i64 = 24 * HOUR_MS;
/// Long after a sign has gone by itself.
const KEEP_TYPING_MS: i64 = 24 * HOUR_MS;

/// One round.
pub(super) async fn run(desk: &Desk) {
    if let Err(error) = sweep_tags(desk).await {
        tracing::warn!(%error, "tags that nothing needs could not all be removed");
    }
    if let Err(error) = round(desk).await {
        tracing::warn!(%error, "housekeeping was cut short");
    }
}

/// A quarantined desk leaves the tags of the one that may still run alone.
async fn sweep_tags(desk: &Desk) -> Result<()> {
    if quarantine::find(&mut desk.db.read().await?).await?.is_some() {
        return Ok(());
    }
    tags::sweep(desk).await
}

async fn round(desk: &Desk) -> Result<()> {
    probe::ask_where_due(desk).await?;
    let (now, wall) = (desk.clock.now(), desk.clock.wall());
    let before = now.plus_ms(-KEEP_EVENTS_MS);
    let forget = || {
        desk.db
            .write(move |tx| Box::pin(async move { events::forget_before(tx, before).await }))
    };
    while forget().await? > 0 {}
    desk.db
        .write(move |tx| {
            Box::pin(async move { housekeeping::expire_uploads(tx, now.plus_ms(-EXPIRE_UPLOADS_MS)).await })
        })
        .await?;
    let forgotten = desk
        .db
        .write(move |tx| {
            Box::pin(async move { housekeeping::forget_uploads(tx, now.plus_ms(-FORGET_UPLOADS_MS)).await })
        })
        .await?;
    for upload in forgotten {
        if let Some(key) = &upload.storage_key
            && let Err(error) = desk.media.remove(key).await
        {
            tracing::warn!(media = %upload.id, %error, "a file that nobody sent could not be removed");
        }
    }
    desk.db
        .write(move |tx| {
            Box::pin(async move { off_notices::forget_before(tx, now.plus_ms(-KEEP_OFF_NOTICES_MS)).await })
        })
        .await?;
    desk.db
        .write(move |tx| {
            Box::pin(async move {
                housekeeping::forget_logins(tx, wall.plus_ms(-KEEP_LOGINS_MS)).await?;
                housekeeping::forget_login_failures(tx, wall.plus_ms(-KEEP_LOGIN_FAILURES_MS)).await?;
                typing_signs::forget_before(tx, wall.plus_ms(-KEEP_TYPING_MS)).await
            })
        })
        .await?;
    Ok(())
}
