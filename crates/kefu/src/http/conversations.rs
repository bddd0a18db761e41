//! Conversations: lists, counts, one. What agents do with them: `conversation_actions.rs`.

use super::page::{self, Page};
use super::{Allowed, ApiError, ApiResult, Json, Path, Query, may};
use crate::db::conversations::{self, ConversationRow, Filter, Sort, View};
use crate::desk::Desk;
use crate::domain::agent::Viewer;
use crate::domain::allowance::Reply;
use crate::domain::blacklist::BlacklistState;
use crate::domain::conversation::ConversationState;
use crate::domain::ids::{AgentId, ChannelId, ContactId, ConversationId, DepartmentId, TicketId};
use crate::domain::message::{Direction, MessageKind, MessageState};
use crate::domain::search_term::SearchTerm;
use crate::domain::ticket::TicketStatus;
use crate::domain::time::Time;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list_conversations, create_conversation))
        .routes(routes!(count_conversations))
        .routes(routes!(get_conversation))
}

/// A conversation as the caller sees it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ConversationOut {
    pub id: ConversationId,
    pub channel_id: ChannelId,
    pub department_id: DepartmentId,
    pub contact: ContactRef,
    pub state: ConversationState,
    pub blocked: bool,
    /// Where the contact stands on the account's own blacklist; `null`: the desk did not touch it.
    #[schema(required = true)]
    pub blacklist: Option<BlacklistOut>,
    #[schema(required = true)]
    pub assignee_id: Option<AgentId>,
    /// Whether the contact's last message was answered.
    pub responded: bool,
    /// Shared by all agents.
    pub unread_count: i64,
    #[schema(required = true)]
    pub waiting_since: Option<Time>,
    /// The newest message that is not internal.
    #[schema(required = true)]
    pub last_message: Option<LastMessageOut>,
    /// The current ticket.
    #[schema(required = true)]
    pub ticket: Option<TicketRef>,
    /// Whether the caller could reply now, and if not, why.
    pub reply: Reply,
    /// Whether it waits for the approval of its contact: then only administrators can read it.
    pub pending_approval: bool,
    pub created_at: Time,
}

/// A contact in short.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ContactRef {
    pub id: ContactId,
    pub name: String,
}

/// What became of the wish to put a contact on the account's own blacklist, or to take them off it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct BlacklistOut {
    pub state: BlacklistState,
    /// Why the provider refused, as a stable code.
    #[schema(required = true)]
    pub reason: Option<String>,
}

/// A ticket in short.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TicketRef {
    pub id: TicketId,
    pub number: i64,
    pub status: TicketStatus,
}

/// The newest message in short.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct LastMessageOut {
    pub seq: i64,
    pub kind: MessageKind,
    pub direction: Direction,
    /// Its first 120 characters.
    pub text: String,
    pub state: MessageState,
    pub created_at: Time,
}

impl ConversationOut {
    /// From the row, for this viewer.
    pub fn new(row: ConversationRow, viewer: &Viewer, now: Time) -> Self {
        Self {
            reply: row.reply_situation().decide(viewer.agent_id, now),
            last_message: row.last_message_seq.map(|seq| LastMessageOut {
                seq,
                kind: row.last_message_kind,
                direction: row.last_message_direction,
                text: row.last_message_text,
                state: row.last_message_state,
                created_at: row.last_message_at,
            }),
            ticket: row
                .ticket_id
                .zip(row.ticket_status)
                .map(|(id, status)| TicketRef {
                    id,
                    number: id.0,
                    status,
                }),
            id: row.id,
            channel_id: row.channel_id,
            department_id: row.department_id,
            contact: ContactRef {
                id: row.contact_id,
                name: row.contact_name,
            },
            state: row.state,
            blocked: row.blocked,
            blacklist: row.blacklist.map(|state| BlacklistOut {
                state,
                reason: row.blacklist_reason,
            }),
            assignee_id: row.assignee_id,
            responded: row.responded,
            unread_count: row.unread_count,
            waiting_since: row.waiting_since,
            pending_approval: row.pending,
            created_at: row.created_at,
        }
    }
}

/// Which conversations.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ViewIn {
    /// Open, not blocked, with the caller.
    Mine,
    /// Open, not blocked, with nobody.
    Unassigned,
    /// Everything the caller may see.
    #[default]
    All,
    /// Ended.
    Ended,
    /// Blocked.
    Blocked,
}

/// In which order.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortIn {
    /// The newest message first.
    #[default]
    Recent,
    /// Who waits longest first.
    OldestWaiting,
    /// The window that closes next first.
    Expiring,
}

/// What a list may be asked for.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConversationsQuery {
    #[serde(default)]
    #[param(inline)]
    view: ViewIn,
    responded: Option<bool>,
    #[param(value_type = Option<String>)]
    channel_id: Option<ChannelId>,
    #[param(value_type = Option<String>)]
    department_id: Option<DepartmentId>,
    /// Part of a name, an alias or a ticket number; `#12` finds exactly that ticket's.
    q: Option<String>,
    #[serde(default)]
    #[param(inline)]
    sort: SortIn,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

impl ConversationsQuery {
    fn filter(self, now: Time) -> ApiResult<Filter> {
        let view = match self.view {
            ViewIn::Mine => View::Mine,
            ViewIn::Unassigned => View::Unassigned,
            ViewIn::All => View::All,
            ViewIn::Ended => View::Ended,
            ViewIn::Blocked => View::Blocked,
        };
        let sort = match self.sort {
            SortIn::Recent => Sort::Recent,
            SortIn::OldestWaiting => Sort::OldestWaiting,
            SortIn::Expiring => Sort::Expiring,
        };
        Ok(Filter {
            view,
            sort,
            responded: self.responded,
            channel_id: self.channel_id,
            department_id: self.department_id,
            term: self.q.as_deref().and_then(SearchTerm::read),
            after: self.cursor.as_deref().map(page::read_cursor::<2>).transpose()?,
            limit: page::limit(self.limit)?,
            now,
        })
    }
}

/// The code of every attempt to start one.
const STARTED_BY_CUSTOMERS: &str = "started_by_customers_only";

/// Refused, always: on this channel kind only customers begin a conversation.
#[utoipa::path(post, path = "/conversations", tag = "conversations", operation_id = "create_conversation",
    responses((status = 409, description = "started_by_customers_only")))]
async fn create_conversation(_allowed: Allowed<may::ReplyConversations>) -> ApiError {
    ApiError::refused(STARTED_BY_CUSTOMERS)
}

/// A list of conversations in sight.
#[utoipa::path(get, path = "/conversations", tag = "conversations", operation_id = "list_conversations",
    params(ConversationsQuery),
    responses((status = 200, body = Page<ConversationOut>), (status = 400, description = "wrong cursor or limit")))]
async fn list_conversations(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadConversations>,
    Query(query): Query<ConversationsQuery>,
) -> ApiResult<Json<Page<ConversationOut>>> {
    let (now, viewer) = (desk.clock.now(), allowed.login.viewer);
    let filter = query.filter(now)?;
    let rows = conversations::list(&mut desk.db.read().await?, &viewer, &filter).await?;
    let page = Page::of(rows, filter.limit, |row| [row.sort_key, row.id.0]);
    Ok(Json(page.map(|row| ConversationOut::new(row, &viewer, now))))
}

/// How many conversations each view has.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
pub struct ConversationCountsOut {
    pub mine: i64,
    pub mine_unresponded: i64,
    pub unassigned: i64,
    pub all: i64,
    pub ended: i64,
    pub blocked: i64,
    /// No view is counted further than this.
    pub counted_to: i64,
}

/// How many conversations each view has.
#[utoipa::path(get, path = "/conversations/counts", tag = "conversations", operation_id = "count_conversations",
    responses((status = 200, body = ConversationCountsOut)))]
async fn count_conversations(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadConversations>,
) -> ApiResult<Json<ConversationCountsOut>> {
    let counts = conversations::counts(&mut desk.db.read().await?, &allowed.login.viewer).await?;
    Ok(Json(ConversationCountsOut {
        mine: counts.mine,
        mine_unresponded: counts.mine_unresponded,
        unassigned: counts.unassigned,
        all: counts.all_visible,
        ended: counts.ended,
        blocked: counts.blocked,
        counted_to: conversations::COUNTED,
    }))
}

/// One conversation.
#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations", operation_id = "get_conversation",
    params(("id" = String, Path)),
    responses((status = 200, body = ConversationOut), (status = 404, description = "not in sight")))]
async fn get_conversation(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadConversations>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<ConversationOut>> {
    let viewer = allowed.login.viewer;
    let row = conversations::find(&mut desk.db.read().await?, id, &viewer).await?;
    let row = row.ok_or_else(ApiError::not_found)?;
    Ok(Json(ConversationOut::new(row, &viewer, desk.clock.now())))
}
