//! The outbox as the sender sees it: what is due, leases, and what an owner left behind.
//! While the desk is quarantined nothing is due. Lease and retry times are real time: the database's on PostgreSQL, the machine's on SQLite.

use super::lease::due;
pub use super::lease::lease_time;
use super::{Conn, Result, Tx, on};
use crate::db::attempts;
use crate::domain::ids::{ChannelId, ConversationId, MessageId};
use crate::domain::time::Time;

/// How long a lease holds without being renewed.
pub const LEASE_MS: i64 = 10_000;

/// A message that this process may try to send now.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// The message.
    pub message_id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// Which try this is, from 1.
    pub tries: i64,
    /// Its row in `attempts`; fences every later write.
    pub attempt_id: i64,
}

#[derive(Debug, Clone, Copy, sqlx::FromRow)]
struct DueRow {
    message_id: MessageId,
    conversation_id: ConversationId,
    channel_id: ChannelId,
    tries: i64,
}

/// When the next message may be tried; later ones of a conversation wait for the first.
pub async fn next_due(conn: &mut Conn) -> Result<Option<Time>> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT o.next_try_at FROM outbox o
         WHERE o.lease_owner IS NULL
           AND NOT EXISTS (SELECT 1 FROM installation WHERE quarantined_since IS NOT NULL)
           AND (o.manual OR NOT EXISTS (
               SELECT 1 FROM outbox earlier
               WHERE earlier.conversation_id = o.conversation_id AND earlier.seq < o.seq AND NOT earlier.manual))
         ORDER BY o.next_try_at LIMIT 1")
        .fetch_optional(c).await?))
}

/// Leases up to `limit` due messages and begins an attempt for each.
pub async fn claim(tx: &mut Tx, owner: &str, wall: Time, desk: Time, limit: i64) -> Result<Vec<Claim>> {
    let now = lease_time(tx, wall).await?;
    let mut claims = Vec::new();
    for row in due(tx, now, limit).await? {
        let attempt_id = attempts::insert(tx, row.message_id, desk).await?;
        lease(tx, row.message_id, owner, attempt_id, now).await?;
        let DueRow {
            message_id,
            conversation_id,
            channel_id,
            tries,
        } = row;
        claims.push(Claim {
            message_id,
            conversation_id,
            channel_id,
            tries: tries + 1,
            attempt_id,
        });
    }
    Ok(claims)
}

async fn due(tx: &mut Tx, now: Time, limit: i64) -> Result<Vec<DueRow>> {
    Ok(due!(
        tx,
        "SELECT o.message_id, o.conversation_id, o.channel_id, o.tries FROM outbox o
         WHERE o.next_try_at <= $1 AND o.lease_owner IS NULL
           AND NOT EXISTS (SELECT 1 FROM installation WHERE quarantined_since IS NOT NULL)
           AND (o.manual OR NOT EXISTS (
               SELECT 1 FROM outbox earlier
               WHERE earlier.conversation_id = o.conversation_id AND earlier.seq < o.seq AND NOT earlier.manual))
         ORDER BY o.next_try_at, o.message_id LIMIT $2",
        "o",
        now,
        limit
    ))
}

async fn lease(tx: &mut Tx, message: MessageId, owner: &str, attempt: i64, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE outbox SET tries = tries + 1, attempt_id = $2, lease_owner = $3, lease_until = $4
         WHERE message_id = $1")
        .bind(message).bind(attempt).bind(owner).bind(now.plus_ms(LEASE_MS))
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Holds on to a lease; false when it is no longer ours.
pub async fn renew(tx: &mut Tx, claim: &Claim, wall: Time) -> Result<bool> {
    let until = lease_time(tx, wall).await?.plus_ms(LEASE_MS);
    let rows = on!(tx, c => sqlx::query(
        "UPDATE outbox SET lease_until = $3 WHERE message_id = $1 AND attempt_id = $2")
        .bind(claim.message_id).bind(claim.attempt_id).bind(until)
        .execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// When a message is to be tried again.
#[derive(Debug, Clone, Copy)]
pub struct Again {
    /// In how many milliseconds of real time.
    pub in_ms: i64,
    /// Whether the try that ends here counts.
    pub counts: bool,
}

/// Gives a message back to be tried again; false when the lease was no longer ours.
pub async fn requeue(tx: &mut Tx, claim: &Claim, again: Again, wall: Time) -> Result<bool> {
    let next_try_at = lease_time(tx, wall).await?.plus_ms(again.in_ms);
    let back = i64::from(!again.counts);
    let rows = on!(tx, c => sqlx::query(
        "UPDATE outbox
         SET attempt_id = NULL, lease_owner = NULL, lease_until = NULL, next_try_at = $3, tries = tries - $4
         WHERE message_id = $1 AND attempt_id = $2")
        .bind(claim.message_id).bind(claim.attempt_id).bind(next_try_at).bind(back)
        .execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Takes a message out of the outbox; false when the lease was no longer ours.
pub async fn remove(tx: &mut Tx, claim: &Claim) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query("DELETE FROM outbox WHERE message_id = $1 AND attempt_id = $2")
        .bind(claim.message_id).bind(claim.attempt_id)
        .execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// So many abandoned messages are looked at in one go.
pub const ABANDONED_AT_ONCE: usize = 200;

/// A leased message whose owner is gone.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct AbandonedRow {
    message_id: MessageId,
    conversation_id: ConversationId,
    channel_id: ChannelId,
    tries: i64,
    attempt_id: i64,
    write_began_at: Option<Time>,
}

impl AbandonedRow {
    /// Its claim, which whoever cleans up takes over.
    pub const fn claim(&self) -> Claim {
        let Self {
            message_id,
            conversation_id,
            channel_id,
            tries,
            attempt_id,
            ..
        } = *self;
        Claim {
            message_id,
            conversation_id,
            channel_id,
            tries,
            attempt_id,
        }
    }

    /// Whether the request may have been written.
    pub const fn write_began(&self) -> bool {
        self.write_began_at.is_some()
    }
}

/// Leased messages whose lease is over before `until`.
pub async fn abandoned(conn: &mut Conn, until: Time) -> Result<Vec<AbandonedRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT o.message_id, o.conversation_id, o.channel_id, o.tries, o.attempt_id, a.write_began_at
         FROM outbox o JOIN attempts a ON a.id = o.attempt_id
         WHERE o.lease_until < $1 ORDER BY o.conversation_id, o.seq LIMIT $2")
        .bind(until).bind(ABANDONED_AT_ONCE as i64).fetch_all(c).await?))
}

/// The same, for one of them, under its conversation's lock: its owner may have come back.
pub async fn still_abandoned(conn: &mut Conn, claim: &Claim, until: Time) -> Result<Option<AbandonedRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT o.message_id, o.conversation_id, o.channel_id, o.tries, o.attempt_id, a.write_began_at
         FROM outbox o JOIN attempts a ON a.id = o.attempt_id
         WHERE o.message_id = $1 AND o.attempt_id = $2 AND o.lease_until < $3")
        .bind(claim.message_id).bind(claim.attempt_id).bind(until).fetch_optional(c).await?))
}
