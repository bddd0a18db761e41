//! Access tokens: where they come from and how they are renewed. One renewal at a time in a process; whoever waited
//! for it takes its outcome, a failure too. Where they are kept is `token_store.rs`.
//!
//! `stable_token` hands every node the same one, so no lock between nodes is needed.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Deserialize;
use tokio::sync::Mutex;

use super::token_store::{BoxFuture, StoredToken, TokenStore};
use super::transport::{Answer, Deadline, JSON_LIMIT, Payload, Request, Transport};
use super::{Error, decode};
use crate::{AccessToken, AppId, AppSecret};

/// A token is renewed this long before its end, so that it does not end during a call.
pub(super) const RENEW_BEFORE_MS: i64 = 120_000;

/// Where access tokens come from.
#[derive(Clone, Default)]
pub enum TokenWay {
    /// `stable_token`: everybody who asks gets the same token.
    #[default]
    Stable,
    /// `token`: each call makes a new one, and the one before ends within five minutes. Whoever shares the account
    /// has to share the [`TokenStore`] too. 2000 a day.
    Classic,
    /// Somebody else obtains them: a token server, a third-party platform.
    Elsewhere(Arc<dyn TokenSource>),
}

impl fmt::Debug for TokenWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stable => "Stable",
            Self::Classic => "Classic",
            Self::Elsewhere(_) => "Elsewhere",
        })
    }
}

/// Somebody who hands out access tokens. The client keeps none of them: this does, if it is worth it.
pub trait TokenSource: Send + Sync {
    /// The token in force. `refused` is one WeChat has just refused: another one, if there is.
    fn token<'s>(&'s self, refused: Option<&'s AccessToken>) -> BoxFuture<'s, Result<AccessToken, Error>>;
}

/// Why there is no new token.
#[derive(Clone, Debug)]
pub(super) enum NoToken {
    /// The token call failed.
    Failed(Error),
    /// WeChat refuses the token it hands out, and no forced renewal is allowed now or it changed nothing.
    StillRefused,
}

impl From<NoToken> for Error {
    fn from(reason: NoToken) -> Self {
        match reason {
            NoToken::Failed(error) => Self::Token(Box::new(error)),
            NoToken::StillRefused => {
                Self::Token(Box::new(Self::api(40001, "the renewed token is refused as well")))
            }
        }
    }
}

/// Gives out the token of one account.
pub(super) struct Tokens {
    app_id: AppId,
    secret: AppSecret,
    way: TokenWay,
    store: Arc<dyn TokenStore>,
    rounds: AtomicU64,
    last_round: Mutex<Option<Result<AccessToken, NoToken>>>,
}

impl Tokens {
    pub(super) fn new(app_id: AppId, secret: AppSecret, way: TokenWay, store: Arc<dyn TokenStore>) -> Self {
        Self {
            app_id,
            secret,
            way,
            store,
            rounds: AtomicU64::new(0),
            last_round: Mutex::new(None),
        }
    }

    /// A token that is good for a while.
    pub(super) async fn current(
        &self,
        transport: &Transport,
        deadline: Deadline,
    ) -> Result<AccessToken, NoToken> {
        if let TokenWay::Elsewhere(source) = &self.way {
            return fetched(&**source, None, deadline).await;
        }
        match self.stored().await {
            Some(token) => Ok(token),
            None => self.renewed(transport, None, deadline).await,
        }
    }

    /// A token other than the one WeChat has just refused.
    pub(super) async fn instead_of(
        &self,
        refused: &AccessToken,
        transport: &Transport,
        deadline: Deadline,
    ) -> Result<AccessToken, NoToken> {
        if let TokenWay::Elsewhere(source) = &self.way {
            let token = fetched(&**source, Some(refused), deadline).await?;
            return if token == *refused {
                Err(NoToken::StillRefused)
            } else {
                Ok(token)
            };
        }
        self.renewed(transport, Some(refused), deadline).await
    }

    /// The time by which tokens and tickets age.
    pub(super) fn now_ms(&self) -> i64 {
        self.store.now_ms()
    }

    /// The secret itself, for the few calls that take it.
    pub(super) fn secret(&self) -> Result<&AppSecret, Error> {
        if self.secret.expose().is_empty() {
            let detail = "this call needs the account's AppSecret".to_owned();
            return Err(Error::Setup { detail });
        }
        Ok(&self.secret)
    }

    async fn stored(&self) -> Option<AccessToken> {
        let token = self.store.load().await?;
        (token.expires_at_ms - self.store.now_ms() > RENEW_BEFORE_MS).then_some(token.value)
    }

    async fn renewed(
        &self,
        transport: &Transport,
        refused: Option<&AccessToken>,
        deadline: Deadline,
    ) -> Result<AccessToken, NoToken> {
        let seen = self.rounds.load(Ordering::Acquire);
        let round = tokio::time::timeout_at(deadline.instant(), self.last_round.lock());
        let mut last_round = round.await.map_err(|_| NoToken::Failed(Error::Timeout))?;
        if self.rounds.load(Ordering::Acquire) > seen {
            match &*last_round {
                Some(Ok(token)) if Some(token) == refused => {}
                Some(outcome) => return outcome.clone(),
                None => {}
            }
        }
        if let Some(token) = self.stored().await.filter(|token| Some(token) != refused) {
            return Ok(token);
        }
        let outcome = self.ask(transport, refused, deadline).await;
        *last_round = Some(outcome.clone());
        self.rounds.fetch_add(1, Ordering::Release);
        outcome
    }

    async fn ask(
        &self,
        transport: &Transport,
        refused: Option<&AccessToken>,
        deadline: Deadline,
    ) -> Result<AccessToken, NoToken> {
        let token = self.call(transport, Renewal::Normal, deadline).await?;
        if Some(&token) != refused {
            return Ok(token);
        }
        // Each classic call makes a new token; only the stable one can be the same again.
        if matches!(self.way, TokenWay::Classic) || !self.store.may_force_refresh().await {
            return Err(NoToken::StillRefused);
        }
        let token = self.call(transport, Renewal::Forced, deadline).await?;
        if Some(&token) == refused {
            Err(NoToken::StillRefused)
        } else {
            Ok(token)
        }
    }

    /// Vendor pages: <https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html>
    /// (10 000 a minute, 500 000 a day; forced 20 a day) and
    /// <https://developers.weixin.qq.com/doc/service/api/base/api_getaccesstoken.html> (2000 a day).
    async fn call(
        &self,
        transport: &Transport,
        renewal: Renewal,
        deadline: Deadline,
    ) -> Result<AccessToken, NoToken> {
        let asked_at_ms = self.store.now_ms();
        let request = match self.way {
            TokenWay::Classic => self.classic_request(),
            _ => self.request(renewal),
        };
        let answer = transport.exchange(&request, None, deadline).await;
        let granted = answer.and_then(|answer| granted(&answer));
        let granted = granted.map_err(|error| NoToken::Failed(error.of_json_call()))?;
        let value = AccessToken::from(granted.access_token);
        let expires_at_ms = asked_at_ms.saturating_add(granted.expires_in.saturating_mul(1000));
        self.store
            .save(StoredToken {
                value: value.clone(),
                expires_at_ms,
            })
            .await;
        Ok(value)
    }

    fn request(&self, renewal: Renewal) -> Request<'static> {
        let mut body = serde_json::json!({
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self.secret.expose(),
        });
        if renewal == Renewal::Forced {
            body["force_refresh"] = serde_json::Value::Bool(true);
        }
        let payload = Payload::Json(body.to_string().into());
        Request {
            path: "/cgi-bin/stable_token",
            query: Vec::new(),
            payload,
            limit: JSON_LIMIT,
            accepted: &[],
        }
    }

    fn classic_request(&self) -> Request<'_> {
        let query = vec![
            ("grant_type", "client_credential"),
            ("appid", self.app_id.as_str()),
            ("secret", self.secret.expose()),
        ];
        Request {
            path: "/cgi-bin/token",
            query,
            payload: Payload::None,
            limit: JSON_LIMIT,
            accepted: &[],
        }
    }
}

async fn fetched(
    source: &dyn TokenSource,
    refused: Option<&AccessToken>,
    deadline: Deadline,
) -> Result<AccessToken, NoToken> {
    match tokio::time::timeout_at(deadline.instant(), source.token(refused)).await {
        Ok(outcome) => outcome.map_err(NoToken::Failed),
        Err(_) => Err(NoToken::Failed(Error::Timeout)),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Renewal {
    /// Returns the token in force while it lasts.
    Normal,
    /// Ends the token in force.
    Forced,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: i64,
}

fn granted(answer: &Answer) -> Result<Granted, Error> {
    let granted: Granted = decode(answer)?;
    if granted.access_token.is_empty() {
        Err(Error::Decode)
    } else {
        Ok(granted)
    }
}
