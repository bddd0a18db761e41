//! Cards through `wechat::Client`. A link's picture goes into WeChat's own picture store, so that no phone has to
//! reach this desk for it; a mini program's is a temporary upload.

use super::messenger::NEUTRAL_THUMB;
use crate::channel::cards::{Card, CardPicture, OutgoingCard, PreparedCard};
use bytes::Bytes;
use wechat::callback::Article;
use wechat::{AppId, Client, CustomMessage, MediaId, MediaKind, OpenId};

/// Uploads the picture.
pub(super) async fn prepare(client: &Client, outgoing: OutgoingCard) -> Result<PreparedCard, wechat::Error> {
    let CardPicture {
        mime,
        file_name,
        bytes,
    } = outgoing.picture.unwrap_or_else(neutral);
    let picture = match &outgoing.card {
        Card::Link { .. } => client.upload_article_image(&file_name, &mime, bytes).await?,
        Card::MiniProgram { .. } => {
            let done = client
                .upload_media(MediaKind::Image, &file_name, &mime, bytes)
                .await?;
            done.media_id.as_str().to_owned()
        }
    };
    Ok(PreparedCard {
        card: outgoing.card,
        picture,
    })
}

/// WeChat insists on a picture.
fn neutral() -> CardPicture {
    CardPicture {
        mime: "image/jpeg".to_owned(),
        file_name: "card.jpg".to_owned(),
        bytes: Bytes::from_static(NEUTRAL_THUMB),
    }
}

pub(super) fn message(to: OpenId, prepared: PreparedCard) -> CustomMessage {
    match prepared.card {
        Card::Link {
            title,
            description,
            url,
        } => CustomMessage::Link {
            to,
            article: Article {
                title,
                description,
                url,
                pic_url: prepared.picture,
            },
        },
        Card::MiniProgram {
            title,
            app_id,
            page_path,
        } => CustomMessage::MiniProgram {
            to,
            title,
            app_id: AppId::from(app_id),
            page_path,
            thumb_media_id: MediaId::from(prepared.picture),
        },
    }
}
