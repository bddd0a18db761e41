//! Tickets: lists, one, and changing it. `number` is the id without its prefix.

use super::conversation_actions::acting;
use super::conversations::ContactRef;
use super::extract::present;
use super::page::{self, Page};
use super::{Allowed, ApiError, ApiResult, Json, Path, Query, may};
use crate::actions::ActionError;
use crate::actions::change_ticket::{self, TicketChange};
use crate::db::Error;
use crate::db::surveys::SurveyColumns;
use crate::db::tickets::{self, Assignee, Filter, TicketRow};
use crate::desk::Desk;
use crate::domain::ids::{AgentId, ChannelId, ContactId, ConversationId, DepartmentId, TicketId};
use crate::domain::search_term::SearchTerm;
use crate::domain::survey::{SurveyScale, SurveyState};
use crate::domain::ticket::{Priority, TicketStatus};
use crate::domain::time::Time;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list_tickets))
        .routes(routes!(get_ticket, change_ticket))
}

/// A ticket.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TicketOut {
    pub id: TicketId,
    pub number: i64,
    /// Empty when it began with a file.
    pub subject: String,
    pub status: TicketStatus,
    pub priority: Priority,
    pub department_id: DepartmentId,
    #[schema(required = true)]
    pub assignee_id: Option<AgentId>,
    pub contact_id: ContactId,
    pub contact: ContactRef,
    pub channel_id: ChannelId,
    pub conversation_id: ConversationId,
    pub created_at: Time,
    #[schema(required = true)]
    pub closed_at: Option<Time>,
    /// `null`: no survey was asked.
    #[schema(required = true)]
    pub survey: Option<SurveyOut>,
    pub version: i64,
}

/// What became of a ticket's survey.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SurveyOut {
    pub state: SurveyState,
    pub scale: SurveyScale,
    /// 1 to 5, or 1 (bad) to 3 (good).
    #[schema(required = true)]
    pub score: Option<i64>,
    #[schema(required = true)]
    pub comment: Option<String>,
    #[schema(required = true)]
    pub answered_at: Option<Time>,
    /// Why it was not asked, or did not arrive: `region_other`, a reason of replies, or `wechat_…`.
    #[schema(required = true)]
    pub reason: Option<String>,
}

impl SurveyOut {
    fn of(row: SurveyColumns) -> Option<Self> {
        Some(Self {
            state: row.survey_state?,
            scale: row.survey_scale?,
            score: row.survey_score,
            comment: row.survey_comment,
            answered_at: row.survey_answered_at,
            reason: row.survey_reason,
        })
    }
}

impl From<TicketRow> for TicketOut {
    fn from(row: TicketRow) -> Self {
        Self {
            id: row.id,
            number: row.id.0,
            subject: row.subject,
            status: row.status,
            priority: row.priority,
            department_id: row.department_id,
            assignee_id: row.assignee_id,
            contact_id: row.contact_id,
            contact: ContactRef {
                id: row.contact_id,
                name: row.contact_name,
            },
            channel_id: row.channel_id,
            conversation_id: row.conversation_id,
            created_at: row.created_at,
            closed_at: row.closed_at,
            survey: SurveyOut::of(row.survey),
            version: row.version,
        }
    }
}

/// What a list may be asked for.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketsQuery {
    #[param(inline)]
    status: Option<TicketStatus>,
    #[param(inline)]
    priority: Option<Priority>,
    #[param(value_type = Option<String>)]
    department_id: Option<DepartmentId>,
    /// `me`, `none`, or an agent's id.
    assignee_id: Option<String>,
    #[param(value_type = Option<String>)]
    contact_id: Option<ContactId>,
    #[param(value_type = Option<String>)]
    channel_id: Option<ChannelId>,
    /// Part of a subject, a contact's name or a number; `#12` finds exactly that ticket.
    q: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

impl TicketsQuery {
    fn filter(self, me: AgentId) -> ApiResult<Filter> {
        Ok(Filter {
            assignee: self
                .assignee_id
                .as_deref()
                .map(|word| assignee(word, me))
                .transpose()?,
            after: self
                .cursor
                .as_deref()
                .map(page::read_cursor::<1>)
                .transpose()?
                .map(|[id]| id),
            limit: page::limit(self.limit)?,
            status: self.status,
            priority: self.priority,
            department_id: self.department_id,
            contact_id: self.contact_id,
            channel_id: self.channel_id,
            term: self.q.as_deref().and_then(SearchTerm::read),
        })
    }
}

fn assignee(word: &str, me: AgentId) -> ApiResult<Assignee> {
    match word {
        "me" => Ok(Assignee::Agent(me)),
        "none" => Ok(Assignee::None),
        id => id
            .parse()
            .map(Assignee::Agent)
            .map_err(|_| ApiError::malformed("`assignee_id` is `me`, `none` or an agent's id")),
    }
}

/// A list of tickets in sight, the newest first.
#[utoipa::path(get, path = "/tickets", tag = "tickets", operation_id = "list_tickets", params(TicketsQuery),
    responses((status = 200, body = Page<TicketOut>), (status = 400, description = "wrong cursor, limit or filter")))]
async fn list_tickets(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadConversations>,
    Query(query): Query<TicketsQuery>,
) -> ApiResult<Json<Page<TicketOut>>> {
    let viewer = allowed.login.viewer;
    let filter = query.filter(viewer.agent_id)?;
    let rows = tickets::list(&mut desk.db.read().await?, &viewer, &filter).await?;
    Ok(Json(
        Page::of(rows, filter.limit, |row| [row.id.0]).map(TicketOut::from),
    ))
}

/// One ticket.
#[utoipa::path(get, path = "/tickets/{id}", tag = "tickets", operation_id = "get_ticket", params(("id" = String, Path)),
    responses((status = 200, body = TicketOut), (status = 404, description = "not in sight")))]
async fn get_ticket(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadConversations>,
    Path(id): Path<TicketId>,
) -> ApiResult<Json<TicketOut>> {
    let row = tickets::find(&mut desk.db.read().await?, id, &allowed.login.viewer).await?;
    Ok(Json(row.ok_or_else(ApiError::not_found)?.into()))
}

/// What to change; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
pub struct TicketPatch {
    status: Option<String>,
    priority: Option<String>,
    /// At most 255 characters.
    subject: Option<String>,
    department_id: Option<String>,
    /// `null`: back to the queue.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    assignee_id: Option<Option<String>>,
    /// What the caller last read: refused when it is no longer current.
    version: Option<i64>,
}

impl TicketPatch {
    /// For many tickets at once: subject and version belong to one.
    pub(super) fn of_many(
        status: Option<String>,
        priority: Option<String>,
        department_id: Option<String>,
        assignee_id: Option<Option<String>>,
    ) -> Self {
        Self {
            status,
            priority,
            department_id,
            assignee_id,
            ..Self::default()
        }
    }

    pub(super) fn change(self) -> ApiResult<TicketChange> {
        let mut fields = Vec::new();
        let change = TicketChange {
            status: word(&mut fields, "status", "unknown_value", self.status.as_deref()),
            priority: word(&mut fields, "priority", "unknown_value", self.priority.as_deref()),
            department_id: word(
                &mut fields,
                "department_id",
                "unknown_department",
                self.department_id.as_deref(),
            ),
            assignee_id: match self.assignee_id {
                Some(Some(id)) => word(&mut fields, "assignee_id", "unknown_agent", Some(&id)).map(Some),
                Some(None) => Some(None),
                None => None,
            },
            subject: self.subject,
            quietly: false,
            version: self.version,
        };
        if fields.is_empty() {
            Ok(change)
        } else {
            Err(ApiError::fields(fields))
        }
    }
}

fn word<T: std::str::FromStr>(
    fields: &mut Vec<(String, &'static str)>,
    name: &str,
    code: &'static str,
    text: Option<&str>,
) -> Option<T> {
    let parsed = text?.parse().ok();
    if parsed.is_none() {
        fields.push((name.to_owned(), code));
    }
    parsed
}

/// Changes a ticket. Assignee and department of a conversation's current ticket are transfers of the conversation.
#[utoipa::path(patch, path = "/tickets/{id}", tag = "tickets", operation_id = "change_ticket",
    params(("id" = String, Path)), request_body = TicketPatch,
    responses((status = 200, body = TicketOut), (status = 404, description = "not in sight"),
        (status = 409, description = "changed_meanwhile, not_associated, department_not_served, conversation_ended"),
        (status = 422, description = "unknown_value, too_long, unknown_agent, unknown_department")))]
async fn change_ticket(
    State(desk): State<Desk>,
    allowed: Allowed<may::EditTickets>,
    Path(id): Path<TicketId>,
    body: ApiResult<Json<TicketPatch>>,
) -> ApiResult<Json<TicketOut>> {
    let seen = tickets::find(&mut desk.db.read().await?, id, &allowed.login.viewer).await?;
    seen.ok_or_else(ApiError::not_found)?;
    let Json(body) = body?;
    let (by, clock, change) = (acting(&allowed.login), desk.clock.clone(), body.change()?);
    let row = desk.db.write(move |tx| {
        let (by, change, now) = (by.clone(), change.clone(), clock.now());
        Box::pin(async move {
            change_ticket::change_ticket(tx, &by, id, &change, now).await?;
            let row = tickets::get(tx, id).await?;
            row.ok_or_else(|| ActionError::Db(Error::BadRow(format!("{id} was just changed"))))
        })
    });
    Ok(Json(row.await?.into()))
}
