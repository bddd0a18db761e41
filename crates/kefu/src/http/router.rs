//! Every route, one list.

use super::{
    ApiError, agents, approvals, attachments, automatic_answers, callback, can_send, card_presets,
    channel_addresses, channel_allowance, channel_doctor, channel_menu, channel_qr, channels, console,
    contacts, conversation_actions, conversations, dead_letters, departments, document, events, files,
    health, installation, invitations, login, login_sso, me, media, messages, my_picture, preferences,
    request_id, search, second_factor, setup, setup_steps, survey_figures, take_over, ticket_bulk,
    ticket_messages, ticket_preview, tickets, transfer_targets, typing, unread_body,
};
use crate::desk::Desk;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::from_fn;
use axum::routing::get;
use axum::{Json, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

/// What is no page loads and frames nothing. The console, the API's page and files of customers have policies of their own.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// The API's page: its own scripts and styles; it writes styles into its elements and draws icons from `data:`.
const DOCS_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

/// Largest JSON body; uploads have limits of their own.
const JSON_LIMIT: usize = 256 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(title = "Kefu", description = "The HTTP API of the desk. Errors are `{\"error\":{\"code\",\"detail\",\"fields\"?,\"request_id\"}}` with a stable `code`. A browser login is a cookie and needs `X-Kefu-Request: 1` on every changing request; an API token is sent as `Authorization: Bearer`.", license(name = "Apache-2.0")),
    components(schemas(super::error::ErrorBody)),
    servers((url = "/"))
)]
struct Document;

fn api() -> OpenApiRouter<Desk> {
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", resources().fallback(unknown))
}

/// One line per resource.
fn resources() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .merge(setup::routes())
        .merge(installation::routes())
        .merge(login::routes())
        .merge(login_sso::routes())
        .merge(invitations::routes())
        .merge(me::routes())
        .merge(my_picture::routes())
        .merge(second_factor::routes())
        .merge(agents::routes())
        .merge(departments::routes())
        .merge(channels::routes())
        .merge(channel_addresses::routes())
        .merge(channel_doctor::routes())
        .merge(channel_qr::routes())
        .merge(automatic_answers::routes())
        .merge(channel_menu::routes())
        .merge(take_over::routes())
        .merge(survey_figures::routes())
        .merge(can_send::routes())
        .merge(card_presets::routes())
        .merge(channel_allowance::routes())
        .merge(preferences::routes())
        .merge(setup_steps::routes())
        .merge(ticket_preview::routes())
        .merge(conversations::routes())
        .merge(conversation_actions::routes())
        .merge(transfer_targets::routes())
        .merge(typing::routes())
        .merge(messages::routes())
        .merge(tickets::routes())
        .merge(ticket_bulk::routes())
        .merge(ticket_messages::routes())
        .merge(contacts::routes())
        .merge(search::routes())
        .merge(approvals::routes())
        .merge(attachments::routes())
        .merge(media::routes())
        .merge(events::routes())
        .merge(dead_letters::routes())
}

/// The OpenAPI document.
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, mut document) = api().split_for_parts();
    document::complete(&mut document);
    document
}

/// The whole HTTP side.
pub fn router(desk: Desk) -> Router {
    let (api, _) = api().split_for_parts();
    let document = document();
    let header = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    let pages = Router::new()
        .merge(
            api.method_not_allowed_fallback(wrong_method)
                .layer(DefaultBodyLimit::max(JSON_LIMIT)),
        )
        .merge(
            Router::from(SwaggerUi::new("/api/docs").url("/api/openapi.json", document))
                .layer(header("content-security-policy", DOCS_POLICY)),
        )
        .route(
            "/api/v1",
            get(|| async { Json(serde_json::json!({"docs": "/api/docs"})) }),
        )
        .merge(files::routes())
        .merge(console::routes())
        .layer(CompressionLayer::new())
        .layer(header("cache-control", "no-store"))
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "same-origin"))
        .layer(header("x-frame-options", "DENY"))
        .layer(header("content-security-policy", POLICY))
        .layer(CatchPanicLayer::custom(|panic: Box<dyn std::any::Any + Send>| {
            let cause = panic.downcast_ref::<String>().map_or("a panic", String::as_str);
            axum::response::IntoResponse::into_response(ApiError::internal(&cause))
        }))
        .layer(from_fn(request_id::layer))
        .layer(from_fn(unread_body::layer));
    // The callback and health routes stay free of layers: they are the hot path.
    pages
        .merge(callback::routes())
        .merge(health::routes())
        .with_state(desk)
}

async fn unknown() -> ApiError {
    ApiError::not_found()
}

async fn wrong_method() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "this path does not know that method",
    )
}
