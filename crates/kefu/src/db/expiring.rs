//! Conversations by the window that closes next. Two looks, so that no index on the window is needed, which every push
//! would have to keep up to date: open windows are among what was written to lately, and everything else has none.

use super::conversations::{self, COLUMNS, ConversationRow, Filter, JOINS};
use super::dynamic::{self, Sql};
use super::{Conn, Result, on};
use crate::domain::agent::Viewer;
use crate::domain::channel::ReplyPolicy;
use crate::domain::time::{HOUR_MS, Time};

/// What the second look sorts by: behind every open window.
const NO_WINDOW: i64 = i64::MAX;
/// The longest window, where no channel has figures of its own; an hour more, for clocks that are moved.
const WINDOW_MS: i64 = 49 * HOUR_MS;
/// The longest that figures of one's own may say.
const OWN_WINDOW_MS: i64 = 31 * 24 * HOUR_MS + HOUR_MS;

/// One page, and one row more when there is a next one.
pub(super) async fn list(conn: &mut Conn, viewer: &Viewer, filter: &Filter) -> Result<Vec<ConversationRow>> {
    let after = filter.after;
    let mut rows = match after {
        Some([NO_WINDOW, _]) => Vec::new(),
        _ => {
            let since = filter.now.plus_ms(-longest(conn).await?);
            look(
                conn,
                viewer,
                filter,
                Look::Open { since, after },
                filter.limit + 1,
            )
            .await?
        }
    };
    let room = filter.limit + 1 - rows.len() as i64;
    if room > 0 {
        let after_id = after.filter(|[key, _]| *key == NO_WINDOW).map_or(0, |[_, id]| id);
        rows.append(&mut look(conn, viewer, filter, Look::Closed { after_id }, room).await?);
    }
    Ok(rows)
}

async fn longest(conn: &mut Conn) -> Result<i64> {
    let own: Option<i64> = on!(conn, c => sqlx::query_scalar(
        "SELECT id FROM channels WHERE reply_policy = $1 LIMIT 1")
        .bind(ReplyPolicy::Custom).fetch_optional(c).await?);
    Ok(if own.is_some() { OWN_WINDOW_MS } else { WINDOW_MS })
}

/// One of the two looks.
#[derive(Debug, Clone, Copy)]
enum Look {
    /// Open windows, among what was written to after `since`.
    Open { since: Time, after: Option<[i64; 2]> },
    /// Everything else, by id.
    Closed { after_id: i64 },
}

async fn look(
    conn: &mut Conn,
    viewer: &Viewer,
    filter: &Filter,
    look: Look,
    limit: i64,
) -> Result<Vec<ConversationRow>> {
    let mut sql = Sql::new(COLUMNS);
    sql.push(match look {
        Look::Open { .. } => "SELECT c.*, c.window_until AS sort_key FROM conversations c",
        Look::Closed { .. } => {
            "SELECT c.*, CAST(9223372036854775807 AS BIGINT) AS sort_key FROM conversations c"
        }
    });
    conversations::restrict(&mut sql, viewer, filter);
    match look {
        Look::Open { since, after } => open(&mut sql, filter.now, since, after),
        Look::Closed { after_id } => closed(&mut sql, filter.now, after_id),
    }
    sql.number(limit).push(JOINS).push(" ORDER BY c.sort_key, c.id");
    dynamic::fetch_all(conn, sql).await
}

fn open(sql: &mut Sql, now: Time, since: Time, after: Option<[i64; 2]>) {
    sql.push(" AND c.window_until > ").number(now.0);
    sql.push(" AND c.last_message_at > ").number(since.0);
    if let Some([key, id]) = after {
        sql.push(" AND (c.window_until, c.id) > (").number(key);
        sql.push(", ").number(id).push(")");
    }
    sql.push(" ORDER BY c.window_until, c.id LIMIT ");
}

fn closed(sql: &mut Sql, now: Time, after_id: i64) {
    sql.push(" AND (c.window_until IS NULL OR c.window_until <= ")
        .number(now.0);
    sql.push(") AND c.id > ").number(after_id);
    sql.push(" ORDER BY c.id LIMIT ");
}
