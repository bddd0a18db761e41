//! The last examination of each channel. One run at a time per channel, on whichever node: whoever comes while one is
//! under way gets that one.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::ChannelId;
use crate::domain::time::Time;

/// A stored examination.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ReportRow {
    /// Which run wrote it.
    pub run: String,
    /// JSON.
    pub report: String,
    /// Real time.
    pub started_at: Time,
    /// By the desk clock; `None` while it runs, and for ever when its process died.
    pub finished_at: Option<Time>,
}

/// The last one.
pub async fn find(conn: &mut Conn, id: ChannelId) -> Result<Option<ReportRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT run, report, started_at, finished_at FROM doctor_reports WHERE channel_id = $1")
        .bind(id).fetch_optional(c).await?))
}

/// Begins a run, unless one that began after `abandoned_before` is under way; whether it was begun.
pub async fn begin(tx: &mut Tx, id: ChannelId, new: &ReportRow, abandoned_before: Time) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(
        "INSERT INTO doctor_reports (channel_id, run, report, started_at, finished_at) VALUES ($1, $2, $3, $4, NULL)
         ON CONFLICT (channel_id) DO UPDATE SET
             run = excluded.run, report = excluded.report, started_at = excluded.started_at, finished_at = NULL
         WHERE doctor_reports.finished_at IS NOT NULL OR doctor_reports.started_at < $5")
        .bind(id).bind(&new.run).bind(&new.report).bind(new.started_at).bind(abandoned_before)
        .execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Writes down how far a run is; a run that another one has replaced writes nothing.
pub async fn progress(tx: &mut Tx, id: ChannelId, row: &ReportRow) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE doctor_reports SET report = $3, finished_at = $4 WHERE channel_id = $1 AND run = $2")
        .bind(id).bind(&row.run).bind(&row.report).bind(row.finished_at)
        .execute(c).await.map(|_| ())?);
    Ok(())
}
