//! Tokens by the classic call, and from somewhere else. The usual way is in `tokens.rs`.

use std::sync::{Arc, Mutex};

use wechat::{
    AccessToken, BoxFuture, Client, ClientOptions, Error, MemoryTokenStore, OauthScope, OpenId, TokenSource,
    TokenWay,
};

use crate::platform::{Platform, client_with, ok, options, refusal, token};

const CLASSIC: &str = "/cgi-bin/token";
const TYPING: &str = "/cgi-bin/message/custom/typing";

async fn typing(client: &Client) -> Result<(), Error> {
    client.typing(&OpenId::from("o1"), true).await
}

fn made(options: ClientOptions) -> Client {
    client_with(options, Arc::new(MemoryTokenStore::default()))
}

#[tokio::test]
async fn the_classic_call_is_a_get_and_a_refused_token_is_replaced_by_another() {
    let platform = Platform::start(|call| match call.path.as_str() {
        CLASSIC => token(["old", "new"][call.earlier.min(1)]),
        _ if call.query == "access_token=new" => ok(),
        _ => refusal(40001),
    })
    .await;
    let client = made(ClientOptions {
        token_way: TokenWay::Classic,
        ..options(&platform.url)
    });
    typing(&client).await.unwrap();
    typing(&client).await.unwrap();
    assert_eq!(platform.paths(), [CLASSIC, TYPING, CLASSIC, TYPING, TYPING]);
    let asked = &platform.calls()[0];
    assert_eq!(
        (asked.method.as_str(), asked.query.as_str()),
        (
            "GET",
            "grant_type=client_credential&appid=wx0123456789abcdef&secret=app-secret"
        )
    );
}

/// Hands out what it has, and remembers which tokens were refused.
#[derive(Default)]
struct Elsewhere {
    tokens: Mutex<Vec<&'static str>>,
    refused: Mutex<Vec<String>>,
}

impl TokenSource for Elsewhere {
    fn token<'s>(&'s self, refused: Option<&'s AccessToken>) -> BoxFuture<'s, Result<AccessToken, Error>> {
        let mut tokens = self.tokens.lock().unwrap();
        if let Some(refused) = refused {
            self.refused.lock().unwrap().push(refused.expose().to_owned());
            if tokens.len() > 1 {
                tokens.remove(0);
            }
        }
        let token = tokens.first().map(|token| AccessToken::from(*token));
        Box::pin(std::future::ready(token.ok_or(Error::Connect)))
    }
}

async fn with_tokens(tokens: &[&'static str]) -> (Platform, Arc<Elsewhere>, Client) {
    let platform = Platform::start(|call| match call.query.as_str() {
        "access_token=good" => ok(),
        _ => refusal(42001),
    })
    .await;
    let source = Arc::new(Elsewhere {
        tokens: Mutex::new(tokens.to_vec()),
        ..Elsewhere::default()
    });
    let elsewhere = ClientOptions::with_token_source("wx0123456789abcdef".into(), source.clone());
    let client = made(ClientOptions {
        base_url: platform.url.clone(),
        ..elsewhere
    });
    (platform, source, client)
}

#[tokio::test]
async fn a_token_from_elsewhere_is_used_and_asked_for_again_when_refused() {
    // The provider is installed by `options`.
    let _ = options(&url::Url::parse("http://127.0.0.1/").unwrap());
    let (platform, source, client) = with_tokens(&["stale", "good"]).await;
    typing(&client).await.unwrap();
    assert_eq!(platform.paths(), [TYPING, TYPING], "no token call of its own");
    assert_eq!(*source.refused.lock().unwrap(), ["stale"]);
}

#[tokio::test]
async fn a_source_without_another_token_leaves_the_refusal() {
    let _ = options(&url::Url::parse("http://127.0.0.1/").unwrap());
    let (_, _, client) = with_tokens(&["stale"]).await;
    assert_eq!(typing(&client).await.unwrap_err().api_code(), Some(42001));
    let (platform, _, client) = with_tokens(&[]).await;
    assert_eq!(typing(&client).await.unwrap_err().code(), "wechat_token");
    assert!(platform.calls().is_empty());
}

#[tokio::test]
async fn calls_that_need_the_secret_say_so_without_one() {
    let _ = options(&url::Url::parse("http://127.0.0.1/").unwrap());
    let (platform, _, client) = with_tokens(&["good"]).await;
    assert_eq!(
        client.oauth_grant("CODE").await.unwrap_err().code(),
        "wechat_setup"
    );
    assert_eq!(
        client.clear_quota_by_secret().await.unwrap_err().code(),
        "wechat_setup"
    );
    assert!(platform.calls().is_empty());
    let page = url::Url::parse("https://example.com").unwrap();
    assert!(client.oauth_url(&page, OauthScope::Base, "s").is_ok());
}
