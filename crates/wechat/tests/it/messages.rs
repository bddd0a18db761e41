//! Every kind of message, as it is read; events are in `events.rs`. The bodies have the form the platform really sends.

use wechat::callback::{Content, parse};

pub(crate) fn read(fields: &str) -> Content {
    let body = format!(
        "<xml><ToUserName><![CDATA[gh_8a50de30e55a]]></ToUserName>\n\
         <FromUserName><![CDATA[o9AgO5Kd5ggOC-bXrbNODIiE3bGY]]></FromUserName>\n\
         <CreateTime>1348831860</CreateTime>\n{fields}\n</xml>"
    );
    let push = parse(body.as_bytes()).unwrap();
    assert_eq!(push.to_user, "gh_8a50de30e55a");
    assert_eq!(push.from_user.as_str(), "o9AgO5Kd5ggOC-bXrbNODIiE3bGY");
    assert_eq!(push.create_time, 1_348_831_860);
    assert_eq!(push.raw, body);
    push.content
}

fn message(kind: &str, fields: &str) -> Content {
    read(&format!(
        "<MsgType><![CDATA[{kind}]]></MsgType>\n{fields}\n<MsgId>6272960105994287618</MsgId>"
    ))
}

#[test]
fn text() {
    insta::assert_debug_snapshot!(message("text", "<Content><![CDATA[ 你好 <b>&amp; 😀\n ]]></Content>"), @r#"
    Message {
        msg_id: Some(
            "6272960105994287618",
        ),
        message: Text {
            content: " 你好 <b>&amp; 😀\n ",
            menu_id: None,
        },
    }
    "#);
}

#[test]
fn text_of_a_tapped_menu_message() {
    let fields = "<Content><![CDATA[满意]]></Content>\n<bizmsgmenuid>101</bizmsgmenuid>";
    insta::assert_debug_snapshot!(message("text", fields), @r#"
    Message {
        msg_id: Some(
            "6272960105994287618",
        ),
        message: Text {
            content: "满意",
            menu_id: Some(
                "101",
            ),
        },
    }
    "#);
}

#[test]
fn text_outside_cdata_keeps_references_and_line_breaks() {
    insta::assert_debug_snapshot!(message("text", "<Content>a &lt; b &#x4f60;\r\nnext</Content>"), @r#"
    Message {
        msg_id: Some(
            "6272960105994287618",
        ),
        message: Text {
            content: "a < b 你\nnext",
            menu_id: None,
        },
    }
    "#);
}

#[test]
fn image() {
    let fields = "<PicUrl><![CDATA[http://mmbiz.qpic.cn/a]]></PicUrl>\n<MediaId><![CDATA[MEDIA]]></MediaId>\
                  <MsgDataId>xxxx</MsgDataId><Idx>1</Idx>";
    insta::assert_debug_snapshot!(message("image", fields), @r#"
    Message {
        msg_id: Some(
            "6272960105994287618",
        ),
        message: Image {
            media_id: MediaId(
                "MEDIA",
            ),
            pic_url: "http://mmbiz.qpic.cn/a",
        },
    }
    "#);
}

#[test]
fn voice_with_its_empty_recognition() {
    let fields = "<MediaId><![CDATA[MEDIA]]></MediaId>\n<Format><![CDATA[amr]]></Format>\n\
                  <MediaId16K><![CDATA[MEDIA16]]></MediaId16K>\n<Recognition><![CDATA[]]></Recognition>";
    insta::assert_debug_snapshot!(message("voice", fields), @r#"
    Message {
        msg_id: Some(
            "6272960105994287618",
        ),
        message: Voice {
            media_id: MediaId(
                "MEDIA",
            ),
            media_id_16k: Some(
                MediaId(
                    "MEDIA16",
                ),
            ),
            format: "amr",
        },
    }
    "#);
}

#[test]
fn video_and_short_video() {
    let fields = "<MediaId><![CDATA[MEDIA]]></MediaId>\n<ThumbMediaId><![CDATA[THUMB]]></ThumbMediaId>";
    insta::assert_debug_snapshot!(message("video", fields), @r#"
    Message {
        msg_id: Some(
            "6272960105994287618",
        ),
        message: Video {
            media_id: MediaId(
                "MEDIA",
            ),
            thumb_media_id: Some(
                MediaId(
                    "THUMB",
                ),
            ),
            short: false,
        },
    }
    "#);
    insta::assert_debug_snapshot!(message("shortvideo", "<MediaId><![CDATA[MEDIA]]></MediaId>"), @r#"
    Message {
        msg_id: Some(
            "6272960105994287618",
        ),
        message: Video {
            media_id: MediaId(
                "MEDIA",
            ),
            thumb_media_id: None,
            short: true,
        },
    }
    "#);
}

#[test]
fn location() {
    let fields = "<Location_X>23.134521</Location_X>\n<Location_Y>113.358803</Location_Y>\n<Scale>20</Scale>\n\
                  <Label><![CDATA[位置信息]]></Label>";
    insta::assert_debug_snapshot!(message("location", fields), @r#"
    Message {
        msg_id: Some(
            "6272960105994287618",
        ),
        message: Location {
            latitude: 23.134521,
            longitude: 113.358803,
            scale: Some(
                20,
            ),
            label: "位置信息",
        },
    }
    "#);
}

#[test]
fn link() {
    let fields = "<Title><![CDATA[title]]></Title>\n<Description><![CDATA[description]]></Description>\n\
                  <Url><![CDATA[https://example.com/?a=1&b=2]]></Url>";
    insta::assert_debug_snapshot!(message("link", fields), @r#"
    Message {
        msg_id: Some(
            "6272960105994287618",
        ),
        message: Link {
            title: "title",
            description: "description",
            url: "https://example.com/?a=1&b=2",
        },
    }
    "#);
}

#[test]
fn file() {
    let fields = "<Title><![CDATA[test.zip]]></Title>\n<Description><![CDATA[]]></Description>\n\
                  <FileKey><![CDATA[KEY]]></FileKey>\n<FileMd5><![CDATA[0cc175b9c0f1b6a831c399e269772661]]></FileMd5>\n\
                  <FileTotalLen>5000000000</FileTotalLen>";
    insta::assert_debug_snapshot!(message("file", fields), @r#"
    Message {
        msg_id: Some(
            "6272960105994287618",
        ),
        message: File {
            title: "test.zip",
            description: "",
            file_key: "KEY",
            md5: "0cc175b9c0f1b6a831c399e269772661",
            total_len: Some(
                5000000000,
            ),
        },
    }
    "#);
}

#[test]
fn mini_program_card() {
    let fields = "<Title><![CDATA[title]]></Title>\n<AppId><![CDATA[wx1]]></AppId>\n\
                  <PagePath><![CDATA[pages/index]]></PagePath>\n<ThumbUrl><![CDATA[https://mmbiz.qpic.cn/t]]></ThumbUrl>\n\
                  <ThumbMediaId><![CDATA[THUMB]]></ThumbMediaId>";
    insta::assert_debug_snapshot!(message("miniprogrampage", fields), @r#"
    Message {
        msg_id: Some(
            "6272960105994287618",
        ),
        message: MiniProgram {
            title: "title",
            app_id: AppId(
                "wx1",
            ),
            page_path: "pages/index",
            thumb_url: "https://mmbiz.qpic.cn/t",
            thumb_media_id: Some(
                MediaId(
                    "THUMB",
                ),
            ),
        },
    }
    "#);
}

#[test]
fn unknown_kind() {
    insta::assert_debug_snapshot!(message("hologram", "<Content>?</Content>"), @r#"
    Message {
        msg_id: Some(
            "6272960105994287618",
        ),
        message: Unknown {
            msg_type: "hologram",
        },
    }
    "#);
}

#[test]
fn json_is_read_like_xml() {
    let body = r#"{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1348831860,"MsgType":"text",
                  "Content":"你好","MsgId":6272960105994287618}"#;
    insta::assert_debug_snapshot!(parse(body.as_bytes()).unwrap().content, @r#"
    Message {
        msg_id: Some(
            "6272960105994287618",
        ),
        message: Text {
            content: "你好",
            menu_id: None,
        },
    }
    "#);
}

#[test]
fn numbers_may_be_text_and_texts_numbers() {
    let body = r#"{"FromUserName":"o1","CreateTime":"1348831860","MsgType":"location","Location_X":"23.5",
                  "Location_Y":113,"Scale":"20","MsgId":"1"}"#;
    let push = parse(body.as_bytes()).unwrap();
    assert_eq!(push.to_user, "", "not even the receiver is needed");
    insta::assert_compact_debug_snapshot!(push.content, @r#"Message { msg_id: Some("1"), message: Location { latitude: 23.5, longitude: 113.0, scale: Some(20), label: "" } }"#);
}

#[test]
fn a_chat_opened_from_an_article_says_which() {
    let body = "<xml><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType>\
                <Content>hi</Content><MsgId>1</MsgId><MsgDataId>2247483648</MsgDataId><Idx>2</Idx></xml>";
    insta::assert_compact_debug_snapshot!(parse(body.as_bytes()).unwrap().article, @r#"Some(FromArticle { msg_data_id: "2247483648", index: Some(2) })"#);
    let without = body.replace("<MsgDataId>2247483648</MsgDataId><Idx>2</Idx>", "");
    assert_eq!(parse(without.as_bytes()).unwrap().article, None);
}
