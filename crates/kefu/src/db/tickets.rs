//! Tickets: lists, one, and what agents change. A customer's message opens them (`db/ingest`).

use super::dynamic::{self, Sql};
use super::surveys::SurveyColumns;
use super::visibility::{self, TICKETS};
use super::{Conn, Error, Result, Tx, on};
use crate::domain::agent::Viewer;
use crate::domain::ids::{AgentId, ChannelId, ContactId, ConversationId, DepartmentId, TicketId};
use crate::domain::search_term::SearchTerm;
use crate::domain::ticket::{Priority, TicketStatus};
use crate::domain::time::Time;

/// A stored ticket with its contact's name.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TicketRow {
    pub id: TicketId,
    pub subject: String,
    pub status: TicketStatus,
    pub priority: Priority,
    pub department_id: DepartmentId,
    pub assignee_id: Option<AgentId>,
    pub contact_id: ContactId,
    pub channel_id: ChannelId,
    pub conversation_id: ConversationId,
    pub created_at: Time,
    pub closed_at: Option<Time>,
    pub version: i64,
    pub contact_name: String,
    /// What became of its survey.
    #[sqlx(flatten)]
    pub survey: SurveyColumns,
}

const SELECT: &str =
    "SELECT t.*, ct.name AS contact_name, s.state AS survey_state, s.scale AS survey_scale, s.score AS survey_score,
        s.comment AS survey_comment, s.answered_at AS survey_answered_at, s.reason AS survey_reason
    FROM tickets t
    LEFT JOIN contacts ct ON ct.id = t.contact_id
    LEFT JOIN surveys s ON s.ticket_id = t.id
    WHERE ";

/// Whose tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignee {
    /// Nobody's.
    None,
    /// This agent's.
    Agent(AgentId),
}

/// What a list is asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub status: Option<TicketStatus>,
    pub priority: Option<Priority>,
    pub department_id: Option<DepartmentId>,
    pub assignee: Option<Assignee>,
    pub contact_id: Option<ContactId>,
    pub channel_id: Option<ChannelId>,
    pub term: Option<SearchTerm>,
    /// Id of the last ticket of the page before.
    pub after: Option<i64>,
    pub limit: i64,
}

/// One page and one ticket more when there is a next page; the newest first.
pub async fn list(conn: &mut Conn, viewer: &Viewer, filter: &Filter) -> Result<Vec<TicketRow>> {
    let mut sql = Sql::new(SELECT);
    sql.push("TRUE");
    narrow(&mut sql, filter);
    visibility::restrict(&mut sql, viewer, TICKETS);
    sql.push(" ORDER BY t.id DESC LIMIT ").number(filter.limit + 1);
    dynamic::fetch_all(conn, sql).await
}

fn narrow(sql: &mut Sql, filter: &Filter) {
    if let Some(id) = filter.after {
        sql.push(" AND t.id < ").number(id);
    }
    if let Some(status) = filter.status {
        sql.push(" AND t.status = ").word(status.as_str());
    }
    if let Some(priority) = filter.priority {
        sql.push(" AND t.priority = ").word(priority.as_str());
    }
    if let Some(id) = filter.department_id {
        sql.push(" AND t.department_id = ").number(id.0);
    }
    match filter.assignee {
        Some(Assignee::None) => sql.push(" AND t.assignee_id IS NULL"),
        Some(Assignee::Agent(id)) => sql.push(" AND t.assignee_id = ").number(id.0),
        None => sql,
    };
    if let Some(id) = filter.contact_id {
        // A contact has one conversation, and tickets are indexed by that.
        sql.push(" AND t.conversation_id IN (SELECT c.id FROM conversations c WHERE c.contact_id = ")
            .number(id.0)
            .push(")");
    }
    if let Some(id) = filter.channel_id {
        sql.push(" AND t.channel_id = ").number(id.0);
    }
    match &filter.term {
        Some(SearchTerm::Text(text)) => matching(sql, text),
        Some(SearchTerm::TicketNumber(number)) => {
            sql.push(" AND t.id = ").number(*number);
        }
        None => {}
    }
}

fn matching(sql: &mut Sql, text: &str) {
    let pieces = [
        "LOWER(t.subject) LIKE",
        "LOWER(ct.name) LIKE",
        "CAST(t.id AS TEXT) LIKE",
    ];
    dynamic::push_anywhere(sql, &pieces, text);
}

/// One ticket, if the viewer sees it.
pub async fn find(conn: &mut Conn, id: TicketId, viewer: &Viewer) -> Result<Option<TicketRow>> {
    let mut sql = Sql::new(SELECT);
    sql.push("t.id = ").number(id.0);
    visibility::restrict_one(&mut sql, viewer, TICKETS);
    dynamic::fetch_optional(conn, sql).await
}

/// One ticket, whoever asks: for actions on its conversation, and answers after a change.
pub async fn get(conn: &mut Conn, id: TicketId) -> Result<Option<TicketRow>> {
    let mut sql = Sql::new(SELECT);
    sql.push("t.id = ").number(id.0);
    dynamic::fetch_optional(conn, sql).await
}

/// How many tickets a contact has.
pub async fn count_of_contact(conn: &mut Conn, contact: ContactId) -> Result<i64> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM tickets t JOIN conversations c ON c.id = t.conversation_id WHERE c.contact_id = $1")
        .bind(contact).fetch_one(c).await?))
}

/// Saves what agents change and gives it the next version. The caller holds the lock of its conversation, whose row
/// gets a new version too: a plan for it that was made with the ticket as it was is not carried out.
pub async fn save(tx: &mut Tx, row: &TicketRow) -> Result<()> {
    let rows = on!(tx, c => sqlx::query(
        "UPDATE tickets SET subject = $2, status = $3, priority = $4, department_id = $5, assignee_id = $6,
            closed_at = $7, version = version + 1
         WHERE id = $1")
        .bind(row.id)
        .bind(&row.subject)
        .bind(row.status)
        .bind(row.priority)
        .bind(row.department_id)
        .bind(row.assignee_id)
        .bind(row.closed_at)
        .execute(c).await?.rows_affected());
    if rows == 1 {
        on!(tx, c => sqlx::query("UPDATE conversations SET ticket_id = ticket_id WHERE id = $1")
            .bind(row.conversation_id).execute(c).await.map(|_| ())?);
        Ok(())
    } else {
        Err(Error::Rows {
            table: "tickets",
            rows,
        })
    }
}

/// A ticket that an agent makes.
#[derive(Debug, Clone)]
pub struct NewTicket {
    pub subject: String,
    pub department_id: DepartmentId,
    pub assignee_id: Option<AgentId>,
    pub contact_id: ContactId,
    pub channel_id: ChannelId,
    pub conversation_id: ConversationId,
    pub created_at: Time,
}

/// Inserts one, open and of normal priority.
pub async fn insert(tx: &mut Tx, new: NewTicket) -> Result<TicketId> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "INSERT INTO tickets (subject, status, priority, department_id, assignee_id, contact_id, channel_id,
            conversation_id, created_at)
         VALUES ($1, 'open', 'normal', $2, $3, $4, $5, $6, $7) RETURNING id")
        .bind(new.subject)
        .bind(new.department_id)
        .bind(new.assignee_id)
        .bind(new.contact_id)
        .bind(new.channel_id)
        .bind(new.conversation_id)
        .bind(new.created_at)
        .fetch_one(c).await?))
}
