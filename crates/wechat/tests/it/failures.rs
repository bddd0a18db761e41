//! Networks and platforms that fail: what the caller is told, above all whether the message may have arrived.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;
use wechat::{
    Client, ClientOptions, CustomMessage, Error, MemoryTokenStore, OpenId, Retry, StoredToken, TokenStore,
};

use crate::platform::{Platform, address_of, client_with, ok, options, refusal, status, token};

const TOKEN: &str = "/cgi-bin/stable_token";

async fn send(client: &Client) -> Result<(), Error> {
    client
        .send_custom(&CustomMessage::Text {
            to: OpenId::from("o1"),
            content: "hi".to_owned(),
        })
        .await
}

/// A client that has its token already: the next request is the send.
async fn prepared(options: ClientOptions) -> Client {
    let store = MemoryTokenStore::default();
    store
        .save(StoredToken {
            value: "secret-token".into(),
            expires_at_ms: 7_200_000,
        })
        .await;
    client_with(options, std::sync::Arc::new(store))
}

/// A server that reads one request to its end, writes `reply` and hangs up, or holds the connection.
async fn rude(reply: &'static str, holds: bool) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = address_of(&listener);
    tokio::spawn(async move {
        let mut held = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            read_request(&mut stream).await;
            stream.write_all(reply.as_bytes()).await.unwrap();
            if holds {
                held.push(stream);
            }
        }
    });
    url
}

async fn read_request(stream: &mut TcpStream) {
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains("hi\"}}") {
        let read = stream.read_buf(&mut seen).await.unwrap();
        assert_ne!(read, 0, "the request is complete");
    }
}

async fn refused_address() -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    address_of(&listener)
}

#[tokio::test]
async fn a_refused_connection_is_certain_and_may_be_tried_again() {
    let error = send(&prepared(options(&refused_address().await)).await)
        .await
        .unwrap_err();
    assert_eq!((&error, error.retry()), (&Error::Connect, Retry::Later));
}

#[tokio::test]
async fn a_connection_cut_without_an_answer_is_unknown() {
    let error = send(&prepared(options(&rude("", false).await)).await)
        .await
        .unwrap_err();
    assert_eq!((&error, error.retry()), (&Error::Interrupted, Retry::Unknown));
}

#[tokio::test]
async fn a_connection_cut_within_the_answer_is_unknown() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 27\r\n\r\n{\"errcode\":";
    let error = send(&prepared(options(&rude(half, false).await)).await)
        .await
        .unwrap_err();
    assert_eq!((&error, error.retry()), (&Error::Interrupted, Retry::Unknown));
}

#[tokio::test]
async fn no_answer_in_time_is_unknown() {
    for reply in ["", "HTTP/1.1 200 OK\r\ncontent-length: 27\r\n\r\n{\"errcode\":"] {
        let hurried = ClientOptions {
            timeout: Duration::from_millis(800),
            ..options(&rude(reply, true).await)
        };
        let error = send(&prepared(hurried).await).await.unwrap_err();
        assert_eq!((&error, error.retry()), (&Error::Timeout, Retry::Unknown));
    }
}

#[tokio::test]
async fn an_answer_that_is_not_wechats_is_unknown() {
    for body in [
        "<html>busy</html>",
        "",
        "[]",
        "{\"errcode\":",
        "{\"errcode\":\"45015\"}",
        "{\"errcode\":null}",
    ] {
        let platform = Platform::start(move |_| axum::response::IntoResponse::into_response(body)).await;
        let error = send(&prepared(options(&platform.url)).await).await.unwrap_err();
        assert_eq!(
            (&error, error.retry()),
            (&Error::Decode, Retry::Unknown),
            "{body}"
        );
        assert_eq!(platform.calls().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_without_end_is_unknown() {
    let platform =
        Platform::start(|_| axum::response::IntoResponse::into_response("x".repeat(3_000_000))).await;
    let error = send(&prepared(options(&platform.url)).await).await.unwrap_err();
    assert_eq!((&error, error.retry()), (&Error::Decode, Retry::Unknown));
}

#[tokio::test]
async fn a_server_error_is_unknown_and_not_repeated() {
    let platform = Platform::start(|_| status(503)).await;
    let error = send(&prepared(options(&platform.url)).await).await.unwrap_err();
    assert_eq!(
        (&error, error.retry()),
        (&Error::Status { status: 503 }, Retry::Unknown)
    );
    assert_eq!(platform.calls().len(), 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed_by_a_send() {
    let redirect = |_: &crate::platform::Call| {
        axum::response::IntoResponse::into_response(axum::response::Redirect::temporary("/elsewhere"))
    };
    let platform = Platform::start(redirect).await;
    let error = send(&prepared(options(&platform.url)).await).await.unwrap_err();
    assert_eq!(
        (&error, error.retry()),
        (&Error::Status { status: 307 }, Retry::Never)
    );
    assert_eq!(platform.calls().len(), 1);
}

#[tokio::test]
async fn a_refusal_carries_number_text_and_request_id() {
    let body = serde_json::json!({
        "errcode": 45015,
        "errmsg": "response out of time limit or subscription is canceled rid: 6aac005a-01bfdbee-79769285",
    });
    let platform = Platform::start(move |_| crate::platform::answer(&body)).await;
    let error = send(&prepared(options(&platform.url)).await).await.unwrap_err();
    assert_eq!(error.retry(), Retry::Never);
    insta::assert_debug_snapshot!(error, @r#"
    Api {
        code: 45015,
        message: "response out of time limit or subscription is canceled",
        rid: Some(
            "6aac005a-01bfdbee-79769285",
        ),
    }
    "#);
    insta::assert_snapshot!(error, @"wechat answered `45015`: response out of time limit or subscription is canceled");
}

#[tokio::test]
async fn a_refusal_without_request_id_has_none() {
    let body = serde_json::json!({ "errcode": -1, "errmsg": "system error hint: [abc]" });
    let platform = Platform::start(move |_| crate::platform::answer(&body)).await;
    let error = send(&prepared(options(&platform.url)).await).await.unwrap_err();
    assert_eq!(
        (error.api_code(), error.rid(), error.retry()),
        (Some(-1), None, Retry::Later)
    );
}

#[tokio::test]
async fn a_refusal_without_text_is_a_refusal() {
    for body in [
        serde_json::json!({ "errcode": 45047 }),
        serde_json::json!({ "errcode": 45047, "errmsg": null }),
    ] {
        let platform = Platform::start(move |_| crate::platform::answer(&body)).await;
        let error = send(&prepared(options(&platform.url)).await).await.unwrap_err();
        assert_eq!((error.api_code(), error.retry()), (Some(45047), Retry::Never));
    }
}

#[tokio::test]
async fn an_answer_without_a_number_is_success() {
    let platform = Platform::start(|_| crate::platform::answer(&serde_json::json!({}))).await;
    send(&prepared(options(&platform.url)).await).await.unwrap();
}

#[tokio::test]
async fn the_other_host_is_asked_only_when_the_first_cannot_be_connected_to() {
    let fallback = Platform::start(|_| ok()).await;
    let to_fallback = |first: &Url| ClientOptions {
        fallback_base_url: Some(fallback.url.clone()),
        ..options(first)
    };

    send(&prepared(to_fallback(&refused_address().await)).await)
        .await
        .unwrap();
    assert_eq!(fallback.calls().len(), 1);

    let failing = Platform::start(|_| status(502)).await;
    send(&prepared(to_fallback(&failing.url)).await)
        .await
        .unwrap_err();
    send(&prepared(to_fallback(&rude("", false).await)).await)
        .await
        .unwrap_err();
    assert_eq!(
        fallback.calls().len(),
        1,
        "what may have arrived is not sent to another host"
    );
}

#[tokio::test]
async fn a_send_without_a_token_is_certain_however_the_token_call_fails() {
    let platform = Platform::start(|_| status(502)).await;
    let error = send(&platform.client()).await.unwrap_err();
    assert_eq!(
        (error.retry(), platform.paths()),
        (Retry::Later, vec![TOKEN.to_owned()])
    );
}

#[tokio::test]
async fn an_endless_answer_to_the_token_call_is_no_reason_to_give_up() {
    let platform =
        Platform::start(|_| axum::response::IntoResponse::into_response("x".repeat(3_000_000))).await;
    let error = send(&platform.client()).await.unwrap_err();
    assert_eq!(
        (&error, error.retry()),
        (&Error::Token(Box::new(Error::Decode)), Retry::Later)
    );
}

#[tokio::test]
async fn typing_may_be_repeated_whatever_happened() {
    let platform = Platform::start(|call| {
        if call.path == TOKEN {
            token("T")
        } else {
            status(502)
        }
    })
    .await;
    let error = platform
        .client()
        .typing(&OpenId::from("o1"), true)
        .await
        .unwrap_err();
    assert_eq!(
        (error.retry(), error.code()),
        (Retry::Later, "wechat_http_status")
    );

    let platform = Platform::start(|call| {
        if call.path == TOKEN {
            token("T")
        } else {
            refusal(45081)
        }
    })
    .await;
    let error = platform
        .client()
        .typing(&OpenId::from("o1"), true)
        .await
        .unwrap_err();
    assert_eq!((error.api_code(), error.retry()), (Some(45081), Retry::Never));
}

#[tokio::test]
async fn no_error_shows_the_token_or_the_secret() {
    let urls = [
        refused_address().await,
        rude("", false).await,
        Platform::start(|_| status(500)).await.url,
    ];
    for url in urls {
        let error = send(&prepared(options(&url)).await).await.unwrap_err();
        let shown = format!("{error:?} {error}");
        assert!(!shown.contains("secret"), "{shown}");
    }
    let client = prepared(options(&refused_address().await)).await;
    assert!(!format!("{client:?}").contains("secret"));
}

#[test]
fn an_address_that_is_not_http_is_refused_at_once() {
    let store = std::sync::Arc::new(MemoryTokenStore::default());
    let url = Url::parse("ftp://example.com").unwrap();
    let error = Client::new(options(&url), store).unwrap_err();
    assert_eq!(error.code(), "wechat_setup");
}
