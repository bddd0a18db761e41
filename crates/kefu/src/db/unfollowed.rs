//! What a person who unfollowed leaves behind: whose turn it is, taking the person off, and erasing in small steps.
//! What is done here is decided in `actions::forget`.

use super::{Conn, Either, Result, Tx, on, search};
use crate::domain::channel::UnfollowPolicy;
use crate::domain::ids::{
    ChannelId, ContactId, ConversationId, DeadLetterId, DepartmentId, MediaId, MessageId, TicketId,
};
use crate::domain::time::Time;

/// Contacts whose privacy policy is due at `now`, those who waited longest first. `grace_ms`: nothing is done sooner
/// after an unfollow, because WeChat may still repeat a push.
pub async fn due(conn: &mut Conn, now: Time, grace_ms: i64, limit: i64) -> Result<Vec<ContactId>> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT ct.id FROM channels ch JOIN contacts ct ON ct.channel_id = ch.id
         WHERE ct.unsubscribed_at IS NOT NULL AND ct.erased_at IS NULL AND ct.unsubscribed_at <= $1 - $2
           AND ((ch.unfollow_policy = 'anonymise' AND ct.anonymised_at IS NULL)
             OR (ch.unfollow_policy = 'erase' AND ct.unsubscribed_at <= $1 - ch.unfollow_days * 86400000))
         ORDER BY ct.unsubscribed_at, ct.id LIMIT $3")
        .bind(now).bind(grace_ms).bind(limit).fetch_all(c).await?))
}

/// Contacts whose erasing is under way.
pub async fn erasing(conn: &mut Conn, limit: i64) -> Result<Vec<ContactId>> {
    Ok(
        on!(conn, c => sqlx::query_scalar("SELECT id FROM contacts WHERE erasing ORDER BY id LIMIT $1")
        .bind(limit).fetch_all(c).await?),
    )
}

/// A contact as the policy looks at it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LeftRow {
    pub channel_id: ChannelId,
    pub external_id: String,
    pub unsubscribed_at: Option<Time>,
    pub anonymised_at: Option<Time>,
    pub erased_at: Option<Time>,
    pub erasing: bool,
    pub unfollow_policy: UnfollowPolicy,
    pub unfollow_days: i64,
    pub conversation_id: Option<ConversationId>,
    pub department_id: Option<DepartmentId>,
}

/// The contact, locked with their conversation: a push of theirs waits, or has changed what is read here.
pub async fn lock(tx: &mut Tx, id: ContactId) -> Result<Option<LeftRow>> {
    if let Either::Postgres(c) = tx.either() {
        sqlx::query("SELECT id FROM conversations WHERE contact_id = $1 FOR UPDATE")
            .bind(id)
            .execute(&mut *c)
            .await?;
        sqlx::query("SELECT id FROM contacts WHERE id = $1 FOR UPDATE")
            .bind(id)
            .execute(c)
            .await?;
    }
    Ok(on!(tx, c => sqlx::query_as(
        "SELECT ct.channel_id, ct.external_id, ct.unsubscribed_at, ct.anonymised_at, ct.erased_at, ct.erasing,
            ch.unfollow_policy, ch.unfollow_days, cv.id AS conversation_id, cv.department_id
         FROM contacts ct JOIN channels ch ON ch.id = ct.channel_id
         LEFT JOIN conversations cv ON cv.contact_id = ct.id WHERE ct.id = $1")
        .bind(id).fetch_optional(c).await?))
}

/// What stands for the person from now on.
#[derive(Debug, Clone)]
pub struct Nobody {
    /// Instead of their id at the provider; unique.
    pub external_id: String,
    /// Instead of their name.
    pub alias: String,
    /// What the policy said.
    pub policy: UnfollowPolicy,
    /// When.
    pub at: Time,
}

/// Takes the person off the contact: nobody can be recognised by it any more.
pub async fn take_off(tx: &mut Tx, id: ContactId, nobody: &Nobody) -> Result<()> {
    let erase = nobody.policy == UnfollowPolicy::Erase;
    on!(tx, c => sqlx::query(
        "UPDATE contacts SET external_id = $2, name = $3, alias = $3, union_id = NULL, version = version + 1,
            anonymised_at = COALESCE(anonymised_at, $4), erased_at = CASE WHEN $5 THEN $4 ELSE erased_at END, erasing = $5
         WHERE id = $1")
        .bind(id)
        .bind(&nobody.external_id)
        .bind(&nobody.alias)
        .bind(nobody.at)
        .bind(erase)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Keys of stored pushes contain the person's id: they get others. The pushes are no longer repeated.
pub async fn replace_keys(tx: &mut Tx, id: ContactId) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE messages SET dedupe_key = NULL
         WHERE conversation_id = (SELECT id FROM conversations WHERE contact_id = $1) AND dedupe_key IS NOT NULL")
        .bind(id).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query(
        "UPDATE contact_events SET dedupe_key = 'a:' || CAST(id AS TEXT), data = NULL WHERE contact_id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Deletes unreadable pushes of the channel that name the person, and says which they were.
pub async fn delete_letters(
    tx: &mut Tx,
    channel_id: ChannelId,
    external_id: &str,
) -> Result<Vec<DeadLetterId>> {
    Ok(match tx.either() {
        Either::Sqlite(c) => {
            sqlx::query_scalar(
                "DELETE FROM dead_letters WHERE channel_id = $1 AND instr(body, $2) > 0 RETURNING id",
            )
            .bind(channel_id)
            .bind(external_id.as_bytes())
            .fetch_all(c)
            .await?
        }
        Either::Postgres(c) => sqlx::query_scalar(
            "DELETE FROM dead_letters WHERE channel_id = $1 AND position($2::bytea in body) > 0 RETURNING id",
        )
        .bind(channel_id)
        .bind(external_id.as_bytes())
        .fetch_all(c)
        .await?,
    })
}

/// Blanks what is shown of the conversation in lists, and the subjects of its tickets, and fetches no file any more;
/// answers the tickets.
pub async fn blank(tx: &mut Tx, id: ConversationId) -> Result<Vec<TicketId>> {
    on!(tx, c => sqlx::query(
        "UPDATE conversations SET last_message_text = '', unread_count = 0, waiting_since = NULL WHERE id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    // A download that is under way must not put a file where nobody looks for it any more.
    on!(tx, c => sqlx::query(
        "UPDATE media SET state = 'expired' WHERE state = 'pending' AND id IN (
             SELECT media_id FROM messages WHERE conversation_id = $1 AND media_id IS NOT NULL)")
        .bind(id).execute(c).await.map(|_| ())?);
    Ok(on!(tx, c => sqlx::query_scalar(
        "UPDATE tickets SET subject = '', version = version + 1 WHERE conversation_id = $1 RETURNING id")
        .bind(id).fetch_all(c).await?))
}

/// A message that is to be erased, with its file.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DoomedRow {
    pub id: MessageId,
    pub media_id: Option<MediaId>,
}

/// The oldest messages of the contact.
pub async fn oldest_messages(conn: &mut Conn, id: ContactId, limit: i64) -> Result<Vec<DoomedRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT m.id, m.media_id FROM messages m JOIN conversations cv ON cv.id = m.conversation_id
         WHERE cv.contact_id = $1 ORDER BY m.seq LIMIT $2")
        .bind(id).bind(limit).fetch_all(c).await?))
}

/// A file with what belongs to it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DoomedFile {
    pub id: MediaId,
    pub storage_key: Option<String>,
}

/// The file, the small picture that goes with a video, and the clearer variant of a voice.
pub async fn files(conn: &mut Conn, id: MediaId) -> Result<Vec<DoomedFile>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT id, storage_key FROM media
         WHERE id = $1 OR id IN (SELECT thumb_media_id FROM media WHERE id = $1)
            OR id IN (SELECT hd_media_id FROM media WHERE id = $1)")
        .bind(id).fetch_all(c).await?))
}

/// Deletes a message with its tries and files' rows. Its ticket counts it.
pub async fn delete_message(tx: &mut Tx, id: MessageId, files: &[MediaId]) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM outbox WHERE message_id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query("DELETE FROM attempts WHERE message_id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    let ticket: Option<Option<TicketId>> = on!(tx, c => sqlx::query_scalar(
        "DELETE FROM messages WHERE id = $1 RETURNING CASE WHEN direction <> 'internal' THEN ticket_id END")
        .bind(id).fetch_optional(c).await?);
    search::forget_message(tx, id).await?;
    if let Some(ticket) = ticket.flatten() {
        on!(tx, c => sqlx::query("UPDATE tickets SET erased_messages = erased_messages + 1 WHERE id = $1")
            .bind(ticket).execute(c).await.map(|_| ())?);
    }
    for file in files {
        on!(tx, c => sqlx::query("DELETE FROM media WHERE id = $1")
            .bind(*file).execute(c).await.map(|_| ())?);
    }
    Ok(())
}

/// Deletes what the contact did and wrote of surveys, and what they used of the monthly messages. Scores stay, for
/// statistics.
pub async fn delete_traces(tx: &mut Tx, id: ContactId) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM contact_events WHERE contact_id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query(
        "UPDATE surveys SET comment = NULL
         WHERE conversation_id IN (SELECT id FROM conversations WHERE contact_id = $1)")
        .bind(id).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query("DELETE FROM allowance_ledger WHERE contact_id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Nothing is left to erase; `false` when that was written down before.
pub async fn finish(tx: &mut Tx, id: ContactId) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query("UPDATE contacts SET erasing = $2 WHERE id = $1 AND erasing")
        .bind(id).bind(false).execute(c).await?.rows_affected());
    Ok(rows == 1)
}
