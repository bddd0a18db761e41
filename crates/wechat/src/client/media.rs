//! Temporary files: up- and download. WeChat keeps them three days.
//! Whether a file is what it says is not checked here; how large it is and how long a voice lasts, is.

use bytes::Bytes;
use serde::Deserialize;
use url::Url;

use super::transport::{Answer, JSON_LIMIT, Payload, Request};
use super::voice_length::voice_length;
use super::{Client, Error, decode};
use crate::{MediaId, Rule};

/// What a file is uploaded as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// PNG, JPEG or GIF, at most 10 MB.
    Image,
    /// AMR or MP3, at most 2 MB and 60 seconds.
    Voice,
    /// MP4, at most 10 MB.
    Video,
    /// The still picture of a video: JPEG, at most 64 KB.
    Thumb,
}

impl MediaKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::Thumb => "thumb",
        }
    }

    fn check(self, bytes: &[u8]) -> Result<(), Error> {
        let rule = match self {
            Self::Image => Rule::ImageBytes,
            Self::Voice => Rule::VoiceBytes,
            Self::Video => Rule::VideoBytes,
            Self::Thumb => Rule::ThumbBytes,
        };
        rule.count(bytes.len())?;
        match voice_length(bytes) {
            Some(length) if self == Self::Voice => Rule::VoiceSeconds.check(length.as_secs()),
            _ => Ok(()),
        }
    }
}

/// A file WeChat has taken. Its id may be sent any number of times within three days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadedMedia {
    /// Its id.
    pub media_id: MediaId,
    /// When, in Unix seconds by WeChat's clock.
    pub created_at: i64,
}

/// A file from WeChat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloaded {
    /// What WeChat says it is.
    pub content_type: Option<String>,
    /// What WeChat calls it.
    pub file_name: Option<String>,
    /// Its contents.
    pub bytes: Bytes,
}

/// Thumbs have a key of their own.
#[derive(Deserialize)]
pub(super) struct UploadAnswer {
    #[serde(alias = "thumb_media_id")]
    media_id: MediaId,
    created_at: i64,
}

impl From<UploadAnswer> for UploadedMedia {
    fn from(UploadAnswer { media_id, created_at }: UploadAnswer) -> Self {
        Self { media_id, created_at }
    }
}

#[derive(Deserialize)]
struct KeptAnswer {
    media_id: MediaId,
}

#[derive(Deserialize)]
struct ImageAnswer {
    url: String,
}

#[derive(Deserialize)]
struct VideoAddress {
    video_url: String,
}

impl Client {
    /// Uploads a file for three days. WeChat goes by the extension of `file_name`; other characters than ASCII
    /// become `_` in it.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia.html>.
    /// Limits: sizes in [`MediaKind`]; 100 000 a day. Errors: 40005 (kind of file), 40009 to 40012 (size), 45007 (too
    /// long), 48001.
    pub async fn upload_media(
        &self,
        kind: MediaKind,
        file_name: &str,
        mime: &str,
        bytes: Bytes,
    ) -> Result<UploadedMedia, Error> {
        kind.check(&bytes)?;
        let payload = Payload::File {
            name: ascii_name(file_name),
            mime: mime.to_owned(),
            bytes,
        };
        let query = vec![("type", kind.as_str())];
        let request = Request {
            path: "/cgi-bin/media/upload",
            query,
            payload,
            limit: JSON_LIMIT,
            accepted: &[],
        };
        let answer: UploadAnswer = self.upload(&request).await?;
        Ok(answer.into())
    }

    /// Uploads a picture or a voice for good: its id does not expire. (A video needs a title, and is not offered here.)
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/material/permanent/api_addmaterial.html>.
    /// Limits: sizes in [`MediaKind`]; 100 000 pictures and 1000 voices in all. Errors: those of
    /// [`Client::upload_media`], 45028 (the library is full), 48001.
    pub async fn keep_media(
        &self,
        kind: MediaKind,
        file_name: &str,
        mime: &str,
        bytes: Bytes,
    ) -> Result<MediaId, Error> {
        if !matches!(kind, MediaKind::Image | MediaKind::Voice) {
            return Err(Error::Invalid {
                field: "type",
                rule: "is image or voice",
            });
        }
        kind.check(&bytes)?;
        let payload = Payload::File {
            name: ascii_name(file_name),
            mime: mime.to_owned(),
            bytes,
        };
        let request = Request {
            path: "/cgi-bin/material/add_material",
            query: vec![("type", kind.as_str())],
            payload,
            limit: JSON_LIMIT,
            accepted: &[],
        };
        let KeptAnswer { media_id } = self.upload(&request).await?;
        Ok(media_id)
    }

    /// Uploads a picture for the text of an article (JPEG or PNG, up to 1 MB) and returns its address, which is good
    /// on Tencent's pages only.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/notify/message/api_uploadimage.html>.
    /// Errors: 40005, 40009.
    pub async fn upload_article_image(
        &self,
        file_name: &str,
        mime: &str,
        bytes: Bytes,
    ) -> Result<String, Error> {
        Rule::ArticleImageBytes.count(bytes.len())?;
        let payload = Payload::File {
            name: ascii_name(file_name),
            mime: mime.to_owned(),
            bytes,
        };
        let request = Request {
            path: "/cgi-bin/media/uploadimg",
            query: Vec::new(),
            payload,
            limit: JSON_LIMIT,
            accepted: &[],
        };
        let answer: ImageAnswer = self.upload(&request).await?;
        Ok(answer.url)
    }

    async fn upload<T: serde::de::DeserializeOwned>(&self, request: &Request<'_>) -> Result<T, Error> {
        let answer = self.call(request, self.media_deadline()).await;
        answer
            .and_then(|answer| decode(&answer))
            .map_err(Error::of_json_call)
            .map_err(Error::of_repeatable_call)
    }

    /// Downloads a file, one that a customer sent or one that was uploaded, of at most `max_bytes`.
    ///
    /// For a video WeChat names an address; it is followed only to the host of the interface, `*.qq.com`
    /// and `*.qpic.cn`, and so is each redirect.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/material/temporary/api_getmedia.html>.
    /// Errors: 40007 (no such file, or older than three days), whatever the content type.
    pub async fn get_media(&self, media_id: &MediaId, max_bytes: u64) -> Result<Downloaded, Error> {
        self.download("/cgi-bin/media/get", media_id, max_bytes)
            .await
            .map_err(Error::of_repeatable_call)
    }

    /// Downloads a voice at 16 kHz (speex) that was recorded in a page through the JS-SDK.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/material/temporary/api_gethdvoice.html>.
    /// Errors: 40007. A voice message's own 16 kHz version has an id of its own: [`Client::get_media`] takes it.
    pub async fn get_hd_voice(&self, media_id: &MediaId, max_bytes: u64) -> Result<Downloaded, Error> {
        self.download("/cgi-bin/media/get/jssdk", media_id, max_bytes)
            .await
            .map_err(Error::of_repeatable_call)
    }

    async fn download(
        &self,
        path: &'static str,
        media_id: &MediaId,
        max_bytes: u64,
    ) -> Result<Downloaded, Error> {
        let deadline = self.media_deadline();
        let query = vec![("media_id", media_id.as_str())];
        let request = Request {
            path,
            query,
            payload: Payload::None,
            limit: max_bytes,
            accepted: &[],
        };
        let answer = self.call(&request, deadline).await?;
        let file = match video_address(&answer)? {
            Some(url) => self.inner.transport.fetch(url, max_bytes, deadline).await?,
            None => answer,
        };
        Ok(Downloaded {
            content_type: file.content_type,
            file_name: file.file_name,
            bytes: file.bytes,
        })
    }
}

/// No media file WeChat knows begins with a brace.
fn video_address(answer: &Answer) -> Result<Option<Url>, Error> {
    if !answer.looks_like_json() {
        return Ok(None);
    }
    let VideoAddress { video_url } = decode(answer)?;
    Url::parse(&video_url).map(Some).map_err(|_| Error::Decode)
}

fn ascii_name(file_name: &str) -> String {
    let safe = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
    file_name
        .chars()
        .map(|character| if safe(character) { character } else { '_' })
        .collect()
}
