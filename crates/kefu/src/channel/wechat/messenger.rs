//! Sends and fetches through `wechat::Client`. Whether and when to try again is the business of `outbound`.

use super::observer::{DeskObserver, observed};
use super::token_store::DbTokenStore;
use super::{Wechat, cards, failures};
use crate::channel::{
    FetchError, Fetched, Messenger, Outgoing, OutgoingContent, OutgoingMedia, Prepared, PreparedContent,
    SendError,
};
use crate::clock::Clock;
use crate::db::channels::ChannelSettings;
use crate::domain::message::MediaKind;
use crate::domain::time::{HOUR_MS, Time};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use url::Url;
use wechat::{
    AppId, AppSecret, Client, ClientOptions, CustomMessage, MassVideo, MediaId, MemoryTokenStore,
    MenuMessageItem, OpenId, TokenStore,
};

/// WeChat keeps an upload this long.
const UPLOAD_LIVES_MS: i64 = 72 * HOUR_MS;
/// Asked when WeChat's own first address cannot be connected to.
const FALLBACK: (&str, &str) = ("api.weixin.qq.com", "https://api2.weixin.qq.com");
/// Sent with a video or a card that came without a picture: WeChat insists on one. Grey, 320 × 180.
pub(super) const NEUTRAL_THUMB: &[u8] = include_bytes!("neutral_thumb.jpg");

/// The sender of one channel.
#[derive(Debug)]
struct WechatMessenger {
    /// `None` once the channel is deleted.
    options: Option<ClientOptions>,
    client: Result<Client, SendError>,
    clock: Clock,
}

pub(super) fn build(kind: &Wechat, channel: &Arc<ChannelSettings>) -> Arc<dyn Messenger> {
    Arc::new(WechatMessenger {
        options: observed_options(kind, channel),
        client: ready_client(kind, channel).map_err(|error| *error),
        clock: kind.clock.clone(),
    })
}

/// A client for the channel's account, with the access token that all nodes share; `None` once the channel is deleted.
pub(super) fn client(kind: &Wechat, channel: &ChannelSettings) -> Option<Result<Client, wechat::Error>> {
    let options = observed_options(kind, channel)?;
    Some(Client::new(options, tokens(kind, channel)))
}

/// The same, or why there is none, as a failure of whatever was to be done with it.
pub(super) fn ready_client(kind: &Wechat, channel: &ChannelSettings) -> Result<Client, Box<SendError>> {
    match client(kind, channel) {
        Some(made) => made.map_err(|error| Box::new(failures::of_send(&error))),
        None => Err(Box::new(failures::deleted())),
    }
}

fn observed_options(kind: &Wechat, channel: &ChannelSettings) -> Option<ClientOptions> {
    let observer = DeskObserver::new(kind, channel.row.id);
    options(&kind.api_base_url, channel).map(|options| observed(options, &observer))
}

/// The channel's token, which all nodes share.
pub(super) fn tokens(kind: &Wechat, channel: &ChannelSettings) -> Arc<dyn TokenStore> {
    Arc::new(DbTokenStore {
        db: kind.db.clone(),
        secrets: kind.secrets.clone(),
        clock: kind.clock.clone(),
        channel_id: channel.row.id,
        app_id: channel.row.app_id.clone(),
    })
}

/// `None` once the channel is deleted.
pub(super) fn options(base_url: &Url, channel: &ChannelSettings) -> Option<ClientOptions> {
    let secret = channel.app_secret.as_deref()?;
    let app_id = AppId::from(channel.row.app_id.clone());
    let (host, fallback) = FALLBACK;
    let fallback_base_url = (base_url.host_str() == Some(host))
        .then(|| Url::parse(fallback).ok())
        .flatten();
    let options = ClientOptions::new(app_id, AppSecret::from(secret.as_str()));
    Some(ClientOptions {
        base_url: base_url.clone(),
        fallback_base_url,
        ..options
    })
}

impl WechatMessenger {
    fn client(&self) -> Result<&Client, &SendError> {
        self.client.as_ref()
    }

    async fn prepared(&self, outgoing: Outgoing) -> Result<Prepared, SendError> {
        let client = self.client().map_err(Clone::clone)?;
        let content = match outgoing.content {
            OutgoingContent::Text(text) => PreparedContent::Text(text),
            OutgoingContent::Menu(menu) => PreparedContent::Menu(menu),
            OutgoingContent::Media(media) => self
                .uploaded(client, media)
                .await
                .map_err(|error| failures::of_send(&error))?,
            OutgoingContent::Card(card) => cards::prepare(client, card)
                .await
                .map(PreparedContent::Card)
                .map_err(|error| failures::of_send(&error))?,
        };
        client
            .prepare()
            .await
            .map_err(|error| failures::of_send(&error))?;
        Ok(Prepared {
            to: outgoing.to,
            content,
        })
    }

    async fn uploaded(
        &self,
        client: &Client,
        media: OutgoingMedia,
    ) -> Result<PreparedContent, wechat::Error> {
        let kind = media.kind;
        let mass_title = media.mass_title.clone();
        let thumb = match kind {
            MediaKind::Video if mass_title.is_none() => {
                Some(upload_thumb(client, media.thumb.clone()).await?)
            }
            _ => None,
        };
        let (external_id, expires_at) = self.upload(client, media).await?;
        let mass_id = match mass_title {
            Some(title) => Some(mass_video(client, &external_id, title).await?),
            None => None,
        };
        Ok(PreparedContent::Media {
            kind,
            external_id,
            thumb,
            mass_id,
            expires_at,
        })
    }

    /// WeChat's id of an earlier upload that is still good, or of one made now, and its end.
    async fn upload(&self, client: &Client, media: OutgoingMedia) -> Result<(String, Time), wechat::Error> {
        if let Some(known) = media.uploaded {
            return Ok(known);
        }
        let uploaded_at = self.clock.now();
        let kind = upload_kind(media.kind);
        let done = client
            .upload_media(kind, &media.file_name, &media.mime, media.bytes)
            .await?;
        let ends = expires_at(uploaded_at, done.created_at);
        Ok((done.media_id.as_str().to_owned(), ends))
    }

    async fn sent(&self, prepared: Prepared) -> Result<(), SendError> {
        let message = custom_message(prepared);
        let client = self.client().map_err(Clone::clone)?;
        client
            .send_custom(&message)
            .await
            .map_err(|error| failures::of_send(&error))
    }

    async fn fetched(&self, external_id: String, limit: u64) -> Result<Fetched, FetchError> {
        let client = self
            .client()
            .map_err(|refused| FetchError::Final(refused.reason.clone()))?;
        match client.get_media(&MediaId::from(external_id), limit).await {
            Ok(file) => Ok(Fetched {
                file_name: file.file_name,
                bytes: file.bytes,
            }),
            Err(error) => Err(failures::of_fetch(&error)),
        }
    }

    async fn shown_typing(&self, to: String, typing: bool) -> Result<(), SendError> {
        let client = self.client().map_err(Clone::clone)?;
        let shown = client.typing(&OpenId::from(to), typing).await;
        shown.map_err(|error| failures::of_send(&error))
    }

    /// With a store of its own: a token that is kept would say nothing about the secret in force.
    async fn checked(&self) -> Result<(), SendError> {
        let options = self.options.clone().ok_or_else(failures::deleted)?;
        let client = Client::new(options, Arc::new(MemoryTokenStore::default()));
        let checked = match client {
            Ok(client) => client.prepare().await,
            Err(error) => Err(error),
        };
        checked.map_err(|error| failures::of_send(&error))
    }
}

impl Messenger for WechatMessenger {
    fn prepare(&self, outgoing: Outgoing) -> BoxFuture<'_, Result<Prepared, SendError>> {
        Box::pin(self.prepared(outgoing))
    }

    fn send(&self, prepared: Prepared) -> BoxFuture<'_, Result<(), SendError>> {
        Box::pin(self.sent(prepared))
    }

    fn fetch(&self, external_id: String, limit: u64) -> BoxFuture<'_, Result<Fetched, FetchError>> {
        Box::pin(self.fetched(external_id, limit))
    }

    fn typing(&self, to: String, typing: bool) -> BoxFuture<'_, Result<(), SendError>> {
        Box::pin(self.shown_typing(to, typing))
    }

    fn check(&self) -> BoxFuture<'_, Result<(), SendError>> {
        Box::pin(self.checked())
    }
}

async fn upload_thumb(client: &Client, frame: Option<Bytes>) -> Result<String, wechat::Error> {
    let frame = frame.unwrap_or(Bytes::from_static(NEUTRAL_THUMB));
    let uploaded = client
        .upload_media(wechat::MediaKind::Thumb, "thumb.jpg", "image/jpeg", frame)
        .await?;
    Ok(uploaded.media_id.as_str().to_owned())
}

/// The id under which a video goes to many. It is made anew for each try: nothing is sent by that, and an old one may
/// have expired.
async fn mass_video(client: &Client, upload: &str, title: String) -> Result<String, wechat::Error> {
    let video = MassVideo {
        media_id: MediaId::from(upload),
        title,
        description: String::new(),
    };
    let made = client.make_mass_video(&video).await?;
    Ok(made.media_id.as_str().to_owned())
}

const fn upload_kind(kind: MediaKind) -> wechat::MediaKind {
    match kind {
        // Files of other kinds are handed over by a link and never come here.
        MediaKind::Image | MediaKind::Icon | MediaKind::File => wechat::MediaKind::Image,
        MediaKind::Voice => wechat::MediaKind::Voice,
        MediaKind::Video => wechat::MediaKind::Video,
        MediaKind::Thumb => wechat::MediaKind::Thumb,
    }
}

/// Whichever clock is behind decides.
fn expires_at(ours: Time, theirs_s: i64) -> Time {
    ours.min(Time(theirs_s.saturating_mul(1000)))
        .plus_ms(UPLOAD_LIVES_MS)
}

fn menu_item((id, content): (String, String)) -> MenuMessageItem {
    MenuMessageItem { id, content }
}

fn custom_message(prepared: Prepared) -> CustomMessage {
    let to = OpenId::from(prepared.to);
    match prepared.content {
        PreparedContent::Text(content) => CustomMessage::Text { to, content },
        PreparedContent::Menu(menu) => CustomMessage::Menu {
            to,
            head: menu.head,
            items: menu.items.into_iter().map(menu_item).collect(),
            tail: String::new(),
        },
        PreparedContent::Card(card) => cards::message(to, card),
        PreparedContent::Media {
            kind,
            external_id,
            thumb,
            ..
        } => {
            let media_id = MediaId::from(external_id);
            match (kind, thumb) {
                (MediaKind::Video, Some(thumb)) => CustomMessage::Video {
                    to,
                    media_id,
                    thumb_media_id: MediaId::from(thumb),
                    title: None,
                    description: None,
                },
                (MediaKind::Voice, _) => CustomMessage::Voice { to, media_id },
                _ => CustomMessage::Image { to, media_id },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::media_rules::THUMB_LIMIT;

    #[test]
    fn the_neutral_frame_is_a_small_jpeg() {
        let size = imagesize::blob_size(NEUTRAL_THUMB).expect("a picture");
        assert_eq!((size.width, size.height), (320, 180));
        assert!(
            NEUTRAL_THUMB.starts_with(&[0xff, 0xd8, 0xff]) && (NEUTRAL_THUMB.len() as u64) <= THUMB_LIMIT
        );
    }

    #[test]
    fn an_upload_ends_three_days_after_the_earlier_clock() {
        assert_eq!(expires_at(Time(5_000), 4), Time(4_000 + UPLOAD_LIVES_MS));
        assert_eq!(expires_at(Time(5_000), 9), Time(5_000 + UPLOAD_LIVES_MS));
    }
}
