//! The types of a push that has been read, and the key by which a repeated one is known.
//! Reading them from bytes is `read.rs`; events are in `event.rs`.

use super::Event;
use super::signature::sha1_hex;
use crate::{AppId, MediaId, OpenId};

/// One message or event, as WeChat pushed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Push {
    /// The account it was sent to: its original id (`gh_…`).
    pub to_user: String,
    /// Who sent it, or whom the event is about. Empty where WeChat names nobody.
    pub from_user: OpenId,
    /// When, in Unix seconds by WeChat's clock.
    pub create_time: i64,
    /// What it says.
    pub content: Content,
    /// The article from which the chat was opened.
    pub article: Option<FromArticle>,
    /// How it was written. A passive reply is written the same way.
    pub format: Format,
    /// The clear text as received, with invalid UTF-8 replaced and NUL removed.
    pub raw: String,
}

/// The two ways WeChat writes pushes. Which one is a setting of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// The usual one.
    Xml,
    /// Where the account is set to it.
    Json,
}

/// A chat opened from an article of the account carries the article in its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromArticle {
    /// `MsgDataId` of the article.
    pub msg_data_id: String,
    /// Which article of a set, from 1.
    pub index: Option<u32>,
}

/// A message somebody wrote, or an event that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A message.
    Message {
        /// WeChat's number of it, up to 2⁶⁴−1, the same in every repetition.
        msg_id: Option<String>,
        /// The message.
        message: Message,
    },
    /// An event.
    Event(Event),
}

/// What somebody wrote. Text fields WeChat left out are empty.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// Text. A sticker arrives as a text too, with a stock sentence.
    Text {
        /// As typed.
        content: String,
        /// The item's id when a menu message was tapped.
        menu_id: Option<String>,
    },
    /// A picture.
    Image {
        /// For downloading, three days long.
        media_id: MediaId,
        /// A public address of it.
        pic_url: String,
    },
    /// A voice message.
    Voice {
        /// 8 kHz AMR.
        media_id: MediaId,
        /// The same at 16 kHz.
        media_id_16k: Option<MediaId>,
        /// `amr` or `speex`.
        format: String,
    },
    /// A video.
    Video {
        /// For downloading, three days long.
        media_id: MediaId,
        /// A frame of it.
        thumb_media_id: Option<MediaId>,
        /// Whether it is the older in-chat clip (`shortvideo`).
        short: bool,
    },
    /// A place.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// Zoom of the map.
        scale: Option<i64>,
        /// The address.
        label: String,
    },
    /// A link to a page.
    Link {
        /// Its title.
        title: String,
        /// Its description.
        description: String,
        /// Its address.
        url: String,
    },
    /// A file. WeChat tells of it and does not hand it over.
    File {
        /// Its name.
        title: String,
        /// Usually empty.
        description: String,
        /// WeChat's key of it; no interface takes it.
        file_key: String,
        /// MD5 of the contents, in hex.
        md5: String,
        /// Its size in bytes.
        total_len: Option<u64>,
    },
    /// A mini program's card.
    MiniProgram {
        /// Its title.
        title: String,
        /// The mini program.
        app_id: AppId,
        /// The page in it.
        page_path: String,
        /// A public address of its picture.
        thumb_url: String,
        /// Its picture.
        thumb_media_id: Option<MediaId>,
    },
    /// A kind this crate does not know; see [`Push::raw`].
    Unknown {
        /// The kind, as WeChat names it.
        msg_type: String,
    },
}

/// Keys longer than this are stored as their hash, so that an index can hold them.
const LONGEST_KEY: usize = 200;

impl Push {
    /// What is equal in every repetition of this push and in no other push of the account.
    ///
    /// A message: `m`, sender and MsgId. An event: `e`, sender, CreateTime, name and EventKey, then
    /// MsgID and Ticket where present. Where a part is missing: `h` and the SHA-1 of the clear text,
    /// which repetitions share too. Keys that would be long become `s` and their SHA-1.
    pub fn dedupe_key(&self) -> String {
        match self.key_parts() {
            Some(key) if key.len() <= LONGEST_KEY => key,
            Some(key) => format!("s:{}", sha1_hex(key.as_bytes())),
            None => format!("h:{}", sha1_hex(self.raw.as_bytes())),
        }
    }

    fn key_parts(&self) -> Option<String> {
        let from = Some(self.from_user.as_str()).filter(|from| !from.is_empty())?;
        match &self.content {
            Content::Message { msg_id, .. } => {
                let msg_id = msg_id.as_deref()?;
                Some(format!("m:{from}:{msg_id}"))
            }
            Content::Event(event) => {
                let event_key = event.event_key().filter(|key| !key.is_empty())?;
                let (time, name) = (self.create_time, event.name());
                let mut key = format!("e:{from}:{time}:{name}:{event_key}");
                for (label, part) in [("msg_id", event.msg_id()), ("ticket", event.ticket())] {
                    if let Some(part) = part {
                        key.push_str(&format!("|{label}={part}"));
                    }
                }
                Some(key)
            }
        }
    }
}
