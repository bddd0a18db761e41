//! Files: one store interface (a local folder in this version), uploads judged by content, downloads for browsers.

pub(crate) mod download;
pub mod range;
mod store;

pub use store::{Store, StoreError};
