//! Extractors whose refusals are our error envelope.

use super::ApiError;
use crate::domain::fields::FieldCode;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A JSON body, in and out.
#[derive(Debug, Clone, Copy, FromRequest)]
#[from_request(via(axum::Json), rejection(ApiError))]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Path parameters: an id of another form is 404, as is one that does not exist.
#[derive(Debug, Clone, Copy, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(ApiError))]
pub struct Path<T>(pub T);

/// Query parameters.
#[derive(Debug, Clone, Copy, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(ApiError))]
pub struct Query<T>(pub T);

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large("the body is too large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "send JSON with content-type application/json",
            ),
            StatusCode::UNPROCESSABLE_ENTITY => wrong_value(&rejection.body_text()),
            _ => Self::malformed(rejection.body_text()),
        }
    }
}

impl From<PathRejection> for ApiError {
    fn from(_: PathRejection) -> Self {
        Self::not_found()
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::malformed(rejection.body_text())
    }
}

/// A JSON body that may be left out: nothing at all means its default.
#[derive(Debug, Clone, Copy)]
pub struct Optional<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned + Default> FromRequest<S> for Optional<T> {
    type Rejection = ApiError;

    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self, ApiError> {
        let body = axum::body::Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large("the body is too large"),
            _ => ApiError::malformed(rejection.body_text()),
        })?;
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(T::default()));
        }
        Ok(Self(axum::Json::<T>::from_bytes(&body)?.0))
    }
}

/// Names the field and not the value, which may be a secret: the text is `…target type: role: unknown variant …`.
fn wrong_value(text: &str) -> ApiError {
    let cause = text.split_once("target type: ").map_or(text, |(_, cause)| cause);
    let path = cause.split_once(": ").map_or("", |(path, _)| path);
    let field = path.split(['.', '[']).next().unwrap_or_default();
    if !field.is_empty()
        && field
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    {
        return ApiError::field(field, FieldCode::UnknownValue.as_str());
    }
    match cause
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split_once('`'))
    {
        Some((field, _)) => ApiError::field(field, FieldCode::Required.as_str()),
        None => {
            let detail = "the body is not of the documented form";
            ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields", detail)
        }
    }
}

/// Tells `null` from a field that is left out: for `#[serde(default, deserialize_with = "present")]`.
pub fn present<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: serde::Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(Some)
}
