//! The secrets of a channel: made at random for the form, and tried at WeChat.

use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Path, may};
use crate::auth::token::random_alphanumeric;
use crate::desk::Desk;
use crate::domain::channel::ChannelState;
use crate::domain::conversation::Refusal;
use crate::domain::fields::{KEY_CHARS, TOKEN_CHARS};
use crate::domain::ids::ChannelId;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(generate_channel_secret))
        .routes(routes!(check_channel))
}

/// A fresh callback token and EncodingAESKey.
#[derive(Serialize, ToSchema)]
pub struct ChannelSecretOut {
    token: String,
    encoding_aes_key: String,
}

impl std::fmt::Debug for ChannelSecretOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChannelSecretOut(***)")
    }
}

/// Whether the credentials work now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelCheckOut {
    ok: bool,
    /// Why not: a stable code such as `wechat_40164`.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// What WeChat says about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    detail: Option<Value>,
}

/// Makes a token and a key at random; nothing is stored.
#[utoipa::path(post, path = "/channels/generate-secret", tag = "channels", operation_id = "generate_channel_secret",
    responses((status = 200, body = ChannelSecretOut), (status = 403, body = ErrorBody)))]
async fn generate_channel_secret(_allowed: Allowed<may::ManageChannels>) -> Json<ChannelSecretOut> {
    Json(ChannelSecretOut {
        token: random_alphanumeric(TOKEN_CHARS),
        encoding_aes_key: random_alphanumeric(KEY_CHARS),
    })
}

/// Asks WeChat whether the credentials work.
#[utoipa::path(post, path = "/channels/{id}/check", tag = "channels", operation_id = "check_channel",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = ChannelCheckOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn check_channel(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ChannelCheckOut>> {
    let entry = desk.channels.reload(id).await?.ok_or_else(ApiError::not_found)?;
    if entry.settings.row.state == ChannelState::Deleted {
        return Err(ApiError::refused(Refusal::ChannelDeleted.as_str()));
    }
    Ok(Json(match entry.messenger.check().await {
        Ok(()) => ChannelCheckOut {
            ok: true,
            code: None,
            detail: None,
        },
        Err(error) => ChannelCheckOut {
            ok: false,
            code: Some(error.reason),
            detail: Some(error.data),
        },
    }))
}
