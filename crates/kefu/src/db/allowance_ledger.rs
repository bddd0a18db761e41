//! What was used of the monthly route: a line per contact and month, and one per account. The caller holds the lock of
//! the contact's conversation; the account's line is changed by single statements, so that two conversations cannot
//! take the same last place.

use super::sending::lease_time;
use super::{Result, Tx, on};
use crate::domain::allowance::{ACCOUNT_MINUTE_CALLS, Calendar, MonthlyBooks};
use crate::domain::ids::{ChannelId, ContactId};
use crate::domain::time::{MINUTE_MS, Time};

/// The columns of [`MonthlyColumns`], for a query in which `ct` is the contact, `ch` the channel and `ma` the
/// account's line.
macro_rules! monthly_columns {
    () => {
        "(SELECT l.month FROM allowance_ledger l WHERE l.contact_id = ct.id ORDER BY l.month DESC LIMIT 1) AS ledger_month,
         (SELECT l.used FROM allowance_ledger l WHERE l.contact_id = ct.id ORDER BY l.month DESC LIMIT 1) AS ledger_used,
         ma.day AS account_day, ma.used AS account_used, ma.full_until AS account_full_until,
         EXISTS (SELECT 1 FROM channel_capabilities cap
                 WHERE cap.channel_id = ch.id AND cap.capability IN ('mass_send', 'tags') AND cap.state = 'denied')
             AS mass_denied"
    };
}
pub(super) use monthly_columns;

/// What was used of the monthly route, beside a conversation or a message.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct MonthlyColumns {
    ledger_month: Option<i64>,
    ledger_used: Option<i64>,
    account_day: Option<i64>,
    account_used: Option<i64>,
    account_full_until: Option<Time>,
    mass_denied: bool,
}

impl MonthlyColumns {
    /// As the rules take it.
    pub const fn books(&self) -> MonthlyBooks {
        MonthlyBooks {
            month: self.ledger_month,
            used: self.ledger_used,
            account_day: self.account_day,
            account_used: self.account_used,
            account_full_until: self.account_full_until,
            denied: self.mass_denied,
        }
    }
}

/// The lines a place is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Place {
    pub channel_id: ChannelId,
    pub contact_id: ContactId,
    pub month: i64,
    pub day: i64,
}

impl Place {
    /// Where a message that is queued now takes its place.
    pub const fn at(channel_id: ChannelId, contact_id: ContactId, calendar: &Calendar) -> Self {
        Self {
            channel_id,
            contact_id,
            month: calendar.month,
            day: calendar.day,
        }
    }
}

/// Takes one place for the contact and one for the account; false when the account's last one is gone.
pub async fn take(tx: &mut Tx, place: Place, account_limit: i64) -> Result<bool> {
    let taken = on!(tx, c => sqlx::query(
        "INSERT INTO monthly_accounts AS a (channel_id, day, used) VALUES ($1, $2, 1)
         ON CONFLICT (channel_id) DO UPDATE SET
             used = CASE WHEN a.day = excluded.day THEN a.used + 1 ELSE 1 END, day = excluded.day
         WHERE a.day <> excluded.day OR a.used < CAST($3 AS BIGINT)")
        .bind(place.channel_id).bind(place.day).bind(account_limit)
        .execute(c).await?.rows_affected());
    if taken == 0 {
        return Ok(false);
    }
    on!(tx, c => sqlx::query(
        "INSERT INTO allowance_ledger AS l (contact_id, month, used) VALUES ($1, $2, 1)
         ON CONFLICT (contact_id, month) DO UPDATE SET used = l.used + 1")
        .bind(place.contact_id).bind(place.month)
        .execute(c).await.map(|_| ())?);
    Ok(true)
}

/// What a contact used in a month.
pub async fn used(conn: &mut super::Conn, contact: ContactId, month: i64) -> Result<i64> {
    let used: Option<i64> = on!(conn, c => sqlx::query_scalar(
        "SELECT used FROM allowance_ledger WHERE contact_id = $1 AND month = $2")
        .bind(contact).bind(month).fetch_optional(c).await?);
    Ok(used.unwrap_or(0))
}

/// Gives both places back: the message did not leave.
pub async fn give_back(tx: &mut Tx, place: Place) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE allowance_ledger SET used = used - 1 WHERE contact_id = $1 AND month = $2 AND used > 0")
        .bind(place.contact_id).bind(place.month)
        .execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query(
        "UPDATE monthly_accounts SET used = used - 1 WHERE channel_id = $1 AND day = $2 AND used > 0")
        .bind(place.channel_id).bind(place.day)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// The provider has shown that the contact's month is used up, whatever this ledger says.
pub async fn fill(tx: &mut Tx, place: Place, used: i64) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO allowance_ledger AS l (contact_id, month, used) VALUES ($1, $2, $3)
         ON CONFLICT (contact_id, month) DO UPDATE SET
             used = CASE WHEN l.used < excluded.used THEN excluded.used ELSE l.used END")
        .bind(place.contact_id).bind(place.month).bind(used)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// The provider has said that the account has nothing left before `until`.
pub async fn account_is_full(tx: &mut Tx, channel: ChannelId, until: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO monthly_accounts (channel_id, full_until) VALUES ($1, $2)
         ON CONFLICT (channel_id) DO UPDATE SET full_until = excluded.full_until")
        .bind(channel).bind(until)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// The provider has said within a window that the count was used up; the first time is kept.
pub async fn count_was_refused(tx: &mut Tx, channel: ChannelId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO monthly_accounts AS a (channel_id, count_refused_at) VALUES ($1, $2)
         ON CONFLICT (channel_id) DO UPDATE SET
             count_refused_at = COALESCE(a.count_refused_at, excluded.count_refused_at)")
        .bind(channel).bind(now)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Takes one of the calls an account may make in this minute of real time. `Err`: how many milliseconds to wait for
/// the next minute.
pub async fn take_call(tx: &mut Tx, channel: ChannelId, wall: Time) -> Result<std::result::Result<(), i64>> {
    let now = lease_time(tx, wall).await?;
    let minute = now.0.div_euclid(MINUTE_MS);
    let taken = on!(tx, c => sqlx::query(
        "INSERT INTO monthly_accounts AS a (channel_id, minute, minute_calls) VALUES ($1, $2, 1)
         ON CONFLICT (channel_id) DO UPDATE SET
             minute_calls = CASE WHEN a.minute = excluded.minute THEN a.minute_calls + 1 ELSE 1 END,
             minute = excluded.minute
         WHERE a.minute <> excluded.minute OR a.minute_calls < CAST($3 AS BIGINT)")
        .bind(channel).bind(minute).bind(ACCOUNT_MINUTE_CALLS)
        .execute(c).await?.rows_affected());
    Ok(if taken == 1 {
        Ok(())
    } else {
        Err(Time((minute + 1) * MINUTE_MS).since_ms(now))
    })
}

/// What is known of an account's own limits.
#[derive(Debug, Clone, Copy, Default, sqlx::FromRow)]
pub struct AccountRow {
    pub day: i64,
    pub used: i64,
    pub full_until: Option<Time>,
    pub count_refused_at: Option<Time>,
}

/// The account's line; an empty one where nothing was used yet.
pub async fn account(conn: &mut super::Conn, channel: ChannelId) -> Result<AccountRow> {
    let row: Option<AccountRow> = on!(conn, c => sqlx::query_as(
        "SELECT day, used, full_until, count_refused_at FROM monthly_accounts WHERE channel_id = $1")
        .bind(channel).fetch_optional(c).await?);
    Ok(row.unwrap_or_default())
}
