//! Templates of one account, and what was lately sent with them.
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Template {
    pub(crate) template_id: String,
    pub(crate) title: String,
    pub(crate) keywords: Vec<String>,
}

/// A message that is not sent again for a while.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) openid: String,
    pub(crate) key: String,
    pub(crate) until_ms: i64,
}
