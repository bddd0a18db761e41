//! What the preview of a ticket timer is made of: lately active conversations, when customers wrote in them, and when
//! their tickets were closed, opened again or made by hand. Bounded: so many conversations, so far back in each.

use super::preferences::Pair;
use super::{Conn, Result, on};
use crate::domain::ids::ConversationId;
use crate::domain::time::Time;

/// Conversations that are looked at, those that were active last first.
pub const CONVERSATIONS: i64 = 500;
/// The newest messages of each that are looked at.
pub const MESSAGES_EACH: i64 = 300;

/// A conversation that is looked at.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct ActiveRow {
    pub id: ConversationId,
    /// Its newest `seq`: whether there is more than is looked at.
    pub last_seq: i64,
}

/// A message of a customer.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct WroteRow {
    pub conversation_id: ConversationId,
    pub created_at: Time,
}

/// What an agent did to the ticket of a conversation.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DoneRow {
    pub conversation_id: ConversationId,
    pub at: Time,
    pub action: String,
    pub data: Option<String>,
}

/// The conversations, with one more when there are more. Blocks of SQL below repeat this choice.
pub async fn conversations(conn: &mut Conn, pair: Pair, since: Time) -> Result<Vec<ActiveRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT id, last_seq FROM conversations
         WHERE channel_id = $1 AND department_id = $2 AND last_message_at >= $3
         ORDER BY last_message_at DESC, id DESC LIMIT $4")
        .bind(pair.channel_id).bind(pair.department_id).bind(since).bind(CONVERSATIONS + 1)
        .fetch_all(c).await?))
}

/// When customers wrote in them, by conversation and time.
pub async fn wrote(conn: &mut Conn, pair: Pair, since: Time) -> Result<Vec<WroteRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT m.conversation_id, m.created_at FROM (
             SELECT id, last_seq FROM conversations
             WHERE channel_id = $1 AND department_id = $2 AND last_message_at >= $3
             ORDER BY last_message_at DESC, id DESC LIMIT $4) c
         JOIN messages m ON m.conversation_id = c.id AND m.seq > c.last_seq - $5
         WHERE m.direction = 'in' ORDER BY m.conversation_id, m.seq")
        .bind(pair.channel_id).bind(pair.department_id).bind(since).bind(CONVERSATIONS).bind(MESSAGES_EACH)
        .fetch_all(c).await?))
}

/// What agents did to their tickets, by conversation and time.
pub async fn done(conn: &mut Conn, pair: Pair, since: Time) -> Result<Vec<DoneRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT c.id AS conversation_id, a.at, a.action, a.data FROM (
             SELECT id FROM conversations
             WHERE channel_id = $1 AND department_id = $2 AND last_message_at >= $3
             ORDER BY last_message_at DESC, id DESC LIMIT $4) c
         JOIN audit a ON a.object_kind = 'conversation' AND a.object_id = c.id
         WHERE a.action IN ('conversation.end', 'conversation.reopen', 'conversation.new_ticket')
         UNION ALL
         SELECT c.id, a.at, a.action, a.data FROM (
             SELECT id FROM conversations
             WHERE channel_id = $1 AND department_id = $2 AND last_message_at >= $3
             ORDER BY last_message_at DESC, id DESC LIMIT $4) c
         JOIN tickets t ON t.conversation_id = c.id
         JOIN audit a ON a.object_kind = 'ticket' AND a.object_id = t.id
         WHERE a.action = 'ticket.change'
         ORDER BY 1, 2")
        .bind(pair.channel_id).bind(pair.department_id).bind(since).bind(CONVERSATIONS)
        .fetch_all(c).await?))
}

/// How many tickets really began in them.
pub async fn begun(conn: &mut Conn, pair: Pair, since: Time) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM (
             SELECT id FROM conversations
             WHERE channel_id = $1 AND department_id = $2 AND last_message_at >= $3
             ORDER BY last_message_at DESC, id DESC LIMIT $4) c
         JOIN tickets t ON t.conversation_id = c.id WHERE t.created_at >= $3")
        .bind(pair.channel_id).bind(pair.department_id).bind(since).bind(CONVERSATIONS)
        .fetch_one(c).await?))
}
