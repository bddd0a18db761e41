//! A refusal that comes before the body was read still arrives, and the connection lives on.

use crate::harness::Desk;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection, on which the body comes after the answer could have been written.
struct Slow(TcpStream);

impl Slow {
    async fn to(desk: &Desk) -> Self {
        let address = desk.base.trim_start_matches("http://");
        Self(TcpStream::connect(address).await.expect("it listens"))
    }

    /// Sends the head, then the body in two parts; the status of the answer.
    async fn post(&mut self, path: &str, body: &[u8]) -> String {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: desk\r\nx-kefu-request: 1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        self.0.write_all(head.as_bytes()).await.expect("the head leaves");
        self.0.flush().await.expect("it is sent");
        let (first, second) = body.split_at(body.len() / 2);
        for part in [first, second] {
            tokio::task::yield_now().await;
            self.0.write_all(part).await.expect("the body leaves");
            self.0.flush().await.expect("it is sent");
        }
        self.answer().await
    }

    /// Reads one answer, whose length is told.
    async fn answer(&mut self) -> String {
        let mut read = Vec::new();
        loop {
            let text = String::from_utf8_lossy(&read).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "));
                if body.len() >= length.map_or(0, |digits| digits.parse().expect("a length")) {
                    return head.split(' ').nth(1).expect("a status").to_owned();
                }
            }
            let mut part = [0; 4096];
            let count = self.0.read(&mut part).await.expect("the connection lives");
            assert_ne!(count, 0, "the connection was closed after {text:?}");
            read.extend_from_slice(&part[..count]);
        }
    }
}

#[tokio::test]
async fn a_refusal_before_the_body_leaves_the_connection_usable() {
    let desk = Desk::start().await;
    let mut slow = Slow::to(&desk).await;
    for _ in 0..20 {
        assert_eq!(
            slow.post("/api/v1/channels", b"{\"name\": \"late\"}").await,
            "401"
        );
        assert_eq!(slow.post("/callback/wechat/nobody", b"<xml></xml>").await, "404");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_on_a_connection_that_lives_on() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let callback = channel.callback_url.trim_start_matches(&desk.base).to_owned();
    let mut slow = Slow::to(&desk).await;
    let large = vec![b'x'; 4 * 1024 * 1024];
    assert_eq!(slow.post(&callback, &large).await, "413");
    assert_eq!(slow.post("/api/v1/login", &large).await, "413");
    assert_eq!(slow.post(&callback, b"<xml/>").await, "400");
}
