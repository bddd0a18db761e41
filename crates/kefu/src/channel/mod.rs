//! What a channel kind can do. A new kind is one folder here plus one settings form; nothing else matches on kinds.
//!
//! Everything above speaks these types; only `channel::wechat` (and `media`) know the `wechat` crate.

pub mod blacklist;
pub mod broadcast;
pub mod cards;
pub mod diagnosis;
pub mod directory;
pub mod menu_message;
pub mod own_automation;
pub mod passive;
pub mod qr_code;
pub mod wechat;

use crate::db::channels::ChannelSettings;
use crate::domain::channel::EncryptionMode;
use crate::domain::inbound::Push;
use crate::domain::message::MediaKind;
use crate::domain::time::Time;
use bytes::Bytes;
use cards::{OutgoingCard, PreparedCard};
use futures_util::future::BoxFuture;
use menu_message::MenuMessage;
use serde_json::Value;
use std::sync::Arc;

/// A request to the callback address, as it arrived.
#[derive(Debug, Clone)]
pub struct CallbackRequest {
    /// The query string, undecoded.
    pub query: String,
    /// The body; empty for a verification.
    pub body: Bytes,
    /// When it arrived, by the desk clock.
    pub received_at: Time,
}

/// Why a callback is refused. The HTTP side gives each its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallbackRefusal {
    /// A parameter is missing (400).
    MissingParameter(&'static str),
    /// The signature is wrong (403).
    BadSignature,
    /// In clear text, to a channel that takes encrypted pushes only (403).
    NotEncrypted,
    /// It cannot even be authenticated (400).
    Malformed(String),
    /// Behind a valid signature, but it cannot be read: a dead letter with this code and detail.
    Unreadable {
        /// Stable code.
        code: &'static str,
        /// For people.
        detail: String,
        /// What to keep: the decrypted text where there is one, else the body.
        raw: Bytes,
    },
}

impl std::fmt::Display for CallbackRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::MissingParameter(name) => write!(f, "the parameter `{name}` is missing"),
            Self::BadSignature => f.write_str("the signature is wrong"),
            Self::NotEncrypted => f.write_str("the push is not encrypted"),
            Self::Malformed(detail) => f.write_str(detail),
            Self::Unreadable { code, detail, .. } => write!(f, "{code}: {detail}"),
        }
    }
}

/// A push that was accepted, and what it says about the keys in use.
#[derive(Debug, Clone)]
pub struct ReceivedPush {
    /// The push in the desk's words.
    pub push: Push,
    /// Its readable text, kept when storing it fails.
    pub raw: Bytes,
    /// How it looks.
    pub mode: EncryptionMode,
    /// Which of the secrets in force it was made with: a change-over ends soon after.
    pub proves: Proof,
}

/// What a push proves about the secrets in force. One in clear text proves nothing about the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// Signed with the token in force.
    pub token: bool,
    /// Encrypted with the key in force.
    pub key: bool,
}

/// What leaves.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The contact's id at the provider.
    pub to: String,
    /// The content.
    pub content: OutgoingContent,
}

/// The content of what leaves.
#[derive(Debug, Clone)]
pub enum OutgoingContent {
    /// Text as written.
    Text(String),
    /// A file.
    Media(OutgoingMedia),
    /// A question with answers to tap.
    Menu(MenuMessage),
    /// A link or a mini program.
    Card(OutgoingCard),
}

/// A file that leaves.
#[derive(Debug, Clone)]
pub struct OutgoingMedia {
    /// What it is.
    pub kind: MediaKind,
    /// Its media type.
    pub mime: String,
    /// A name with the right extension.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Bytes,
    /// The provider's id of an earlier upload that is still valid, and its end by the desk clock.
    pub uploaded: Option<(String, Time)>,
    /// A frame of a video, JPEG.
    pub thumb: Option<Bytes>,
    /// Of a video on a route made for many: the title it gets there.
    pub mass_title: Option<String>,
}

/// Everything is ready; the next call is the one request that must not be made twice.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// To whom.
    pub to: String,
    /// With provider ids in place of bytes.
    pub content: PreparedContent,
}

/// Content with provider ids in place of bytes.
#[derive(Debug, Clone)]
pub enum PreparedContent {
    /// Text.
    Text(String),
    /// A question with answers to tap.
    Menu(MenuMessage),
    /// A link or a mini program.
    Card(PreparedCard),
    /// An uploaded file.
    Media {
        /// What it is.
        kind: MediaKind,
        /// The provider's id.
        external_id: String,
        /// The provider's id of the video's frame.
        thumb: Option<String>,
        /// The provider's id of the same video for a route made for many.
        mass_id: Option<String>,
        /// When the upload expires, by the desk clock.
        expires_at: Time,
    },
}

/// What a failed try means (`decisions.md` 18).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Nothing was delivered; try again by itself, no sooner than this many milliseconds where given.
    Retry(Option<u64>),
    /// The uploaded file is gone: upload again once, then try again.
    UploadAgain,
    /// It will never work.
    Final,
    /// It may have been delivered: never again by itself.
    Unknown,
}

/// A failed try.
#[derive(Debug, Clone)]
pub struct SendError {
    /// What it means.
    pub class: Class,
    /// The stable reason shown to the agent, such as `wechat_45015` or `connection_lost`.
    pub reason: String,
    /// The provider's number, where there is one.
    pub code: Option<i64>,
    /// The provider's words and request id, without secrets.
    pub data: Value,
}

/// A fetched inbound file.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Its name, where the provider gave one.
    pub file_name: Option<String>,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Why an inbound file was not fetched.
#[derive(Debug, Clone)]
pub enum FetchError {
    /// Try again later.
    Later(String),
    /// The provider no longer has it.
    Expired,
    /// Larger than the limit.
    TooLarge,
    /// It will never work.
    Final(String),
}

/// Sends for one channel.
pub trait Messenger: Send + Sync + std::fmt::Debug {
    /// Uploads what must be uploaded and sees that the access token is good. May be repeated freely.
    fn prepare(&self, outgoing: Outgoing) -> BoxFuture<'_, Result<Prepared, SendError>>;
    /// The one request that delivers.
    fn send(&self, prepared: Prepared) -> BoxFuture<'_, Result<(), SendError>>;
    /// Fetches an inbound file of at most `limit` bytes.
    fn fetch(&self, external_id: String, limit: u64) -> BoxFuture<'_, Result<Fetched, FetchError>>;
    /// Shows or hides on the contact's side that somebody types.
    fn typing(&self, to: String, typing: bool) -> BoxFuture<'_, Result<(), SendError>>;
    /// Asks the provider whether the credentials work.
    fn check(&self) -> BoxFuture<'_, Result<(), SendError>>;
}

/// A kind of channel.
pub trait ChannelKind: Send + Sync + std::fmt::Debug {
    /// Its word, such as `wechat`.
    fn word(&self) -> &'static str;
    /// Answers the provider's check of the callback address: the body to return.
    fn verify(&self, channel: &ChannelSettings, request: &CallbackRequest)
    -> Result<String, CallbackRefusal>;
    /// Authenticates and reads a push.
    fn receive(
        &self,
        channel: &ChannelSettings,
        request: &CallbackRequest,
    ) -> Result<ReceivedPush, CallbackRefusal>;
    /// Reads the kept text of a dead letter again.
    fn reread(
        &self,
        channel: &ChannelSettings,
        raw: &[u8],
        received_at: Time,
    ) -> Result<Push, CallbackRefusal>;
    /// What it can say in the response to a push, where it can.
    fn passive(&self) -> Option<&dyn passive::PassiveReplies> {
        None
    }
    /// A sender for this channel.
    fn messenger(&self, channel: Arc<ChannelSettings>) -> Arc<dyn Messenger>;
    /// Somebody who finds out what is wrong with this channel.
    fn diagnostician(&self, channel: &Arc<ChannelSettings>) -> Arc<dyn diagnosis::Diagnostician>;
    /// Somebody who makes the code by which people follow this channel's account.
    fn qr_codes(&self, channel: &Arc<ChannelSettings>) -> Arc<dyn qr_code::QrCodes>;
    /// The account's own blacklist, where the provider has one.
    fn blacklist(&self, channel: &ChannelSettings) -> Option<Arc<dyn blacklist::Blacklist>>;
    /// What the account does by itself.
    fn own_automation(&self, channel: Arc<ChannelSettings>) -> Arc<dyn own_automation::OwnAutomation>;
    /// The way to a contact beyond the window, where the kind has one.
    fn broadcaster(&self, channel: Arc<ChannelSettings>) -> Option<Arc<dyn broadcast::Broadcaster>>;
    /// The longest text of one message, in bytes.
    fn text_limit_bytes(&self) -> usize;
}
