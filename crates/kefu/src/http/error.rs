//! The error envelope: `{"error":{"code","detail","fields"?,"request_id"}}` with a stable `code`.

use crate::actions::ActionError;
use crate::db;
use crate::media::StoreError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};

/// An answer that is an error. Made by the functions below; the console translates the code.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    detail: String,
    fields: Vec<(String, &'static str)>,
    /// Boxed: errors travel in every result.
    more: Option<Box<Value>>,
    retry_after_s: Option<u64>,
    conflict: bool,
}

/// The body as documented.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorObject,
}

/// The error inside the envelope.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ErrorObject {
    /// Stable; the console translates it.
    pub code: String,
    /// For developers, in English.
    pub detail: String,
    /// Wrong fields: name and stable code.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
    /// Which request it was; also in the logs.
    pub request_id: String,
    /// What else belongs to the code, such as `assignee` of `already_assigned`.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub more: Map<String, Value>,
}

impl ApiError {
    /// Any status and code.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            fields: Vec::new(),
            more: None,
            retry_after_s: None,
            conflict: false,
        }
    }

    /// 400: the request itself is not of the right form.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    /// 401: no login.
    pub fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_signed_in", "sign in first")
    }

    /// 403: not allowed to this role.
    pub fn not_permitted() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "not_permitted",
            "your role does not permit this",
        )
    }

    /// 403: everybody needs a second factor, and this login has none yet.
    pub fn second_factor_required() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "second_factor_required",
            "set up a second factor first: POST /api/v1/me/second-factor",
        )
    }

    /// 404, also for what the caller may not see.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "it does not exist, or you may not see it",
        )
    }

    /// 409: the state forbids it.
    pub fn refused(code: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code, "the state of things forbids this")
    }

    /// 413.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
    }

    /// Whether it is a 404.
    pub fn is_not_found(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    /// 422: wrong fields.
    pub fn fields(fields: Vec<(String, &'static str)>) -> Self {
        Self {
            fields,
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid_fields",
                "some fields cannot be accepted",
            )
        }
    }

    /// 422: one wrong field.
    pub fn field(name: &str, code: &'static str) -> Self {
        Self::fields(vec![(name.to_owned(), code)])
    }

    /// 429.
    pub fn too_many(retry_after_s: u64) -> Self {
        Self {
            retry_after_s: Some(retry_after_s),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_requests",
                "wait before trying again",
            )
        }
    }

    /// 503: not durable now.
    pub fn unavailable() -> Self {
        Self {
            retry_after_s: Some(1),
            ..Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "the database is not available; nothing was changed",
            )
        }
    }

    /// 500: a defect. The cause goes to the log, never to the caller.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something went wrong; the log has the cause under this request id",
        )
    }

    /// Adds what else belongs to the code.
    #[must_use]
    pub fn with(mut self, more: Value) -> Self {
        self.more = Some(Box::new(more));
        self
    }

    /// The object for the body.
    pub(crate) fn object(&self, request_id: &str) -> ErrorObject {
        ErrorObject {
            code: self.code.to_owned(),
            detail: self.detail.clone(),
            fields: self
                .fields
                .iter()
                .map(|(name, code)| (name.clone(), Value::from(*code)))
                .collect(),
            request_id: request_id.to_owned(),
            more: match self.more.as_deref() {
                Some(Value::Object(map)) => map.clone(),
                _ => Map::new(),
            },
        }
    }
}

impl db::Conflict for ApiError {
    fn is_conflict(&self) -> bool {
        self.conflict
    }
}

impl From<db::Error> for ApiError {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Unavailable(cause) => {
                tracing::warn!(%cause, "the database is not available");
                Self::unavailable()
            }
            db::Error::Conflict(_) => Self {
                conflict: true,
                ..Self::unavailable()
            },
            other => Self::internal(&other),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing => Self::not_found(),
            StoreError::Io(cause) => {
                tracing::warn!(%cause, "the media folder refused");
                let detail = "the media folder cannot be used now; nothing was changed";
                Self {
                    detail: detail.to_owned(),
                    ..Self::unavailable()
                }
            }
        }
    }
}

impl From<ActionError> for ApiError {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Db(error) => error.into(),
            ActionError::NotFound => Self::not_found(),
            ActionError::NotPermitted => Self::not_permitted(),
            ActionError::Refused { code, more: None } => Self::refused(code),
            ActionError::Refused {
                code,
                more: Some(more),
            } => Self::refused(code).with(more),
            ActionError::Fields(fields) => Self::fields(fields),
        }
    }
}

/// The error travels as an extension; `request_id` writes the body, because only it knows the request's id.
#[derive(Debug, Clone)]
pub(crate) struct PendingError(pub(crate) std::sync::Arc<ApiError>);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after_s {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
            .extensions_mut()
            .insert(PendingError(std::sync::Arc::new(self)));
        response
    }
}
