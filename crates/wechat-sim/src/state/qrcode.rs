//! One QR code that the account made, with the scene that a scan reports.
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct QrCode {
    pub(crate) ticket: String,
    /// What the picture says.
    pub(crate) url: String,
    pub(crate) action_name: String,
    /// The number or text of the scene, as the event carries it.
    pub(crate) scene: String,
    /// `None`: for ever.
    pub(crate) expires_ms: Option<i64>,
    pub(crate) created_ms: i64,
}

impl QrCode {
    pub(crate) fn is_expired(&self, now_ms: i64) -> bool {
        self.expires_ms.is_some_and(|at| now_ms >= at)
    }
}
