//! Passive replies: what stands on the wire in both formats, and that what is encrypted opens again.

use proptest::prelude::*;
use wechat::callback::{self, Article, Format, Mode, Music, Push, Query, Reply, parse};
use wechat::{AppId, Error, MediaId, Rule};

use crate::callback::{credentials, key, token};

const XML: &str = "<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime>\
                   <MsgType>text</MsgType><Content>hi</Content><MsgId>1</MsgId></xml>";
const JSON: &str =
    r#"{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1,"MsgType":"text","Content":"hi","MsgId":1}"#;
const NOW: i64 = 1_700_000_000;

fn push() -> Push {
    parse(XML.as_bytes()).unwrap()
}

fn xml(reply: &Reply) -> String {
    let written = reply.write(&push(), NOW).unwrap();
    let head = "<xml><ToUserName><![CDATA[o1]]></ToUserName><FromUserName><![CDATA[gh_1]]></FromUserName>\
                <CreateTime>1700000000</CreateTime>";
    written.strip_prefix(head).unwrap().to_owned()
}

fn json(reply: &Reply) -> String {
    let written = reply.write(&parse(JSON.as_bytes()).unwrap(), NOW).unwrap();
    let head = r#"{"ToUserName":"o1","FromUserName":"gh_1","CreateTime":1700000000,"#;
    written.strip_prefix(head).unwrap().to_owned()
}

fn media() -> MediaId {
    MediaId::from("MEDIA")
}

fn article(title: &str) -> Article {
    Article {
        title: title.to_owned(),
        description: "d".to_owned(),
        pic_url: "https://example.com/p.png".to_owned(),
        url: "https://example.com/?a=1&b=2".to_owned(),
    }
}

#[test]
fn text() {
    let reply = Reply::Text("您好 <b>&\n😀".to_owned());
    insta::assert_snapshot!(xml(&reply), @r"
    <MsgType><![CDATA[text]]></MsgType><Content><![CDATA[您好 <b>&
    😀]]></Content></xml>
    ");
    insta::assert_snapshot!(json(&reply), @r#""MsgType":"text","Content":"您好 <b>&\n😀"}"#);
}

#[test]
fn image_and_voice() {
    insta::assert_snapshot!(xml(&Reply::Image(media())), @"<MsgType><![CDATA[image]]></MsgType><Image><MediaId><![CDATA[MEDIA]]></MediaId></Image></xml>");
    insta::assert_snapshot!(json(&Reply::Image(media())), @r#""MsgType":"image","Image":{"MediaId":"MEDIA"}}"#);
    insta::assert_snapshot!(xml(&Reply::Voice(media())), @"<MsgType><![CDATA[voice]]></MsgType><Voice><MediaId><![CDATA[MEDIA]]></MediaId></Voice></xml>");
    insta::assert_snapshot!(json(&Reply::Voice(media())), @r#""MsgType":"voice","Voice":{"MediaId":"MEDIA"}}"#);
}

#[test]
fn video_with_and_without_words() {
    let video = |title: Option<&str>| Reply::Video {
        media_id: media(),
        title: title.map(str::to_owned),
        description: title.map(str::to_owned),
    };
    insta::assert_snapshot!(xml(&video(Some("t"))), @"<MsgType><![CDATA[video]]></MsgType><Video><MediaId><![CDATA[MEDIA]]></MediaId><Title><![CDATA[t]]></Title><Description><![CDATA[t]]></Description></Video></xml>");
    insta::assert_snapshot!(xml(&video(None)), @"<MsgType><![CDATA[video]]></MsgType><Video><MediaId><![CDATA[MEDIA]]></MediaId></Video></xml>");
    insta::assert_snapshot!(json(&video(Some("t"))), @r#""MsgType":"video","Video":{"MediaId":"MEDIA","Title":"t","Description":"t"}}"#);
    insta::assert_snapshot!(json(&video(None)), @r#""MsgType":"video","Video":{"MediaId":"MEDIA"}}"#);
}

#[test]
fn music() {
    let reply = Reply::Music(Music {
        title: Some("t".to_owned()),
        url: Some("https://example.com/m.mp3".to_owned()),
        thumb_media_id: Some(MediaId::from("THUMB")),
        ..Music::default()
    });
    insta::assert_snapshot!(xml(&reply), @"<MsgType><![CDATA[music]]></MsgType><Music><Title><![CDATA[t]]></Title><MusicUrl><![CDATA[https://example.com/m.mp3]]></MusicUrl><ThumbMediaId><![CDATA[THUMB]]></ThumbMediaId></Music></xml>");
    insta::assert_snapshot!(json(&reply), @r#""MsgType":"music","Music":{"Title":"t","MusicUrl":"https://example.com/m.mp3","ThumbMediaId":"THUMB"}}"#);
}

#[test]
fn news() {
    let reply = Reply::News(vec![article("t")]);
    insta::assert_snapshot!(xml(&reply), @"<MsgType><![CDATA[news]]></MsgType><ArticleCount>1</ArticleCount><Articles><item><Title><![CDATA[t]]></Title><Description><![CDATA[d]]></Description><PicUrl><![CDATA[https://example.com/p.png]]></PicUrl><Url><![CDATA[https://example.com/?a=1&b=2]]></Url></item></Articles></xml>");
    insta::assert_snapshot!(json(&reply), @r#""MsgType":"news","ArticleCount":1,"Articles":[{"Title":"t","Description":"d","PicUrl":"https://example.com/p.png","Url":"https://example.com/?a=1&b=2"}]}"#);
}

#[test]
fn transfer_to_native_customer_service() {
    let to = |kf_account: Option<&str>| Reply::TransferCustomerService {
        kf_account: kf_account.map(str::to_owned),
    };
    insta::assert_snapshot!(xml(&to(None)), @"<MsgType><![CDATA[transfer_customer_service]]></MsgType></xml>");
    insta::assert_snapshot!(xml(&to(Some("test1@test"))), @"<MsgType><![CDATA[transfer_customer_service]]></MsgType><TransInfo><KfAccount><![CDATA[test1@test]]></KfAccount></TransInfo></xml>");
    insta::assert_snapshot!(json(&to(Some("test1@test"))), @r#""MsgType":"transfer_customer_service","TransInfo":{"KfAccount":"test1@test"}}"#);
}

#[test]
fn a_message_is_answered_with_one_article_and_an_event_with_up_to_eight() {
    let event = XML.replace(
        "<MsgType>text</MsgType>",
        "<MsgType>event</MsgType><Event>CLICK</Event>",
    );
    let event = parse(event.as_bytes()).unwrap();
    let news = |count: usize| Reply::News(vec![article("t"); count]);
    assert_eq!(
        news(2).write(&push(), NOW),
        Err(Error::Limit {
            rule: Rule::NewsArticles,
            found: 2
        })
    );
    assert!(news(8).write(&event, NOW).is_ok());
    assert!(news(9).write(&event, NOW).is_err());
    assert!(news(0).write(&event, NOW).is_err());
}

fn stamp() -> Query {
    Query {
        timestamp: Some("1".to_owned()),
        nonce: Some("415670741".to_owned()),
        encrypt_type: Some("aes".to_owned()),
        ..Query::default()
    }
}

/// A push as the platform would send it.
fn encrypted(body: &str, signer: &str, fill: char) -> (Query, Vec<u8>) {
    let text = callback::encrypt(&key(fill), body.as_bytes(), &credentials(Mode::Safe).app_id);
    let query = Query {
        msg_signature: Some(callback::sign(&token(signer), &["1", "415670741", &text])),
        ..stamp()
    };
    let envelope = if body.starts_with('{') {
        serde_json::json!({ "ToUserName": "gh_1", "Encrypt": text }).to_string()
    } else {
        format!("<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{text}]]></Encrypt></xml>")
    };
    (query, envelope.into_bytes())
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    text.split_once(start).unwrap().1.split_once(end).unwrap().0
}

#[test]
fn a_clear_push_is_answered_in_clear_text() {
    let credentials = credentials(Mode::Compatible);
    let query = Query {
        signature: Some(callback::sign(&credentials.token, &["1", "415670741"])),
        encrypt_type: None,
        ..stamp()
    };
    for body in [XML, JSON] {
        let opened = callback::open(&credentials, &query, body.as_bytes()).unwrap();
        let push = parse(&opened.plain).unwrap();
        let reply = Reply::Text("hi".to_owned());
        let answer = opened.answer(&credentials, &query, &push, &reply, NOW).unwrap();
        assert_eq!(answer, reply.write(&push, NOW).unwrap());
        assert_eq!(answer.as_bytes()[0], body.as_bytes()[0], "in the format received");
    }
}

#[test]
fn an_encrypted_push_is_answered_with_the_secrets_that_opened_it() {
    let credentials = credentials(Mode::Safe);
    for (signer, fill) in [("current", 'c'), ("previous", 'p')] {
        let (query, body) = encrypted(XML, signer, fill);
        let opened = callback::open(&credentials, &query, &body).unwrap();
        let push = parse(&opened.plain).unwrap();
        let reply = Reply::Text("hi".to_owned());
        let answer = opened.answer(&credentials, &query, &push, &reply, NOW).unwrap();
        let text = between(&answer, "<Encrypt><![CDATA[", "]]>");
        let signature = callback::sign(&token(signer), &["1700000000", "415670741", text]);
        assert_eq!(between(&answer, "<MsgSignature><![CDATA[", "]]>"), signature);
        assert_eq!(between(&answer, "<TimeStamp>", "<"), "1700000000");
        assert_eq!(between(&answer, "<Nonce><![CDATA[", "]]>"), "415670741");
        let (plain, receiver) = callback::decrypt(&key(fill), text).unwrap();
        assert_eq!(receiver, credentials.app_id);
        assert_eq!(plain, reply.write(&push, NOW).unwrap().into_bytes());
    }
}

#[test]
fn a_json_envelope_is_answered_with_a_json_envelope() {
    let credentials = credentials(Mode::Safe);
    let (query, body) = encrypted(JSON, "current", 'c');
    let opened = callback::open(&credentials, &query, &body).unwrap();
    assert_eq!(opened.format, Format::Json);
    let push = parse(&opened.plain).unwrap();
    let reply = Reply::Text("hi".to_owned());
    let answer = opened.answer(&credentials, &query, &push, &reply, NOW).unwrap();
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["TimeStamp"], NOW, "a number");
    let text = answer["Encrypt"].as_str().unwrap();
    let signature = callback::sign(&token("current"), &["1700000000", "415670741", text]);
    assert_eq!(answer["MsgSignature"], signature);
    let (plain, _) = callback::decrypt(&key('c'), text).unwrap();
    assert_eq!(plain, reply.write(&push, NOW).unwrap().into_bytes());
}

#[test]
fn other_credentials_than_those_that_opened_the_push_are_refused() {
    let right = credentials(Mode::Safe);
    let (query, body) = encrypted(XML, "previous", 'p');
    let opened = callback::open(&right, &query, &body).unwrap();
    let push = parse(&opened.plain).unwrap();
    let without = callback::Credentials {
        previous_key: None,
        app_id: AppId::from("wx0"),
        ..right
    };
    let outcome = opened.answer(&without, &query, &push, &Reply::Text("hi".to_owned()), NOW);
    assert_eq!(outcome.unwrap_err().code(), "wechat_invalid");
}

proptest! {
    /// Read back by the crate's own reader of XML, which the vectors and the platform's samples hold.
    #[test]
    fn nothing_in_a_text_can_leave_its_place(text in "(\\PC|]]>|<|>|&|\\]|\n){1,60}") {
        let written = Reply::Text(text.clone()).write(&push(), NOW).unwrap();
        let read = parse(format!("{}<MsgId>1</MsgId></xml>", written.strip_suffix("</xml>").unwrap()).as_bytes()).unwrap();
        let callback::Content::Message { message: callback::Message::Text { content, .. }, .. } = read.content else {
            panic!("it is a text")
        };
        prop_assert_eq!(content, text);
    }
}
