//! Counts of a channel's surveys and closed tickets over some days, of what the viewer may see. Counted by the database,
//! on the indexes `surveys_channel_idx` and `tickets_closed_idx`.

use super::dynamic::{self, Sql};
use super::visibility::{TICKETS, restrict};
use super::{Conn, Result};
use crate::domain::agent::Viewer;
use crate::domain::ids::{ChannelId, TicketId};
use crate::domain::survey::{SurveyScale, SurveyState};
use crate::domain::survey_figures::Counted;
use crate::domain::time::Time;

/// So many of the last comments are shown.
const COMMENTS: i64 = 10;

/// Which surveys and tickets are counted.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Of this channel.
    pub channel_id: ChannelId,
    /// Asked, or closed, at this moment or later.
    pub from: Time,
    /// And before this one.
    pub until: Time,
}

#[derive(sqlx::FromRow)]
struct CountedRow {
    state: SurveyState,
    scale: SurveyScale,
    score: Option<i64>,
    reason: Option<String>,
    count: i64,
}

/// A comment of a customer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CommentRow {
    pub ticket_id: TicketId,
    pub scale: SurveyScale,
    pub score: Option<i64>,
    pub comment: String,
    pub answered_at: Option<Time>,
}

/// The surveys that were asked in these days, or could not be, alike ones together.
pub async fn surveys(conn: &mut Conn, viewer: &Viewer, span: Span) -> Result<Vec<Counted>> {
    let mut sql = Sql::new("SELECT s.state, s.scale, s.score, s.reason, COUNT(*) AS count");
    asked_in(&mut sql, viewer, span);
    sql.push(" GROUP BY s.state, s.scale, s.score, s.reason");
    let rows: Vec<CountedRow> = dynamic::fetch_all(conn, sql).await?;
    let counted = rows.into_iter().map(|row| Counted {
        state: row.state,
        scale: row.scale,
        score: row.score,
        reason: row.reason,
        count: row.count,
    });
    Ok(counted.collect())
}

/// The last comments to surveys that were asked in these days, the newest first.
pub async fn comments(conn: &mut Conn, viewer: &Viewer, span: Span) -> Result<Vec<CommentRow>> {
    let mut sql = Sql::new("SELECT s.ticket_id, s.scale, s.score, s.comment, s.answered_at");
    asked_in(&mut sql, viewer, span);
    sql.push(" AND s.comment IS NOT NULL ORDER BY s.answered_at DESC, s.ticket_id DESC LIMIT ");
    sql.number(COMMENTS);
    dynamic::fetch_all(conn, sql).await
}

fn asked_in(sql: &mut Sql, viewer: &Viewer, span: Span) {
    sql.push(" FROM surveys s JOIN tickets t ON t.id = s.ticket_id WHERE s.channel_id = ");
    sql.number(span.channel_id.0).push(" AND s.asked_at >= ");
    sql.number(span.from.0).push(" AND s.asked_at < ");
    sql.number(span.until.0);
    restrict(sql, viewer, TICKETS);
}

/// How many tickets were closed in these days and still are.
pub async fn closed_tickets(conn: &mut Conn, viewer: &Viewer, span: Span) -> Result<i64> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM tickets t WHERE t.channel_id = ");
    sql.number(span.channel_id.0).push(" AND t.closed_at >= ");
    sql.number(span.from.0).push(" AND t.closed_at < ");
    sql.number(span.until.0);
    restrict(&mut sql, viewer, TICKETS);
    let counted: Option<(i64,)> = dynamic::fetch_optional(conn, sql).await?;
    Ok(counted.map_or(0, |(count,)| count))
}
