//! Signed pushes as WeChat sends them in plain mode: a text message in XML, and a signature in the query.

use crate::account::Account;
use sha1::{Digest, Sha1};
use std::fmt::Write;
use std::net::SocketAddr;

/// The first MsgId; the number of a push is added to it.
pub(crate) const FIRST_MSG_ID: u64 = 22_000_000_000_000_000;
/// Known contacts, made by the seed.
pub(crate) const KNOWN_PREFIX: &str = "oBench-known-00000";
/// Contacts that write for the first time.
const FIRST_PREFIX: &str = "oBench-first-00000";

/// What customers write; short, as in a chat.
const TEXTS: [&str; 8] = [
    "你好，请问我的订单什么时候发货？",
    "发票抬头写错了，可以重新开吗",
    "收到的商品颜色和图片不一样，我想换一件，需要我先寄回去吗？",
    "在吗",
    "退款已经三天了还没有到账，麻烦帮我查一下，订单号 20261122008817",
    "谢谢",
    "送货地址填错了，请改成 上海市浦东新区世纪大道100号 12楼，电话不变，收件人写前台就可以了，谢谢！",
    "会员积分怎么兑换？",
];

/// Who writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writers {
    /// One of this many contacts the desk knows.
    Known(u64),
    /// Somebody new each time; the number keeps the runs on one database apart.
    First,
}

/// Writes requests into a buffer it keeps.
#[derive(Debug)]
pub(crate) struct Pushes {
    account: Account,
    host: SocketAddr,
    writers: Writers,
    created: i64,
    xml: String,
    request: String,
}

impl Pushes {
    pub(crate) fn new(account: Account, host: SocketAddr, writers: Writers, created: i64) -> Self {
        Self {
            account,
            host,
            writers,
            created,
            xml: String::new(),
            request: String::new(),
        }
    }

    /// The request of push `number`; numbers are never repeated within a run.
    pub(crate) fn request(&mut self, number: u64) -> &[u8] {
        let openid = openid(self.writers, number);
        let (timestamp, nonce) = (self.created.to_string(), (1_000_000_000 + number).to_string());
        let signature = signature(&self.account.token, &timestamp, &nonce);
        self.fill_xml(&openid, number);
        let (path, host, length) = (&self.account.callback_path, self.host, self.xml.len());
        self.request.clear();
        let written = write!(
            self.request,
            "POST {path}?signature={signature}&timestamp={timestamp}&nonce={nonce}&openid={openid} HTTP/1.1\r\n\
             host: {host}\r\ncontent-type: text/xml\r\ncontent-length: {length}\r\n\r\n{}",
            self.xml
        );
        written.expect("a string takes everything");
        self.request.as_bytes()
    }

    fn fill_xml(&mut self, openid: &str, number: u64) {
        let (to, created, id) = (&self.account.original_id, self.created, FIRST_MSG_ID + number);
        let text = TEXTS[usize::try_from(number).unwrap_or_default() % TEXTS.len()];
        self.xml.clear();
        let written = write!(
            self.xml,
            "<xml><ToUserName><![CDATA[{to}]]></ToUserName>\n<FromUserName><![CDATA[{openid}]]></FromUserName>\n\
             <CreateTime>{created}</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n\
             <Content><![CDATA[{text}]]></Content>\n<MsgId>{id}</MsgId>\n</xml>"
        );
        written.expect("a string takes everything");
    }
}

/// Known contacts write in a scattered order, so that neighbours in a batch are no neighbours on disk.
fn openid(writers: Writers, number: u64) -> String {
    match writers {
        Writers::Known(count) => {
            let scattered = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
            format!("{KNOWN_PREFIX}{}", 1_000_000_001 + scattered % count)
        }
        Writers::First => format!("{FIRST_PREFIX}{}", 1_000_000_000 + number),
    }
}

/// `sha1(sort(token, timestamp, nonce))`, in lower-case hex.
pub(crate) fn signature(token: &str, timestamp: &str, nonce: &str) -> String {
    let mut parts = [token, timestamp, nonce];
    parts.sort_unstable();
    let mut hash = Sha1::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize()
        .iter()
        .fold(String::with_capacity(40), |mut hex, byte| {
            for nibble in [byte >> 4, byte & 15] {
                hex.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
            }
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_platforms_own_example() {
        assert_eq!(
            signature("AAAAA", "1714036504", "1514711492"),
            "f464b24fc39322e44b38aa78f5edd27bd1441696"
        );
    }

    #[test]
    fn known_contacts_are_those_of_the_seed_and_openids_have_28_characters() {
        for number in 0..2_000 {
            let openid = openid(Writers::Known(10), number);
            let last: u64 = openid[KNOWN_PREFIX.len()..].parse().expect("digits");
            assert!((1_000_000_001..=1_000_000_010).contains(&last), "{openid}");
            assert_eq!(openid.len(), 28);
        }
        assert_ne!(openid(Writers::First, 1), openid(Writers::First, 2));
    }
}
