#![doc = include_str!("../README.md")]
//!
//! # Where to look
//!
//! - [`callback`]: what WeChat sends to a server. Pure functions, no I/O.
//! - [`Client`]: what a server asks of WeChat. The only network code is in `client/transport.rs`.
//! - [`fuzz`]: the bodies that fuzzers and property tests run.
//!
//! This crate knows the protocol of one Official Account. It knows nothing of desks, conversations,
//! databases or sending windows.

pub mod callback;
mod client;
pub mod fuzz;
mod ids;
mod secrets;

pub use client::custom::CustomMessage;
pub use client::error::{Error, Retry};
pub use client::media::{Downloaded, MediaKind, UploadedMedia};
pub use client::token::{BoxFuture, MemoryTokenStore, StoredToken, TokenStore};
pub use client::{Client, ClientOptions, DEFAULT_BASE_URL, DEFAULT_TIMEOUT, MEDIA_TIMEOUT};
pub use ids::{AppId, MediaId, OpenId};
pub use secrets::{AccessToken, AppSecret, CallbackToken, EncodingAesKey, KeyError};
