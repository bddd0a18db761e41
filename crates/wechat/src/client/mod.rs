//! What a server asks of WeChat. The calls are one file per subject; sending is `transport.rs`, the forms of calls
//! `call.rs`, tokens `token.rs`, the judgement of failures `error.rs` and `class.rs`.

pub(crate) mod auto_reply;
pub(crate) mod blacklist;
mod call;
pub(crate) mod class;
pub(crate) mod custom;
pub(crate) mod error;
pub(crate) mod js_ticket;
pub(crate) mod kf;
pub(crate) mod kf_chat;
pub(crate) mod mass;
pub(crate) mod mass_video;
pub(crate) mod media;
pub(crate) mod menu;
pub(crate) mod menu_button;
pub(crate) mod network;
pub(crate) mod notice;
pub(crate) mod oauth;
pub(crate) mod observer;
pub(crate) mod probe;
pub(crate) mod qrcode;
pub(crate) mod quota;
pub(crate) mod short_key;
pub(crate) mod tag;
pub(crate) mod template;
pub(crate) mod token;
pub(crate) mod token_store;
mod transport;
pub(crate) mod user;
mod voice_length;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use url::Url;

use crate::{AccessToken, AppId, AppSecret};
use error::Error;
use js_ticket::TicketCache;
use observer::Observer;
use token::{NoToken, TokenSource, TokenWay, Tokens};
use token_store::TokenStore;
use transport::{Answer, Deadline, Request, Transport};

/// WeChat's nearest entry.
pub const DEFAULT_BASE_URL: &str = "https://api.weixin.qq.com";

/// How long a call may take in all, its token and its one repetition included.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(8);

/// How long the up- or download of a file may take in all.
pub const MEDIA_TIMEOUT: Duration = Duration::from_secs(60);

/// What a [`Client`] is made of.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// Where the interface is: scheme, host, port, and a path in front of WeChat's own if there is one.
    pub base_url: Url,
    /// Asked when `base_url` cannot be connected to, and only then.
    pub fallback_base_url: Option<Url>,
    /// The account.
    pub app_id: AppId,
    /// Its secret.
    pub secret: AppSecret,
    /// How long a call may take in all; files have [`MEDIA_TIMEOUT`].
    pub timeout: Duration,
    /// Where access tokens come from.
    pub token_way: TokenWay,
    /// Who hears of what concerns the account as a whole.
    pub observer: Option<Arc<dyn Observer>>,
}

impl ClientOptions {
    /// Tencent's own address, no fallback, eight seconds.
    pub fn new(app_id: AppId, secret: AppSecret) -> Self {
        let base_url = Url::parse(DEFAULT_BASE_URL).expect("the default address is well-formed");
        Self {
            base_url,
            fallback_base_url: None,
            app_id,
            secret,
            timeout: DEFAULT_TIMEOUT,
            token_way: TokenWay::Stable,
            observer: None,
        }
    }

    /// For programs that get their tokens from somewhere else and do not have the secret. Calls that need the secret
    /// itself (web authorisation) are refused with [`Error::Setup`].
    pub fn with_token_source(app_id: AppId, source: Arc<dyn TokenSource>) -> Self {
        Self {
            token_way: TokenWay::Elsewhere(source),
            ..Self::new(app_id, AppSecret::from(""))
        }
    }
}

/// The interface of one account. Clones are cheap and share their token renewals: make one per account.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    app_id: AppId,
    timeout: Duration,
    transport: Transport,
    tokens: Tokens,
    ticket: TicketCache,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("app_id", &self.inner.app_id)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a client. It connects to nothing yet.
    ///
    /// # Panics
    ///
    /// If the program has not installed a cryptography provider for rustls.
    pub fn new(options: ClientOptions, tokens: Arc<dyn TokenStore>) -> Result<Self, Error> {
        let transport = Transport::new(&options)?;
        let tokens = Tokens::new(options.app_id.clone(), options.secret, options.token_way, tokens);
        let inner = Inner {
            app_id: options.app_id,
            timeout: options.timeout,
            transport,
            tokens,
            ticket: TicketCache::default(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// A token that is good for two minutes at least, from the store or from WeChat.
    ///
    /// Every failure is [`Error::Token`]: [`Error::api_code`] tells what WeChat said.
    pub async fn access_token(&self) -> Result<AccessToken, Error> {
        let deadline = self.deadline();
        self.inner
            .tokens
            .current(&self.inner.transport, deadline)
            .await
            .map_err(Error::from)
    }

    /// Makes sure of a token, so that the call that follows is one request.
    pub async fn prepare(&self) -> Result<(), Error> {
        self.access_token().await.map(drop)
    }

    /// The account this client speaks for.
    pub fn app_id(&self) -> &AppId {
        &self.inner.app_id
    }

    fn deadline(&self) -> Deadline {
        Deadline::after(self.inner.timeout)
    }

    fn media_deadline(&self) -> Deadline {
        Deadline::after(MEDIA_TIMEOUT.max(self.inner.timeout))
    }

    /// Makes a call with a token. A refused token is renewed once and the call, which had no effect, repeated once.
    async fn call(&self, request: &Request<'_>, deadline: Deadline) -> Result<Answer, Error> {
        let Inner {
            transport, tokens, ..
        } = &*self.inner;
        let token = tokens.current(transport, deadline).await?;
        let refusal = match transport.exchange(request, Some(&token), deadline).await {
            Err(error) if error.refuses_token() => error,
            outcome => return outcome,
        };
        match tokens.instead_of(&token, transport, deadline).await {
            Ok(token) => transport.exchange(request, Some(&token), deadline).await,
            Err(NoToken::StillRefused) => Err(refusal),
            Err(failed) => Err(failed.into()),
        }
    }
}

/// Reads a JSON answer. Fields that are not named in `T` are ignored: WeChat adds some now and then.
fn decode<T: DeserializeOwned>(answer: &Answer) -> Result<T, Error> {
    if !answer.looks_like_json() {
        return Err(Error::Decode);
    }
    serde_json::from_slice(&answer.bytes).map_err(|_| Error::Decode)
}
