//! Where contacts stand on the account's blacklist at the provider, as far as the desk put them there.

use super::events::Scope;
use super::{Conn, Result, Tx, on};
use crate::db::jobs::{self, JobKind};
use crate::domain::blacklist::BlacklistState;
use crate::domain::ids::{ChannelId, ContactId, ConversationId, DepartmentId};

/// A contact of whom the provider is asked something.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ListedRow {
    pub external_id: String,
    pub blacklist: Option<BlacklistState>,
    pub channel_id: ChannelId,
    pub channel_kind: String,
    pub conversation_id: ConversationId,
    pub department_id: DepartmentId,
}

impl ListedRow {
    /// Where its changes are seen.
    pub const fn scope(&self) -> Scope {
        Scope {
            conversation_id: self.conversation_id,
            channel_id: self.channel_id,
            department_id: self.department_id,
        }
    }
}

/// The contact with their conversation.
pub async fn find(conn: &mut Conn, id: ContactId) -> Result<Option<ListedRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT ct.external_id, ct.blacklist, ct.channel_id, ch.kind AS channel_kind,
                c.id AS conversation_id, c.department_id
         FROM contacts ct
         JOIN channels ch ON ch.id = ct.channel_id
         JOIN conversations c ON c.contact_id = ct.id
         WHERE ct.id = $1")
        .bind(id).fetch_optional(c).await?))
}

/// Writes down what is wanted of the provider; a job asks for it after the commit.
pub async fn want(tx: &mut Tx, id: ContactId, wanted: BlacklistState) -> Result<()> {
    put(tx, id, Some(wanted), None).await?;
    jobs::add(tx, JobKind::Blacklist, id.0).await
}

/// Sets the state.
pub async fn put(
    tx: &mut Tx,
    id: ContactId,
    state: Option<BlacklistState>,
    reason: Option<&str>,
) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE contacts SET blacklist = $2, blacklist_reason = $3 WHERE id = $1")
        .bind(id).bind(state).bind(reason).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Writes down how it ended, unless something else is wanted meanwhile; whether it was written.
pub async fn settle(
    tx: &mut Tx,
    id: ContactId,
    wanted: BlacklistState,
    (state, reason): (Option<BlacklistState>, Option<&str>),
) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(
        "UPDATE contacts SET blacklist = $3, blacklist_reason = $4 WHERE id = $1 AND blacklist = $2")
        .bind(id).bind(wanted).bind(state).bind(reason).execute(c).await?.rows_affected());
    Ok(rows == 1)
}
