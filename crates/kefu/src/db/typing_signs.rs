//! What contacts were last told about typing, shared by all nodes.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::ConversationId;
use crate::domain::time::Time;
use crate::domain::typing::Sign;

/// No row has this time.
const NEVER: Time = Time(-1);

/// What the contact was told last.
pub async fn find(conn: &mut Conn, id: ConversationId) -> Result<Option<Sign>> {
    let found: Option<(bool, Time)> = on!(conn, c => sqlx::query_as(
        "SELECT typing, told_at FROM typing_signs WHERE conversation_id = $1")
        .bind(id).fetch_optional(c).await?);
    Ok(found.map(|(typing, told_at)| Sign { typing, told_at }))
}

/// Writes down what they are about to be told; false when somebody else told them something since `last` was read.
pub async fn put(tx: &mut Tx, id: ConversationId, last: Option<Sign>, next: Sign) -> Result<bool> {
    let seen = last.map_or(NEVER, |last| last.told_at);
    let rows = on!(tx, c => sqlx::query(
        "INSERT INTO typing_signs (conversation_id, typing, told_at) VALUES ($1, $2, $3)
         ON CONFLICT (conversation_id) DO UPDATE SET typing = excluded.typing, told_at = excluded.told_at
         WHERE typing_signs.told_at = $4")
        .bind(id).bind(next.typing).bind(next.told_at).bind(seen)
        .execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Forgets what was told before `before`.
pub async fn forget_before(tx: &mut Tx, before: Time) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM typing_signs WHERE told_at < $1")
        .bind(before).execute(c).await.map(|_| ())?);
    Ok(())
}
