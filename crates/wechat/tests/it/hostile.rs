//! Input nobody well-meaning sends: an error with a code, never a panic, never much work.

use proptest::prelude::*;
use wechat::callback::{MAX_BODY_BYTES, MAX_FIELDS, Mode, ParseError, Query, open, parse, sign};
use wechat::fuzz;

use crate::callback::{credentials, token};

const TEXT: &str = "<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime>\
                    <MsgType>text</MsgType><Content><![CDATA[hi]]></Content><MsgId>1</MsgId></xml>";

fn refusal(body: impl AsRef<[u8]>) -> ParseError {
    parse(body.as_ref()).expect_err("the body is hostile")
}

#[test]
fn document_types_and_entities_are_refused() {
    let bomb = "<!DOCTYPE xml [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    assert_eq!(refusal(format!("{bomb}{TEXT}")), ParseError::Doctype);
    assert_eq!(
        refusal(format!("<?xml version=\"1.0\"?>{bomb}{TEXT}")),
        ParseError::Doctype
    );
    assert_eq!(refusal(TEXT.replace("o1", "&b;")), ParseError::Entity);
    assert_eq!(refusal(TEXT.replace("o1", "&#xFFFFFFFF;")), ParseError::Entity);
    let external = "<!DOCTYPE xml SYSTEM \"http://127.0.0.1/evil\">";
    assert_eq!(refusal(format!("{external}{TEXT}")), ParseError::Doctype);
}

#[test]
fn the_entities_of_xml_and_character_references_are_read() {
    let push = parse(
        TEXT.replace("o1", "&lt;&amp;&gt;&#x41;&#66;&quot;&apos;")
            .as_bytes(),
    )
    .unwrap();
    assert_eq!(push.from_user.as_str(), "<&>AB\"'");
}

#[test]
fn a_large_body_is_refused_unread() {
    let padding = "x".repeat(10 * 1024 * 1024);
    let limit = MAX_BODY_BYTES;
    assert_eq!(
        refusal(TEXT.replace("hi", &padding)),
        ParseError::TooLarge { limit }
    );

    let stamped = Query {
        msg_signature: Some(sign(&token("current"), &["1", "2"])),
        timestamp: Some("1".to_owned()),
        nonce: Some("2".to_owned()),
        encrypt_type: Some("aes".to_owned()),
        ..Query::default()
    };
    let outcome = open(&credentials(Mode::Safe), &stamped, padding.as_bytes());
    assert_eq!(outcome.unwrap_err().code(), "callback_malformed");
}

#[test]
fn deep_nesting_is_refused_in_both_formats() {
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert_eq!(
        refusal(TEXT.replace("o1", &deep)),
        ParseError::Depth { limit: 16 }
    );
    let json = format!(r#"{{"a":{}1{}}}"#, "[".repeat(20), "]".repeat(20));
    assert_eq!(refusal(json), ParseError::Depth { limit: 16 });
    let json = format!(r#"{{"a":{}}}"#, "[".repeat(400_000));
    assert_eq!(refusal(json), ParseError::Depth { limit: 16 });
}

#[test]
fn more_fields_than_any_push_has_are_refused_in_both_formats() {
    let limit = MAX_FIELDS;
    let many = TEXT.replace("<MsgType>", &format!("{}<MsgType>", "<a/>".repeat(limit)));
    assert_eq!(refusal(many), ParseError::TooManyFields { limit });
    let json = format!(r#"{{"a":[{}1]}}"#, "1,".repeat(limit));
    assert_eq!(refusal(json), ParseError::TooManyFields { limit });
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_code() {
    let cases = [
        ("", "push_format_unknown"),
        ("hello", "push_format_unknown"),
        ("[1]", "push_format_unknown"),
        ("<xml>", "push_not_well_formed"),
        ("<xml></lmx>", "push_not_well_formed"),
        ("<!-- only a comment -->", "push_not_well_formed"),
        ("<a></a><b></b>", "push_not_well_formed"),
        ("{\"a\":", "push_not_well_formed"),
        ("<xml></xml>", "push_field_missing"),
        ("{}", "push_field_missing"),
    ];
    for (body, code) in cases {
        assert_eq!(refusal(body).code(), code, "{body}");
    }
}

#[test]
fn missing_and_wrong_fields_are_named() {
    let without_sender = TEXT.replace("<FromUserName>o1</FromUserName>", "");
    assert_eq!(refusal(without_sender), ParseError::MissingField("FromUserName"));
    let without_time = TEXT.replace("<CreateTime>1</CreateTime>", "");
    assert_eq!(refusal(without_time), ParseError::MissingField("CreateTime"));
    let wrong_time = TEXT.replace("<CreateTime>1<", "<CreateTime>soon<");
    assert_eq!(refusal(wrong_time), ParseError::BadField("CreateTime"));
    let without_media = TEXT.replace(">text<", ">image<");
    assert_eq!(refusal(without_media), ParseError::MissingField("MediaId"));
    let place = |latitude: &str| {
        let fields =
            format!(">location</MsgType><Location_X>{latitude}</Location_X><Location_Y>1</Location_Y>");
        TEXT.replace(">text</MsgType>", &fields)
    };
    assert_eq!(refusal(place("NaN")), ParseError::BadField("Location_X"));
    assert!(parse(place("-12.5").as_bytes()).is_ok());
}

#[test]
fn invalid_utf_8_is_kept_as_replacement_characters() {
    let body = [
        TEXT.split_once("hi").unwrap().0.as_bytes(),
        b"a\xff\xfeb",
        b"]]></Content><MsgId>1</MsgId></xml>",
    ]
    .concat();
    let push = parse(&body).unwrap();
    assert!(push.raw.contains("[CDATA[a\u{fffd}\u{fffd}b]]"), "{}", push.raw);
}

#[test]
fn what_would_be_too_large_to_read_again_is_refused_at_once() {
    let (head, tail) = TEXT.split_once("hi").unwrap();
    let body = |bytes: usize| [head.as_bytes(), &vec![0xff; bytes], tail.as_bytes()].concat();
    let limit = MAX_BODY_BYTES;
    assert_eq!(refusal(body(400_000)), ParseError::TooLarge { limit });
    let push = parse(&body(300_000)).unwrap();
    assert_eq!(parse(push.raw.as_bytes()).unwrap(), push);
}

#[test]
fn nul_is_removed_from_text_from_fields_and_from_what_is_kept() {
    let push = parse(TEXT.replace("hi", "h\0i\0").as_bytes()).unwrap();
    assert_eq!(push, parse(TEXT.as_bytes()).unwrap());
    let json = r#"{"FromUserName":"o\u00001","CreateTime":1,"MsgType":"text","Content":"h\u0000i"}"#;
    let push = parse(json.as_bytes()).unwrap();
    assert_eq!(push.from_user.as_str(), "o1");
    assert!(!format!("{:?}", push.content).contains("\\0"));
}

#[test]
fn a_byte_order_mark_and_white_space_in_front_do_no_harm() {
    let push = parse(format!("\u{feff}\r\n {TEXT}").as_bytes()).unwrap();
    assert_eq!(push.from_user.as_str(), "o1");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        fuzz::parse_bytes(&bytes);
        fuzz::open_bytes(&bytes);
        fuzz::sealed_bytes(&bytes);
    }

    #[test]
    fn anything_like_xml_is_read_or_refused(text in "(<xml>|</xml>|<a>|</a>|<MsgType>|</MsgType>|<!\\[CDATA\\[|]]>|&|;|&lt;|&#0;|text|event|<!--|-->|<\\?|\\?>|\\PC){0,40}") {
        fuzz::parse_bytes(text.as_bytes());
        fuzz::open_bytes(text.as_bytes());
    }

    #[test]
    fn a_push_with_anything_in_it_is_read_or_refused(at in 0usize..TEXT.len(), bytes in proptest::collection::vec(any::<u8>(), 0..50)) {
        let body = [&TEXT.as_bytes()[..at], &bytes, &TEXT.as_bytes()[at..]].concat();
        fuzz::parse_bytes(&body);
        fuzz::open_bytes(&body);
    }

    #[test]
    fn any_json_is_read_or_refused(text in "(\\{|\\}|\\[|\\]|\"MsgType\"|\"text\"|\"CreateTime\"|:|,|1e999|18446744073709551616|null|\"\\\\ud800\"|\\PC){0,40}") {
        fuzz::parse_bytes(text.as_bytes());
        fuzz::parse_bytes(format!("{{{text}}}").as_bytes());
    }
}
