//! A channel's menu at WeChat: what phones show, the draft, publishing and removing it.

use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Path, may};
use crate::actions::change_menu::{prepare_menu, published_menu, save_draft};
use crate::auth::token::random_alphanumeric;
use crate::channel::own_automation::OwnAutomation;
use crate::channel::{Class, SendError};
use crate::db::{automatic_answers, channel_menus};
use crate::desk::Desk;
use crate::domain::agent::Actor;
use crate::domain::automation::Occasion;
use crate::domain::channel::ChannelState;
use crate::domain::conversation::Refusal;
use crate::domain::ids::{AgentId, ChannelId};
use crate::domain::menu::{ItemKind, MenuItem, fill_keys};
use crate::domain::text_enum::text_enum;
use crate::domain::time::Time;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(get_channel_menu, put_channel_menu, delete_channel_menu))
        .routes(routes!(put_channel_menu_draft))
}

/// Random characters of a key.
const KEY_CHARS: usize = 12;
/// WeChat's number for a call the account may not make.
const NOT_PERMITTED: i64 = 48001;

text_enum!(
/// What came of asking the provider. `none`: it has nothing; `denied`: this account may not.
ReadState { Ok = "ok", None = "none", Denied = "denied", Failed = "failed" });

impl ReadState {
    /// What a failure means.
    pub(super) fn of(error: &SendError) -> Self {
        if error.code == Some(NOT_PERMITTED) {
            Self::Denied
        } else {
            Self::Failed
        }
    }
}

/// A channel's menu.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelMenuOut {
    /// Whether WeChat told the menu that was made by the interface.
    state: ReadState,
    /// Why not, such as `wechat_48001`.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// What phones show.
    items: Vec<MenuItem>,
    /// What is being edited, if anything is.
    #[schema(required = true)]
    draft: Option<Vec<MenuItem>>,
    /// Of the draft; 0 when there never was one.
    version: i64,
    /// Who changed the draft last.
    #[schema(required = true)]
    changed_by: Option<AgentId>,
    /// When the draft was changed last.
    #[schema(required = true)]
    changed_at: Option<Time>,
    /// When it was published from here.
    #[schema(required = true)]
    published_at: Option<Time>,
}

/// A menu.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChannelMenuIn {
    /// Up to three items, with up to five below each.
    items: Vec<MenuItem>,
    /// Of the draft that was seen: refused with `changed_meanwhile` when it is no longer the current one.
    version: Option<i64>,
}

/// What phones show now, and the draft.
#[utoipa::path(get, path = "/channels/{id}/menu", tag = "automation", operation_id = "get_channel_menu",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = ChannelMenuOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn get_channel_menu(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ChannelMenuOut>> {
    load(&desk, id).await
}

/// Publishes a menu: texts become answers to their items, then WeChat gets it. Phones show it within five minutes.
#[utoipa::path(put, path = "/channels/{id}/menu", tag = "automation", operation_id = "put_channel_menu",
    params(("id" = ChannelId, Path)), request_body = ChannelMenuIn,
    responses((status = 200, body = ChannelMenuOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`, `changed_meanwhile`, `wechat_refused` with `reason`"),
        (status = 422, body = ErrorBody, description = "fields such as `items.0.items.2.url`"),
        (status = 502, body = ErrorBody, description = "`wechat_failed` with `reason`; the same menu may be sent again")))]
async fn put_channel_menu(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
    Json(input): Json<ChannelMenuIn>,
) -> ApiResult<Json<ChannelMenuOut>> {
    let actor = allowed.login.actor();
    let items = write(&desk, actor, id, input, Purpose::Publish).await?;
    desk.channels.forget(id);
    let account = account(&desk, id).await?;
    account.make_menu(items.clone()).await.map_err(refusal)?;
    published(&desk, actor, id, Some(items)).await?;
    load(&desk, id).await
}

/// Removes the menu from phones. The draft stays.
#[utoipa::path(delete, path = "/channels/{id}/menu", tag = "automation", operation_id = "delete_channel_menu",
    params(("id" = ChannelId, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`, `wechat_refused` with `reason`"),
        (status = 502, body = ErrorBody, description = "`wechat_failed` with `reason`")))]
async fn delete_channel_menu(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<StatusCode> {
    let account = account(&desk, id).await?;
    account.remove_menu().await.map_err(refusal)?;
    published(&desk, allowed.login.actor(), id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps a draft, finished or not. Nothing is sent.
#[utoipa::path(put, path = "/channels/{id}/menu/draft", tag = "automation", operation_id = "put_channel_menu_draft",
    params(("id" = ChannelId, Path)), request_body = ChannelMenuIn,
    responses((status = 200, body = ChannelMenuDraftOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`, `changed_meanwhile`")))]
async fn put_channel_menu_draft(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
    Json(input): Json<ChannelMenuIn>,
) -> ApiResult<Json<ChannelMenuDraftOut>> {
    let draft = write(&desk, allowed.login.actor(), id, input, Purpose::Draft).await?;
    let row = channel_menus::find(&mut desk.db.read().await?, id).await?;
    Ok(Json(ChannelMenuDraftOut {
        draft,
        version: row.map_or(0, |row| row.version),
    }))
}

/// A draft as it was kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelMenuDraftOut {
    /// With a key for each item that needs one.
    draft: Vec<MenuItem>,
    version: i64,
}

/// For what a menu is written.
#[derive(Clone, Copy)]
enum Purpose {
    Publish,
    Draft,
}

/// Writes a menu, and gives it back with a key for each item that needs one.
async fn write(
    desk: &Desk,
    actor: Actor,
    id: ChannelId,
    input: ChannelMenuIn,
    purpose: Purpose,
) -> ApiResult<Vec<MenuItem>> {
    let ChannelMenuIn { mut items, version } = input;
    fill_keys(&mut items, &mut new_key);
    let (written, now) = (items.clone(), desk.clock.now());
    desk.db
        .write(move |tx| {
            let items = written.clone();
            Box::pin(async move {
                match purpose {
                    Purpose::Publish => prepare_menu(tx, actor, id, (&items, version), now).await,
                    Purpose::Draft => save_draft(tx, actor, id, (&items, version), now).await,
                }
            })
        })
        .await?;
    Ok(items)
}

fn new_key() -> String {
    format!("kefu_{}", random_alphanumeric(KEY_CHARS))
}

/// The account's side of a living channel, as the database has it now.
pub(super) async fn account(desk: &Desk, id: ChannelId) -> ApiResult<Arc<dyn OwnAutomation>> {
    let entry = desk.channels.reload(id).await?.ok_or_else(ApiError::not_found)?;
    if entry.settings.row.state == ChannelState::Deleted {
        return Err(ApiError::refused(Refusal::ChannelDeleted.as_str()));
    }
    let kind = desk
        .channels
        .kind(&entry.settings.row.kind)
        .ok_or_else(ApiError::not_found)?;
    Ok(kind.own_automation(entry.settings))
}

async fn published(desk: &Desk, actor: Actor, id: ChannelId, items: Option<Vec<MenuItem>>) -> ApiResult<()> {
    let now = desk.clock.now();
    desk.db
        .write(move |tx| {
            let items = items.clone();
            Box::pin(async move { published_menu(tx, actor, id, items.as_deref(), now).await })
        })
        .await?;
    desk.channels.forget(id);
    Ok(())
}

/// What the provider said, for people: the console has the words of `reason`.
fn refusal(error: SendError) -> ApiError {
    let more = serde_json::json!({"reason": error.reason, "message": error.data["message"]});
    let failed = || {
        ApiError::new(
            StatusCode::BAD_GATEWAY,
            "wechat_failed",
            "WeChat could not be asked now",
        )
    };
    match error.class {
        Class::Final => ApiError::refused("wechat_refused"),
        Class::Retry(_) | Class::UploadAgain | Class::Unknown => failed(),
    }
    .with(more)
}

async fn load(desk: &Desk, id: ChannelId) -> ApiResult<Json<ChannelMenuOut>> {
    let read = account(desk, id).await?.made_menu().await;
    let mut conn = desk.db.read().await?;
    let texts: HashMap<_, _> = automatic_answers::list(&mut conn, id)
        .await?
        .into_iter()
        .filter(|row| row.occasion == Occasion::MenuClick)
        .filter_map(|row| Some((row.keyword.clone()?, row)))
        .collect();
    let (state, code, mut items) = match read {
        Ok(Some(items)) => (ReadState::Ok, None, items),
        Ok(None) => (ReadState::None, None, Vec::new()),
        Err(error) => (ReadState::of(&error), Some(error.reason), Vec::new()),
    };
    name_answers(&mut items, &texts);
    let row = channel_menus::find(&mut conn, id).await?;
    Ok(Json(ChannelMenuOut {
        state,
        code,
        items,
        draft: row.as_ref().and_then(channel_menus::MenuRow::draft_items),
        version: row.as_ref().map_or(0, |row| row.version),
        changed_by: row.as_ref().and_then(|row| row.changed_by),
        changed_at: row.as_ref().map(|row| row.changed_at),
        published_at: row.and_then(|row| row.published_at),
    }))
}

/// WeChat knows taps by their keys only; which of them the desk answers, and with which text, the desk knows.
fn name_answers(items: &mut [MenuItem], answers: &HashMap<String, automatic_answers::AnswerRow>) {
    for item in items {
        let answer = item.key.as_ref().and_then(|key| answers.get(key));
        if let (ItemKind::Click, Some(row)) = (item.kind, answer) {
            item.kind = ItemKind::Answer;
            let is_text = row.kind == crate::domain::automation::AnswerKind::Text;
            item.text = is_text.then(|| row.text.clone());
        }
        name_answers(&mut item.items, answers);
    }
}
