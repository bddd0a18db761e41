//! What the limit reads of a push: the signature in the query, five fields of the XML.

use crate::clock::now_ms;
use crate::pushes::signature;

/// How long a message opens the reply window.
const WINDOW_MS: i64 = 48 * 3_600_000;
/// Characters of a message that lists show.
const PREVIEW_CHARS: usize = 120;
/// Characters of a ticket's subject.
const SUBJECT_CHARS: usize = 60;

/// A text message.
#[derive(Debug)]
pub(super) struct Push {
    pub(super) openid: String,
    pub(super) dedupe_key: String,
    pub(super) text: String,
    pub(super) sent_at: i64,
    pub(super) received_at: i64,
}

impl Push {
    /// Only what WeChat really sends: one element per line or not, text in CDATA, numbers bare.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let xml = std::str::from_utf8(body).ok()?;
        let openid = between(xml, "<FromUserName><![CDATA[", "]]>")?;
        let msg_id = between(xml, "<MsgId>", "<")?;
        let created: i64 = between(xml, "<CreateTime>", "<")?.parse().ok()?;
        Some(Self {
            openid: openid.to_owned(),
            dedupe_key: format!("m:{openid}:{msg_id}"),
            text: between(xml, "<Content><![CDATA[", "]]>")?.to_owned(),
            sent_at: created * 1000,
            received_at: now_ms(),
        })
    }

    pub(super) fn window_until(&self) -> i64 {
        self.sent_at.min(self.received_at) + WINDOW_MS
    }

    pub(super) fn preview(&self) -> &str {
        first(&self.text, PREVIEW_CHARS)
    }

    pub(super) fn subject(&self) -> &str {
        first(&self.text, SUBJECT_CHARS)
    }
}

fn first(text: &str, chars: usize) -> &str {
    text.char_indices()
        .nth(chars)
        .map_or(text, |(end, _)| &text[..end])
}

fn between<'x>(xml: &'x str, open: &str, close: &str) -> Option<&'x str> {
    let rest = xml.split_once(open)?.1;
    Some(rest.split_once(close)?.0)
}

/// Whether the query carries the signature of its time and nonce.
pub(super) fn is_signed(token: &str, query: &str) -> bool {
    let value = |name: &str| {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    match (value("signature"), value("timestamp"), value("nonce")) {
        (Some(given), Some(timestamp), Some(nonce)) => given == signature(token, timestamp, nonce),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_signature_passes() {
        let right =
            "signature=f464b24fc39322e44b38aa78f5edd27bd1441696&timestamp=1714036504&nonce=1514711492";
        assert!(is_signed("AAAAA", right));
        assert!(!is_signed("AAAAB", right));
        assert!(!is_signed("AAAAA", "timestamp=1714036504&nonce=1514711492"));
    }

    #[test]
    fn the_fields_of_a_text_message_are_read() {
        let xml =
            b"<xml><ToUserName><![CDATA[gh_1]]></ToUserName>\n<FromUserName><![CDATA[oA]]></FromUserName>\n\
            <CreateTime>5</CreateTime>\n<Content><![CDATA[a < b]]></Content>\n<MsgId>7</MsgId></xml>";
        let push = Push::read(xml).expect("readable");
        assert_eq!(
            (push.openid.as_str(), push.dedupe_key.as_str(), push.text.as_str()),
            ("oA", "m:oA:7", "a < b")
        );
        assert_eq!((push.sent_at, push.window_until()), (5_000, 5_000 + WINDOW_MS));
    }
}
