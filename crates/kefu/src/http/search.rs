//! Searching in messages, people and tickets: the newest first, only what the caller may see.

use super::conversations::ContactRef;
use super::page;
use super::{Allowed, ApiError, ApiResult, Json, Query, may};
use crate::db::search::found::Narrowed;
use crate::db::search::lookup::{Asked, Hit, Hits};
use crate::desk::Desk;
use crate::domain::agent::Viewer;
use crate::domain::fields::FieldCode;
use crate::domain::ids::{ChannelId, ContactId, ConversationId, DepartmentId, MessageId, TicketId};
use crate::domain::message::{Direction, MessageKind};
use crate::domain::search::document::{FieldName, SearchKind};
use crate::domain::search::query::{self, Unsearchable};
use crate::domain::text_enum::text_enum;
use crate::domain::ticket::TicketStatus;
use crate::domain::time::Time;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Hits of a page when nothing else is asked for.
const LIMIT: i64 = 20;

/// The route of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(search))
}

text_enum!(
/// What is looked for. A conversation is found by the name of its person.
SearchedKind {
    Message = "message", Contact = "contact", Ticket = "ticket", Conversation = "conversation",
});

text_enum!(
    /// Whether everything can be found yet.
    IndexState { Ready = "ready", Rebuilding = "rebuilding" });

/// What is searched for.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// At most 200 characters; every word, in any order. Words are found from their beginning, Chinese, Japanese and
    /// Korean characters wherever they stand next to each other. Letter case and width do not count, quotes and signs
    /// mean nothing. `#12`: exactly that ticket.
    q: Option<String>,
    /// Left out: messages, contacts and tickets.
    #[param(inline)]
    kind: Option<SearchedKind>,
    #[param(value_type = Option<String>)]
    channel_id: Option<ChannelId>,
    #[param(value_type = Option<String>)]
    department_id: Option<DepartmentId>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// What was found, the newest first.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SearchOut {
    pub items: Vec<HitOut>,
    /// Pass it as `cursor` to go on. A page may have fewer hits than asked for, even none, and still have a next one: one
    /// request looks at so much and no more.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
    pub index: IndexOut,
}

/// The index that searches go by.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
pub struct IndexOut {
    pub state: IndexState,
    /// How much of what was there is in it.
    pub percent: i64,
}

/// Something that was found.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct HitOut {
    pub kind: SearchedKind,
    /// Of the message, contact, ticket or conversation.
    pub id: String,
    pub conversation_id: ConversationId,
    pub channel_id: ChannelId,
    pub department_id: DepartmentId,
    pub contact: ContactRef,
    /// When the message or ticket was made; of a contact or conversation when the last message came.
    pub at: Time,
    /// Which of its texts is shown.
    pub field: FieldName,
    /// A part of that text, on one line.
    pub snippet: String,
    /// What of the snippet was searched for.
    pub marks: Vec<MarkOut>,
    /// Of a message.
    #[schema(required = true)]
    pub message: Option<FoundMessage>,
    /// Of a ticket.
    #[schema(required = true)]
    pub ticket: Option<FoundTicket>,
}

/// Characters (Unicode code points, not bytes or UTF-16 units) of a snippet.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
pub struct MarkOut {
    pub start: usize,
    /// The first one that does not belong to it.
    pub end: usize,
}

/// What a hit says about a message.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FoundMessage {
    pub seq: i64,
    pub kind: MessageKind,
    pub direction: Direction,
    /// The agent who wrote it.
    #[schema(required = true)]
    pub author_name: Option<String>,
}

/// What a hit says about a ticket.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
pub struct FoundTicket {
    pub number: i64,
    pub status: TicketStatus,
}

impl HitOut {
    fn of(hit: Hit, kind: SearchedKind) -> Self {
        let Hit { row, excerpt } = hit;
        let id = match kind {
            SearchedKind::Message => MessageId(row.id).to_string(),
            SearchedKind::Contact => ContactId(row.id).to_string(),
            SearchedKind::Ticket => TicketId(row.id).to_string(),
            SearchedKind::Conversation => row.conversation_id.to_string(),
        };
        let message = row.seq.zip(row.message_kind).zip(row.direction);
        Self {
            kind,
            id,
            conversation_id: row.conversation_id,
            channel_id: row.channel_id,
            department_id: row.department_id,
            contact: ContactRef {
                id: row.contact_id,
                name: row.contact_name,
            },
            at: row.at,
            field: excerpt.field,
            snippet: excerpt.text,
            marks: excerpt
                .marks
                .into_iter()
                .map(|mark| MarkOut {
                    start: mark.start,
                    end: mark.end,
                })
                .collect(),
            message: message.map(|((seq, kind), direction)| FoundMessage {
                seq,
                kind,
                direction,
                author_name: row.author_name,
            }),
            ticket: row.status.map(|status| FoundTicket {
                number: row.id,
                status,
            }),
        }
    }
}

/// Searches in messages, people and tickets.
#[utoipa::path(get, path = "/search", tag = "search", operation_id = "search", params(SearchQuery),
    responses((status = 200, body = SearchOut), (status = 400, description = "malformed"),
        (status = 422, description = "`q`: required, too_long, no_letters"),
        (status = 429, description = "too_many_requests")))]
async fn search(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadConversations>,
    Query(asked): Query<SearchQuery>,
) -> ApiResult<Json<SearchOut>> {
    let typed = asked.q.as_deref().unwrap_or_default();
    let query = query::Query::read(typed).map_err(unsearchable)?;
    let mut places = Places::read(&asked)?;
    let limit = page::limit(asked.limit.or(Some(LIMIT)))?;
    let viewer = &allowed.login.viewer;
    let _turn = desk.search_pace.turn(viewer.agent_id, desk.clock.wall()).await?;
    let search = Searching {
        desk: &desk,
        viewer,
        query: &query,
        number: ticket_number(typed),
        asked: &asked,
        limit: usize::try_from(limit).unwrap_or_default(),
    };
    let items = search.page(&mut places).await?;
    let progress = desk.search.progress().await?;
    Ok(Json(SearchOut {
        items,
        next_cursor: places.cursor(),
        index: IndexOut {
            state: if progress.ready {
                IndexState::Ready
            } else {
                IndexState::Rebuilding
            },
            percent: progress.percent,
        },
    }))
}

fn unsearchable(why: Unsearchable) -> ApiError {
    let code = match why {
        Unsearchable::Empty => FieldCode::Required,
        Unsearchable::TooLong => FieldCode::TooLong,
        Unsearchable::NoLetters => FieldCode::NoLetters,
    };
    ApiError::field("q", code.as_str())
}

/// `#12` is a ticket and nothing else.
fn ticket_number(typed: &str) -> Option<i64> {
    typed.trim().strip_prefix('#')?.parse().ok()
}

/// One kind, and below which id to go on with it; 0 when nothing is left.
#[derive(Debug, Clone, Copy)]
struct Place {
    kind: SearchedKind,
    below: i64,
}

/// Where a search of one or several kinds is.
#[derive(Debug)]
struct Places(Vec<Place>);

impl Places {
    fn read(asked: &SearchQuery) -> ApiResult<Self> {
        use SearchedKind::{Contact, Message, Ticket};
        let kinds = asked
            .kind
            .map_or_else(|| vec![Message, Contact, Ticket], |kind| vec![kind]);
        let below: Vec<i64> = match (asked.cursor.as_deref(), kinds.len()) {
            (None, count) => vec![i64::MAX; count],
            (Some(cursor), 1) => page::read_cursor::<1>(cursor)?.to_vec(),
            (Some(cursor), _) => page::read_cursor::<3>(cursor)?.to_vec(),
        };
        let places = kinds.into_iter().zip(below);
        Ok(Self(places.map(|(kind, below)| Place { kind, below }).collect()))
    }

    fn cursor(&self) -> Option<String> {
        let keys: Vec<i64> = self.0.iter().map(|place| place.below).collect();
        keys.iter().any(|below| *below > 0).then(|| page::cursor(&keys))
    }
}

struct Searching<'a> {
    desk: &'a Desk,
    viewer: &'a Viewer,
    query: &'a query::Query,
    number: Option<i64>,
    asked: &'a SearchQuery,
    limit: usize,
}

impl Searching<'_> {
    /// The newest hits of every kind, one list; moves the places on.
    async fn page(&self, places: &mut Places) -> ApiResult<Vec<HitOut>> {
        let mut heads = Vec::with_capacity(places.0.len());
        for place in &places.0 {
            let Hits { hits, next } = self.of_kind(*place).await?;
            heads.push((hits.into_iter().peekable(), next));
        }
        let mut items = Vec::new();
        while items.len() < self.limit {
            let newest = heads
                .iter_mut()
                .enumerate()
                .filter_map(|(index, (hits, _))| Some((hits.peek()?.row.at, index)))
                .max_by_key(|(at, index)| (*at, std::cmp::Reverse(*index)));
            let Some((_, index)) = newest else { break };
            let Some(hit) = heads[index].0.next() else { break };
            places.0[index].below = hit.row.id;
            items.push(HitOut::of(hit, places.0[index].kind));
        }
        for ((mut hits, next), place) in heads.into_iter().zip(&mut places.0) {
            if hits.peek().is_none() {
                place.below = next.unwrap_or_default();
            }
        }
        Ok(items)
    }

    async fn of_kind(&self, place: Place) -> ApiResult<Hits> {
        let kind = match place.kind {
            SearchedKind::Message => SearchKind::Message,
            SearchedKind::Contact | SearchedKind::Conversation => SearchKind::Contact,
            SearchedKind::Ticket => SearchKind::Ticket,
        };
        let asked = Asked {
            query: self.query,
            kind,
            narrowed: Narrowed {
                channel_id: self.asked.channel_id,
                department_id: self.asked.department_id,
            },
            below: place.below,
            limit: self.limit,
        };
        if place.below <= 0 || (self.number.is_some() && kind != SearchKind::Ticket) {
            return Ok(Hits::default());
        }
        Ok(match self.number {
            Some(number) => self.desk.search.ticket(self.viewer, &asked, number).await?,
            None => self.desk.search.lookup(self.viewer, &asked).await?,
        })
    }
}
