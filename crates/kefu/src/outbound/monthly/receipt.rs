//! Pushes that say how a job ended, handed over after they are on disk: never on the way of a push.
//!
//! One that is lost between disk and here is made up for by asking.

use super::super::settle::{self, Now};
use crate::channel::broadcast::result_of;
use crate::db::monthly_sends;
use crate::db::{Result, Tx};
use crate::desk::Desk;
use crate::domain::ids::ChannelId;
use crate::domain::inbound::{ContactEventKind, Content, Push};
use crate::domain::monthly::{MassResult, MonthlyStep, Verdict};

/// The work that a stored push leaves behind; `None` for all but the ends of jobs.
pub(crate) fn hand_over(desk: &Desk, channel: ChannelId, push: &Push) -> Option<impl FnOnce() + use<>> {
    let result = match &push.content {
        Content::Event(event) if event.kind == ContactEventKind::MassFinished => result_of(event)?,
        _ => return None,
    };
    let desk = desk.clone();
    Some(move || drop(tokio::spawn(async move { heard(&desk, channel, result).await })))
}

async fn heard(desk: &Desk, channel: ChannelId, result: MassResult) {
    let inside = desk.clone();
    let written = desk.db.write(move |tx| {
        let (result, now) = (result.clone(), Now::of(&inside));
        Box::pin(async move { keep(tx, channel, &result, now).await })
    });
    if let Err(error) = written.await {
        tracing::warn!(%channel, %error, "the end of a job was not written down; it will be asked for");
    }
}

/// Keeps what was said. Whoever waits for it looks now; a message given up as unknown learns that it arrived.
async fn keep(tx: &mut Tx, channel: ChannelId, result: &MassResult, now: Now) -> Result<()> {
    monthly_sends::put_result(tx, channel, result, now.desk).await?;
    let row = monthly_sends::find_by_job(tx, channel, &result.job_id).await?;
    match row {
        Some(row) if row.step == MonthlyStep::Ended => {
            if result.verdict() == Verdict::Sent {
                settle::known_late(tx, row.conversation_id, row.message_id, now).await?;
            }
            Ok(())
        }
        Some(row) => monthly_sends::look_now(tx, channel, Some(row.message_id), now.wall).await,
        // Perhaps of a request whose answer was lost.
        None => monthly_sends::look_now(tx, channel, None, now.wall).await,
    }
}
