//! Passive replies as XML: texts in CDATA, numbers bare, like WeChat's own pushes. Nothing a reply contains can end
//! its CDATA section.

use super::Push;
use super::reply::{Article, Music, Reply};
use crate::MediaId;

pub(super) fn write(reply: &Reply, push: &Push, now: i64) -> String {
    let mut xml = Xml::default();
    xml.open("xml");
    xml.text("ToUserName", push.from_user.as_str());
    xml.text("FromUserName", &push.to_user);
    xml.bare("CreateTime", &now.to_string());
    xml.text("MsgType", reply.kind());
    content(&mut xml, reply);
    xml.close("xml");
    xml.0
}

pub(super) fn envelope(encrypted: &str, signature: &str, timestamp: &str, nonce: &str) -> String {
    let mut xml = Xml::default();
    xml.open("xml");
    xml.text("Encrypt", encrypted);
    xml.text("MsgSignature", signature);
    xml.bare("TimeStamp", timestamp);
    xml.text("Nonce", nonce);
    xml.close("xml");
    xml.0
}

fn content(xml: &mut Xml, reply: &Reply) {
    match reply {
        Reply::Text(content) => xml.text("Content", content),
        Reply::Image(media_id) => file(xml, "Image", media_id),
        Reply::Voice(media_id) => file(xml, "Voice", media_id),
        Reply::Video {
            media_id,
            title,
            description,
        } => {
            xml.open("Video");
            xml.text("MediaId", media_id.as_str());
            xml.filled("Title", title.as_deref());
            xml.filled("Description", description.as_deref());
            xml.close("Video");
        }
        Reply::Music(music) => self::music(xml, music),
        Reply::News(articles) => news(xml, articles),
        Reply::TransferCustomerService { kf_account: None } => {}
        Reply::TransferCustomerService { kf_account } => {
            xml.open("TransInfo");
            xml.filled("KfAccount", kf_account.as_deref());
            xml.close("TransInfo");
        }
    }
}

fn file(xml: &mut Xml, name: &str, media_id: &MediaId) {
    xml.open(name);
    xml.text("MediaId", media_id.as_str());
    xml.close(name);
}

fn music(xml: &mut Xml, music: &Music) {
    xml.open("Music");
    xml.filled("Title", music.title.as_deref());
    xml.filled("Description", music.description.as_deref());
    xml.filled("MusicUrl", music.url.as_deref());
    xml.filled("HQMusicUrl", music.hq_url.as_deref());
    xml.filled("ThumbMediaId", music.thumb_media_id.as_ref().map(MediaId::as_str));
    xml.close("Music");
}

fn news(xml: &mut Xml, articles: &[Article]) {
    xml.bare("ArticleCount", &articles.len().to_string());
    xml.open("Articles");
    for article in articles {
        xml.open("item");
        xml.text("Title", &article.title);
        xml.text("Description", &article.description);
        xml.text("PicUrl", &article.pic_url);
        xml.text("Url", &article.url);
        xml.close("item");
    }
    xml.close("Articles");
}

#[derive(Default)]
struct Xml(String);

impl Xml {
    fn open(&mut self, name: &str) {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push('>');
    }

    fn close(&mut self, name: &str) {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    fn bare(&mut self, name: &str, value: &str) {
        self.open(name);
        self.0.push_str(value);
        self.close(name);
    }

    fn filled(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// The end of a section inside the text is split over two sections. Characters XML cannot carry are left out.
    fn text(&mut self, name: &str, value: &str) {
        self.open(name);
        self.0.push_str("<![CDATA[");
        let value: String = value.chars().filter(|c| is_xml(*c)).collect();
        self.0.push_str(&value.replace("]]>", "]]]]><![CDATA[>"));
        self.0.push_str("]]>");
        self.close(name);
    }
}

fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}
