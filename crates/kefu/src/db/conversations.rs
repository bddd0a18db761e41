//! Conversations: the row that lists, rules and answers need, read in one query; saved under its lock.

use super::allowance_ledger::{MonthlyColumns, monthly_columns};
use super::dynamic::{self, Sql};
use super::expiring;
use super::visibility::{self, CONVERSATIONS};
use super::{Conn, Either, Error, Result, Tx, on};
use crate::domain::agent::Viewer;
use crate::domain::allowance::{Books, Policy, ReplySituation};
use crate::domain::blacklist::BlacklistState;
use crate::domain::channel::{AccountKind, ChannelState, ReplyPolicy};
use crate::domain::conversation::{ConversationState, Situation};
use crate::domain::ids::{AgentId, ChannelId, ContactId, ConversationId, DepartmentId, TicketId};
use crate::domain::message::{Direction, MessageKind, MessageState};
use crate::domain::search_term::SearchTerm;
use crate::domain::ticket::TicketStatus;
use crate::domain::time::Time;

/// A conversation with what belongs to it: contact, channel, current ticket.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ConversationRow {
    pub id: ConversationId,
    pub channel_id: ChannelId,
    pub contact_id: ContactId,
    pub department_id: DepartmentId,
    pub state: ConversationState,
    pub blocked: bool,
    pub assignee_id: Option<AgentId>,
    pub responded: bool,
    pub unread_count: i64,
    pub waiting_since: Option<Time>,
    pub last_seq: i64,
    /// Of the last message that a person wrote to the other side; `None` when there is none.
    pub last_message_seq: Option<i64>,
    pub last_message_kind: MessageKind,
    pub last_message_direction: Direction,
    pub last_message_text: String,
    pub last_message_state: MessageState,
    pub last_message_at: Time,
    pub ticket_id: Option<TicketId>,
    pub last_inbound_at: Option<Time>,
    pub window_until: Option<Time>,
    pub window_left: Option<i64>,
    pub pending_replies: i64,
    pub burst_until: Option<Time>,
    pub burst_left: Option<i64>,
    /// Whether it waits for an approval, out of sight.
    pub pending: bool,
    /// The ticket whose survey the contact's next text may answer.
    pub survey_ticket_id: Option<TicketId>,
    pub created_at: Time,
    pub contact_name: String,
    pub external_id: String,
    pub blacklist: Option<BlacklistState>,
    pub blacklist_reason: Option<String>,
    pub unsubscribed_at: Option<Time>,
    pub approved: bool,
    pub channel_kind: String,
    pub channel_state: ChannelState,
    pub account_kind: AccountKind,
    pub verified: bool,
    pub reply_policy: ReplyPolicy,
    pub custom_policy: Option<String>,
    pub time_zone: String,
    #[sqlx(flatten)]
    pub monthly: MonthlyColumns,
    pub ticket_status: Option<TicketStatus>,
    /// What the asked-for order sorts by.
    pub sort_key: i64,
}

impl ConversationRow {
    /// What the rules for actions need.
    pub const fn situation(&self) -> Situation {
        Situation {
            channel: self.channel_state,
            state: self.state,
            blocked: self.blocked,
            assignee: self.assignee_id,
        }
    }

    /// The allowance.
    pub const fn books(&self) -> Books {
        Books {
            window_until: self.window_until,
            window_left: self.window_left,
            burst_until: self.burst_until,
            burst_left: self.burst_left,
            pending_replies: self.pending_replies,
        }
    }

    /// Puts changed books back.
    pub const fn set_books(&mut self, books: Books) {
        self.window_until = books.window_until;
        self.window_left = books.window_left;
        self.burst_until = books.burst_until;
        self.burst_left = books.burst_left;
        self.pending_replies = books.pending_replies;
    }

    /// What the decision about a reply needs.
    pub fn reply_situation(&self) -> ReplySituation<'_> {
        ReplySituation {
            channel: self.channel_state,
            account_kind: self.account_kind,
            verified: self.verified,
            blocked: self.blocked,
            state: self.state,
            assignee: self.assignee_id,
            unsubscribed: self.unsubscribed_at.is_some(),
            approved: self.approved,
            ever_wrote: self.last_inbound_at.is_some(),
            policy: Policy::of(self.reply_policy, self.custom_policy.as_deref()),
            time_zone: &self.time_zone,
            books: self.books(),
            monthly: self.monthly.books(),
        }
    }
}

/// The columns of [`ConversationRow`] from `page`, a set of conversations with a `sort_key`. Left joins keep its order.
pub(super) const COLUMNS: &str = concat!(
    "SELECT c.*, ct.name AS contact_name, ct.external_id, ct.unsubscribed_at, ct.approved,
        ct.blacklist, ct.blacklist_reason,
        ch.kind AS channel_kind, ch.state AS channel_state, ch.account_kind, ch.verified,
        ch.reply_policy, ch.custom_policy, ch.time_zone, t.status AS ticket_status, ",
    monthly_columns!(),
    ",
        (SELECT m.seq FROM messages m WHERE m.conversation_id = c.id
           AND (m.direction = 'in' OR (m.direction = 'out' AND m.author_id IS NOT NULL))
         ORDER BY m.seq DESC LIMIT 1) AS last_message_seq
    FROM ("
);
pub(super) const JOINS: &str = ") c
    LEFT JOIN contacts ct ON ct.id = c.contact_id
    LEFT JOIN channels ch ON ch.id = c.channel_id
    LEFT JOIN monthly_accounts ma ON ma.channel_id = c.channel_id
    LEFT JOIN tickets t ON t.id = c.ticket_id";

/// Which conversations a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Open, not blocked, with the caller.
    Mine,
    /// Open, not blocked, with nobody.
    Unassigned,
    /// Everything in sight.
    All,
    /// Ended.
    Ended,
    /// Blocked.
    Blocked,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The newest message first.
    Recent,
    /// Who waits longest first, then those who do not wait.
    OldestWaiting,
    /// The window that closes next first, then those without an open one.
    Expiring,
}

/// What a list is asked for.
#[derive(Debug, Clone)]
pub struct Filter {
    pub view: View,
    pub responded: Option<bool>,
    pub channel_id: Option<ChannelId>,
    pub department_id: Option<DepartmentId>,
    pub term: Option<SearchTerm>,
    pub sort: Sort,
    /// Sort key and id of the last item of the page before.
    pub after: Option<[i64; 2]>,
    pub limit: i64,
    pub now: Time,
}

/// One page, and one row more when there is a next one.
pub async fn list(conn: &mut Conn, viewer: &Viewer, filter: &Filter) -> Result<Vec<ConversationRow>> {
    let mut sql = Sql::new(COLUMNS);
    sql.push("SELECT c.*, ").push(match filter.sort {
        Sort::Recent => "c.last_message_at",
        Sort::OldestWaiting => WAITING,
        Sort::Expiring => return expiring::list(conn, viewer, filter).await,
    });
    sql.push(" AS sort_key FROM conversations c");
    restrict(&mut sql, viewer, filter);
    page(&mut sql, filter);
    sql.push(JOINS);
    sql.push(match filter.sort {
        Sort::Recent => " ORDER BY c.sort_key DESC, c.id DESC",
        Sort::OldestWaiting | Sort::Expiring => " ORDER BY c.sort_key, c.id",
    });
    dynamic::fetch_all(conn, sql).await
}

/// Only what is asked for and in sight.
pub(super) fn restrict(sql: &mut Sql, viewer: &Viewer, filter: &Filter) {
    if matches!(filter.term, Some(SearchTerm::Text(_))) {
        sql.push(" JOIN contacts ct ON ct.id = c.contact_id");
    }
    sql.push(" WHERE ");
    view(sql, filter.view, viewer.agent_id);
    narrow(sql, filter);
    visibility::restrict(sql, viewer, CONVERSATIONS);
}

/// Who does not wait comes last.
const WAITING: &str = "COALESCE(c.waiting_since, 9223372036854775807)";

fn view(sql: &mut Sql, view: View, me: AgentId) {
    match view {
        View::Mine => sql
            .push("c.state = 'open' AND NOT c.blocked AND c.assignee_id = ")
            .number(me.0),
        View::Unassigned => sql.push("c.state = 'open' AND NOT c.blocked AND c.assignee_id IS NULL"),
        View::All => sql.push("TRUE"),
        View::Ended => sql.push("c.state = 'ended'"),
        View::Blocked => sql.push("c.blocked"),
    };
}

fn narrow(sql: &mut Sql, filter: &Filter) {
    match filter.responded {
        Some(true) => sql.push(" AND c.responded"),
        Some(false) => sql.push(" AND NOT c.responded"),
        None => sql,
    };
    if let Some(id) = filter.channel_id {
        sql.push(" AND c.channel_id = ").number(id.0);
    }
    if let Some(id) = filter.department_id {
        sql.push(" AND c.department_id = ").number(id.0);
    }
    match &filter.term {
        Some(SearchTerm::Text(text)) => matching(sql, text),
        Some(SearchTerm::TicketNumber(number)) => {
            sql.push(" AND c.ticket_id = ").number(*number);
        }
        None => {}
    }
}

fn matching(sql: &mut Sql, text: &str) {
    let pieces = [
        "LOWER(ct.name) LIKE",
        "LOWER(ct.alias) LIKE",
        "CAST(c.ticket_id AS TEXT) LIKE",
    ];
    dynamic::push_anywhere(sql, &pieces, text);
}

fn page(sql: &mut Sql, filter: &Filter) {
    if let Some([key, id]) = filter.after {
        sql.push(" AND (");
        sql.push(match filter.sort {
            Sort::Recent => "c.last_message_at, c.id) < (",
            Sort::OldestWaiting | Sort::Expiring => {
                "COALESCE(c.waiting_since, 9223372036854775807), c.id) > ("
            }
        });
        sql.number(key).push(", ").number(id).push(")");
    }
    sql.push(match filter.sort {
        Sort::Recent => " ORDER BY c.last_message_at DESC, c.id DESC LIMIT ",
        Sort::OldestWaiting | Sort::Expiring => " ORDER BY sort_key, c.id LIMIT ",
    });
    sql.number(filter.limit + 1);
}

/// How many conversations each view has, each counted no further than [`COUNTED`].
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Counts {
    pub mine: i64,
    pub mine_unresponded: i64,
    pub unassigned: i64,
    pub all_visible: i64,
    pub ended: i64,
    pub blocked: i64,
}

/// Nobody reads larger numbers beside a view, and counting a million rows is slow.
pub const COUNTED: i64 = 10_000;

/// Counts every view in one query.
pub async fn counts(conn: &mut Conn, viewer: &Viewer) -> Result<Counts> {
    let mut sql = Sql::new("SELECT ");
    let views = [
        (View::Mine, "", " AS mine, "),
        (View::Mine, " AND NOT c.responded", " AS mine_unresponded, "),
        (View::Unassigned, "", " AS unassigned, "),
        (View::All, "", " AS all_visible, "),
        (View::Ended, "", " AS ended, "),
        (View::Blocked, "", " AS blocked"),
    ];
    for (which, more, name) in views {
        sql.push("(SELECT COUNT(*) FROM (SELECT 1 FROM conversations c WHERE ");
        view(&mut sql, which, viewer.agent_id);
        sql.push(more);
        visibility::restrict(&mut sql, viewer, CONVERSATIONS);
        sql.push(" LIMIT ").number(COUNTED).push(") counted)").push(name);
    }
    let counts = dynamic::fetch_optional(conn, sql).await?;
    counts.ok_or_else(|| Error::BadRow("counting answered no row".into()))
}

/// One conversation, if the viewer sees it.
pub async fn find(conn: &mut Conn, id: ConversationId, viewer: &Viewer) -> Result<Option<ConversationRow>> {
    let mut sql = one(id);
    visibility::restrict_one(&mut sql, viewer, CONVERSATIONS);
    sql.push(JOINS);
    dynamic::fetch_optional(conn, sql).await
}

/// One conversation, whoever asks: for answers after a change that may have moved it out of sight.
pub async fn get(conn: &mut Conn, id: ConversationId) -> Result<Option<ConversationRow>> {
    let mut sql = one(id);
    sql.push(JOINS);
    dynamic::fetch_optional(conn, sql).await
}

fn one(id: ConversationId) -> Sql {
    let mut sql = Sql::new(COLUMNS);
    sql.push("SELECT c.*, CAST(0 AS BIGINT) AS sort_key FROM conversations c WHERE c.id = ")
        .number(id.0);
    sql
}

/// Locks the row until the transaction ends. What is read afterwards is what the last holder left.
pub async fn lock(tx: &mut Tx, id: ConversationId) -> Result<()> {
    if let Either::Postgres(c) = tx.either() {
        sqlx::query("SELECT id FROM conversations WHERE id = $1 FOR UPDATE")
            .bind(id)
            .execute(c)
            .await?;
    }
    Ok(())
}

/// Saves what actions change. The caller holds the lock.
pub async fn save(tx: &mut Tx, row: &ConversationRow) -> Result<()> {
    let rows = on!(tx, c => sqlx::query(
        "UPDATE conversations SET department_id = $2, state = $3, blocked = $4, assignee_id = $5, responded = $6,
            unread_count = $7, waiting_since = $8, last_seq = $9, last_message_kind = $10,
            last_message_direction = $11, last_message_text = $12, last_message_state = $13, last_message_at = $14,
            window_until = $15, window_left = $16, pending_replies = $17
         WHERE id = $1")
        .bind(row.id)
        .bind(row.department_id)
        .bind(row.state)
        .bind(row.blocked)
        .bind(row.assignee_id)
        .bind(row.responded)
        .bind(row.unread_count)
        .bind(row.waiting_since)
        .bind(row.last_seq)
        .bind(row.last_message_kind)
        .bind(row.last_message_direction)
        .bind(&row.last_message_text)
        .bind(row.last_message_state)
        .bind(row.last_message_at)
        .bind(row.window_until)
        .bind(row.window_left)
        .bind(row.pending_replies)
        .execute(c).await?.rows_affected());
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::Rows {
            table: "conversations",
            rows,
        })
    }
}

/// Another ticket is the current one. The caller holds the lock.
pub async fn set_ticket(tx: &mut Tx, id: ConversationId, ticket: TicketId) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE conversations SET ticket_id = $2 WHERE id = $1")
        .bind(id).bind(ticket).execute(c).await.map(|_| ())?);
    Ok(())
}
