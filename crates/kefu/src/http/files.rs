//! Files that were handed over by a link: anyone who was given the address reads them, until it expires. Always a
//! download, never run, never cached by others. What is gone says so in the customer's language.

use super::gone_page::gone_page;
use super::media::{named, read};
use super::{ApiError, ApiResult};
use crate::db::file_links;
use crate::desk::Desk;
use crate::domain::ids::MediaId;
use crate::domain::time::Time;
use crate::media::links;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

/// A file's address, without login.
pub fn routes() -> Router<Desk> {
    Router::new().route("/files/{id}/{name}", get(get_file))
}

/// What makes an address good. Absent or unreadable: it is not.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Signed {
    expires: String,
    signature: String,
}

/// 404 unless the signature is ours; then the file, or 410 when it is not handed out any more.
async fn get_file(
    State(desk): State<Desk>,
    Path((id, _name)): Path<(String, String)>,
    Query(asked): Query<Signed>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let (Ok(id), Ok(expires_s)) = (id.parse::<MediaId>(), asked.expires.parse::<i64>()) else {
        return Ok(not_ours(&headers));
    };
    if !links::is_ours(&desk.secrets, id, expires_s, &asked.signature) {
        return Ok(not_ours(&headers));
    }
    let found = file_links::find(&mut desk.db.read().await?, id).await?;
    let now = desk.clock.now();
    let found = found.filter(|file| file.expires_at == Time(expires_s.saturating_mul(1000)));
    let Some((file, key)) = found.as_ref().and_then(|file| Some((file, file.open_at(now)?))) else {
        return Ok(gone_page(StatusCode::GONE, &headers));
    };
    let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let (status, part, body) = match read(&desk, key, range).await {
        Err(error) if error.is_not_found() => {
            return Ok(gone_page(StatusCode::GONE, &headers));
        }
        read => read?,
    };
    if method == Method::GET && file.first_opened_at.is_none() {
        remember(&desk, id).await?;
    }
    let about = about(file.mime.as_deref(), file.file_name.as_deref());
    Ok((status, about, part, body).into_response())
}

/// The same page as for a file that is gone: a guess learns nothing.
fn not_ours(headers: &HeaderMap) -> Response {
    gone_page(StatusCode::NOT_FOUND, headers)
}

async fn remember(desk: &Desk, id: MediaId) -> Result<(), ApiError> {
    let clock = desk.clock.clone();
    let written = desk.db.write(move |tx| {
        let now = clock.now();
        Box::pin(async move { file_links::opened(tx, id, now).await })
    });
    Ok(written.await?)
}

fn about(mime: Option<&str>, name: Option<&str>) -> [(HeaderName, String); 7] {
    [
        (
            header::CONTENT_TYPE,
            mime.unwrap_or("application/octet-stream").to_owned(),
        ),
        (header::CONTENT_DISPOSITION, named("attachment", name)),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'".to_owned(),
        ),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        (
            HeaderName::from_static("x-robots-tag"),
            "noindex, nofollow".to_owned(),
        ),
    ]
}
