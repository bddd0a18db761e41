//! The form of a message an agent writes: checked before anything about the conversation's state is (`decisions.md` 25).

use super::note::{self, BAD_CHARACTERS, REQUIRED, TEXT_TOO_LONG};
use super::thread::ActingAgent;
use super::{ActionError, ActionResult};
use crate::db::attachments::{self, FileRow};
use crate::db::conversations::ConversationRow;
use crate::db::{self, Tx};
use crate::domain::card::{CARD_PICTURE_LIMIT, LinkCard, MiniProgramCard};
use crate::domain::ids::MediaId;
use crate::domain::media_rules::{FileRefusal, THUMB_LIMIT, outgoing_limit};
use crate::domain::message::{CLIENT_ID_CHARS, MediaKind, MediaState, MessageKind};
use crate::domain::time::{HOUR_MS, Time};
use crate::media::links;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// No such file, not the caller's, too old, or of another kind (422).
pub const UNKNOWN_ATTACHMENT: &str = "unknown_attachment";
/// A kind that agents cannot send (422).
pub const UNKNOWN_KIND: &str = "unknown_kind";
/// A field that this kind of message does not have (422).
pub const NOT_WITH_THIS_KIND: &str = "not_with_this_kind";
/// The text does not contain the link of the attached file (422).
pub const LINK_MISSING: &str = "link_missing";
/// How long an upload waits to be sent.
const ATTACHMENT_LIFE_MS: i64 = 24 * HOUR_MS;

/// A message as it was asked for.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub client_id: Option<String>,
    pub kind: Option<String>,
    pub text: Option<String>,
    pub attachment_id: Option<String>,
    pub thumb_attachment_id: Option<String>,
    pub data: Option<Value>,
}

/// A message that can be stored.
#[derive(Debug, Clone)]
pub enum Content {
    /// For agents only.
    Note(String),
    /// Text for the contact.
    Text(String),
    /// Text for the contact with the link to a file.
    FileLink {
        /// The text, the link in it.
        text: String,
        /// The file.
        id: MediaId,
    },
    /// A link or a mini program for the contact.
    Card {
        /// Which.
        kind: MessageKind,
        /// Its title.
        title: String,
        /// Its fields.
        data: Value,
        /// The agent's picture for it.
        picture: Option<MediaId>,
    },
    /// A file for the contact.
    File {
        /// What it is.
        kind: MessageKind,
        /// The file.
        id: MediaId,
        /// A frame of a video.
        thumb: Option<MediaId>,
    },
}

impl Draft {
    /// The checked `client_id`.
    pub fn client_id(&self) -> ActionResult<&str> {
        match self.client_id.as_deref() {
            None | Some("") => Err(ActionError::field("client_id", REQUIRED)),
            Some(id) if id.contains('\0') => Err(ActionError::field("client_id", BAD_CHARACTERS)),
            Some(id) if id.chars().count() > CLIENT_ID_CHARS => {
                Err(ActionError::field("client_id", "too_long"))
            }
            Some(id) => Ok(id),
        }
    }

    /// Equal for equal bodies: tells a repeated request from another one under the same `client_id`.
    pub fn hash(&self) -> String {
        let body = serde_json::json!([
            self.kind,
            self.text,
            self.attachment_id,
            self.thumb_attachment_id,
            self.data
        ]);
        Sha256::digest(body.to_string().as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// The content, if its form permits; `text_limit` is the channel's, in bytes.
    pub async fn content(
        &self,
        tx: &mut Tx,
        by: &ActingAgent,
        row: &ConversationRow,
        text_limit: usize,
        now: Time,
    ) -> ActionResult<Content> {
        let word = self
            .kind
            .as_deref()
            .ok_or_else(|| ActionError::field("kind", REQUIRED))?;
        let kind = word
            .parse()
            .map_err(|_| ActionError::field("kind", UNKNOWN_KIND))?;
        let is_card = matches!(kind, MessageKind::Link | MessageKind::MiniProgram);
        if self.data.is_some() && !is_card {
            return Err(ActionError::field("data", NOT_WITH_THIS_KIND));
        }
        match kind {
            MessageKind::Note => self.note(),
            MessageKind::Text if self.attachment_id.is_some() => {
                self.file_link(tx, by, row, text_limit, now).await
            }
            MessageKind::Text => Ok(Content::Text(self.text(text_limit)?)),
            MessageKind::Link | MessageKind::MiniProgram => self.card(tx, by, row, kind, now).await,
            MessageKind::Image => self.file(tx, by, row, kind, MediaKind::Image, now).await,
            MessageKind::Voice => self.file(tx, by, row, kind, MediaKind::Voice, now).await,
            MessageKind::Video => self.file(tx, by, row, kind, MediaKind::Video, now).await,
            _ => Err(ActionError::field("kind", UNKNOWN_KIND)),
        }
    }

    fn note(&self) -> ActionResult<Content> {
        let text = self.text.as_deref().unwrap_or_default();
        note::check(text, "text")?;
        self.without_files()?;
        Ok(Content::Note(text.to_owned()))
    }

    fn text(&self, limit: usize) -> ActionResult<String> {
        let text = self.text.as_deref().unwrap_or_default();
        if text.trim().is_empty() {
            return Err(ActionError::field("text", REQUIRED));
        }
        if text.contains('\0') {
            return Err(ActionError::field("text", BAD_CHARACTERS));
        }
        if text.len() > limit {
            return Err(ActionError::field("text", TEXT_TOO_LONG));
        }
        self.without_frame()?;
        Ok(text.to_owned())
    }

    /// The link was made at the upload; the text says what it is, in the agent's words.
    async fn file_link(
        &self,
        tx: &mut Tx,
        by: &ActingAgent,
        row: &ConversationRow,
        limit: usize,
        now: Time,
    ) -> ActionResult<Content> {
        let text = self.text(limit)?;
        let file = self
            .attachment(tx, by, row, MediaKind::File, now)
            .await?
            .ok_or_else(|| ActionError::field("attachment_id", REQUIRED))?;
        if text.contains(&links::path(file.id)) {
            Ok(Content::FileLink { text, id: file.id })
        } else {
            Err(ActionError::field("text", LINK_MISSING))
        }
    }

    async fn card(
        &self,
        tx: &mut Tx,
        by: &ActingAgent,
        row: &ConversationRow,
        kind: MessageKind,
        now: Time,
    ) -> ActionResult<Content> {
        self.without_text()?;
        self.without_frame()?;
        let data = self
            .data
            .as_ref()
            .filter(|data| data.is_object())
            .ok_or_else(|| ActionError::field("data", REQUIRED))?;
        let read = if kind == MessageKind::Link {
            LinkCard::read(data).map(|card| (card.data(), card.title))
        } else {
            MiniProgramCard::read(data).map(|card| (card.data(), card.title))
        };
        let (data, title) = read.map_err(|(name, code)| ActionError::field(&format!("data.{name}"), code))?;
        let picture = self.attachment(tx, by, row, MediaKind::Image, now).await?;
        if picture.as_ref().is_some_and(|file| !fits_a_card(file)) {
            return Err(ActionError::field(
                "attachment_id",
                FileRefusal::TooLarge.as_str(),
            ));
        }
        Ok(Content::Card {
            kind,
            title,
            data,
            picture: picture.map(|file| file.id),
        })
    }

    fn without_text(&self) -> ActionResult<()> {
        if self.text.as_deref().is_some_and(|text| !text.is_empty()) {
            Err(ActionError::field("text", NOT_WITH_THIS_KIND))
        } else {
            Ok(())
        }
    }

    fn without_frame(&self) -> ActionResult<()> {
        if self.thumb_attachment_id.is_some() {
            Err(ActionError::field("thumb_attachment_id", NOT_WITH_THIS_KIND))
        } else {
            Ok(())
        }
    }

    /// The named upload, where one is named.
    async fn attachment(
        &self,
        tx: &mut Tx,
        by: &ActingAgent,
        row: &ConversationRow,
        kind: MediaKind,
        now: Time,
    ) -> ActionResult<Option<FileRow>> {
        let Some(asked) = self.attachment_id.as_deref() else {
            return Ok(None);
        };
        let file = find(tx, asked)
            .await?
            .filter(|file| file.kind == kind && may_send(file, by, row, now));
        file.map(Some)
            .ok_or_else(|| ActionError::field("attachment_id", UNKNOWN_ATTACHMENT))
    }

    fn without_files(&self) -> ActionResult<()> {
        if self.attachment_id.is_some() {
            Err(ActionError::field("attachment_id", NOT_WITH_THIS_KIND))
        } else {
            self.without_frame()
        }
    }

    async fn file(
        &self,
        tx: &mut Tx,
        by: &ActingAgent,
        row: &ConversationRow,
        kind: MessageKind,
        media: MediaKind,
        now: Time,
    ) -> ActionResult<Content> {
        self.without_text()?;
        let file = self
            .attachment(tx, by, row, media, now)
            .await?
            .ok_or_else(|| ActionError::field("attachment_id", REQUIRED))?;
        Ok(Content::File {
            kind,
            id: file.id,
            thumb: self.thumb(tx, by, row, media, now).await?,
        })
    }

    async fn thumb(
        &self,
        tx: &mut Tx,
        by: &ActingAgent,
        row: &ConversationRow,
        media: MediaKind,
        now: Time,
    ) -> ActionResult<Option<MediaId>> {
        let Some(asked) = self.thumb_attachment_id.as_deref() else {
            return Ok(None);
        };
        if media != MediaKind::Video {
            return Err(ActionError::field("thumb_attachment_id", NOT_WITH_THIS_KIND));
        }
        let file = find(tx, asked)
            .await?
            .filter(|file| is_frame(file) && may_send(file, by, row, now));
        file.map(|file| Some(file.id))
            .ok_or_else(|| ActionError::field("thumb_attachment_id", UNKNOWN_ATTACHMENT))
    }
}

async fn find(tx: &mut Tx, asked: &str) -> db::Result<Option<FileRow>> {
    match asked.parse() {
        Ok(id) => attachments::find(tx, id).await,
        Err(_) => Ok(None),
    }
}

/// The caller's own upload of the last 24 hours, not bound to another conversation, within the limit of its kind.
fn may_send(file: &FileRow, by: &ActingAgent, row: &ConversationRow, now: Time) -> bool {
    file.purpose == "attachment"
        && file.state == MediaState::Ready
        && file.uploaded_by == Some(by.viewer.agent_id)
        && now.since_ms(file.created_at) < ATTACHMENT_LIFE_MS
        && file.conversation_id.is_none_or(|id| id == row.id)
        && (file.kind == MediaKind::File || is_within(file, outgoing_limit(file.kind)))
}

fn is_within(file: &FileRow, limit: u64) -> bool {
    file.bytes.is_some_and(|bytes| bytes.unsigned_abs() <= limit)
}

fn fits_a_card(file: &FileRow) -> bool {
    is_within(file, CARD_PICTURE_LIMIT)
}

/// What WeChat takes as the frame of a video: a small JPEG.
fn is_frame(file: &FileRow) -> bool {
    file.mime.as_deref() == Some("image/jpeg") && is_within(file, THUMB_LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Draft {
        Draft {
            kind: Some("text".into()),
            text: Some(text.into()),
            ..Draft::default()
        }
    }

    #[test]
    fn the_limit_of_a_text_counts_bytes_and_is_inclusive() {
        assert!(text(&"好".repeat(682)).text(2048).is_ok());
        assert!(text(&"a".repeat(2048)).text(2048).is_ok());
        assert!(text(&"好".repeat(683)).text(2048).is_err());
    }

    #[test]
    fn another_body_has_another_hash() {
        assert_eq!(text("a").hash(), text("a").hash());
        assert_ne!(text("a").hash(), text("b").hash());
        assert_ne!(
            text("a").hash(),
            Draft {
                kind: Some("note".into()),
                ..text("a")
            }
            .hash()
        );
    }

    #[test]
    fn a_client_id_has_from_1_to_64_characters() {
        let with = |id: &str| Draft {
            client_id: Some(id.into()),
            ..Draft::default()
        };
        assert!(with(&"x".repeat(64)).client_id().is_ok());
        assert!(with(&"x".repeat(65)).client_id().is_err());
        assert!(with("").client_id().is_err() && Draft::default().client_id().is_err());
    }
}
