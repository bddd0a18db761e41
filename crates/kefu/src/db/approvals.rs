//! Followers of an enterprise account: approved, declined, or waiting; and taking their conversations out of sight and
//! back. Whatever changes sight writes the conversation's row, so that PostgreSQL's writers forget what they remember.

use super::{Conn, Either, Result, Tx, on};
use crate::domain::channel::{AccountKind, ChannelState};
use crate::domain::ids::{ChannelId, ContactId, ConversationId, TicketId};
use crate::domain::message::MessageKind;
use crate::domain::text_enum::text_enum;
use crate::domain::time::Time;

text_enum!(
    /// Where a follower stands.
    ApprovalState { Pending = "pending", Approved = "approved", Declined = "declined" });

/// A follower with the end of their conversation.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ApprovalRow {
    pub id: ContactId,
    pub channel_id: ChannelId,
    pub name: String,
    pub external_id: String,
    pub state: ApprovalState,
    pub created_at: Time,
    pub conversation_id: Option<ConversationId>,
    pub unread_count: Option<i64>,
    pub last_message_kind: Option<MessageKind>,
    pub last_message_text: Option<String>,
    pub last_message_at: Option<Time>,
}

macro_rules! followers {
    ($rest:literal) => {
        concat!(
            "SELECT ct.id, ct.channel_id, ct.name, ct.external_id, ct.created_at,
                CASE WHEN ct.approved THEN 'approved' WHEN ct.declined_at IS NOT NULL THEN 'declined'
                    ELSE 'pending' END AS state,
                cv.id AS conversation_id, cv.unread_count, cv.last_message_kind, cv.last_message_text, cv.last_message_at
             FROM contacts ct LEFT JOIN conversations cv ON cv.contact_id = ct.id ",
            $rest
        )
    };
}

/// One follower.
pub async fn find(conn: &mut Conn, id: ContactId) -> Result<Option<ApprovalRow>> {
    Ok(on!(conn, c => sqlx::query_as(followers!("WHERE ct.id = $1")).bind(id).fetch_optional(c).await?))
}

/// Followers in this state with an id less than `before`, the newest first; one more than `limit`. Who no longer follows
/// and never wrote is not listed, nor is who was erased.
pub async fn list(
    conn: &mut Conn,
    channel_id: ChannelId,
    state: ApprovalState,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<ApprovalRow>> {
    Ok(on!(conn, c => sqlx::query_as(followers!(
            "WHERE ct.channel_id = $1 AND ct.id < $2 AND ct.anonymised_at IS NULL AND ct.erased_at IS NULL
                AND (cv.id IS NOT NULL OR ct.unsubscribed_at IS NULL)
                AND CASE WHEN ct.approved THEN 'approved' WHEN ct.declined_at IS NOT NULL THEN 'declined'
                    ELSE 'pending' END = $3
             ORDER BY ct.id DESC LIMIT $4"))
        .bind(channel_id).bind(before.unwrap_or(i64::MAX)).bind(state.as_str()).bind(limit + 1).fetch_all(c).await?))
}

/// How many followers are in each state.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Counts {
    pub pending: i64,
    pub approved: i64,
    pub declined: i64,
}

/// Counts them as [`list`] lists them.
pub async fn counts(conn: &mut Conn, channel_id: ChannelId) -> Result<Counts> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT COUNT(CASE WHEN NOT ct.approved AND ct.declined_at IS NULL THEN 1 END) AS pending,
                COUNT(CASE WHEN ct.approved THEN 1 END) AS approved,
                COUNT(CASE WHEN NOT ct.approved AND ct.declined_at IS NOT NULL THEN 1 END) AS declined
         FROM contacts ct LEFT JOIN conversations cv ON cv.contact_id = ct.id
         WHERE ct.channel_id = $1 AND ct.anonymised_at IS NULL AND ct.erased_at IS NULL
            AND (cv.id IS NOT NULL OR ct.unsubscribed_at IS NULL)")
        .bind(channel_id).fetch_one(c).await?))
}

/// A follower with what a verdict needs.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct JudgedRow {
    pub channel_id: ChannelId,
    pub channel_state: ChannelState,
    pub account_kind: AccountKind,
}

/// The follower; their conversation is locked where there is one.
pub async fn lock(tx: &mut Tx, id: ContactId) -> Result<Option<JudgedRow>> {
    if let Either::Postgres(c) = tx.either() {
        sqlx::query("SELECT id FROM conversations WHERE contact_id = $1 FOR UPDATE")
            .bind(id)
            .execute(c)
            .await?;
    }
    Ok(on!(tx, c => sqlx::query_as(
        "SELECT ct.channel_id, ch.state AS channel_state, ch.account_kind
         FROM contacts ct JOIN channels ch ON ch.id = ct.channel_id WHERE ct.id = $1")
        .bind(id).fetch_optional(c).await?))
}

/// Writes where the follower stands. A batch that is making their conversation waits for this, or is waited for.
pub async fn set(tx: &mut Tx, id: ContactId, approved: bool, declined_at: Option<Time>) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE contacts SET approved = $2, declined_at = $3, version = version + 1 WHERE id = $1")
        .bind(id).bind(approved).bind(declined_at).execute(c).await.map(|_| ())?);
    Ok(())
}

/// A conversation whose sight changed.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct ShownRow {
    pub id: ConversationId,
    pub ticket_id: Option<TicketId>,
    pub department_id: crate::domain::ids::DepartmentId,
}

/// The follower's conversation, where there is one.
pub async fn conversation(conn: &mut Conn, id: ContactId) -> Result<Option<ShownRow>> {
    Ok(
        on!(conn, c => sqlx::query_as("SELECT id, ticket_id, department_id FROM conversations WHERE contact_id = $1")
        .bind(id).fetch_optional(c).await?),
    )
}

/// Takes a conversation out of sight, and off its assignee; or brings it back.
pub async fn set_pending(tx: &mut Tx, row: &ShownRow, pending: bool) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE conversations SET pending = $2, assignee_id = CASE WHEN $2 THEN NULL ELSE assignee_id END WHERE id = $1")
        .bind(row.id).bind(pending).execute(c).await.map(|_| ())?);
    if pending {
        on!(tx, c => sqlx::query("UPDATE tickets SET assignee_id = NULL, version = version + 1 WHERE id = $1")
            .bind(row.ticket_id).execute(c).await.map(|_| ())?);
    }
    Ok(())
}

/// The account becomes one that approves: everybody who is known is let in, so that nothing disappears.
pub async fn approve_everybody(tx: &mut Tx, channel_id: ChannelId) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE contacts SET approved = $2, version = version + 1 WHERE channel_id = $1")
        .bind(channel_id).bind(true).execute(c).await.map(|_| ())?);
    Ok(())
}

/// The account no longer approves: every verdict is forgotten, and what waited appears, with an event for each.
pub async fn forget_verdicts(tx: &mut Tx, channel_id: ChannelId, now: Time) -> Result<()> {
    if let Either::Postgres(c) = tx.either() {
        sqlx::query("SELECT id FROM conversations WHERE channel_id = $1 AND pending ORDER BY id FOR UPDATE")
            .bind(channel_id)
            .execute(c)
            .await?;
    }
    on!(tx, c => sqlx::query(
        "INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
         SELECT 'conversation', id, id, channel_id, department_id, CAST($2 AS BIGINT) FROM conversations
         WHERE channel_id = $1 AND pending")
        .bind(channel_id).bind(now).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query("UPDATE conversations SET pending = $2 WHERE channel_id = $1 AND pending")
        .bind(channel_id).bind(false).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query(
        "UPDATE contacts SET approved = $2, declined_at = NULL, version = version + 1
         WHERE channel_id = $1 AND (approved OR declined_at IS NOT NULL)")
        .bind(channel_id).bind(false).execute(c).await.map(|_| ())?);
    Ok(())
}
