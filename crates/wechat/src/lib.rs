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
mod rules;
mod secrets;

pub use client::auto_reply::{
    Articles, AutoReplies, AutoReply, ConsoleArticle, Keyword, KeywordRule, KeywordRules,
};
pub use client::class::Class;
pub use client::custom::{CustomMessage, CustomOptions, MenuMessageItem};
pub use client::error::{Error, Retry};
pub use client::js_ticket::JsSignature;
pub use client::kf::{KfAccount, OnlineKf};
pub use client::kf_chat::{ChatOf, ChatRecord, ChatRecords, OpenChat, WaitingChats};
pub use client::mass::{Audience, MassJob, MassMessage, MassSpeed, MassStatus, PreviewFor};
pub use client::mass_video::MassVideo;
pub use client::media::{Downloaded, MediaKind, UploadedMedia};
pub use client::menu::{ClientPlatform, ConditionalMenu, CurrentMenu, MatchRule, MenuId, Menus};
pub use client::menu_button::{ButtonAction, MenuButton, MenuItem};
pub use client::network::{CallbackAction, CallbackCheck, CallbackOperator, DnsFinding, PingFinding};
pub use client::notice::{NoticeTemplate, OneTimeNotice, SubscriptionNotice};
pub use client::oauth::{OauthGrant, OauthScope, OauthUser};
pub use client::observer::Observer;
pub use client::probe::Probe;
pub use client::qrcode::{QrCode, QrScene};
pub use client::quota::{ApiQuota, DailyQuota, RateLimit, RidInfo};
pub use client::short_key::ShortKeyData;
pub use client::tag::Tag;
pub use client::template::{Industries, Industry, Jump, Template, TemplateMessage};
pub use client::token::{TokenSource, TokenWay};
pub use client::token_store::{BoxFuture, MemoryTokenStore, StoredToken, TokenStore};
pub use client::user::{ChangedOpenId, Lang, OpenIdPage, UserInfo};
pub use client::{Client, ClientOptions, DEFAULT_BASE_URL, DEFAULT_TIMEOUT, MEDIA_TIMEOUT};
pub use ids::{AppId, MediaId, OpenId, TagId, TemplateId, UnionId};
pub use rules::Rule;
pub use secrets::{AccessToken, AppSecret, CallbackToken, EncodingAesKey, JsTicket, KeyError};
