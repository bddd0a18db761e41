//! An account's own menu and automatic replies in the desk's words, and menus of the desk in WeChat's.

use super::{Wechat, failures, messenger};
use crate::channel::SendError;
use crate::channel::own_automation::{KeepError, OwnAutomation};
use crate::db::channels::ChannelSettings;
use crate::domain::automation::{AnswerKind, MatchRule};
use crate::domain::menu::{ItemKind, MenuItem};
use crate::domain::own_automation::{OwnArticle, OwnKeyword, OwnMenuItem, OwnReplies, OwnReply, OwnRule};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use wechat::{
    AppId, Articles, AutoReplies, AutoReply, ButtonAction, Client, Error, KeywordRule, MediaId, MediaKind,
};
use wechat::{MenuButton, Retry};

/// WeChat's own limit for pictures; voices are smaller.
const FILE_LIMIT: u64 = 10 << 20;

/// The words of the interface, which makes and tells these kinds.
const WORDS: &[(&str, ItemKind)] = &[
    ("click", ItemKind::Click),
    ("view", ItemKind::View),
    ("miniprogram", ItemKind::MiniProgram),
    ("scancode_push", ItemKind::Scan),
    ("scancode_waitmsg", ItemKind::ScanWait),
    ("pic_sysphoto", ItemKind::Camera),
    ("pic_photo_or_album", ItemKind::CameraOrAlbum),
    ("pic_weixin", ItemKind::Album),
    ("location_select", ItemKind::Location),
    ("media_id", ItemKind::Media),
    ("view_limited", ItemKind::ViewLimited),
    ("article_id", ItemKind::Article),
    ("article_view_limited", ItemKind::ViewArticle),
];

#[derive(Debug)]
struct Account(Result<Client, Box<SendError>>);

pub(super) fn build(kind: &Wechat, channel: &Arc<ChannelSettings>) -> Arc<dyn OwnAutomation> {
    Arc::new(Account(messenger::ready_client(kind, channel)))
}

impl Account {
    fn client(&self) -> Result<&Client, &SendError> {
        self.0.as_ref().map_err(AsRef::as_ref)
    }

    async fn own_menu(&self) -> Result<Option<Vec<OwnMenuItem>>, SendError> {
        let menu = match self.client().map_err(Clone::clone)?.current_menu().await {
            Err(error) if error.api_code() == Some(46003) => return Ok(None),
            read => read.map_err(|error| failures::of_send(&error))?,
        };
        let items: Vec<_> = menu.buttons.into_iter().map(own_item).collect();
        Ok(Some(items).filter(|items| menu.open && !items.is_empty()))
    }

    async fn own_replies(&self) -> Result<OwnReplies, SendError> {
        let read = self.client().map_err(Clone::clone)?.auto_replies().await;
        Ok(own_replies(read.map_err(|error| failures::of_send(&error))?))
    }

    async fn read_made(&self) -> Result<Option<Vec<MenuItem>>, SendError> {
        let menus = self
            .client()
            .map_err(Clone::clone)?
            .menus()
            .await
            .map_err(|error| failures::of_send(&error))?;
        Ok(menus.map(|menus| menus.buttons.into_iter().map(made_item).collect()))
    }

    async fn make(&self, items: Vec<MenuItem>) -> Result<(), SendError> {
        let buttons: Vec<_> = items.into_iter().map(button).collect();
        let made = self.client().map_err(Clone::clone)?.create_menu(&buttons).await;
        made.map_err(|error| failures::of_send(&error))
    }

    async fn remove(&self) -> Result<(), SendError> {
        let removed = self.client().map_err(Clone::clone)?.delete_menu().await;
        removed.map_err(|error| failures::of_send(&error))
    }

    async fn keep(&self, kind: AnswerKind, media_id: String) -> Result<String, KeepError> {
        let client = self.client().map_err(|_| KeepError::Failed)?;
        let file = client.get_media(&MediaId::from(media_id), FILE_LIMIT).await;
        let file = file.map_err(|error| not_kept(&error))?;
        let mime = infer::get(&file.bytes).ok_or(KeepError::Failed)?;
        let kind = match kind {
            AnswerKind::Voice => MediaKind::Voice,
            _ => MediaKind::Image,
        };
        let name = format!("answer.{}", mime.extension());
        let kept = client.keep_media(kind, &name, mime.mime_type(), file.bytes).await;
        let kept = kept.map_err(|_| KeepError::Failed)?;
        Ok(kept.as_str().to_owned())
    }
}

fn not_kept(error: &Error) -> KeepError {
    if error.retry() == Retry::UploadAgain {
        KeepError::Gone
    } else {
        KeepError::Failed
    }
}

impl OwnAutomation for Account {
    fn menu(&self) -> BoxFuture<'_, Result<Option<Vec<OwnMenuItem>>, SendError>> {
        Box::pin(self.own_menu())
    }

    fn replies(&self) -> BoxFuture<'_, Result<OwnReplies, SendError>> {
        Box::pin(self.own_replies())
    }

    fn made_menu(&self) -> BoxFuture<'_, Result<Option<Vec<MenuItem>>, SendError>> {
        Box::pin(self.read_made())
    }

    fn make_menu(&self, items: Vec<MenuItem>) -> BoxFuture<'_, Result<(), SendError>> {
        Box::pin(self.make(items))
    }

    fn remove_menu(&self) -> BoxFuture<'_, Result<(), SendError>> {
        Box::pin(self.remove())
    }

    fn keep_file(&self, kind: AnswerKind, media_id: String) -> BoxFuture<'_, Result<String, KeepError>> {
        Box::pin(self.keep(kind, media_id))
    }
}

fn known_kind(word: &str) -> Option<ItemKind> {
    WORDS
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, kind)| *kind)
}

fn own_item(item: wechat::MenuItem) -> OwnMenuItem {
    let word = item.kind.unwrap_or_default();
    let kind = known_kind(&word);
    let content = item.value.clone().unwrap_or_default();
    let known = reply_kind(&word).is_some();
    let reply = known.then(|| own_reply(&word, content, item.news.unwrap_or_default()));
    OwnMenuItem {
        name: item.name,
        kind,
        reply,
        key: item.key,
        url: item.url,
        app_id: item.app_id,
        page_path: item.page_path,
        value: item.media_id.or(item.article_id),
        items: item.buttons.into_iter().map(own_item).collect(),
        word,
    }
}

fn reply_kind(word: &str) -> Option<AnswerKind> {
    match word {
        "text" => Some(AnswerKind::Text),
        "img" | "photo" => Some(AnswerKind::Image),
        "voice" => Some(AnswerKind::Voice),
        "video" => Some(AnswerKind::Video),
        "news" => Some(AnswerKind::News),
        _ => None,
    }
}

fn own_reply(word: &str, content: String, news: Articles) -> OwnReply {
    let kind = reply_kind(word);
    let is_file = matches!(kind, Some(AnswerKind::Image | AnswerKind::Voice));
    OwnReply {
        kind,
        text: if kind == Some(AnswerKind::Text) {
            content.clone()
        } else {
            String::new()
        },
        media_id: Some(content).filter(|id| is_file && !id.is_empty()),
        articles: news.list.into_iter().map(own_article).collect(),
    }
}

fn own_article(article: wechat::ConsoleArticle) -> OwnArticle {
    OwnArticle {
        title: article.title,
        description: article.digest,
        picture_url: article.cover_url,
        url: article.content_url,
    }
}

fn own_replies(read: AutoReplies) -> OwnReplies {
    let reply = |reply: AutoReply| own_reply(&reply.kind, reply.content, reply.news);
    let messages_open = read.is_autoreply_open == 1;
    let rules = read
        .keyword_autoreply_info
        .filter(|_| messages_open)
        .unwrap_or_default();
    OwnReplies {
        follow: read
            .add_friend_autoreply_info
            .filter(|_| read.is_add_friend_reply_open == 1)
            .map(reply),
        default: read
            .message_default_autoreply_info
            .filter(|_| messages_open)
            .map(reply),
        rules: rules.list.into_iter().map(own_rule).collect(),
    }
}

fn own_rule(rule: KeywordRule) -> OwnRule {
    let keyword = |keyword: wechat::Keyword| OwnKeyword {
        match_rule: if keyword.match_mode == "equal" {
            MatchRule::Equals
        } else {
            MatchRule::Contains
        },
        word: keyword.content,
    };
    OwnRule {
        name: rule.rule_name,
        made_at: rule.create_time,
        random: rule.reply_mode == "random_one",
        keywords: rule.keyword_list_info.into_iter().map(keyword).collect(),
        replies: rule
            .reply_list_info
            .into_iter()
            .map(|reply| own_reply(&reply.kind, reply.content, reply.news))
            .collect(),
    }
}

/// What the interface made; an item of another kind is shown as a tap.
fn made_item(item: wechat::MenuItem) -> MenuItem {
    let kind = match &item.kind {
        Some(word) => known_kind(word).unwrap_or(ItemKind::Click),
        None => ItemKind::Submenu,
    };
    MenuItem {
        name: item.name,
        kind,
        key: item.key,
        text: None,
        url: item.url,
        app_id: item.app_id,
        page_path: item.page_path,
        value: item.media_id.or(item.article_id),
        items: item.buttons.into_iter().map(made_item).collect(),
    }
}

fn button(item: MenuItem) -> MenuButton {
    let key = item.key.unwrap_or_default();
    let value = item.value.unwrap_or_default();
    let url = item.url.unwrap_or_default();
    let action = match item.kind {
        ItemKind::Submenu => ButtonAction::Open(item.items.into_iter().map(button).collect()),
        ItemKind::Answer | ItemKind::Click => ButtonAction::Click(key),
        ItemKind::View => ButtonAction::View(url),
        ItemKind::MiniProgram => ButtonAction::MiniProgram {
            app_id: AppId::from(item.app_id.unwrap_or_default()),
            page_path: item.page_path.unwrap_or_default(),
            url,
        },
        ItemKind::Scan => ButtonAction::ScanCode(key),
        ItemKind::ScanWait => ButtonAction::ScanCodeWait(key),
        ItemKind::Camera => ButtonAction::Camera(key),
        ItemKind::CameraOrAlbum => ButtonAction::CameraOrAlbum(key),
        ItemKind::Album => ButtonAction::WeixinAlbum(key),
        ItemKind::Location => ButtonAction::Location(key),
        ItemKind::Media => ButtonAction::Media(MediaId::from(value)),
        ItemKind::ViewLimited => ButtonAction::ViewLimited(MediaId::from(value)),
        ItemKind::Article => ButtonAction::Article(value),
        ItemKind::ViewArticle => ButtonAction::ViewArticle(value),
    };
    MenuButton::new(item.name, action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_switched_off_is_not_told() {
        let reply = AutoReply {
            kind: "text".to_owned(),
            content: "hi".to_owned(),
            ..AutoReply::default()
        };
        let read = AutoReplies {
            is_add_friend_reply_open: 1,
            is_autoreply_open: 0,
            add_friend_autoreply_info: Some(reply.clone()),
            message_default_autoreply_info: Some(reply),
            keyword_autoreply_info: None,
        };
        let own = own_replies(read);
        assert_eq!(own.follow.map(|reply| reply.text).as_deref(), Some("hi"));
        assert_eq!(own.default, None);
    }

    #[test]
    fn a_menu_is_read_back_as_it_was_made() {
        for (word, kind) in WORDS {
            let item = wechat::MenuItem {
                kind: Some((*word).to_owned()),
                name: "a".to_owned(),
                ..wechat::MenuItem::default()
            };
            assert_eq!(made_item(item).kind, *kind);
        }
    }
}
