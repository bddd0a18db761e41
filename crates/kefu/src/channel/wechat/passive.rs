//! Passive replies: the body of the 200 to a push, encrypted with the key that opened it.

use super::{Wechat, callback};
use crate::channel::CallbackRequest;
use crate::channel::passive::PassiveReplies;
use crate::db::channels::ChannelSettings;
use crate::domain::automation::AnswerKind;
use crate::domain::inbound::Said;
use serde_json::Value;
use wechat::MediaId;
use wechat::callback::{Article, Reply};

impl PassiveReplies for Wechat {
    fn response(&self, channel: &ChannelSettings, request: &CallbackRequest, said: &Said) -> Option<String> {
        match callback::answer(channel, request, &reply(said)) {
            Ok(body) => Some(body),
            Err(error) => {
                tracing::error!(channel = %channel.row.id, error, "an automatic answer cannot be written");
                None
            }
        }
    }
}

fn reply(said: &Said) -> Reply {
    let field = |name: &str| {
        let value = said.data.get(name).and_then(Value::as_str);
        value.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let text = |name: &str| field(name).unwrap_or_default();
    let media_id = || MediaId::from(text("media_id"));
    match said.kind {
        AnswerKind::Text => Reply::Text(said.text.clone()),
        AnswerKind::Image => Reply::Image(media_id()),
        AnswerKind::Voice => Reply::Voice(media_id()),
        AnswerKind::Video => Reply::Video {
            media_id: media_id(),
            title: field("title"),
            description: field("description"),
        },
        AnswerKind::News => Reply::News(vec![Article {
            title: text("title"),
            description: text("description"),
            pic_url: text("picture_url"),
            url: text("url"),
        }]),
    }
}
