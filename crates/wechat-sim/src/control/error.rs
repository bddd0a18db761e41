//! The errors of the control API.
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A refused control call: a status and a stable code.
#[derive(Debug, Clone)]
pub(crate) struct ControlError {
    status: StatusCode,
    code: &'static str,
    detail: String,
}

impl ControlError {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
        }
    }

    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    pub(crate) fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, detail)
    }

    pub(crate) fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, detail)
    }

    pub(crate) fn wrong_method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "this path has other methods",
        )
    }

    pub(crate) fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    pub(crate) fn invalid(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    pub(crate) fn no_account(app_id: &str) -> Self {
        Self::not_found("account_not_found", format!("no account `{app_id}`"))
    }

    pub(crate) fn no_follower(openid: &str) -> Self {
        Self::not_found(
            "follower_not_found",
            format!("no follower `{openid}` on this account"),
        )
    }

    pub(crate) fn storage(error: &std::io::Error) -> Self {
        tracing::error!(%error, "a file of the simulator could not be read or written");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "storage",
            "the file could not be read or written",
        )
    }

    /// The code and what is wrong, for callers in the same process.
    pub(crate) fn into_text(self) -> String {
        format!("{}: {}", self.code, self.detail)
    }
}

impl From<JsonRejection> for ControlError {
    fn from(rejection: JsonRejection) -> Self {
        Self::malformed(rejection.body_text())
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let body = json!({ "error": { "code": self.code, "detail": self.detail } });
        (self.status, Json(body)).into_response()
    }
}
