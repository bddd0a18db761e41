//! Who was told lately that a channel is off. Only digests are kept, and only for an hour: of such a channel nothing of
//! a customer is stored.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::ChannelId;
use crate::domain::time::Time;

/// Somebody who wrote to a channel that is off.
#[derive(Debug, Clone)]
pub struct Turn {
    pub channel_id: ChannelId,
    /// The contact's id at the provider; asked for, not stored.
    pub external_id: String,
    /// A digest of it.
    pub contact_hash: Vec<u8>,
    /// A digest of the push: another copy of it is told the same.
    pub push_hash: Vec<u8>,
    pub now: Time,
    /// Who was told after this moment is not told again.
    pub since: Time,
}

/// Whether it is this contact's turn: the channel is disabled and not deleted, they were told nothing lately, and they
/// may be told something (not blocked; approved, where that is asked for); never while the desk is quarantined. Reads only: a flood of messages to a channel
/// that is off must not keep writers waiting.
pub async fn is_due(conn: &mut Conn, turn: &Turn) -> Result<bool> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT EXISTS (
            SELECT 1 FROM channels ch WHERE ch.id = $1 AND ch.state = 'disabled'
            AND NOT EXISTS (SELECT 1 FROM installation WHERE quarantined_since IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM off_notices n WHERE n.channel_id = ch.id AND n.contact_hash = $2
                AND n.said_at > $3 AND n.push_hash <> $4)
            AND NOT EXISTS (SELECT 1 FROM contacts c JOIN conversations v ON v.contact_id = c.id
                WHERE c.channel_id = ch.id AND c.external_id = $5 AND v.blocked)
            AND (ch.account_kind <> 'enterprise' OR EXISTS (SELECT 1 FROM contacts c
                WHERE c.channel_id = ch.id AND c.external_id = $5 AND c.approved)))")
        .bind(turn.channel_id)
        .bind(&turn.contact_hash)
        .bind(turn.since)
        .bind(&turn.push_hash)
        .bind(&turn.external_id)
        .fetch_one(c).await?))
}

/// Takes the turn; `false`: another message of the same contact has taken it.
pub async fn take(tx: &mut Tx, turn: &Turn) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(
        "INSERT INTO off_notices (channel_id, contact_hash, push_hash, said_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (channel_id, contact_hash) DO UPDATE SET push_hash = excluded.push_hash, said_at = excluded.said_at
         WHERE off_notices.said_at <= $5 OR off_notices.push_hash = excluded.push_hash")
        .bind(turn.channel_id)
        .bind(&turn.contact_hash)
        .bind(&turn.push_hash)
        .bind(turn.now)
        .bind(turn.since)
        .execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Forgets who was told before this moment.
pub async fn forget_before(tx: &mut Tx, before: Time) -> Result<u64> {
    Ok(
        on!(tx, c => sqlx::query("DELETE FROM off_notices WHERE said_at <= $1")
        .bind(before).execute(c).await?.rows_affected()),
    )
}
