//! Messages of a conversation: pages by `seq`, and what agents add. Pushes are inserted by `db/ingest`.

use super::dynamic::{self, Sql};
use super::{Conn, Error, Result, Tx, on};
use crate::domain::ids::{AgentId, ChannelId, ConversationId, MediaId, MessageId, TicketId};
use crate::domain::message::{Direction, MediaState, MessageKind, MessageState};
use crate::domain::time::Time;

/// A stored message with its author's name and its file.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MessageRow {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub seq: i64,
    pub channel_id: ChannelId,
    pub ticket_id: Option<TicketId>,
    pub direction: Direction,
    pub kind: MessageKind,
    pub text: String,
    pub data: Option<String>,
    pub media_id: Option<MediaId>,
    pub state: MessageState,
    pub reason: Option<String>,
    pub author_id: Option<AgentId>,
    pub client_id: Option<String>,
    pub body_hash: Option<String>,
    pub created_at: Time,
    pub sent_at: Option<Time>,
    pub author_name: Option<String>,
    pub media_state: Option<MediaState>,
    pub media_mime: Option<String>,
    pub media_bytes: Option<i64>,
    pub media_reason: Option<String>,
    pub media_file_name: Option<String>,
    pub media_width: Option<i64>,
    pub media_height: Option<i64>,
    pub media_duration_ms: Option<i64>,
    pub media_hd_id: Option<MediaId>,
    pub media_hd_mime: Option<String>,
    pub link_expires_at: Option<Time>,
    pub link_first_opened_at: Option<Time>,
}

const SELECT: &str = "SELECT m.*, a.name AS author_name, md.state AS media_state, md.mime AS media_mime,
        md.bytes AS media_bytes, md.reason AS media_reason, md.file_name AS media_file_name, md.width AS media_width,
        md.height AS media_height, md.duration_ms AS media_duration_ms, md.hd_media_id AS media_hd_id,
        md.hd_mime AS media_hd_mime, fl.expires_at AS link_expires_at, fl.first_opened_at AS link_first_opened_at
    FROM messages m
    LEFT JOIN agents a ON a.id = m.author_id
    LEFT JOIN media md ON md.id = m.media_id
    LEFT JOIN file_links fl ON fl.media_id = m.media_id
    WHERE ";

/// Which messages of a conversation.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// Only with `seq` less than this.
    pub before: Option<i64>,
    /// Only with `seq` greater than this; then the oldest come, else the newest.
    pub after: Option<i64>,
    /// How many.
    pub limit: i64,
}

/// One page and one message more when there is one, always ascending by `seq`.
pub async fn page(conn: &mut Conn, id: ConversationId, range: Range) -> Result<Vec<MessageRow>> {
    let mut sql = Sql::new(SELECT);
    sql.push("m.conversation_id = ").number(id.0);
    if let Some(before) = range.before {
        sql.push(" AND m.seq < ").number(before);
    }
    if let Some(after) = range.after {
        sql.push(" AND m.seq > ").number(after);
    }
    let from_the_oldest = range.after.is_some();
    sql.push(if from_the_oldest {
        " ORDER BY m.seq LIMIT "
    } else {
        " ORDER BY m.seq DESC LIMIT "
    });
    sql.number(range.limit + 1);
    let mut rows: Vec<MessageRow> = dynamic::fetch_all(conn, sql).await?;
    if !from_the_oldest {
        rows.reverse();
    }
    Ok(rows)
}

/// One message. Whether the caller may see it is decided by its conversation.
pub async fn find(conn: &mut Conn, id: MessageId) -> Result<Option<MessageRow>> {
    let mut sql = Sql::new(SELECT);
    sql.push("m.id = ").number(id.0);
    dynamic::fetch_optional(conn, sql).await
}

/// Messages of one ticket with `seq` greater than `after`: one page, and one more when there is one.
pub async fn of_ticket(
    conn: &mut Conn,
    id: ConversationId,
    ticket: TicketId,
    (after, limit): (i64, i64),
) -> Result<Vec<MessageRow>> {
    let mut sql = Sql::new(SELECT);
    sql.push("m.conversation_id = ").number(id.0);
    sql.push(" AND m.ticket_id = ").number(ticket.0);
    sql.push(" AND m.seq > ").number(after);
    sql.push(" ORDER BY m.seq LIMIT ").number(limit + 1);
    dynamic::fetch_all(conn, sql).await
}

/// Whether a ticket has nothing before this message but system lines.
pub async fn begins_ticket(conn: &mut Conn, message: &MessageRow, ticket: TicketId) -> Result<bool> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT NOT EXISTS (SELECT 1 FROM messages
         WHERE conversation_id = $1 AND seq < $2 AND ticket_id = $3 AND kind <> 'system')")
        .bind(message.conversation_id).bind(message.seq).bind(ticket).fetch_one(c).await?))
}

/// This message and the later ones of a ticket belong to another ticket from now on.
pub async fn move_to_ticket(tx: &mut Tx, message: &MessageRow, from: TicketId, to: TicketId) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE messages SET ticket_id = $4 WHERE conversation_id = $1 AND seq >= $2 AND ticket_id = $3")
        .bind(message.conversation_id).bind(message.seq).bind(from).bind(to)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// The message that was made with this `client_id`.
pub async fn find_by_client_id(
    conn: &mut Conn,
    id: ConversationId,
    client_id: &str,
) -> Result<Option<MessageRow>> {
    let mut sql = Sql::new(SELECT);
    sql.push("m.conversation_id = ")
        .number(id.0)
        .push(" AND m.client_id = ")
        .word(client_id);
    dynamic::fetch_optional(conn, sql).await
}

/// What an agent, or an action of theirs, adds to a conversation.
#[derive(Debug, Clone)]
pub struct NewMessage {
    pub conversation_id: ConversationId,
    pub seq: i64,
    pub channel_id: ChannelId,
    pub ticket_id: Option<TicketId>,
    pub direction: Direction,
    pub kind: MessageKind,
    pub text: String,
    pub data: Option<serde_json::Value>,
    pub media_id: Option<MediaId>,
    pub state: MessageState,
    pub author_id: Option<AgentId>,
    pub client_id: Option<String>,
    pub body_hash: Option<String>,
    pub created_at: Time,
}

/// Inserts one.
pub async fn insert(tx: &mut Tx, new: NewMessage) -> Result<MessageId> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "INSERT INTO messages (conversation_id, seq, channel_id, ticket_id, direction, kind, text, data, media_id,
            state, author_id, client_id, body_hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id")
        .bind(new.conversation_id)
        .bind(new.seq)
        .bind(new.channel_id)
        .bind(new.ticket_id)
        .bind(new.direction)
        .bind(new.kind)
        .bind(new.text)
        .bind(new.data.map(|data| data.to_string()))
        .bind(new.media_id)
        .bind(new.state)
        .bind(new.author_id)
        .bind(new.client_id)
        .bind(new.body_hash)
        .bind(new.created_at)
        .fetch_one(c).await?))
}

/// Writes a message's own fields anew.
pub async fn put_data(tx: &mut Tx, id: MessageId, data: Option<&serde_json::Value>) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE messages SET data = $2 WHERE id = $1")
        .bind(id).bind(data.map(ToString::to_string)).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Puts a message that did not arrive back into the queue: the reason goes, id and place stay.
pub async fn queue_again(tx: &mut Tx, id: MessageId) -> Result<()> {
    let rows = on!(tx, c => sqlx::query("UPDATE messages SET state = 'queued', reason = NULL WHERE id = $1")
        .bind(id).execute(c).await?.rows_affected());
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::Rows {
            table: "messages",
            rows,
        })
    }
}
