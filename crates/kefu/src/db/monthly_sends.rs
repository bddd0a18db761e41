//! Messages on the monthly route: how far each is, the job it became, the tag made for it, and what pushes said.

use super::allowance_ledger::Place;
use super::{Conn, Result, Tx, on};
use crate::domain::ids::{ChannelId, ContactId, ConversationId, MessageId};
use crate::domain::monthly::{MassResult, MonthlyStep};
use crate::domain::time::Time;

/// One message on the route.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MonthlyRow {
    pub message_id: MessageId,
    pub channel_id: ChannelId,
    pub conversation_id: ConversationId,
    pub contact_id: ContactId,
    pub month: i64,
    pub day: i64,
    pub step: MonthlyStep,
    /// Under which the provider recognises a repeated request.
    pub client_key: String,
    pub tag_id: Option<i64>,
    /// Whether a tag for it may exist at the provider.
    pub tag_open: bool,
    /// The provider's number of the job.
    pub job_id: Option<String>,
    /// How often its end was asked for, or the request repeated.
    pub asks: i64,
    /// When the request first may have left, by the desk clock.
    pub submitted_at: Option<Time>,
}

impl MonthlyRow {
    /// The lines its place was taken from.
    pub const fn place(&self) -> Place {
        Place {
            channel_id: self.channel_id,
            contact_id: self.contact_id,
            month: self.month,
            day: self.day,
        }
    }
}

/// Puts a message on the route, or on it again.
pub async fn reserve(
    tx: &mut Tx,
    message: MessageId,
    conversation: ConversationId,
    place: Place,
    client_key: &str,
) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO monthly_sends (message_id, channel_id, conversation_id, contact_id, month, day, step, client_key,
             tag_open, asks)
         VALUES ($1, $2, $3, $4, $5, $6, 'reserved', $7, $8, 0)
         ON CONFLICT (message_id) DO UPDATE SET month = excluded.month, day = excluded.day, step = excluded.step,
             client_key = excluded.client_key, job_id = NULL, asks = 0, submitted_at = NULL")
        .bind(message).bind(place.channel_id).bind(conversation).bind(place.contact_id)
        .bind(place.month).bind(place.day).bind(client_key).bind(false)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// The row of a message that was ever on the route.
pub async fn find(conn: &mut Conn, message: MessageId) -> Result<Option<MonthlyRow>> {
    Ok(
        on!(conn, c => sqlx::query_as("SELECT * FROM monthly_sends WHERE message_id = $1")
        .bind(message).fetch_optional(c).await?),
    )
}

/// The message of a job.
pub async fn find_by_job(conn: &mut Conn, channel: ChannelId, job: &str) -> Result<Option<MonthlyRow>> {
    Ok(
        on!(conn, c => sqlx::query_as("SELECT * FROM monthly_sends WHERE channel_id = $1 AND job_id = $2")
        .bind(channel).bind(job).fetch_optional(c).await?),
    )
}

/// A tag is about to be made.
pub async fn tag_may_exist(tx: &mut Tx, message: MessageId) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE monthly_sends SET tag_open = $2 WHERE message_id = $1")
        .bind(message).bind(true).execute(c).await.map(|_| ())?);
    Ok(())
}

/// The tag is gone.
pub async fn tag_is_gone(tx: &mut Tx, message: MessageId) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE monthly_sends SET tag_open = $2, tag_id = NULL WHERE message_id = $1")
        .bind(message).bind(false).execute(c).await.map(|_| ())?);
    Ok(())
}

/// The request may be written from now on. The place is that of the month in which it leaves.
pub async fn submitting(tx: &mut Tx, row: &MonthlyRow, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE monthly_sends SET step = 'submitting', tag_id = $2, month = $3, day = $4,
             submitted_at = COALESCE(submitted_at, $5)
         WHERE message_id = $1")
        .bind(row.message_id).bind(row.tag_id).bind(row.month).bind(row.day).bind(now)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// For certain nothing was taken: as before the request.
pub async fn not_submitted(tx: &mut Tx, message: MessageId) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE monthly_sends SET step = 'reserved', submitted_at = NULL
         WHERE message_id = $1 AND step = 'submitting'")
        .bind(message).execute(c).await.map(|_| ())?);
    Ok(())
}

/// The provider has taken it as this job. A fact, whoever holds the lease by now.
pub async fn submitted(tx: &mut Tx, message: MessageId, job: &str) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE monthly_sends SET step = 'submitted', job_id = $2, asks = 0
         WHERE message_id = $1 AND step = 'submitting'")
        .bind(message).bind(job).execute(c).await.map(|_| ())?);
    Ok(())
}

/// A message given up as unknown is taken up again, with the place and the key it has: asked for where it became a job,
/// requested again where nobody knows. False when WeChat would no longer know the key.
pub async fn take_up(tx: &mut Tx, message: MessageId, known_since: Time) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(
        "UPDATE monthly_sends SET asks = 0, step = CASE WHEN job_id IS NULL THEN 'submitting' ELSE 'submitted' END
         WHERE message_id = $1 AND submitted_at > $2")
        .bind(message).bind(known_since)
        .execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Its end was asked for once more, or the request repeated.
pub async fn asked(tx: &mut Tx, message: MessageId) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE monthly_sends SET asks = asks + 1 WHERE message_id = $1")
        .bind(message).execute(c).await.map(|_| ())?);
    Ok(())
}

/// It has left, failed or stays unknown.
pub async fn ended(tx: &mut Tx, message: MessageId) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE monthly_sends SET step = 'ended' WHERE message_id = $1")
        .bind(message).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Channels that have tags of ours which nothing needs any more, or have used the route since `since`.
pub async fn channels_to_sweep(conn: &mut Conn, since: Time) -> Result<Vec<ChannelId>> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT DISTINCT s.channel_id FROM monthly_sends s
         JOIN channels ch ON ch.id = s.channel_id AND ch.state <> 'deleted'
         WHERE (s.tag_open AND s.step = 'ended') OR s.submitted_at > $1 ORDER BY s.channel_id")
        .bind(since).fetch_all(c).await?))
}

/// Whether a tag of ours may be at the provider.
pub async fn has_open_tags(conn: &mut Conn, channel: ChannelId) -> Result<bool> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM monthly_sends WHERE channel_id = $1 AND (tag_open OR step <> 'ended'))")
        .bind(channel).fetch_one(c).await?))
}

/// Whether a message still needs its tag.
pub async fn needs_tag(conn: &mut Conn, message: MessageId) -> Result<bool> {
    let step: Option<MonthlyStep> = on!(conn, c => sqlx::query_scalar(
        "SELECT step FROM monthly_sends WHERE message_id = $1")
        .bind(message).fetch_optional(c).await?);
    Ok(step.is_some_and(|step| step != MonthlyStep::Ended))
}

#[derive(sqlx::FromRow)]
struct ResultRow {
    status: String,
    total: i64,
    filtered: i64,
    sent: i64,
    errors: i64,
}

/// Keeps what a push said about a job; the first word holds.
pub async fn put_result(tx: &mut Tx, channel: ChannelId, result: &MassResult, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO monthly_results (channel_id, job_id, status, total, filtered, sent, errors, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (channel_id, job_id) DO NOTHING")
        .bind(channel).bind(&result.job_id).bind(&result.status)
        .bind(result.total).bind(result.filtered).bind(result.sent).bind(result.errors).bind(now)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// What a push said about a job.
pub async fn find_result(conn: &mut Conn, channel: ChannelId, job: &str) -> Result<Option<MassResult>> {
    let row: Option<ResultRow> = on!(conn, c => sqlx::query_as(
        "SELECT status, total, filtered, sent, errors FROM monthly_results WHERE channel_id = $1 AND job_id = $2")
        .bind(channel).bind(job).fetch_optional(c).await?);
    Ok(row.map(|row| MassResult {
        job_id: job.to_owned(),
        status: row.status,
        total: row.total,
        filtered: row.filtered,
        sent: row.sent,
        errors: row.errors,
    }))
}

/// Something was heard: whoever waits for this message, or for a request of this channel without an answer, looks now.
pub async fn look_now(tx: &mut Tx, channel: ChannelId, message: Option<MessageId>, wall: Time) -> Result<()> {
    let now = super::sending::lease_time(tx, wall).await?;
    on!(tx, c => sqlx::query(
        "UPDATE outbox SET next_try_at = $3
         WHERE lease_owner IS NULL AND next_try_at > $3 AND message_id IN (
             SELECT s.message_id FROM monthly_sends s
             WHERE s.channel_id = $1 AND (s.message_id = $2 OR ($2 IS NULL AND s.step = 'submitting')))")
        .bind(channel).bind(message).bind(now)
        .execute(c).await.map(|_| ())?);
    tx.ring_outbox();
    Ok(())
}

/// What pushes said is forgotten after a while.
pub async fn forget_results(tx: &mut Tx, before: Time) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM monthly_results WHERE received_at < $1")
        .bind(before).execute(c).await.map(|_| ())?);
    Ok(())
}
