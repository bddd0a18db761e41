//! What a channel can do beyond the window: hand one message to a route made for many, for an audience of one.
//!
//! Not the walk of a message (`outbound::monthly`), not who may take the route (`domain::allowance`).

use super::{PreparedContent, SendError};
use crate::domain::inbound::InboundEvent;
use crate::domain::monthly::MassResult;
use futures_util::future::BoxFuture;

/// How far a job is, as the provider says when asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// It arrived.
    Sent,
    /// Under way.
    Sending,
    /// It failed; why is only said by a push.
    Failed,
}

/// The request that delivers.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The audience, from [`Broadcaster::gather`].
    pub audience: i64,
    /// With provider ids in place of bytes.
    pub content: PreparedContent,
    /// The provider takes one job for one key within a day: a request that may have been lost is made again with it.
    pub key: String,
}

/// Sends to audiences of one channel's account.
pub trait Broadcaster: Send + Sync + std::fmt::Debug {
    /// Makes an audience under this name that holds only this person, or finds it again. May be repeated freely.
    fn gather(&self, name: String, to: String) -> BoxFuture<'_, Result<i64, SendError>>;
    /// Hands the message over; the provider's number of the job.
    fn submit(&self, submission: Submission) -> BoxFuture<'_, Result<String, SendError>>;
    /// How far a job is.
    fn ask(&self, job_id: String) -> BoxFuture<'_, Result<JobState, SendError>>;
    /// Removes an audience; fine when it is gone already.
    fn dissolve(&self, audience: i64) -> BoxFuture<'_, Result<(), SendError>>;
    /// Every audience whose name begins so.
    fn audiences(&self, prefix: String) -> BoxFuture<'_, Result<Vec<Audience>, SendError>>;
}

/// An audience that exists at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// The provider's number.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// Under which name of `data` a refusal says which ability the account lacks.
pub const LACKS: &str = "lacks";

/// The result that a contact-less event carries, where it carries one.
pub fn result_of(event: &InboundEvent) -> Option<MassResult> {
    let data = event.data.as_ref()?;
    let count = |name: &str| data[name].as_i64().unwrap_or(0);
    Some(MassResult {
        job_id: data["msg_id"].as_str()?.to_owned(),
        status: data["status"].as_str()?.to_owned(),
        total: count("total"),
        filtered: count("filtered"),
        sent: count("sent"),
        errors: count("errors"),
    })
}
