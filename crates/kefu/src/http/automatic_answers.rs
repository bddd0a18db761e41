//! What a channel answers by itself: follow, keywords, first message, default, and taps on its menu.

use super::error::ErrorBody;
use super::page::Page;
use super::{Allowed, ApiError, ApiResult, Json, Path, may};
use crate::actions::change_answers::{
    AnswerChange, change_answer, create_answer, delete_answer, order_answers,
};
use crate::db::automatic_answers::{self, AnswerRow};
use crate::db::channels;
use crate::desk::Desk;
use crate::domain::answer_rules::{AnswerData, AnswerForm};
use crate::domain::automation::{AnswerKind, MatchRule, Occasion};
use crate::domain::fields::FieldCode;
use crate::domain::ids::{AnswerId, ChannelId};
use crate::domain::inbound::{Answers, Asked};
use crate::domain::message::MessageKind;
use crate::domain::time::Time;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list_automatic_answers, create_automatic_answer))
        .routes(routes!(order_automatic_answers))
        .routes(routes!(try_automatic_answers))
        .routes(routes!(
            get_automatic_answer,
            patch_automatic_answer,
            delete_automatic_answer
        ))
}

/// What is told of an answer. On creation `occasion` and `kind` are required; on a change what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AnswerIn {
    /// One each of `follow`, `first_message` and `default`.
    occasion: Option<Occasion>,
    /// Of `keyword` 1 to 30 characters; of `menu_click` the key of the item, 1 to 128 bytes.
    keyword: Option<String>,
    /// Of `keyword`; `contains` when absent.
    match_rule: Option<MatchRule>,
    kind: Option<AnswerKind>,
    /// 1 to 2048 bytes of UTF-8; for files a name to show.
    text: Option<String>,
    data: Option<AnswerData>,
    /// True when absent.
    enabled: Option<bool>,
    /// On a change: refused with `changed_meanwhile` when it is no longer the current one.
    version: Option<i64>,
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerOut {
    id: AnswerId,
    channel_id: ChannelId,
    occasion: Occasion,
    #[schema(required = true)]
    keyword: Option<String>,
    #[schema(required = true)]
    match_rule: Option<MatchRule>,
    kind: AnswerKind,
    text: String,
    data: AnswerData,
    enabled: bool,
    /// Whether it was taken over from the account.
    taken_over: bool,
    created_at: Time,
    version: i64,
}

impl From<AnswerRow> for AnswerOut {
    fn from(row: AnswerRow) -> Self {
        Self {
            data: row.answer_data(),
            id: row.id,
            channel_id: row.channel_id,
            occasion: row.occasion,
            keyword: row.keyword,
            match_rule: row.match_rule,
            kind: row.kind,
            text: row.text,
            enabled: row.enabled,
            taken_over: row.origin.is_some(),
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// The order of all answers of a channel.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AnswerOrderIn {
    /// Every answer once.
    ids: Vec<AnswerId>,
}

/// A message to try.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AnswerTryIn {
    /// What the customer would write.
    text: String,
    /// Whether a ticket begins with it.
    #[serde(default)]
    first_of_ticket: bool,
    /// Whether an agent has the conversation.
    #[serde(default)]
    assigned: bool,
}

/// What would be answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerTryOut {
    /// `null`: nothing.
    #[schema(required = true)]
    answer: Option<AnswerOut>,
}

/// All answers of a channel, in order.
#[utoipa::path(get, path = "/channels/{id}/automatic-answers", tag = "automation",
    operation_id = "list_automatic_answers", params(("id" = ChannelId, Path)),
    responses((status = 200, body = Page<AnswerOut>), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn list_automatic_answers(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<Page<AnswerOut>>> {
    let rows = load(&desk, id).await?;
    Ok(Json(Page {
        items: rows.into_iter().map(AnswerOut::from).collect(),
        next_cursor: None,
    }))
}

/// Adds an answer, after the others.
#[utoipa::path(post, path = "/channels/{id}/automatic-answers", tag = "automation",
    operation_id = "create_automatic_answer", params(("id" = ChannelId, Path)), request_body = AnswerIn,
    responses((status = 201, body = AnswerOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`"),
        (status = 422, body = ErrorBody, description = "`too_long`, `occasion_taken`, `keyword_taken`, `url_form` …")))]
async fn create_automatic_answer(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(channel_id): Path<ChannelId>,
    Json(input): Json<AnswerIn>,
) -> ApiResult<(StatusCode, Json<AnswerOut>)> {
    let form = new_form(input)?;
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    let id = desk
        .db
        .write(move |tx| {
            let form = form.clone();
            Box::pin(async move { create_answer(tx, actor, channel_id, form, now).await })
        })
        .await?;
    Ok((StatusCode::CREATED, changed(&desk, channel_id, id).await?))
}

/// One answer.
#[utoipa::path(get, path = "/channels/{id}/automatic-answers/{answer_id}", tag = "automation",
    operation_id = "get_automatic_answer", params(("id" = ChannelId, Path), ("answer_id" = AnswerId, Path)),
    responses((status = 200, body = AnswerOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn get_automatic_answer(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path((channel_id, id)): Path<(ChannelId, AnswerId)>,
) -> ApiResult<Json<AnswerOut>> {
    one(&desk, channel_id, id).await
}

/// Changes an answer.
#[utoipa::path(patch, path = "/channels/{id}/automatic-answers/{answer_id}", tag = "automation",
    operation_id = "patch_automatic_answer", params(("id" = ChannelId, Path), ("answer_id" = AnswerId, Path)),
    request_body = AnswerIn,
    responses((status = 200, body = AnswerOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`, `changed_meanwhile`"),
        (status = 422, body = ErrorBody)))]
async fn patch_automatic_answer(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path((channel_id, id)): Path<(ChannelId, AnswerId)>,
    Json(input): Json<AnswerIn>,
) -> ApiResult<Json<AnswerOut>> {
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    let change = AnswerChange {
        occasion: input.occasion,
        keyword: input.keyword,
        match_rule: input.match_rule,
        kind: input.kind,
        text: input.text,
        data: input.data,
        enabled: input.enabled,
        version: input.version,
    };
    desk.db
        .write(move |tx| {
            let change = change.clone();
            Box::pin(async move { change_answer(tx, actor, (channel_id, id), change, now).await })
        })
        .await?;
    changed(&desk, channel_id, id).await
}

/// Removes an answer.
#[utoipa::path(delete, path = "/channels/{id}/automatic-answers/{answer_id}", tag = "automation",
    operation_id = "delete_automatic_answer", params(("id" = ChannelId, Path), ("answer_id" = AnswerId, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn delete_automatic_answer(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path((channel_id, id)): Path<(ChannelId, AnswerId)>,
) -> ApiResult<StatusCode> {
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    desk.db
        .write(move |tx| Box::pin(async move { delete_answer(tx, actor, (channel_id, id), now).await }))
        .await?;
    desk.channels.forget(channel_id);
    Ok(StatusCode::NO_CONTENT)
}

/// Puts all answers in an order: of several keywords that fit, the first counts.
#[utoipa::path(put, path = "/channels/{id}/automatic-answers/order", tag = "automation",
    operation_id = "order_automatic_answers", params(("id" = ChannelId, Path)), request_body = AnswerOrderIn,
    responses((status = 200, body = Page<AnswerOut>), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`, `changed_meanwhile` (there are others now)")))]
async fn order_automatic_answers(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(channel_id): Path<ChannelId>,
    Json(input): Json<AnswerOrderIn>,
) -> ApiResult<Json<Page<AnswerOut>>> {
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    desk.db
        .write(move |tx| {
            let ids = input.ids.clone();
            Box::pin(async move { order_answers(tx, actor, channel_id, &ids, now).await })
        })
        .await?;
    desk.channels.forget(channel_id);
    list_automatic_answers(State(desk), allowed, Path(channel_id)).await
}

/// Which answer a message would get now. Nothing is sent or stored.
#[utoipa::path(post, path = "/channels/{id}/automatic-answers/try", tag = "automation",
    operation_id = "try_automatic_answers", params(("id" = ChannelId, Path)), request_body = AnswerTryIn,
    responses((status = 200, body = AnswerTryOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn try_automatic_answers(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
    Json(input): Json<AnswerTryIn>,
) -> ApiResult<Json<AnswerTryOut>> {
    let mut conn = desk.db.read().await?;
    let answers = automatic_answers::compiled(&mut conn, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let asked = Asked {
        kind: MessageKind::Text,
        text: &input.text,
        opened_ticket: input.first_of_ticket,
        unassigned: !input.assigned,
    };
    let answers = Answers::of_list(answers);
    let given = answers.to_message(asked).map(|answer| AnswerId(answer.id));
    let rows = automatic_answers::list(&mut conn, id).await?;
    let answer = rows.into_iter().find(|row| Some(row.id) == given);
    Ok(Json(AnswerTryOut {
        answer: answer.map(AnswerOut::from),
    }))
}

fn new_form(input: AnswerIn) -> ApiResult<AnswerForm> {
    let missing = |field| ApiError::field(field, FieldCode::Required.as_str());
    Ok(AnswerForm {
        occasion: input.occasion.ok_or_else(|| missing("occasion"))?,
        keyword: input.keyword,
        match_rule: input.match_rule,
        kind: input.kind.ok_or_else(|| missing("kind"))?,
        text: input.text.unwrap_or_default(),
        data: input.data.unwrap_or_default(),
        enabled: input.enabled.unwrap_or(true),
    })
}

async fn load(desk: &Desk, id: ChannelId) -> ApiResult<Vec<AnswerRow>> {
    let mut conn = desk.db.read().await?;
    channels::find(&mut conn, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(automatic_answers::list(&mut conn, id).await?)
}

async fn one(desk: &Desk, channel_id: ChannelId, id: AnswerId) -> ApiResult<Json<AnswerOut>> {
    let rows = load(desk, channel_id).await?;
    let row = rows.into_iter().find(|row| row.id == id);
    Ok(Json(row.ok_or_else(ApiError::not_found)?.into()))
}

/// After a commit: this node's copy of the channel is read again.
async fn changed(desk: &Desk, channel_id: ChannelId, id: AnswerId) -> ApiResult<Json<AnswerOut>> {
    desk.channels.forget(channel_id);
    one(desk, channel_id, id).await
}
