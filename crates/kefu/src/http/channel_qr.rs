//! The QR code by which people follow a channel's account: made once through WeChat where the account may, pasted by an
//! administrator where it may not. The picture is drawn here. Administrators only.

use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Login, Path, may};
use crate::actions::{ActionError, ActionResult};
use crate::db::audit::{self, Entry};
use crate::db::capabilities;
use crate::db::channels::ChannelSettings;
use crate::db::qr_codes::{self, QrRow, QrSource};
use crate::desk::Desk;
use crate::domain::allowance::ReplyReason;
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::channel::{AccountKind, ChannelState};
use crate::domain::conversation::Refusal;
use crate::domain::fields::FieldCode;
use crate::domain::ids::ChannelId;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use qrcode::{Color, EcLevel, QrCode};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use url::Url;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What a scan of the code reports.
const SCENE: &str = "kefu";
/// Longest content of a pasted code.
const URL_CHARS: usize = 500;
/// The white border a reader needs, in squares.
const BORDER: usize = 4;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(get_channel_qr, put_channel_qr))
        .routes(routes!(get_channel_qr_picture))
}

/// The code of a channel, or why there is none.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ChannelQrOut {
    /// What the code says.
    url: Option<String>,
    /// Where its picture is.
    picture_url: Option<String>,
    /// Whether it lasts for ever.
    permanent: bool,
    /// Made through WeChat, or pasted.
    source: Option<QrSource>,
    /// What a scan reports; pasted codes report nothing.
    scene: Option<String>,
    /// Why there is none: `account_not_permitted`, or a reason such as `wechat_40164`.
    reason: Option<String>,
}

/// A code that an administrator has.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ChannelQrIn {
    /// What the code says, an http or https address; `null` takes the stored code away.
    url: Option<String>,
}

/// The code; made now where there is none and the account may.
#[utoipa::path(get, path = "/channels/{id}/qr", tag = "channels", operation_id = "get_channel_qr",
    params(("id" = ChannelId, Path)),
    responses((status = 200, body = ChannelQrOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`")))]
async fn get_channel_qr(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ChannelQrOut>> {
    let settings = living(&desk, id).await?;
    if let Some(row) = find(&desk, id).await? {
        return Ok(Json(shown(id, row)));
    }
    match made(&desk, &settings).await? {
        Ok(()) => stored(&desk, id).await,
        Err(reason) => Ok(Json(without(reason))),
    }
}

/// Keeps a code that an administrator pasted, or takes the stored one away.
#[utoipa::path(put, path = "/channels/{id}/qr", tag = "channels", operation_id = "put_channel_qr",
    params(("id" = ChannelId, Path)), request_body = ChannelQrIn,
    responses((status = 200, body = ChannelQrOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`channel_deleted`"),
        (status = 422, body = ErrorBody, description = "`url_form`, `too_long`")))]
async fn put_channel_qr(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
    input: ApiResult<Json<ChannelQrIn>>,
) -> ApiResult<Json<ChannelQrOut>> {
    living(&desk, id).await?;
    let Json(input) = input?;
    let url = input.url.as_deref().map(checked).transpose()?;
    replace(&desk, &allowed.login, id, url).await?;
    stored(&desk, id).await
}

/// The code as a picture.
#[utoipa::path(get, path = "/channels/{id}/qr.svg", tag = "channels", operation_id = "get_channel_qr_picture",
    params(("id" = ChannelId, Path)),
    responses((status = 200, description = "The code", content_type = "image/svg+xml", body = String),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn get_channel_qr_picture(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Response> {
    living(&desk, id).await?;
    let row = find(&desk, id).await?.ok_or_else(ApiError::not_found)?;
    let svg = picture(&row.url).ok_or_else(ApiError::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, svg).into_response())
}

async fn living(desk: &Desk, id: ChannelId) -> ApiResult<Arc<ChannelSettings>> {
    let entry = desk.channels.reload(id).await?.ok_or_else(ApiError::not_found)?;
    match entry.settings.row.state {
        ChannelState::Deleted => Err(ApiError::refused(Refusal::ChannelDeleted.as_str())),
        ChannelState::Active | ChannelState::Disabled => Ok(entry.settings),
    }
}

async fn find(desk: &Desk, id: ChannelId) -> ApiResult<Option<QrRow>> {
    Ok(qr_codes::find(&mut desk.db.read().await?, id).await?)
}

async fn stored(desk: &Desk, id: ChannelId) -> ApiResult<Json<ChannelQrOut>> {
    let row = find(desk, id).await?;
    Ok(Json(row.map_or_else(ChannelQrOut::default, |row| shown(id, row))))
}

fn shown(id: ChannelId, row: QrRow) -> ChannelQrOut {
    ChannelQrOut {
        url: Some(row.url),
        picture_url: Some(format!("/api/v1/channels/{id}/qr.svg")),
        permanent: true,
        source: Some(row.source),
        scene: row.scene,
        reason: None,
    }
}

fn without(reason: String) -> ChannelQrOut {
    ChannelQrOut {
        reason: Some(reason),
        ..ChannelQrOut::default()
    }
}

/// Makes and stores one; the reason where the account may not, or WeChat would not.
async fn made(desk: &Desk, settings: &Arc<ChannelSettings>) -> ApiResult<Result<(), String>> {
    let id = settings.row.id;
    let not_permitted = || Err(ReplyReason::AccountNotPermitted.as_str().to_owned());
    let known = capabilities::list(&mut desk.db.read().await?, id).await?;
    let is_denied = known
        .iter()
        .any(|row| row.capability == Capability::QrCode && row.state == CapabilityState::Denied);
    if is_denied || settings.row.account_kind == AccountKind::Subscription {
        return Ok(not_permitted());
    }
    let Some(kind) = desk.channels.kind(&settings.row.kind) else {
        return Ok(not_permitted());
    };
    match kind.qr_codes(settings).make_permanent(SCENE.to_owned()).await {
        Ok(url) => {
            keep(desk, id, url).await?;
            Ok(Ok(()))
        }
        Err(error) if matches!(error.code, Some(48001 | 40200)) => Ok(not_permitted()),
        Err(error) => Ok(Err(error.reason)),
    }
}

async fn keep(desk: &Desk, id: ChannelId, url: String) -> ApiResult<()> {
    let row = QrRow {
        source: QrSource::Created,
        url,
        scene: Some(SCENE.to_owned()),
        created_at: desk.clock.now(),
    };
    let written = desk.db.write(move |tx| {
        let row = row.clone();
        Box::pin(async move { qr_codes::keep_first(tx, id, &row).await })
    });
    Ok(written.await?)
}

async fn replace(desk: &Desk, login: &Login, id: ChannelId, url: Option<String>) -> ApiResult<()> {
    let (actor, now) = (login.actor(), desk.clock.now());
    let row = url.map(|url| QrRow {
        source: QrSource::Pasted,
        url,
        scene: None,
        created_at: now,
    });
    desk.db
        .write(move |tx| {
            let row = row.clone();
            Box::pin(async move {
                qr_codes::remove(tx, id).await?;
                if let Some(row) = &row {
                    qr_codes::keep_first(tx, id, row).await?;
                }
                let entry = Entry {
                    actor,
                    action: "channel.qr",
                    object_kind: "channel",
                    object_id: id.0,
                    data: None,
                };
                Ok::<_, ActionError>(audit::write(tx, entry, now).await?)
            })
        })
        .await?;
    Ok(())
}

fn checked(told: &str) -> ActionResult<String> {
    let wrong = |code: FieldCode| ActionError::field("url", code.as_str());
    let text = told.trim();
    if text.len() > URL_CHARS {
        return Err(wrong(FieldCode::TooLong));
    }
    let url = Url::parse(text).map_err(|_| wrong(FieldCode::UrlForm))?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty();
    is_web
        .then(|| text.to_owned())
        .ok_or_else(|| wrong(FieldCode::UrlForm))
}

/// One path of squares on white. Of the content only the squares are in it.
fn picture(content: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(content, EcLevel::M).ok()?;
    let (width, side) = (code.width(), code.width() + 2 * BORDER);
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (at % width + BORDER, at / width + BORDER);
            path.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_squares_and_holds_nothing_of_its_content() {
        let svg = picture("http://weixin.qq.com/q/<script>").expect("a picture");
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
        assert!(!svg.contains("script") && !svg.contains("weixin"));
        assert_eq!(picture(&"x".repeat(5000)), None);
    }

    #[test]
    fn a_pasted_code_is_a_web_address() {
        assert_eq!(
            checked(" http://weixin.qq.com/r/abc ").ok().as_deref(),
            Some("http://weixin.qq.com/r/abc")
        );
        for text in [
            "",
            "abc",
            "javascript:alert(1)",
            "weixin://dl",
            "https://user@weixin.qq.com/",
        ] {
            assert!(checked(text).is_err(), "{text}");
        }
    }
}
