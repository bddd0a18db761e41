//! A browser that follows changes.

use super::Api;
use serde_json::Value;
use std::time::Duration;

/// A browser that listens.
pub struct Listener {
    answer: reqwest::Response,
    buffer: String,
}

/// One event of the stream.
#[derive(Debug)]
pub struct Told {
    pub event: String,
    pub id: String,
    pub data: Value,
}

impl Listener {
    pub async fn connect(api: &Api, last: Option<&str>) -> Self {
        let mut request = api
            .client
            .get(format!("{}/events", api.base))
            .header("cookie", api.cookie.clone().expect("cookie"));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        Self {
            answer,
            buffer: String::new(),
        }
    }

    /// The next event that is not a ping; `None` at the end.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((block, rest)) = self
                .buffer
                .split_once("\n\n")
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
            {
                self.buffer = rest;
                let field = |name: &str| {
                    block
                        .lines()
                        .find_map(|l| l.strip_prefix(name))
                        .unwrap_or_default()
                        .trim()
                        .to_owned()
                };
                let (event, id) = (field("event:"), field("id:"));
                if event != "ping" {
                    return Some(Told {
                        event,
                        id,
                        data: serde_json::from_str(&field("data:")).expect("JSON"),
                    });
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.answer.chunk())
                .await
                .expect("in time");
            self.buffer
                .push_str(std::str::from_utf8(&chunk.ok()??).expect("UTF-8"));
        }
    }

    /// The next change of this kind.
    pub async fn change(&mut self, kind: &str) -> Told {
        loop {
            let told = self.next().await.expect("the stream goes on");
            if told.event == "change" && told.data["kind"] == kind {
                return told;
            }
        }
    }
}
