//! Mass messages of one account: jobs, what was sent before, and the account's own limits.
use serde::{Deserialize, Serialize};

use super::Line;
use super::usage::{day_of, month_of};

/// Older jobs are forgotten.
const KEPT: usize = 1000;
const DAY_MS: i64 = 86_400_000;

/// How a job stands, in the words of `mass/get`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum JobStatus {
    Sending,
    SendSuccess,
    SendFail,
    Delete,
}

/// One mass message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) msg_id: u64,
    pub(crate) status: JobStatus,
    /// The caller's own id, or a digest of scope and content: the same is not sent again within a day.
    pub(crate) client_id: String,
    pub(crate) created_ms: i64,
    pub(crate) openids: Vec<String>,
    /// What phones will show.
    pub(crate) line: Line,
}

/// How many were reached, in the words of the receipt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) total: usize,
    pub(crate) filtered: usize,
    pub(crate) sent: usize,
    pub(crate) errors: usize,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Mass {
    pub(crate) jobs: Vec<Job>,
    /// When messages to all or by tag were accepted; the newest last.
    to_many_ms: Vec<i64>,
    to_all_ms: Vec<i64>,
    #[serde(default)]
    pub(crate) speed: u8,
}

impl Mass {
    /// The job of the last day that carried the same client id.
    pub(crate) fn same(&self, client_id: &str, now_ms: i64) -> Option<&Job> {
        let mut newest_first = self.jobs.iter().rev();
        newest_first.find(|job| job.client_id == client_id && now_ms - job.created_ms < DAY_MS)
    }

    pub(crate) fn job_mut(&mut self, msg_id: u64) -> Option<&mut Job> {
        self.jobs.iter_mut().rev().find(|job| job.msg_id == msg_id)
    }

    pub(crate) fn add(&mut self, job: Job) {
        if self.jobs.len() == KEPT {
            self.jobs.remove(0);
        }
        self.jobs.push(job);
    }

    /// Whether a subscription account has used up its one message of the day.
    pub(crate) fn is_day_used(&self, now_ms: i64) -> bool {
        self.to_many_ms.iter().any(|at| day_of(*at) == day_of(now_ms))
    }

    /// Whether a service account has used up its four messages of the month to everybody.
    pub(crate) fn is_month_used(&self, now_ms: i64) -> bool {
        let month = month_of(now_ms);
        self.to_all_ms.iter().filter(|at| month_of(**at) == month).count() >= 4
    }

    pub(crate) fn note_to_many(&mut self, is_to_all: bool, now_ms: i64) {
        let is_recent = |at: &i64| now_ms - at < 40 * DAY_MS;
        self.to_many_ms.retain(is_recent);
        self.to_all_ms.retain(is_recent);
        self.to_many_ms.push(now_ms);
        if is_to_all {
            self.to_all_ms.push(now_ms);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_and_month_end_at_midnight_in_china() {
        let mut mass = Mass::default();
        let just_before = 16 * 3_600_000 - 1;
        (0..4).for_each(|_| mass.note_to_many(true, just_before));
        assert!(mass.is_day_used(just_before) && mass.is_month_used(just_before));
        assert!(!mass.is_day_used(just_before + 1) && mass.is_month_used(just_before + 1));
        assert!(!mass.is_month_used(31 * DAY_MS));
    }
}
