//! Web logins of people on one account: codes that were handed out, and the tokens they were changed into.
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::random;

pub(crate) const CODE_LIFE_MS: i64 = 300_000;
pub(crate) const TOKEN_LIFE_MS: i64 = 7_200_000;
const REFRESH_LIFE_MS: i64 = 30 * 86_400_000;
/// Older ones are forgotten.
const KEPT: usize = 1000;

/// Good for one exchange.
#[derive(Clone)]
pub(crate) struct Code {
    pub(crate) code: String,
    pub(crate) openid: String,
    pub(crate) scope: String,
    pub(crate) until_ms: i64,
    pub(crate) is_used: bool,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) openid: String,
    pub(crate) scope: String,
    pub(crate) until_ms: i64,
    pub(crate) refresh_until_ms: i64,
}

impl Login {
    pub(crate) fn new(openid: String, scope: String, now_ms: i64) -> Self {
        Self {
            access_token: new_token(),
            refresh_token: new_token(),
            openid,
            scope,
            until_ms: now_ms + TOKEN_LIFE_MS,
            refresh_until_ms: now_ms + REFRESH_LIFE_MS,
        }
    }

    /// A token that still holds is prolonged, one that does not is replaced.
    pub(crate) fn renew(&mut self, now_ms: i64) {
        if now_ms >= self.until_ms {
            self.access_token = new_token();
        }
        self.until_ms = now_ms + TOKEN_LIFE_MS;
    }
}

fn new_token() -> String {
    format!("96_{}", random::url_safe(84))
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Logins {
    #[serde(skip)]
    codes: Vec<Code>,
    logins: Vec<Login>,
}

/// Without codes and tokens, so that a log cannot hold them.
impl fmt::Debug for Logins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logins")
            .field("count", &self.logins.len())
            .finish_non_exhaustive()
    }
}

impl Logins {
    pub(crate) fn add_code(&mut self, code: Code) -> String {
        let text = code.code.clone();
        if self.codes.len() == KEPT {
            self.codes.remove(0);
        }
        self.codes.push(code);
        text
    }

    pub(crate) fn code_mut(&mut self, code: &str) -> Option<&mut Code> {
        self.codes.iter_mut().find(|known| known.code == code)
    }

    pub(crate) fn add(&mut self, login: Login) {
        if self.logins.len() == KEPT {
            self.logins.remove(0);
        }
        self.logins.push(login);
    }

    pub(crate) fn by_access_token(&self, token: &str) -> Option<&Login> {
        self.logins.iter().find(|login| login.access_token == token)
    }

    pub(crate) fn by_refresh_token_mut(&mut self, token: &str) -> Option<&mut Login> {
        self.logins.iter_mut().find(|login| login.refresh_token == token)
    }
}
