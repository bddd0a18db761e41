//! What can be sent on a channel: what the composer offers, and why not the rest. How many replies are possible, and
//! until when, is the conversation's `reply`.

use super::channel_out::is_public;
use super::channels::seen;
use super::{Allowed, ApiError, ApiResult, Json, Path, may};
use crate::db::capabilities;
use crate::desk::Desk;
use crate::domain::card::CARD_PICTURE_LIMIT;
use crate::domain::ids::ChannelId;
use crate::domain::media_rules::{VOICE_LIMIT_MS, outgoing_limit};
use crate::domain::message::{MediaKind, MessageKind};
use crate::domain::monthly::carries;
use crate::domain::sendable::{Account, KINDS, SendRefusal};
use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The route of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(get_can_send))
}

/// What can be sent on a channel.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CanSendOut {
    /// Every kind an agent can write, with why not.
    pub kinds: Vec<CanSendKindOut>,
    /// Files that are handed over by a link.
    pub file_link: FileLinkRulesOut,
}

/// Whether one kind can be sent.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CanSendKindOut {
    pub kind: MessageKind,
    pub allowed: bool,
    /// Why not.
    #[schema(required = true)]
    pub reason: Option<SendRefusal>,
    /// Whether the monthly route carries it, for which the window need not be open.
    pub monthly: bool,
    /// Largest file; of a card: largest picture.
    #[schema(required = true)]
    pub limit_bytes: Option<u64>,
    /// Longest sound.
    #[schema(required = true)]
    pub limit_ms: Option<i64>,
}

/// How files are handed over by a link.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FileLinkRulesOut {
    pub limit_bytes: u64,
    /// How long a link works.
    pub life_ms: i64,
    /// False where the address of this desk cannot be reached from outside.
    pub reachable: bool,
}

/// Which kinds of messages the channel's account can send.
#[utoipa::path(get, path = "/channels/{id}/can-send", tag = "channels", operation_id = "get_can_send",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = CanSendOut), (status = 404, description = "not in sight")))]
async fn get_can_send(
    State(desk): State<Desk>,
    allowed: Allowed<may::ReadChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<CanSendOut>> {
    let mut conn = desk.db.read().await?;
    seen(&mut conn, &allowed.login, id).await?;
    let account = capabilities::account(&mut conn, id).await?;
    let account = account.ok_or_else(ApiError::not_found)?;
    Ok(Json(CanSendOut {
        kinds: KINDS.map(|kind| of_kind(&account, kind)).to_vec(),
        file_link: FileLinkRulesOut {
            limit_bytes: desk.config.link_limit,
            life_ms: desk.config.link_life_ms,
            reachable: is_public(&desk.config.public_url),
        },
    }))
}

fn of_kind(account: &Account, kind: MessageKind) -> CanSendKindOut {
    let reason = account.can_send(kind).err();
    CanSendKindOut {
        kind,
        allowed: reason.is_none(),
        reason,
        monthly: carries(kind),
        limit_bytes: match kind {
            MessageKind::Image => Some(outgoing_limit(MediaKind::Image)),
            MessageKind::Voice => Some(outgoing_limit(MediaKind::Voice)),
            MessageKind::Video => Some(outgoing_limit(MediaKind::Video)),
            MessageKind::Link | MessageKind::MiniProgram => Some(CARD_PICTURE_LIMIT),
            _ => None,
        },
        limit_ms: (kind == MessageKind::Voice).then_some(VOICE_LIMIT_MS),
    }
}
