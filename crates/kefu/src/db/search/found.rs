//! What a proposal of the index is about, read again, as far as the one who asks may see it (`db/visibility.rs`).

use super::{Conn, Result, number};
use crate::db::dynamic::{self, Sql};
use crate::db::visibility::{self, CONVERSATIONS, TICKETS};
use crate::domain::agent::Viewer;
use crate::domain::ids::{ChannelId, ContactId, ConversationId, DepartmentId};
use crate::domain::message::{Direction, MessageKind};
use crate::domain::search::document::{self, Field, SearchKind};
use crate::domain::ticket::TicketStatus;
use crate::domain::time::Time;

/// Only of this channel, only of this department.
#[derive(Debug, Clone, Copy, Default)]
pub struct Narrowed {
    /// Of this channel.
    pub channel_id: Option<ChannelId>,
    /// Of this department.
    pub department_id: Option<DepartmentId>,
}

/// Something that may be a hit. What belongs to another kind is `None`.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FoundRow {
    pub kind: i64,
    pub id: i64,
    pub conversation_id: ConversationId,
    pub channel_id: ChannelId,
    pub department_id: DepartmentId,
    pub contact_id: ContactId,
    pub contact_name: String,
    pub at: Time,
    pub seq: Option<i64>,
    pub message_kind: Option<MessageKind>,
    pub direction: Option<Direction>,
    pub author_name: Option<String>,
    pub status: Option<TicketStatus>,
    text: String,
    more: Option<String>,
    file_name: Option<String>,
}

impl FoundRow {
    /// Its texts.
    pub fn fields(&self) -> Vec<Field> {
        match self.kind {
            2 => document::contact(&self.text, self.more.as_deref().unwrap_or_default()),
            3 => document::ticket(self.id, &self.text),
            _ => document::message(&self.text, self.more.as_deref(), self.file_name.as_deref()),
        }
    }
}

const MESSAGES: &str = "SELECT CAST(1 AS BIGINT) AS kind, m.id, m.conversation_id, c.channel_id, c.department_id, c.contact_id,
        ct.name AS contact_name, m.created_at AS at, m.seq, m.kind AS message_kind, m.direction, a.name AS author_name,
        CAST(NULL AS TEXT) AS status, m.text, m.data AS more, md.file_name
    FROM messages m
    JOIN conversations c ON c.id = m.conversation_id
    JOIN contacts ct ON ct.id = c.contact_id
    LEFT JOIN media md ON md.id = m.media_id
    LEFT JOIN agents a ON a.id = m.author_id
    WHERE m.kind <> 'system' AND m.id ";
const CONTACTS: &str = "SELECT CAST(2 AS BIGINT) AS kind, ct.id, c.id AS conversation_id, c.channel_id, c.department_id,
        c.contact_id, ct.name AS contact_name, c.last_message_at AS at, CAST(NULL AS BIGINT) AS seq,
        CAST(NULL AS TEXT) AS message_kind, CAST(NULL AS TEXT) AS direction, CAST(NULL AS TEXT) AS author_name,
        CAST(NULL AS TEXT) AS status, ct.name AS text, ct.alias AS more, CAST(NULL AS TEXT) AS file_name
    FROM contacts ct
    JOIN conversations c ON c.contact_id = ct.id
    WHERE ct.id ";
const TICKETS_FOUND: &str = "SELECT CAST(3 AS BIGINT) AS kind, t.id, t.conversation_id, t.channel_id, t.department_id, t.contact_id,
        ct.name AS contact_name, t.created_at AS at, CAST(NULL AS BIGINT) AS seq,
        CAST(NULL AS TEXT) AS message_kind, CAST(NULL AS TEXT) AS direction, CAST(NULL AS TEXT) AS author_name,
        t.status, t.subject AS text, CAST(NULL AS TEXT) AS more, CAST(NULL AS TEXT) AS file_name
    FROM tickets t
    JOIN contacts ct ON ct.id = t.contact_id
    WHERE t.id ";

/// Those of these that are in sight, the newest first.
pub(super) async fn those(
    conn: &mut Conn,
    viewer: &Viewer,
    kind: SearchKind,
    ids: &[i64],
    narrowed: Narrowed,
) -> Result<Vec<FoundRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = begun(kind);
    sql.push("IN (");
    for (index, id) in ids.iter().enumerate() {
        sql.push(if index > 0 { ", " } else { "" }).number(*id);
    }
    sql.push(")");
    in_sight(conn, sql, viewer, kind, narrowed).await
}

/// All messages in sight with `from <= id < below`, the newest first.
pub(super) async fn messages_between(
    conn: &mut Conn,
    viewer: &Viewer,
    (from, below): (i64, i64),
    narrowed: Narrowed,
) -> Result<Vec<FoundRow>> {
    let mut sql = begun(SearchKind::Message);
    sql.push(">= ").number(from).push(" AND m.id < ").number(below);
    in_sight(conn, sql, viewer, SearchKind::Message, narrowed).await
}

/// The number of the newest of a kind.
pub(super) async fn newest(conn: &mut Conn, kind: SearchKind) -> Result<i64> {
    let sql = Sql::new(match kind {
        SearchKind::Message => "SELECT MAX(id) FROM messages",
        SearchKind::Contact => "SELECT MAX(id) FROM contacts",
        SearchKind::Ticket => "SELECT MAX(id) FROM tickets",
    });
    let found: Option<(Option<i64>,)> = dynamic::fetch_optional(conn, sql).await?;
    Ok(found.and_then(|(max,)| max).unwrap_or_default())
}

fn begun(kind: SearchKind) -> Sql {
    Sql::new(match kind {
        SearchKind::Message => MESSAGES,
        SearchKind::Contact => CONTACTS,
        SearchKind::Ticket => TICKETS_FOUND,
    })
}

async fn in_sight(
    conn: &mut Conn,
    mut sql: Sql,
    viewer: &Viewer,
    kind: SearchKind,
    narrowed: Narrowed,
) -> Result<Vec<FoundRow>> {
    let columns = match kind {
        SearchKind::Message | SearchKind::Contact => CONVERSATIONS,
        SearchKind::Ticket => TICKETS,
    };
    if let Some(id) = narrowed.channel_id {
        sql.push(" AND ").push(columns.channel).push(" = ").number(id.0);
    }
    if let Some(id) = narrowed.department_id {
        sql.push(" AND ")
            .push(columns.department)
            .push(" = ")
            .number(id.0);
    }
    visibility::restrict(&mut sql, viewer, columns);
    let mut rows: Vec<FoundRow> = dynamic::fetch_all(conn, sql).await?;
    debug_assert!(rows.iter().all(|row| row.kind == number(kind)));
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    Ok(rows)
}
