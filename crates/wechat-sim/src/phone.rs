//! Serves the phone page: the files of the folder `phone`, embedded in the binary.
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::crypto::hex;

#[derive(RustEmbed)]
#[folder = "phone/"]
struct Files;

const POLICY: &str = "default-src 'self'; img-src * data: blob:; media-src 'self' data: blob:; \
                      worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'self'";

/// A file of the page; `/` is its index.
pub(crate) async fn page(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    match Files::get(path) {
        Some(file) => serve(path, file, &headers),
        None => (StatusCode::NOT_FOUND, "there is nothing under this path").into_response(),
    }
}

fn serve(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..8]));
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == etag.as_bytes());
    if is_known {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let charset = if mime.type_() == "text" {
        "; charset=utf-8"
    } else {
        ""
    };
    let headers = [
        (header::CONTENT_TYPE, format!("{mime}{charset}")),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::ETAG, etag),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, file.data.into_owned()).into_response()
}
