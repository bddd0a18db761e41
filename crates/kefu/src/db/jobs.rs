//! Background work: what is to be done, when, and who is at it. Every kind asks the provider, so nothing is due while the
//! desk is quarantined. Times are real time: the database's on PostgreSQL.

use super::lease::{due, lease_time};
use super::{Result, Tx, on};
use crate::domain::text_enum::text_enum;
use crate::domain::time::Time;

text_enum!(
/// What a job does; `subject_id` is the number of what it does it to.
JobKind {
    /// Fetches an inbound file; subject: the media row.
    DownloadMedia = "download_media",
    /// Asks WeChat what an account may do; subject: the channel.
    ProbeAccount = "probe_account",
    /// Asks the provider to put a contact on its blacklist, or to take them off; subject: the contact.
    Blacklist = "blacklist",
    /// Fetches the 16 kHz variant of an inbound voice; subject: the media row of the voice.
    DownloadHdVoice = "download_hd_voice",
    /// Removes the tag of a monthly message; subject: the message.
    RemoveMassTag = "remove_mass_tag",
    /// Wipes the secret of a deleted channel once its tags are gone; subject: the channel.
    WipeSecret = "wipe_secret",
});

/// A claimed job.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct JobRow {
    /// Its number.
    pub id: i64,
    /// A word of [`JobKind`].
    pub kind: String,
    /// What it is about.
    pub subject_id: i64,
    /// Tries before this one.
    pub tries: i64,
}

/// Adds a job that is due at once, and wakes the runner after the commit.
pub async fn add(tx: &mut Tx, kind: JobKind, subject_id: i64) -> Result<()> {
    on!(tx, c => sqlx::query("INSERT INTO jobs (kind, subject_id, run_at, tries) VALUES ($1, $2, 0, 0)")
        .bind(kind.as_str()).bind(subject_id).execute(c).await.map(|_| ())?);
    tx.ring_jobs();
    Ok(())
}

/// Whether an older job of this kind about the same thing is not done yet.
pub async fn has_older(conn: &mut super::Conn, kind: JobKind, subject_id: i64, id: i64) -> Result<bool> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM jobs WHERE kind = $1 AND subject_id = $2 AND id < $3)")
        .bind(kind.as_str()).bind(subject_id).bind(id).fetch_one(c).await?))
}

/// Adds a job that may run in `in_ms`, unless the same one waits already.
pub async fn add_once(tx: &mut Tx, kind: JobKind, subject_id: i64, in_ms: i64, wall: Time) -> Result<()> {
    let run_at = lease_time(tx, wall).await?.plus_ms(in_ms);
    on!(tx, c => sqlx::query(
        "INSERT INTO jobs (kind, subject_id, run_at, tries)
         SELECT $1, $2, $3, 0 WHERE NOT EXISTS (
             SELECT 1 FROM jobs WHERE kind = $1 AND subject_id = $2 AND lease_owner IS NULL)")
        .bind(kind.as_str()).bind(subject_id).bind(run_at)
        .execute(c).await.map(|_| ())?);
    tx.ring_jobs();
    Ok(())
}

/// Leases up to `limit` due jobs for `lease_ms`.
pub async fn claim(tx: &mut Tx, owner: &str, wall: Time, lease_ms: i64, limit: i64) -> Result<Vec<JobRow>> {
    let now = lease_time(tx, wall).await?;
    let rows: Vec<JobRow> = due!(
        tx,
        "SELECT id, kind, subject_id, tries FROM jobs
         WHERE run_at <= $1 AND (lease_until IS NULL OR lease_until < $1)
           AND NOT EXISTS (SELECT 1 FROM installation WHERE quarantined_since IS NOT NULL)
         ORDER BY run_at, id LIMIT $2",
        "jobs",
        now,
        limit
    );
    for row in &rows {
        on!(tx, c => sqlx::query("UPDATE jobs SET lease_owner = $2, lease_until = $3, tries = tries + 1 WHERE id = $1")
            .bind(row.id).bind(owner).bind(now.plus_ms(lease_ms))
            .execute(c).await.map(|_| ())?);
    }
    Ok(rows)
}

/// When the next job may run: one that waits, or one whose lease runs out because its owner is gone.
pub async fn next_run(conn: &mut super::Conn) -> Result<Option<Time>> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT MIN(at) FROM (
             SELECT MIN(run_at) AS at FROM jobs WHERE lease_until IS NULL
             UNION ALL SELECT MIN(lease_until) + 1 FROM jobs WHERE lease_until IS NOT NULL) due
         WHERE NOT EXISTS (SELECT 1 FROM installation WHERE quarantined_since IS NOT NULL)")
        .fetch_one(c).await?))
}

/// A job is done, or will never be.
pub async fn remove(tx: &mut Tx, id: i64, owner: &str) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM jobs WHERE id = $1 AND lease_owner = $2")
        .bind(id).bind(owner).execute(c).await.map(|_| ())?);
    Ok(())
}

/// A job is to be tried again.
pub async fn again(tx: &mut Tx, id: i64, owner: &str, in_ms: i64, error: &str, wall: Time) -> Result<()> {
    let run_at = lease_time(tx, wall).await?.plus_ms(in_ms);
    on!(tx, c => sqlx::query(
        "UPDATE jobs SET run_at = $3, lease_owner = NULL, lease_until = NULL, last_error = $4
         WHERE id = $1 AND lease_owner = $2")
        .bind(id).bind(owner).bind(run_at).bind(error)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Frees every lease: on SQLite, at the start, their owner is dead.
pub async fn free_all(tx: &mut Tx) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE jobs SET lease_owner = NULL, lease_until = NULL WHERE lease_owner IS NOT NULL")
        .execute(c).await.map(|_| ())?);
    Ok(())
}
