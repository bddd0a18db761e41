//! One call as an endpoint sees it, and what it may answer.
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::errcode::ApiError;
use crate::state::account::Account;
use crate::world::World;

/// A call that arrived on one of the platform's paths.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) world: Arc<World>,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: HashMap<String, String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) remote: SocketAddr,
    /// Whose call it is, once known.
    pub(crate) app_id: Option<String>,
    /// Whom it concerns, where one person is named.
    pub(crate) openid: Option<String>,
}

/// A successful answer.
#[derive(Debug)]
pub(crate) enum Answer {
    Json(Value),
    File {
        bytes: Bytes,
        mime: String,
        name: String,
    },
    /// A PNG picture.
    Picture(Vec<u8>),
    /// A page for a person, with its status.
    Page(u16, String),
    Redirect(String),
}

pub(crate) type Outcome = Result<Answer, ApiError>;

impl Answer {
    /// The answer of calls that return nothing.
    pub(crate) fn ok() -> Self {
        Self::Json(json!({ "errcode": 0, "errmsg": "ok" }))
    }

    /// What the record of calls keeps of it.
    pub(super) fn recorded(&self) -> String {
        match self {
            Self::Json(value) => value.to_string(),
            _ => String::new(),
        }
    }
}

impl Call {
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.world.now_ms()
    }

    /// The account whose token the call carries; only for endpoints that need one.
    pub(crate) fn account_id(&self) -> Result<&str, ApiError> {
        self.app_id.as_deref().ok_or_else(|| ApiError::new(40001))
    }

    /// Acts on the account whose token the call carries, with the time.
    pub(crate) fn with_account<T>(
        &self,
        act: impl FnOnce(&mut Account, i64) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let now_ms = self.now_ms();
        let app_id = self.account_id()?;
        let mut state = self.world.state();
        let account = state
            .accounts
            .get_mut(app_id)
            .ok_or_else(|| ApiError::new(40001))?;
        let done = act(account, now_ms);
        drop(state);
        self.world.unsaved.notify_one();
        done
    }

    /// The address under which the caller reached the simulator.
    pub(crate) fn base_url(&self) -> String {
        let host = self.headers.get("host").and_then(|host| host.to_str().ok());
        host.map_or_else(|| self.world.url(), |host| format!("http://{host}"))
    }

    /// The JSON body. The platform wants characters as they are: `\u` escapes of printable ones are refused.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let text = std::str::from_utf8(&self.body).map_err(|_| ApiError::new(40033))?;
        if text.trim().is_empty() {
            return Err(ApiError::new(44002));
        }
        if has_escaped_characters(text) {
            return Err(ApiError::new(40033));
        }
        serde_json::from_str(text).map_err(|_| ApiError::new(47001))
    }
}

/// Whether the JSON text has a `\uXXXX` escape other than for a control character.
fn has_escaped_characters(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let escape = &rest.as_bytes()[at + 1..];
        if let [b'u', a, b, _, _, ..] = escape {
            let is_control = *a == b'0' && *b == b'0' && matches!(escape[3], b'0' | b'1');
            if !is_control {
                return true;
            }
        }
        // The backslash and the ASCII character after it; anything else is no valid escape and fails later.
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::has_escaped_characters;

    #[test]
    fn escapes_of_printable_characters_are_noticed() {
        assert!(has_escaped_characters(r#"{"a":"\u4f60"}"#));
        assert!(has_escaped_characters(r#"{"a":"\u0026"}"#));
        assert!(!has_escaped_characters(r#"{"a":"\u0001 \n \\u4f60 你"}"#));
    }
}
