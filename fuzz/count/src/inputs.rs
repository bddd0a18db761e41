//! Inputs: pushes of every kind, cut, spliced, repeated and sprinkled with what parsers trip over.

use wechat::callback::encrypt;
use wechat::{AppId, EncodingAesKey};

const PUSHES: &[&str] = &[
    "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>\n<FromUserName><![CDATA[o1]]></FromUserName>\n<CreateTime>1348831860</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[this is a test]]></Content>\n<MsgId>1234567890123456</MsgId>\n<MsgDataId>xxxx</MsgDataId>\n<Idx>1</Idx>\n</xml>",
    "<xml><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>location</MsgType><Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale><Label>&lt;&#x4f60;</Label></xml>",
    "<xml><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>voice</MsgType><MediaId>M</MediaId><Format>amr</Format><MediaId16K>M16</MediaId16K><Recognition/></xml>",
    "<xml><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>file</MsgType><Title>test.zip</Title><FileTotalLen>5000000000</FileTotalLen></xml>",
    "<xml><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>pic_weixin</Event><EventKey>6</EventKey><SendPicsInfo><Count>1</Count><PicList><item><PicMd5Sum>1b5f</PicMd5Sum></item></PicList></SendPicsInfo></xml>",
    "<xml><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>MASSSENDJOBFINISH</Event><MsgID>1</MsgID><Status>err(30003)</Status><CopyrightCheckResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx></item></ResultList></CopyrightCheckResult></xml>",
    "<xml><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent><List><TemplateId>T</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List></SubscribeMsgPopupEvent></xml>",
    r#"{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1348831860,"MsgType":"text","Content":"\u4f60","MsgId":6272960105994287618}"#,
    r#"{"FromUserName":"o1","CreateTime":"1","MsgType":"event","Event":"subscribe_msg_sent_event","List":[{"TemplateId":"T","ErrorCode":0},{"TemplateId":"U"}]}"#,
    r#"{"FromUserName":"o1","CreateTime":1,"MsgType":"event","Event":"SCAN","EventKey":"s","Ticket":"T"}"#,
];

const TRIPPING: &[&[u8]] = &[
    b"<![CDATA[",
    b"]]>",
    b"<!DOCTYPE a [",
    b"<!ENTITY a \"&a;\">",
    b"&a;",
    b"&#0;",
    b"&#xFFFFFFFF;",
    b"<a>",
    b"</a>",
    b"<a/>",
    b"<xml>",
    b"</xml>",
    b"<!--",
    b"-->",
    b"<?",
    b"?>",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\ud800",
    b"1e999",
    b"18446744073709551616",
    b"-9223372036854775809",
    b"NaN",
    b"null",
    b"<CreateTime>",
    b"</CreateTime>",
    b"event",
    b"<MsgType>",
    b"<List>",
    b"</List>",
    b"<item>",
    b"\xf0\x9f\x98\x80",
    b"\r\n",
];

pub struct Inputs {
    state: u64,
    key: EncodingAesKey,
    receiver: AppId,
}

impl Inputs {
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed | 1,
            key: EncodingAesKey::parse("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")
                .expect("the key is well-formed"),
            receiver: AppId::from("wx5823bf96d3bd56c7"),
        }
    }

    /// A push, more or less.
    pub fn push(&mut self) -> Vec<u8> {
        let mut bytes = if self.below(16) == 0 {
            Vec::new()
        } else {
            self.real().to_vec()
        };
        let most = if self.below(4) == 0 { 24 } else { 3 };
        for _ in 0..self.below(most) {
            self.mutate(&mut bytes);
        }
        if self.below(20_000) == 0 {
            self.bloat(&mut bytes);
        }
        bytes
    }

    /// The cipher text of a push, more or less; now and then an envelope.
    pub fn cipher_text(&mut self) -> Vec<u8> {
        let push = self.push();
        let mut text = encrypt(&self.key, &push, &self.receiver).into_bytes();
        match self.below(4) {
            0 => {}
            1 => text = [b"<xml><Encrypt>", &text[..], b"</Encrypt></xml>"].concat(),
            _ => self.mutate(&mut text),
        }
        text
    }

    fn real(&mut self) -> &'static [u8] {
        let number = self.below(PUSHES.len());
        PUSHES[number].as_bytes()
    }

    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        let (start, end) = self.range(bytes.len());
        match self.below(16) {
            0 => bytes.truncate(start),
            1 => drop(bytes.drain(start..end)),
            2 => {
                let part = bytes[start..end].to_vec();
                let copies = 1 + self.below(3);
                bytes.splice(end..end, part.repeat(copies));
            }
            3 => {
                let other = self.real();
                let (from, to) = self.range(other.len());
                bytes.splice(start..end, other[from..to].iter().copied());
            }
            4..8 => {
                let bit = self.below(8);
                if let Some(byte) = bytes.get_mut(start) {
                    *byte ^= 1 << bit;
                }
            }
            _ => {
                let token = TRIPPING[self.below(TRIPPING.len())];
                let copies = if self.below(64) == 0 { 200 } else { 1 };
                bytes.splice(start..start, token.repeat(copies));
            }
        }
        bytes.truncate(16 * 1024);
    }

    /// As large as a body may be, full of one thing: what memory is judged by.
    fn bloat(&mut self, bytes: &mut Vec<u8>) {
        const FULL: &[&[u8]] = &[
            b"<a/>", b"<a>", b"1,", b"[", b"{\"a\":", b"\"\":1,", b"&lt;", b"]]>", b"\xff", b"a",
        ];
        let token = FULL[self.below(FULL.len())];
        let at = self.below(bytes.len() + 1);
        let copies = (1024 * 1024 - bytes.len()) / token.len();
        bytes.splice(at..at, token.repeat(copies));
    }

    fn range(&mut self, length: usize) -> (usize, usize) {
        let (a, b) = (self.below(length + 1), self.below(length + 1));
        (a.min(b), a.max(b))
    }

    /// Xorshift: fast, and the same everywhere.
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 11).expect("64 bits") % limit
    }
}
