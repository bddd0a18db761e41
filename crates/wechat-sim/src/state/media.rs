//! What is known about one media file; its bytes are in `media_store.rs`.
use serde::{Deserialize, Serialize};

const LIFE_MS: i64 = 3 * 86_400_000;

/// The types of media the platform knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MediaType {
    Image,
    Voice,
    Video,
    Thumb,
    /// A document sent from a phone; it has no media id on the wire and cannot be fetched.
    File,
}

impl MediaType {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "image" => Some(Self::Image),
            "voice" => Some(Self::Voice),
            "video" | "shortvideo" => Some(Self::Video),
            "thumb" => Some(Self::Thumb),
            "file" => Some(Self::File),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::Thumb => "thumb",
            Self::File => "file",
        }
    }
}

/// One uploaded or sent file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Media {
    pub(crate) media_id: String,
    pub(crate) app_id: String,
    pub(crate) media_type: MediaType,
    pub(crate) mime: String,
    pub(crate) extension: String,
    pub(crate) bytes: usize,
    pub(crate) created_ms: i64,
    /// Whether it was uploaded for good.
    #[serde(default)]
    pub(crate) permanent: bool,
}

impl Media {
    /// Whether the API no longer knows it.
    pub(crate) fn is_expired(&self, now_ms: i64) -> bool {
        !self.permanent && now_ms >= self.created_ms + LIFE_MS
    }
}

/// A video made fit for mass messages: an id of its own, with a title, for the bytes of an uploaded one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MassVideo {
    pub(crate) app_id: String,
    /// The uploaded video.
    pub(crate) source: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) created_ms: i64,
}

impl MassVideo {
    /// Whether the API no longer knows it. It lives as long as any other file of three days.
    pub(crate) fn is_expired(&self, now_ms: i64) -> bool {
        now_ms >= self.created_ms + LIFE_MS
    }
}
