//! Keeps the search index up to date, behind everything else: it rests longer than it works, so that a flood of pushes is
//! stored first and found a little later. On several nodes one of them writes at a time.

use crate::db::search::Step;
use crate::desk::Desk;
use std::time::Duration;
use tokio::time::Instant;

/// How often it is looked whether anything has changed.
const EVERY: Duration = Duration::from_millis(500);
/// How long to wait after a failure, such as a full disk.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
/// The rest between two steps: so many times as long as the step took.
const REST_FOLLOWING: u32 = 5;
/// What was there before is read while nothing else is to be done.
const REST_READING: u32 = 1;
const LONGEST_REST: Duration = Duration::from_millis(500);
/// In a flood: so late may a message be found.
const LONGEST_REST_FOLLOWING: Duration = Duration::from_secs(5);

/// Works until the desk stops.
pub(super) async fn follow(desk: Desk) {
    let mut failing = false;
    while !desk.stopping.is_cancelled() {
        let began = Instant::now();
        let step = desk.search.step().await;
        let took = began.elapsed();
        if let Ok(Step::Began) = step {
            tracing::info!("the search index is made anew");
        }
        // Said once: a full disk stays full for a while.
        if let Err(error) = &step
            && !failing
        {
            tracing::warn!(%error, "the search index cannot be written; trying again");
        }
        failing = step.is_err();
        let pause = match step {
            Ok(Step::Began) => Duration::ZERO,
            Ok(Step::Followed(_)) => (took * REST_FOLLOWING).min(LONGEST_REST_FOLLOWING),
            Ok(Step::Read) => (took * REST_READING).min(LONGEST_REST),
            Ok(Step::Idle | Step::Elsewhere) => EVERY,
            Err(_) => AFTER_FAILURE,
        };
        tokio::select! {
            () = desk.stopping.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
