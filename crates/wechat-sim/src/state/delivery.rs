//! What became of one push: its attempts and whether the callback acknowledged it.
use serde::Serialize;

/// How one attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// `success`, nothing, or a valid passive reply.
    Accepted,
    /// No connection came about.
    Refused,
    /// No answer within the time.
    Timeout,
    /// The connection ended before the answer.
    Cut,
    /// Another status than 200.
    BadStatus,
    /// An answer that is neither `success` nor a valid reply.
    BadReply,
}

/// One request to the callback.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Attempt {
    /// The status of the answer, where one came.
    pub(crate) http_status: Option<u16>,
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// How long it took.
    pub(crate) ms: u64,
}

/// One push with its attempts.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Delivery {
    /// Its own id.
    pub(crate) delivery_id: String,
    /// The message's id; events have none.
    pub(crate) msg_id: Option<String>,
    /// The event; messages have none.
    pub(crate) event: Option<String>,
    /// When it happened.
    pub(crate) at: String,
    /// Whose action is pushed.
    pub(crate) openid: String,
    /// Whether the callback took it.
    pub(crate) acknowledged: bool,
    /// Every request so far, in the order they ended.
    pub(crate) attempts: Vec<Attempt>,
}
