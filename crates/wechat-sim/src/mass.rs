//! Delivers mass messages in the background and sends the receipt of each: within two seconds of real time.
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::push::{Receipt, send_receipt};
use crate::state::State;
use crate::state::account::Account;
use crate::state::follower::Monthly;
use crate::state::mass::{Counts, JobStatus};
use crate::state::usage::month_of;
use crate::world::World;

/// A caller must not rely on the job being done when the call is answered.
const PAUSE: Duration = Duration::from_millis(300);
/// Who the receipt comes from: the platform's helper, not a follower.
const HELPER: &str = "oSimulatorMassSendHelper0000";
const SUCCESS: &str = "send success";

/// Starts the delivery of a job.
pub(crate) fn deliver_soon(world: &Arc<World>, app_id: &str, msg_id: u64) {
    let (world, app_id) = (Arc::clone(world), app_id.to_owned());
    tokio::spawn(async move {
        tokio::time::sleep(PAUSE).await;
        if !world.is_stopped() {
            deliver(&world, &app_id, msg_id);
        }
    });
}

/// Takes up the jobs that were under way when the simulator was last stopped.
pub(crate) fn resume(world: &Arc<World>) {
    let pending: Vec<_> = {
        let state = world.state();
        let jobs = state
            .accounts
            .iter()
            .flat_map(|(app_id, account)| account.mass.jobs.iter().map(move |job| (app_id, job)));
        jobs.filter(|(_, job)| job.status == JobStatus::Sending)
            .map(|(app_id, job)| (app_id.clone(), job.msg_id))
            .collect()
    };
    for (app_id, msg_id) in pending {
        deliver_soon(world, &app_id, msg_id);
    }
}

fn deliver(world: &Arc<World>, app_id: &str, msg_id: u64) {
    let now_ms = world.now_ms();
    let Some(done) = finish(&mut world.state(), app_id, msg_id, now_ms) else {
        return;
    };
    for openid in &done.reached {
        world.timeline_changed(app_id, openid);
    }
    world.changed("mass", Some(app_id), None);
    if done.has_receipt {
        let receipt = Receipt {
            app_id,
            openid: HELPER,
            event: "MASSSENDJOBFINISH",
            fields: &receipt_fields(msg_id, &done),
        };
        send_receipt(world, receipt);
    }
}

/// How a job ended.
struct Done {
    status: String,
    counts: Counts,
    reached: Vec<String>,
    has_receipt: bool,
}

fn finish(state: &mut State, app_id: &str, msg_id: u64, now_ms: i64) -> Option<Done> {
    let account = state.accounts.get_mut(app_id)?;
    let status = account.spec.mass_status.clone();
    let has_receipt = account.spec.mass_receipts;
    let job = account.mass.job_mut(msg_id)?.clone();
    let mut counts = Counts {
        total: job.openids.len(),
        ..Counts::default()
    };
    let mut reached = Vec::new();
    if status == SUCCESS {
        (counts, reached) = reach(account, &job.openids, month_of(now_ms));
    }
    // Nobody reached is no success, as nothing appears anywhere.
    let is_sent = !reached.is_empty();
    account.mass.job_mut(msg_id)?.status = if is_sent {
        JobStatus::SendSuccess
    } else {
        JobStatus::SendFail
    };
    for openid in &reached {
        state.show(app_id, openid, job.line.clone(), now_ms);
    }
    let status = if status == SUCCESS && !is_sent {
        "send fail".to_owned()
    } else {
        status
    };
    Some(Done {
        status,
        counts,
        reached,
        has_receipt,
    })
}

/// Who gets it: not those who left, are blacklisted or have had their four; who refuses is an error.
fn reach(account: &mut Account, openids: &[String], month: i64) -> (Counts, Vec<String>) {
    let mut counts = Counts {
        total: openids.len(),
        ..Counts::default()
    };
    let mut reached = Vec::new();
    for openid in openids {
        let Some(follower) = account.followers.get_mut(openid) else {
            continue;
        };
        let is_full = follower.monthly.used(month) >= Monthly::LIMIT;
        if !follower.subscribed || follower.blacklisted || is_full {
            continue;
        }
        counts.filtered += 1;
        if follower.refuses {
            counts.errors += 1;
            continue;
        }
        follower.monthly.take(month);
        counts.sent += 1;
        reached.push(openid.clone());
    }
    (counts, reached)
}

fn receipt_fields(msg_id: u64, done: &Done) -> Map<String, Value> {
    let fields = json!({
        "MsgID": msg_id,
        "Status": done.status,
        "TotalCount": done.counts.total,
        "FilterCount": done.counts.filtered,
        "SentCount": done.counts.sent,
        "ErrorCount": done.counts.errors,
        "CopyrightCheckResult": { "Count": 0, "ResultList": "", "CheckState": 0 },
        "ArticleUrlResult": { "Count": 0, "ResultList": "" },
    });
    fields.as_object().cloned().unwrap_or_default()
}
