//! Contacts: one person with what they did lately. Pushes make them (`db/ingest`).

use super::dynamic::{self, Sql};
use super::visibility::{self, CONVERSATIONS};
use super::{Conn, Error, Result, Tx, on};
use crate::domain::agent::{Role, Viewer};
use crate::domain::ids::{ChannelId, ContactId, ConversationId, DepartmentId};
use crate::domain::inbound::ContactEventKind;
use crate::domain::time::Time;

/// A stored contact with their conversation.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ContactRow {
    pub id: ContactId,
    pub channel_id: ChannelId,
    pub external_id: String,
    pub name: String,
    pub alias: String,
    pub approved: bool,
    pub anonymised_at: Option<Time>,
    pub erased_at: Option<Time>,
    pub unsubscribed_at: Option<Time>,
    pub created_at: Time,
    pub version: i64,
    pub conversation_id: Option<ConversationId>,
    pub department_id: Option<DepartmentId>,
}

/// One contact, if the viewer sees their conversation; contacts without one are for admins.
pub async fn find(conn: &mut Conn, id: ContactId, viewer: &Viewer) -> Result<Option<ContactRow>> {
    let mut sql = Sql::new(
        "SELECT ct.*, c.id AS conversation_id, c.department_id
         FROM contacts ct LEFT JOIN conversations c ON c.contact_id = ct.id WHERE ct.id = ",
    );
    sql.number(id.0);
    if viewer.role != Role::Admin {
        sql.push(" AND c.id IS NOT NULL");
    }
    visibility::restrict_one(&mut sql, viewer, CONVERSATIONS);
    dynamic::fetch_optional(conn, sql).await
}

/// Something a contact did.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ContactEventRow {
    pub kind: ContactEventKind,
    pub event_key: Option<String>,
    pub created_at: Time,
}

/// What they did last, the newest first.
pub async fn recent_events(conn: &mut Conn, id: ContactId, limit: i64) -> Result<Vec<ContactEventRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT kind, event_key, created_at FROM contact_events WHERE contact_id = $1 ORDER BY id DESC LIMIT $2")
        .bind(id).bind(limit).fetch_all(c).await?))
}

/// A refusal has shown that a contact does not follow any more. The caller changes their conversation with it.
pub async fn stopped_following(tx: &mut Tx, id: ContactId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE contacts SET unsubscribed_at = $2, version = version + 1 WHERE id = $1 AND unsubscribed_at IS NULL")
        .bind(id).bind(now).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Gives a contact another name; `false` when `version` is given and is no longer the current one.
pub async fn rename(tx: &mut Tx, id: ContactId, name: &str, version: Option<i64>) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(
        "UPDATE contacts SET name = $2, version = version + 1 WHERE id = $1 AND version = COALESCE($3, version)")
        .bind(id).bind(name).bind(version).execute(c).await?.rows_affected());
    match rows {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Error::Rows {
            table: "contacts",
            rows,
        }),
    }
}
