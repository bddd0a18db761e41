//! What an account did by itself before the server configuration was switched on, and taking it over.

use super::channel_menu::{ReadState, account};
use super::error::ErrorBody;
use super::{Allowed, ApiResult, Json, Path, may};
use crate::actions::take_over::{TakeOverSummary, Taking, take_over};
use crate::channel::SendError;
use crate::channel::own_automation::{KeepError, OwnAutomation};
use crate::db::automatic_answers::{self, AnswerRow};
use crate::db::channel_menus;
use crate::db::own_automation::{self, OwnAutomationRow};
use crate::desk::Desk;
use crate::domain::answer_rules::AnswerData;
use crate::domain::automation::{AnswerKind, MatchRule, Occasion};
use crate::domain::ids::ChannelId;
use crate::domain::menu::MenuItem;
use crate::domain::own_automation::{OwnMenuItem, OwnReplies};
use crate::domain::take_over::{LeftOut, LeftOutReason, Plan, PlannedAnswer, plan_menu, plan_replies};
use crate::domain::time::Time;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(get_wechat_automation))
        .routes(routes!(take_over_automation))
}

/// Copying files ends after this time, so that the answer comes before browsers give up; what is left is named.
const COPYING: Duration = Duration::from_secs(18);

/// What an account does by itself, and what a take-over would make of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WechatAutomationOut {
    menu: OwnMenuOut,
    replies: OwnRepliesOut,
    preview: TakeOverPreview,
    /// When something was taken over last.
    #[schema(required = true)]
    taken_over_at: Option<Time>,
    /// What that did.
    #[schema(required = true)]
    summary: Option<TakeOverSummary>,
}

/// The account's own menu.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnMenuOut {
    /// What WeChat said just now.
    state: ReadState,
    /// Why it said nothing, such as `wechat_48001`.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// From an earlier reading: WeChat tells nothing once the server configuration is on.
    kept: bool,
    /// When it was read.
    #[schema(required = true)]
    read_at: Option<Time>,
    items: Vec<OwnMenuItem>,
}

/// The account's own automatic replies.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnRepliesOut {
    /// What WeChat said just now.
    state: ReadState,
    /// Why it said nothing, such as `wechat_48001`.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// From an earlier reading: WeChat tells nothing once the server configuration is on.
    kept: bool,
    /// When they were read.
    #[schema(required = true)]
    read_at: Option<Time>,
    #[serde(flatten)]
    replies: OwnReplies,
}

/// What a take-over would do now.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakeOverPreview {
    /// Answers of the replies.
    answers: Vec<PreviewAnswer>,
    /// The menu, as the draft would be.
    menu: Vec<MenuItem>,
    /// Whether there is a draft, which it would replace.
    replaces_draft: bool,
    /// What would not be as it was, and why.
    left_out: Vec<LeftOut>,
}

/// An answer a take-over would make.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewAnswer {
    occasion: Occasion,
    #[schema(required = true)]
    keyword: Option<String>,
    #[schema(required = true)]
    match_rule: Option<MatchRule>,
    kind: AnswerKind,
    text: String,
    /// A media id in it ends: a take-over copies the file.
    data: AnswerData,
    /// Whether it was taken over before: it stays as it is.
    known: bool,
}

/// What to take over.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TakeOverIn {
    #[serde(default)]
    menu: bool,
    #[serde(default)]
    answers: bool,
}

/// One part of what an account does: what it said now, or what is kept of an earlier reading.
struct Part<T> {
    state: ReadState,
    code: Option<String>,
    kept: bool,
    read_at: Option<Time>,
    value: Option<T>,
}

/// Both parts, and what is known of them here.
struct Seen {
    menu: Part<Vec<OwnMenuItem>>,
    replies: Part<OwnReplies>,
    row: Option<OwnAutomationRow>,
    answers: Vec<AnswerRow>,
    has_draft: bool,
}

/// Reads the account's own menu and automatic replies, and keeps a copy.
#[utoipa::path(get, path = "/channels/{id}/wechat-automation", tag = "automation",
    operation_id = "get_wechat_automation", params(("id" = ChannelId, Path)),
    responses((status = 200, body = WechatAutomationOut), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn get_wechat_automation(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<WechatAutomationOut>> {
    let account = account(&desk, id).await?;
    let seen = read(&desk, id, &*account).await?;
    Ok(Json(out(seen)))
}

/// Takes the account's own menu (as the draft) and automatic replies over. Twice makes no doubles.
#[utoipa::path(post, path = "/channels/{id}/take-over", tag = "automation", operation_id = "take_over_automation",
    params(("id" = ChannelId, Path)), request_body = TakeOverIn,
    responses((status = 200, body = TakeOverSummary), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn take_over_automation(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
    Json(input): Json<TakeOverIn>,
) -> ApiResult<Json<TakeOverSummary>> {
    let account = account(&desk, id).await?;
    let seen = read(&desk, id, &*account).await?;
    let menu = seen.menu.value.as_deref().filter(|_| input.menu).map(plan_menu);
    let replies = seen
        .replies
        .value
        .as_ref()
        .filter(|_| input.answers)
        .map(plan_replies);
    let has_menu = menu.is_some();
    let plan = together(replies.unwrap_or_default(), menu.unwrap_or_default());
    let mut left_out = plan.left_out;
    let answers = with_files(&*account, plan.answers, &seen.answers, &mut left_out).await;
    let taking = Taking {
        answers,
        menu: has_menu.then_some(plan.menu),
        left_out,
    };
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    let summary = desk
        .db
        .write(move |tx| {
            let taking = taking.clone();
            Box::pin(async move { take_over(tx, actor, id, taking, now).await })
        })
        .await?;
    desk.channels.forget(id);
    Ok(Json(summary))
}

fn together(mut replies: Plan, menu: Plan) -> Plan {
    replies.answers.extend(menu.answers);
    replies.left_out.extend(menu.left_out);
    replies.menu = menu.menu;
    replies
}

/// Asks the account, keeps what it says, and falls back on what was kept.
async fn read(desk: &Desk, id: ChannelId, account: &dyn OwnAutomation) -> ApiResult<Seen> {
    let (menu, replies) = tokio::join!(account.menu(), account.replies());
    let replies = replies.map(|replies| Some(replies).filter(|replies| !replies.is_empty()));
    let published = channel_menus::find(&mut desk.db.read().await?, id).await?;
    // A menu that was made here is not what the account had before.
    let ours = published.as_ref().is_some_and(|row| row.published_at.is_some());
    let menu = if ours { menu.map(|_| None) } else { menu };
    keep(desk, id, &menu, &replies).await?;
    let mut conn = desk.db.read().await?;
    let row = own_automation::find(&mut conn, id).await?;
    let stored_menu = row.as_ref().map(|row| (row.menu.as_deref(), row.menu_read_at));
    let stored_replies = row
        .as_ref()
        .map(|row| (row.replies.as_deref(), row.replies_read_at));
    Ok(Seen {
        menu: part(menu, stored_menu.unwrap_or_default()),
        replies: part(replies, stored_replies.unwrap_or_default()),
        answers: automatic_answers::list(&mut conn, id).await?,
        has_draft: published.is_some_and(|row| row.draft.is_some()),
        row,
    })
}

async fn keep(
    desk: &Desk,
    id: ChannelId,
    menu: &Result<Option<Vec<OwnMenuItem>>, SendError>,
    replies: &Result<Option<OwnReplies>, SendError>,
) -> ApiResult<()> {
    let menu = menu
        .as_ref()
        .ok()
        .and_then(Option::as_ref)
        .map(serde_json::to_string);
    let replies = replies
        .as_ref()
        .ok()
        .and_then(Option::as_ref)
        .map(serde_json::to_string);
    let (menu, replies) = (menu.and_then(Result::ok), replies.and_then(Result::ok));
    if menu.is_none() && replies.is_none() {
        return Ok(());
    }
    let now = desk.clock.now();
    desk.db
        .write(move |tx| {
            let (menu, replies) = (menu.clone(), replies.clone());
            Box::pin(
                async move { own_automation::keep(tx, id, menu.as_deref(), replies.as_deref(), now).await },
            )
        })
        .await?;
    Ok(())
}

fn part<T: serde::de::DeserializeOwned>(
    said: Result<Option<T>, SendError>,
    (stored, read_at): (Option<&str>, Option<Time>),
) -> Part<T> {
    let (state, code, live) = match said {
        Ok(Some(value)) => (ReadState::Ok, None, Some(value)),
        Ok(None) => (ReadState::None, None, None),
        Err(error) => (ReadState::of(&error), Some(error.reason), None),
    };
    let kept = live.is_none();
    let value = live.or_else(|| stored.and_then(|text| serde_json::from_str(text).ok()));
    Part {
        state,
        code,
        kept: kept && value.is_some(),
        read_at: read_at.filter(|_| value.is_some()),
        value,
    }
}

fn out(seen: Seen) -> WechatAutomationOut {
    let plan = together(
        seen.replies.value.as_ref().map(plan_replies).unwrap_or_default(),
        seen.menu.value.as_deref().map(plan_menu).unwrap_or_default(),
    );
    let preview = |answer: PlannedAnswer| PreviewAnswer {
        known: is_known(&seen.answers, &answer),
        occasion: answer.form.occasion,
        keyword: answer.form.keyword,
        match_rule: answer.form.match_rule,
        kind: answer.form.kind,
        text: answer.form.text,
        data: answer.form.data,
    };
    let summary = seen.row.as_ref().and_then(|row| row.summary.as_deref());
    WechatAutomationOut {
        preview: TakeOverPreview {
            answers: plan.answers.into_iter().map(preview).collect(),
            menu: plan.menu,
            replaces_draft: seen.has_draft,
            left_out: plan.left_out,
        },
        menu: OwnMenuOut {
            state: seen.menu.state,
            code: seen.menu.code,
            kept: seen.menu.kept,
            read_at: seen.menu.read_at,
            items: seen.menu.value.unwrap_or_default(),
        },
        replies: OwnRepliesOut {
            state: seen.replies.state,
            code: seen.replies.code,
            kept: seen.replies.kept,
            read_at: seen.replies.read_at,
            replies: seen.replies.value.unwrap_or_default(),
        },
        taken_over_at: seen.row.as_ref().and_then(|row| row.taken_over_at),
        summary: summary.and_then(|text| serde_json::from_str(text).ok()),
    }
}

fn is_known(answers: &[AnswerRow], planned: &PlannedAnswer) -> bool {
    answers
        .iter()
        .any(|row| row.origin.as_deref() == Some(&*planned.origin))
}

/// Copies the files of new answers: the ids WeChat tells are good for three days only.
async fn with_files(
    account: &dyn OwnAutomation,
    planned: Vec<PlannedAnswer>,
    known: &[AnswerRow],
    left_out: &mut Vec<LeftOut>,
) -> Vec<PlannedAnswer> {
    let end = tokio::time::Instant::now() + COPYING;
    let mut ready = Vec::with_capacity(planned.len());
    for mut answer in planned {
        let temporary = answer
            .form
            .data
            .media_id
            .clone()
            .filter(|_| !is_known(known, &answer));
        let Some(media_id) = temporary else {
            ready.push(answer);
            continue;
        };
        let copy = account.keep_file(answer.form.kind, media_id);
        let reason = match tokio::time::timeout_at(end, copy).await {
            Ok(Ok(id)) => {
                answer.form.data.media_id = Some(id);
                ready.push(answer);
                continue;
            }
            Ok(Err(KeepError::Gone)) => LeftOutReason::FileGone,
            Ok(Err(KeepError::Failed)) => LeftOutReason::FileNotCopied,
            Err(_) => LeftOutReason::NotYet,
        };
        left_out.push(LeftOut {
            occasion: answer.form.occasion,
            name: answer.name,
            reason,
        });
    }
    ready
}
