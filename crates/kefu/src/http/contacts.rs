//! Contacts: one, and renaming it. Agents cannot make any, nor write to one who never wrote.

use super::conversation_actions::acting;
use super::{Allowed, ApiError, ApiResult, Json, Path, may};
use crate::actions::change_contact;
use crate::db::contacts::{self, ContactEventRow, ContactRow};
use crate::db::{Conn, tickets};
use crate::desk::Desk;
use crate::domain::agent::Viewer;
use crate::domain::ids::{ChannelId, ContactId, ConversationId};
use crate::domain::inbound::ContactEventKind;
use crate::domain::time::Time;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How many of a contact's events are shown.
const RECENT_EVENTS: i64 = 20;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(get_contact, change_contact))
}

/// A contact.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ContactOut {
    pub id: ContactId,
    pub channel_id: ChannelId,
    #[schema(required = true)]
    pub conversation_id: Option<ConversationId>,
    /// What agents call them; the alias until somebody gives another name.
    pub name: String,
    /// Made once by the desk.
    pub alias: String,
    /// Their id at WeChat.
    pub external_id: String,
    #[schema(required = true)]
    pub unsubscribed_at: Option<Time>,
    /// When the channel's privacy policy took the person off after an unfollow.
    #[schema(required = true)]
    pub anonymised_at: Option<Time>,
    /// When it erased what they wrote.
    #[schema(required = true)]
    pub erased_at: Option<Time>,
    pub created_at: Time,
    pub tickets_count: i64,
    /// What they did last, the newest first.
    pub recent_events: Vec<ContactEventOut>,
    pub version: i64,
}

/// Something a contact did that is not a message.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ContactEventOut {
    pub kind: ContactEventKind,
    #[schema(required = true)]
    pub event_key: Option<String>,
    pub created_at: Time,
}

impl From<ContactEventRow> for ContactEventOut {
    fn from(row: ContactEventRow) -> Self {
        Self {
            kind: row.kind,
            event_key: row.event_key,
            created_at: row.created_at,
        }
    }
}

async fn load(conn: &mut Conn, id: ContactId, viewer: &Viewer) -> ApiResult<ContactOut> {
    let ContactRow {
        channel_id,
        conversation_id,
        name,
        alias,
        external_id,
        unsubscribed_at,
        anonymised_at,
        erased_at,
        created_at,
        version,
        ..
    } = contacts::find(conn, id, viewer)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let tickets_count = tickets::count_of_contact(conn, id).await?;
    let events = contacts::recent_events(conn, id, RECENT_EVENTS).await?;
    let recent_events = events.into_iter().map(ContactEventOut::from).collect();
    Ok(ContactOut {
        id,
        channel_id,
        conversation_id,
        name,
        alias,
        external_id,
        unsubscribed_at,
        anonymised_at,
        erased_at,
        created_at,
        tickets_count,
        recent_events,
        version,
    })
}

/// One contact.
#[utoipa::path(get, path = "/contacts/{id}", tag = "contacts", operation_id = "get_contact", params(("id" = String, Path)),
    responses((status = 200, body = ContactOut), (status = 404, description = "not in sight")))]
async fn get_contact(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadConversations>,
    Path(id): Path<ContactId>,
) -> ApiResult<Json<ContactOut>> {
    Ok(Json(
        load(&mut desk.db.read().await?, id, &allowed.login.viewer).await?,
    ))
}

/// What to change; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
pub struct ContactPatch {
    /// At most 100 characters; empty: the alias again.
    name: Option<String>,
    /// What the caller last read: refused when it is no longer current.
    version: Option<i64>,
}

/// Renames a contact.
#[utoipa::path(patch, path = "/contacts/{id}", tag = "contacts", operation_id = "change_contact",
    params(("id" = String, Path)), request_body = ContactPatch,
    responses((status = 200, body = ContactOut), (status = 404, description = "not in sight"),
        (status = 409, description = "changed_meanwhile"), (status = 422, description = "too_long")))]
async fn change_contact(
    State(desk): State<Desk>,
    allowed: Allowed<may::EditContacts>,
    Path(id): Path<ContactId>,
    body: ApiResult<Json<ContactPatch>>,
) -> ApiResult<Json<ContactOut>> {
    let viewer = &allowed.login.viewer;
    let seen = contacts::find(&mut desk.db.read().await?, id, viewer).await?;
    seen.ok_or_else(ApiError::not_found)?;
    let Json(body) = body?;
    let (by, clock) = (acting(&allowed.login), desk.clock.clone());
    let changed = desk.db.write(move |tx| {
        let (by, body, now) = (by.clone(), body.clone(), clock.now());
        Box::pin(async move {
            change_contact::change_contact(tx, &by, id, body.name.as_deref(), body.version, now).await
        })
    });
    changed.await?;
    Ok(Json(
        load(&mut desk.db.read().await?, id, &allowed.login.viewer).await?,
    ))
}
