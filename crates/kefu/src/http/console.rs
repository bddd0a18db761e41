//! The console: static files in the binary, `index.html` for every page of the app.

use crate::desk::Desk;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;

/// Scripts, styles, pictures and sounds of our own only: no page of the console asks another host for anything.
/// WebAssembly for voice.
const POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; \
    script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; connect-src 'self'; \
    worker-src 'self' blob:; font-src 'self'; \
    object-src 'none'; frame-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";
const NOT_BUILT: &str = "<!doctype html><meta charset=utf-8><title>Kefu</title>\
    <p>The console is not built yet. Run <code>make build</code> (or <code>make run</code>) and start again.";

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// Everything that is not another route.
pub fn routes() -> Router<Desk> {
    Router::new().fallback(file)
}

async fn file(uri: Uri, request: Request) -> Response {
    let path = uri.path().trim_start_matches('/');
    // An unknown API path or asset must not be answered with the page.
    if path.starts_with("api/") || path.starts_with("callback/") {
        return super::ApiError::not_found().into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    match Files::get(path).filter(|_| !path.is_empty()) {
        Some(found) => serve(path, &found, request.headers()),
        None if path.starts_with("assets/") => StatusCode::NOT_FOUND.into_response(),
        None => match Files::get("index.html") {
            Some(page) => serve("index.html", &page, request.headers()),
            None => (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response(),
        },
    }
}

fn serve(path: &str, file: &rust_embed::EmbeddedFile, asked: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    let etag = format!(
        "\"{}\"",
        hash.iter()
            .take(12)
            .map(|b| format!("{b:02x}"))
            .collect::<String>()
    );
    let caching = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if let Ok(value) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, value);
    }
    if asked
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == etag.as_bytes())
    {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    if let Ok(mime) = HeaderValue::from_str(file.metadata.mimetype()) {
        headers.insert(header::CONTENT_TYPE, mime);
    }
    (headers, file.data.clone()).into_response()
}
