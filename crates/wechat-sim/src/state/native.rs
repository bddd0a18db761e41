//! The platform's own customer service of one account: agents, and the chats that are open or wait.
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Agent {
    pub(crate) kf_account: String,
    pub(crate) kf_nick: String,
    pub(crate) kf_id: i64,
    pub(crate) online: bool,
}

/// A chat; without an agent it waits for one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Chat {
    pub(crate) openid: String,
    pub(crate) kf_account: Option<String>,
    /// Seconds since 1970.
    pub(crate) since: i64,
}

impl Chat {
    pub(crate) fn is_with(&self, kf_account: &str) -> bool {
        self.kf_account.as_deref() == Some(kf_account)
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct NativeService {
    pub(crate) agents: Vec<Agent>,
    pub(crate) chats: Vec<Chat>,
}
