//! Tokens: asked for once, kept, renewed when refused, forced only with the store's leave.

use std::sync::Arc;
use std::time::Duration;

use wechat::{
    BoxFuture, Client, CustomMessage, Error, MemoryTokenStore, OpenId, Retry, StoredToken, TokenStore,
};

use crate::platform::{Call, Platform, answer, client_with, ok, options, refusal, token};

const TOKEN: &str = "/cgi-bin/stable_token";
const SEND: &str = "/cgi-bin/message/custom/send";

async fn send(client: &Client) -> Result<(), Error> {
    client
        .send_custom(&CustomMessage::Text {
            to: OpenId::from("o1"),
            content: "hi".to_owned(),
        })
        .await
}

/// A platform that accepts one token only and hands out `handed_out` one after the other, the last one for ever.
async fn accepting(accepted: &'static str, handed_out: &'static [&'static str]) -> Platform {
    Platform::start(move |call| match call.path.as_str() {
        TOKEN => token(handed_out[call.earlier.min(handed_out.len() - 1)]),
        _ if call.query == format!("access_token={accepted}") => ok(),
        _ => refusal(40001),
    })
    .await
}

fn forced(call: &Call) -> bool {
    call.json()["force_refresh"] == true
}

#[tokio::test]
async fn fifty_callers_at_once_make_one_token_call() {
    let platform = accepting("A", &["A"]).await;
    let client = platform.client();
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.access_token().await })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap().expose(), "A");
    }
    assert_eq!(platform.paths(), [TOKEN]);
}

#[tokio::test]
async fn callers_that_waited_for_a_failed_token_call_share_its_failure() {
    let platform = Platform::start(|_| refusal(40125)).await;
    let client = platform.client();
    let (first, second, third) = tokio::join!(
        client.access_token(),
        client.access_token(),
        client.access_token()
    );
    for outcome in [first, second, third] {
        assert_eq!(outcome.unwrap_err().api_code(), Some(40125));
    }
    assert_eq!(platform.paths(), [TOKEN]);
    client.access_token().await.unwrap_err();
    assert_eq!(platform.paths().len(), 2, "a later caller asks again");
}

#[tokio::test]
async fn after_prepare_a_send_is_one_request() {
    let platform = accepting("A", &["A"]).await;
    let client = platform.client();
    client.prepare().await.unwrap();
    assert_eq!(platform.paths(), [TOKEN]);
    send(&client).await.unwrap();
    assert_eq!(platform.paths(), [TOKEN, SEND]);
}

#[tokio::test]
async fn a_token_is_renewed_before_its_end() {
    let platform = accepting("A", &["A"]).await;
    let store = Arc::new(MemoryTokenStore::default());
    let client = client_with(options(&platform.url), store.clone());
    client.prepare().await.unwrap();
    store.advance(Duration::from_secs(7000));
    client.prepare().await.unwrap();
    assert_eq!(platform.paths().len(), 1, "200 seconds are left");
    store.advance(Duration::from_secs(90));
    client.prepare().await.unwrap();
    assert_eq!(platform.paths().len(), 2);
}

#[tokio::test]
async fn clients_that_share_a_store_share_the_token() {
    let platform = accepting("A", &["A"]).await;
    let store = Arc::new(MemoryTokenStore::default());
    send(&client_with(options(&platform.url), store.clone()))
        .await
        .unwrap();
    send(&client_with(options(&platform.url), store)).await.unwrap();
    assert_eq!(platform.paths(), [TOKEN, SEND, SEND]);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_the_call_repeated_once() {
    for code in [40001, 40014, 42001] {
        let platform = Platform::start(move |call| match call.path.as_str() {
            TOKEN if call.earlier == 0 => token("old"),
            TOKEN => token("new"),
            _ if call.query == "access_token=new" => ok(),
            _ => refusal(code),
        })
        .await;
        send(&platform.client()).await.unwrap();
        assert_eq!(platform.paths(), [TOKEN, SEND, TOKEN, SEND]);
        assert!(
            !platform
                .calls()
                .iter()
                .any(|call| call.path == TOKEN && forced(call))
        );
    }
}

#[tokio::test]
async fn the_same_token_again_is_forced_out_once() {
    let platform = accepting("new", &["old", "old", "new"]).await;
    send(&platform.client()).await.unwrap();
    assert_eq!(platform.paths(), [TOKEN, SEND, TOKEN, TOKEN, SEND]);
    let forced: Vec<bool> = platform
        .calls()
        .iter()
        .filter(|call| call.path == TOKEN)
        .map(forced)
        .collect();
    assert_eq!(forced, [false, false, true]);
}

#[tokio::test]
async fn a_forced_renewal_within_30_seconds_of_the_last_is_not_made() {
    let platform = accepting("none", &["old"]).await;
    let store = Arc::new(MemoryTokenStore::default());
    let client = client_with(options(&platform.url), store.clone());
    let forced = || {
        platform
            .calls()
            .iter()
            .filter(|call| call.path == TOKEN && forced(call))
            .count()
    };

    assert_eq!(send(&client).await.unwrap_err().api_code(), Some(40001));
    assert_eq!(forced(), 1);
    let error = send(&client).await.unwrap_err();
    assert_eq!((forced(), error.retry()), (1, Retry::RefreshToken));
    assert_eq!(
        error.rid(),
        Some("6aac005a-40001"),
        "the refusal of the call itself is reported"
    );
    store.advance(Duration::from_secs(31));
    send(&client).await.unwrap_err();
    assert_eq!(forced(), 2);
}

#[tokio::test]
async fn at_most_twenty_forced_renewals_are_made_a_day() {
    let store = MemoryTokenStore::default();
    let mut allowed = 0;
    for _ in 0..40 {
        allowed += usize::from(store.may_force_refresh().await);
        store.advance(Duration::from_secs(31));
    }
    assert_eq!(allowed, 20);
    store.advance(Duration::from_secs(24 * 60 * 60));
    assert!(store.may_force_refresh().await);
}

#[tokio::test]
async fn fifty_refused_calls_renew_the_token_once() {
    let platform = accepting("new", &["old", "new"]).await;
    let client = platform.client();
    client.prepare().await.unwrap();
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { send(&client).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(platform.paths().iter().filter(|path| *path == TOKEN).count(), 2);
}

#[tokio::test]
async fn a_call_that_is_refused_twice_is_not_made_a_third_time() {
    let platform = accepting("none", &["old", "new"]).await;
    let error = send(&platform.client()).await.unwrap_err();
    assert_eq!(
        (error.api_code(), error.retry()),
        (Some(40001), Retry::RefreshToken)
    );
    assert_eq!(platform.paths(), [TOKEN, SEND, TOKEN, SEND]);
}

#[tokio::test]
async fn a_refusal_that_is_not_about_the_token_renews_nothing() {
    let platform = Platform::start(|call| {
        if call.path == TOKEN {
            token("A")
        } else {
            refusal(45015)
        }
    })
    .await;
    send(&platform.client()).await.unwrap_err();
    assert_eq!(platform.paths(), [TOKEN, SEND]);
}

#[tokio::test]
async fn a_wrong_secret_is_final_and_the_message_is_not_sent() {
    for code in [40001, 40125, 40013, 40164] {
        let platform = Platform::start(move |_| refusal(code)).await;
        let error = send(&platform.client()).await.unwrap_err();
        assert!(matches!(error, Error::Token(_)), "{error:?}");
        assert_eq!((error.api_code(), error.retry()), (Some(code), Retry::Never));
        assert_eq!(platform.paths(), [TOKEN]);
    }
}

#[tokio::test]
async fn an_answer_without_a_token_is_not_a_token() {
    for body in [
        serde_json::json!({}),
        serde_json::json!({ "access_token": "", "expires_in": 7200 }),
    ] {
        let platform = Platform::start(move |_| answer(&body)).await;
        let error = platform.client().access_token().await.unwrap_err();
        assert_eq!(error, Error::Token(Box::new(Error::Decode)));
        assert_eq!(error.retry(), Retry::Later);
    }
}

/// A store whose other node has renewed the token in the meantime.
struct Shared(MemoryTokenStore);

impl TokenStore for Shared {
    fn now_ms(&self) -> i64 {
        self.0.now_ms()
    }

    fn load(&self) -> BoxFuture<'_, Option<StoredToken>> {
        Box::pin(async {
            let first = self.0.load().await;
            let next = StoredToken {
                value: "new".into(),
                expires_at_ms: self.now_ms() + 7_200_000,
            };
            self.0.save(next).await;
            first
        })
    }

    fn save(&self, token: StoredToken) -> BoxFuture<'_, ()> {
        self.0.save(token)
    }

    fn may_force_refresh(&self) -> BoxFuture<'_, bool> {
        self.0.may_force_refresh()
    }
}

#[tokio::test]
async fn a_token_another_node_has_renewed_is_used_without_asking() {
    let platform = accepting("new", &["never"]).await;
    let store = Shared(MemoryTokenStore::default());
    store
        .0
        .save(StoredToken {
            value: "old".into(),
            expires_at_ms: 7_200_000,
        })
        .await;
    send(&client_with(options(&platform.url), Arc::new(store)))
        .await
        .unwrap();
    assert_eq!(platform.paths(), [SEND, SEND]);
}
