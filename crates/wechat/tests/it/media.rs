//! Files: what is read, what is refused, and where an address of WeChat's may lead.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use wechat::{Client, Downloaded, Error, MediaId, MediaKind, Retry};

use crate::platform::{Call, Platform, answer, ok, options, refusal, status, token};

const TOKEN: &str = "/cgi-bin/stable_token";
const GET: &str = "/cgi-bin/media/get";

async fn serving(file: impl Fn(&Call) -> Response + Send + Sync + 'static) -> Platform {
    Platform::start(move |call| {
        if call.path == TOKEN {
            token("T")
        } else {
            file(call)
        }
    })
    .await
}

async fn get(client: &Client, max_bytes: u64) -> Result<Downloaded, Error> {
    client.get_media(&MediaId::from("M 1"), max_bytes).await
}

fn redirect(to: &str) -> Response {
    (StatusCode::FOUND, [("location", to.to_owned())]).into_response()
}

#[tokio::test]
async fn a_file_comes_with_its_type_and_its_name() {
    let platform = serving(|_| {
        let headers = [
            ("content-type", "image/jpeg"),
            ("content-disposition", "attachment; filename=\"../MEDIA_ID.jpg\""),
        ];
        (headers, &b"\xff\xd8jpeg"[..]).into_response()
    })
    .await;
    let file = get(&platform.client(), 100).await.unwrap();
    assert_eq!(file.content_type.as_deref(), Some("image/jpeg"));
    assert_eq!(file.file_name.as_deref(), Some("MEDIA_ID.jpg"));
    assert_eq!(&file.bytes[..], b"\xff\xd8jpeg");
    assert_eq!(platform.calls()[1].query, "access_token=T&media_id=M+1");
}

#[tokio::test]
async fn an_error_is_seen_in_either_content_type() {
    for content_type in ["application/json; encoding=utf-8", "text/plain"] {
        let platform = serving(move |_| {
            let body = " {\"errcode\":40007,\"errmsg\":\"invalid media_id rid: r-1\"}";
            ([("content-type", content_type)], body).into_response()
        })
        .await;
        let error = get(&platform.client(), 1000).await.unwrap_err();
        assert_eq!(
            (error.api_code(), error.rid(), error.retry()),
            (Some(40007), Some("r-1"), Retry::UploadAgain)
        );
    }
}

#[tokio::test]
async fn a_refused_token_is_renewed_for_files_too() {
    let platform = Platform::start(|call| match (call.path.as_str(), call.earlier) {
        (TOKEN, 0) => token("old"),
        (TOKEN, _) => token("new"),
        (_, 0) => refusal(40001),
        _ => "file".into_response(),
    })
    .await;
    assert_eq!(&get(&platform.client(), 1000).await.unwrap().bytes[..], b"file");
    assert_eq!(platform.paths(), [TOKEN, GET, TOKEN, GET]);
}

#[tokio::test]
async fn a_file_above_the_limit_is_refused_with_and_without_a_declared_length() {
    let declared = serving(|_| vec![b'x'; 101].into_response()).await;
    let streamed = serving(|_| {
        // A body whose total nobody declares.
        let chunks = [vec![b'x'; 60], vec![b'y'; 41]].map(Ok::<_, std::io::Error>);
        axum::body::Body::from_stream(futures_util::stream::iter(chunks)).into_response()
    })
    .await;
    for platform in [declared, streamed] {
        let error = get(&platform.client(), 100).await.unwrap_err();
        assert_eq!(
            (&error, error.retry()),
            (&Error::TooLarge { limit: 100 }, Retry::Never)
        );
        assert_eq!(get(&platform.client(), 101).await.unwrap().bytes.len(), 101);
    }
}

#[tokio::test]
async fn a_video_is_fetched_from_the_address_wechat_names() {
    let platform = serving(|call| match call.path.as_str() {
        GET => answer(&json!({ "video_url": format!("http://{}/v/1.mp4?k=1", call.header("host")) })),
        "/v/1.mp4" => redirect("/v/2.mp4"),
        _ => ([("content-type", "video/mp4")], "mp4").into_response(),
    })
    .await;
    let file = get(&platform.client(), 1000).await.unwrap();
    assert_eq!(
        (file.content_type.as_deref(), &file.bytes[..]),
        (Some("video/mp4"), &b"mp4"[..])
    );
    assert_eq!(platform.paths(), [TOKEN, GET, "/v/1.mp4", "/v/2.mp4"]);
    assert_eq!(
        platform.calls()[2].query,
        "k=1",
        "the token stays with the interface"
    );
}

#[tokio::test]
async fn a_video_address_that_is_not_wechats_is_not_followed() {
    let elsewhere = Platform::start(|_| ok()).await;
    let addresses = [
        elsewhere.url.to_string(),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://evil-qq.com/v.mp4".to_owned(),
        "http://qq.com.evil.example/v.mp4".to_owned(),
        "http://mp.weixin.qq.com@evil.example/v.mp4".to_owned(),
        "http://mp.weixin.qq.com:6379/v.mp4".to_owned(),
        "file:///etc/passwd".to_owned(),
    ];
    for address in addresses {
        let shown = address.clone();
        let direct = serving(move |_| answer(&json!({ "video_url": address }))).await;
        assert_eq!(
            get(&direct.client(), 1000).await.unwrap_err(),
            Error::ForbiddenHost,
            "{shown}"
        );
        let target = shown.clone();
        let redirected = serving(move |call| match call.path.as_str() {
            GET => answer(&json!({ "video_url": format!("http://{}/v", call.header("host")) })),
            _ => redirect(&target),
        })
        .await;
        assert_eq!(
            get(&redirected.client(), 1000).await.unwrap_err(),
            Error::ForbiddenHost,
            "{shown}"
        );
    }
    assert!(elsewhere.calls().is_empty());
}

#[tokio::test]
async fn redirects_end_somewhere() {
    let platform = serving(|call| match call.path.as_str() {
        GET => answer(&json!({ "video_url": format!("http://{}/v", call.header("host")) })),
        _ => redirect("/v"),
    })
    .await;
    assert_eq!(
        get(&platform.client(), 1000).await.unwrap_err(),
        Error::TooManyRedirects
    );
    assert_eq!(platform.calls().len(), 8);
}

#[tokio::test]
async fn json_that_is_neither_error_nor_address_is_no_file() {
    for body in [json!({ "errcode": 0 }), json!({ "video_url": "not an address" })] {
        let platform = serving(move |_| answer(&body)).await;
        let error = get(&platform.client(), 1000).await.unwrap_err();
        assert_eq!(
            (error.code(), error.retry()),
            ("wechat_answer_unreadable", Retry::Later)
        );
    }
}

#[tokio::test]
async fn up_and_downloads_may_always_be_repeated_after_an_unknown_end() {
    let platform = serving(|_| status(502)).await;
    let client = platform.client();
    assert_eq!(get(&client, 1000).await.unwrap_err().retry(), Retry::Later);
    let upload = client.upload_media(
        MediaKind::Voice,
        "v.amr",
        "audio/amr",
        bytes::Bytes::from_static(b"#!AMR\n"),
    );
    assert_eq!(upload.await.unwrap_err().retry(), Retry::Later);
}

#[tokio::test]
async fn a_refused_upload_is_final() {
    let platform = serving(|_| refusal(40005)).await;
    let upload = platform
        .client()
        .upload_media(
            MediaKind::Image,
            "a.exe",
            "image/png",
            bytes::Bytes::from_static(b"MZ"),
        )
        .await;
    assert_eq!(upload.unwrap_err().retry(), Retry::Never);
}

#[tokio::test]
async fn something_that_is_no_media_type_is_refused_before_anything_is_sent() {
    let platform = serving(|_| ok()).await;
    let client = crate::platform::client_for(&options(&platform.url).base_url);
    let upload = client
        .upload_media(
            MediaKind::Image,
            "a.png",
            "not a type",
            bytes::Bytes::from_static(b"x"),
        )
        .await;
    assert_eq!(upload.unwrap_err().code(), "wechat_setup");
    assert_eq!(platform.paths(), [TOKEN]);
}

#[tokio::test]
async fn a_picture_kept_for_good_has_an_id_and_other_kinds_are_refused_here() {
    let platform = serving(|_| answer(&json!({"media_id": "KEPT", "url": "http://mmbiz.qpic.cn/1"}))).await;
    let client = platform.client();
    let bytes = || bytes::Bytes::from_static(b"\xff\xd8jpeg");
    let kept = client
        .keep_media(MediaKind::Image, "a b.jpg", "image/jpeg", bytes())
        .await;
    assert_eq!(kept.unwrap().as_str(), "KEPT");
    let call = &platform.calls()[1];
    assert_eq!(
        (&*call.path, &*call.query),
        ("/cgi-bin/material/add_material", "access_token=T&type=image")
    );
    let video = client
        .keep_media(MediaKind::Video, "a.mp4", "video/mp4", bytes())
        .await;
    assert_eq!(video.unwrap_err().code(), "wechat_invalid");
}
