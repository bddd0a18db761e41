//! From which addresses the desk calls WeChat: those WeChat named when it refused them, and those an administrator knows.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::ChannelId;
use crate::domain::time::Time;

/// An address WeChat has seen.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SeenRow {
    pub address: String,
    pub first_seen_at: Time,
    pub last_seen_at: Time,
}

/// An address an administrator knows.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ManualRow {
    pub address: String,
    pub added_at: Time,
}

/// Those seen for one channel, or for any; the newest first.
pub async fn seen(conn: &mut Conn, id: Option<ChannelId>) -> Result<Vec<SeenRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT address, MIN(first_seen_at) AS first_seen_at, MAX(last_seen_at) AS last_seen_at
         FROM seen_addresses WHERE $1 OR channel_id = $2
         GROUP BY address ORDER BY last_seen_at DESC, address LIMIT 200")
        .bind(id.is_none()).bind(id.map_or(0, |id| id.0)).fetch_all(c).await?))
}

/// WeChat has seen an address.
pub async fn put_seen(tx: &mut Tx, id: ChannelId, address: &str, at: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO seen_addresses (channel_id, address, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $3)
         ON CONFLICT (channel_id, address) DO UPDATE SET last_seen_at = excluded.last_seen_at")
        .bind(id).bind(address).bind(at)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// The administrators' list, in their order.
pub async fn manual(conn: &mut Conn) -> Result<Vec<ManualRow>> {
    Ok(
        on!(conn, c => sqlx::query_as("SELECT address, added_at FROM outgoing_addresses ORDER BY position")
        .fetch_all(c).await?),
    )
}

/// Replaces the administrators' list. What stays keeps the time it was added.
pub async fn put_manual(tx: &mut Tx, addresses: &[String], now: Time) -> Result<()> {
    let before = manual(tx).await?;
    on!(tx, c => sqlx::query("DELETE FROM outgoing_addresses").execute(c).await.map(|_| ())?);
    for (position, address) in (0_i64..).zip(addresses) {
        let known = before.iter().find(|row| row.address == *address);
        on!(tx, c => sqlx::query("INSERT INTO outgoing_addresses (address, position, added_at) VALUES ($1, $2, $3)")
            .bind(address).bind(position).bind(known.map_or(now, |row| row.added_at))
            .execute(c).await.map(|_| ())?);
    }
    Ok(())
}
