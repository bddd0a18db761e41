//! What every call looks like on the wire, byte for byte where it matters.

use wechat::{CustomMessage, MediaId, MediaKind, OpenId};

use crate::platform::{Call, Platform, answer, ok, token};

/// Makes one call against a platform that accepts everything and returns what arrived after the token call.
async fn sent(call: impl AsyncFnOnce(wechat::Client)) -> Call {
    let platform = Platform::start(|call| match call.path.as_str() {
        "/cgi-bin/stable_token" => token("TOKEN"),
        "/cgi-bin/media/upload" if call.query.contains("type=thumb") => answer(
            &serde_json::json!({ "type": "thumb", "thumb_media_id": "THUMB", "created_at": 1_700_000_001 }),
        ),
        "/cgi-bin/media/upload" => {
            answer(&serde_json::json!({ "type": "image", "media_id": "MEDIA", "created_at": 1_700_000_000 }))
        }
        _ => ok(),
    })
    .await;
    call(platform.client()).await;
    let mut calls = platform.calls();
    assert_eq!(calls.len(), 2, "one call for the token, one for the matter");
    calls.pop().unwrap()
}

async fn custom(message: CustomMessage) -> String {
    let call = sent(async |client| client.send_custom(&message).await.unwrap()).await;
    format!(
        "{} {}\n{}",
        call.path,
        call.header("content-type"),
        String::from_utf8(call.body.to_vec()).unwrap()
    )
}

fn to() -> OpenId {
    OpenId::from("oABC")
}

#[tokio::test]
async fn text_is_sent_as_raw_utf_8() {
    let content = "您好 <a href=\"https://example.com/?a=1&b=2\">😀</a>\n\\u4f60".to_owned();
    insta::assert_snapshot!(custom(CustomMessage::Text { to: to(), content }).await, @r#"
    /cgi-bin/message/custom/send application/json; charset=utf-8
    {"touser":"oABC","msgtype":"text","text":{"content":"您好 <a href=\"https://example.com/?a=1&b=2\">😀</a>\n\\u4f60"}}
    "#);
}

#[tokio::test]
async fn an_image_is_sent_by_its_id() {
    let message = CustomMessage::Image {
        to: to(),
        media_id: MediaId::from("MEDIA"),
    };
    insta::assert_snapshot!(custom(message).await, @r#"
    /cgi-bin/message/custom/send application/json; charset=utf-8
    {"touser":"oABC","msgtype":"image","image":{"media_id":"MEDIA"}}
    "#);
}

#[tokio::test]
async fn a_voice_message_is_sent_by_its_id() {
    let message = CustomMessage::Voice {
        to: to(),
        media_id: MediaId::from("MEDIA"),
    };
    insta::assert_snapshot!(custom(message).await, @r#"
    /cgi-bin/message/custom/send application/json; charset=utf-8
    {"touser":"oABC","msgtype":"voice","voice":{"media_id":"MEDIA"}}
    "#);
}

#[tokio::test]
async fn a_video_is_sent_with_its_still_picture() {
    let message = |title: Option<&str>, description: Option<&str>| CustomMessage::Video {
        to: to(),
        media_id: MediaId::from("MEDIA"),
        thumb_media_id: MediaId::from("THUMB"),
        title: title.map(str::to_owned),
        description: description.map(str::to_owned),
    };
    insta::assert_snapshot!(custom(message(Some("标题"), Some("how to"))).await, @r#"
    /cgi-bin/message/custom/send application/json; charset=utf-8
    {"touser":"oABC","msgtype":"video","video":{"media_id":"MEDIA","thumb_media_id":"THUMB","title":"标题","description":"how to"}}
    "#);
    insta::assert_snapshot!(custom(message(None, None)).await, @r#"
    /cgi-bin/message/custom/send application/json; charset=utf-8
    {"touser":"oABC","msgtype":"video","video":{"media_id":"MEDIA","thumb_media_id":"THUMB"}}
    "#);
}

#[tokio::test]
async fn typing_is_shown_and_hidden() {
    let shown = sent(async |client| client.typing(&to(), true).await.unwrap()).await;
    insta::assert_snapshot!(format!("{} {}", shown.path, shown.json()), @r#"/cgi-bin/message/custom/typing {"touser":"oABC","command":"Typing"}"#);
    let hidden = sent(async |client| client.typing(&to(), false).await.unwrap()).await;
    insta::assert_snapshot!(hidden.json(), @r#"{"touser":"oABC","command":"CancelTyping"}"#);
}

#[tokio::test]
async fn the_token_is_asked_for_with_a_body_and_travels_in_the_query() {
    let platform = Platform::start(|call| {
        if call.path == "/cgi-bin/stable_token" {
            token("A+/=B")
        } else {
            ok()
        }
    })
    .await;
    platform.client().typing(&to(), true).await.unwrap();
    let calls = platform.calls();
    assert_eq!(calls[0].query, "");
    insta::assert_snapshot!(calls[0].json(), @r#"{"grant_type":"client_credential","appid":"wx0123456789abcdef","secret":"app-secret"}"#);
    assert_eq!(calls[1].query, "access_token=A%2B%2F%3DB");
}

#[tokio::test]
async fn a_file_is_uploaded_with_its_name_and_its_length() {
    let bytes = bytes::Bytes::from_static(b"\x89PNG picture");
    let call = sent(async |client| {
        let uploaded = client
            .upload_media(MediaKind::Image, "图 \"1\".png", "image/png", bytes)
            .await
            .unwrap();
        assert_eq!(
            (uploaded.media_id.as_str(), uploaded.created_at),
            ("MEDIA", 1_700_000_000)
        );
    })
    .await;
    assert_eq!(call.header("content-length"), call.body.len().to_string());
    assert_eq!(call.header("transfer-encoding"), "");
    let boundary = call
        .header("content-type")
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap()
        .to_owned();
    let body = String::from_utf8_lossy(&call.body)
        .replace(&boundary, "BOUNDARY")
        .replace('\r', "");
    insta::assert_snapshot!(format!("{}?{}\n{body}", call.path, call.query), @r#"
    /cgi-bin/media/upload?access_token=TOKEN&type=image
    --BOUNDARY
    Content-Disposition: form-data; name="media"; filename="___1_.png"
    Content-Type: image/png

    �PNG picture
    --BOUNDARY--
    "#);
}

#[tokio::test]
async fn a_thumb_has_an_id_of_its_own_key() {
    sent(async |client| {
        let jpeg = bytes::Bytes::from_static(b"jpeg");
        let uploaded = client
            .upload_media(MediaKind::Thumb, "t.jpg", "image/jpeg", jpeg)
            .await
            .unwrap();
        assert_eq!(uploaded.media_id.as_str(), "THUMB");
    })
    .await;
}

#[tokio::test]
async fn a_path_in_front_of_wechats_own_is_kept() {
    let platform = Platform::start(|call| {
        if call.path.ends_with("stable_token") {
            token("T")
        } else {
            ok()
        }
    })
    .await;
    let base = platform.url.join("/proxy/wechat/").unwrap();
    crate::platform::client_for(&base)
        .typing(&to(), true)
        .await
        .unwrap();
    assert_eq!(
        platform.paths(),
        [
            "/proxy/wechat/cgi-bin/stable_token",
            "/proxy/wechat/cgi-bin/message/custom/typing"
        ]
    );
}

#[tokio::test]
async fn every_call_has_a_connection_of_its_own() {
    let platform = Platform::start(|call| {
        if call.path == "/cgi-bin/stable_token" {
            token("T")
        } else {
            ok()
        }
    })
    .await;
    let client = platform.client();
    for _ in 0..3 {
        client.typing(&to(), true).await.unwrap();
    }
    let mut ports: Vec<_> = platform.calls().iter().map(|call| call.peer.port()).collect();
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 4);
}
