//! The control API under `/sim/v1`: what a test, a demo or the phone page does to the platform from outside WeChat's own paths.
//! One file per resource. JSON errors are `{"error":{"code","detail"}}`. Only pages of the same origin may call.
mod accounts;
mod clock;
mod console;
mod error;
mod faults;
mod feed;
mod followers;
mod form;
mod happenings;
mod ledger;
mod media;
mod menu;
mod native_service;
mod qrcodes;
mod records;
mod timeline;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};

use crate::phone;
use crate::world::World;

use error::ControlError;

pub(crate) use accounts::create as create_account;
pub(crate) use followers::{NewFollower, add as add_follower};

/// The largest file a phone sends.
const LARGEST_BODY: usize = 64 << 20;

/// Everything that is not one of the platform's own paths.
pub(crate) fn router(world: Arc<World>) -> Router {
    let control = Router::new()
        .route("/accounts", get(accounts::list).post(accounts::post))
        .route("/accounts/{app_id}", get(accounts::read).patch(accounts::patch))
        .route("/accounts/{app_id}/verify-url", post(accounts::verify))
        .route(
            "/accounts/{app_id}/followers",
            get(followers::list).post(followers::post),
        )
        .route(
            "/accounts/{app_id}/followers/{openid}",
            get(followers::read).patch(followers::patch),
        )
        .route(
            "/accounts/{app_id}/followers/{openid}/messages",
            post(happenings::message),
        )
        .route(
            "/accounts/{app_id}/followers/{openid}/events",
            post(happenings::event),
        )
        .route(
            "/accounts/{app_id}/followers/{openid}/timeline",
            get(timeline::read),
        )
        .route("/accounts/{app_id}/followers/{openid}/ledger", get(ledger::read))
        .route("/accounts/{app_id}/followers/{openid}/scan", post(qrcodes::scan))
        .route(
            "/accounts/{app_id}/native-service",
            get(native_service::read).put(native_service::put),
        )
        .route("/accounts/{app_id}/menu", get(menu::read))
        .route("/accounts/{app_id}/console", get(console::read).put(console::put))
        .route("/accounts/{app_id}/qrcodes", get(qrcodes::list))
        .route("/accounts/{app_id}/deliveries", get(records::deliveries))
        .route("/calls", get(records::calls).delete(records::clear_calls))
        .route("/clock", get(clock::read).post(clock::advance))
        .route(
            "/faults",
            get(faults::list).post(faults::post).delete(faults::clear),
        )
        .route("/faults/{id}", delete(faults::cancel))
        .route("/events", get(feed::stream))
        .route("/media/{media_id}", get(media::bytes))
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn(same_origin))
        .layer(DefaultBodyLimit::max(LARGEST_BODY));
    Router::new()
        .nest("/sim/v1", control)
        .route("/mmbiz/{media_id}", get(media::bytes))
        .fallback(phone::page)
        .with_state(world)
}

async fn unknown_path() -> ControlError {
    ControlError::not_found("path_not_found", "there is nothing under this path")
}

async fn wrong_method() -> ControlError {
    ControlError::wrong_method()
}

/// Refuses what a page of another origin sends.
async fn same_origin(request: Request, next: Next) -> Response {
    if is_foreign(request.headers()) {
        return ControlError::forbidden("foreign_origin", "only pages of this origin may call")
            .into_response();
    }
    next.run(request).await
}

fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &header::HeaderValue| value.to_str().ok())
    };
    let Some(origin) = text(header::ORIGIN) else {
        return false;
    };
    let origin_host = origin.split_once("://").map(|(_, host)| host);
    origin_host.is_none() || origin_host != text(header::HOST)
}
