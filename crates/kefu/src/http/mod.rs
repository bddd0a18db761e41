//! The HTTP side: one list of routes, one file per resource.

pub mod error;
pub mod extract;
pub mod login_guard;
pub mod request_id;

pub use error::ApiError;
pub use extract::{Json, Path, Query};
pub use login_guard::{Allowed, Login, may};

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;
