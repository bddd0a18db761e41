//! Access tokens: where they are kept (the caller's [`TokenStore`]) and how they are renewed. One renewal at a
//! time in a process; whoever waited for it takes its outcome, a failure too.
//!
//! Tokens come from `stable_token`, which hands every node the same one, so no lock between nodes is needed.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use tokio::sync::Mutex;

use super::transport::{Answer, Deadline, JSON_LIMIT, Payload, Request, Transport};
use super::{Error, decode};
use crate::{AccessToken, AppId, AppSecret};

/// A token is renewed this long before its end, so that it does not end during a call.
const RENEW_BEFORE_MS: i64 = 120_000;

/// A future on the heap, as trait objects need it.
pub type BoxFuture<'f, T> = Pin<Box<dyn Future<Output = T> + Send + 'f>>;

/// A token and its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    /// The token.
    pub value: AccessToken,
    /// Its end, in milliseconds by the store's clock.
    pub expires_at_ms: i64,
}

/// Where the token of one account is kept, and by which clock. Nodes that share a store share the token.
pub trait TokenStore: Send + Sync {
    /// The time by which tokens age, in milliseconds.
    fn now_ms(&self) -> i64;
    /// The token that was saved last.
    fn load(&self) -> BoxFuture<'_, Option<StoredToken>>;
    /// Keeps a token in place of the last one.
    fn save(&self, token: StoredToken) -> BoxFuture<'_, ()>;
    /// Takes the right to one forced renewal: WeChat allows 20 a day, 30 seconds apart, for all nodes together.
    fn may_force_refresh(&self) -> BoxFuture<'_, bool>;
}

/// A store for one process: everything is forgotten with it.
#[derive(Debug)]
pub struct MemoryTokenStore {
    started: Instant,
    memory: std::sync::Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    token: Option<StoredToken>,
    advanced: Duration,
    forced_at_ms: VecDeque<i64>,
}

impl Default for MemoryTokenStore {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            memory: std::sync::Mutex::default(),
        }
    }
}

impl MemoryTokenStore {
    /// Moves this store's clock forward.
    pub fn advance(&self, by: Duration) {
        self.memory().advanced += by;
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_forced_refresh(&self) -> bool {
        const DAY_MS: i64 = 24 * 60 * 60 * 1000;
        let now = self.now_ms();
        let forced = &mut self.memory().forced_at_ms;
        while forced.front().is_some_and(|at| now - at >= DAY_MS) {
            forced.pop_front();
        }
        let allowed = forced.len() < 20 && forced.back().is_none_or(|at| now - at >= 30_000);
        if allowed {
            forced.push_back(now);
        }
        allowed
    }
}

impl TokenStore for MemoryTokenStore {
    fn now_ms(&self) -> i64 {
        let age = self.started.elapsed() + self.memory().advanced;
        i64::try_from(age.as_millis()).unwrap_or(i64::MAX)
    }

    fn load(&self) -> BoxFuture<'_, Option<StoredToken>> {
        Box::pin(std::future::ready(self.memory().token.clone()))
    }

    fn save(&self, token: StoredToken) -> BoxFuture<'_, ()> {
        self.memory().token = Some(token);
        Box::pin(std::future::ready(()))
    }

    fn may_force_refresh(&self) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(self.take_forced_refresh()))
    }
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
    store: Arc<dyn TokenStore>,
    rounds: AtomicU64,
    last_round: Mutex<Option<Result<AccessToken, NoToken>>>,
}

impl Tokens {
    pub(super) fn new(app_id: AppId, secret: AppSecret, store: Arc<dyn TokenStore>) -> Self {
        Self {
            app_id,
            secret,
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
        self.renewed(transport, Some(refused), deadline).await
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
        if !self.store.may_force_refresh().await {
            return Err(NoToken::StillRefused);
        }
        let token = self.call(transport, Renewal::Forced, deadline).await?;
        if Some(&token) == refused {
            Err(NoToken::StillRefused)
        } else {
            Ok(token)
        }
    }

    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html>.
    /// Limits: 10 000 a minute, 500 000 a day; forced 20 a day.
    async fn call(
        &self,
        transport: &Transport,
        renewal: Renewal,
        deadline: Deadline,
    ) -> Result<AccessToken, NoToken> {
        let asked_at_ms = self.store.now_ms();
        let request = self.request(renewal);
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
        }
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
