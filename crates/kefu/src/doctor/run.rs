//! Examinations asked for by administrators: one at a time per channel, on whichever node; its report is written down as
//! the checks end, so that every browser sees it grow and the next visitor finds the last one.

use super::examine::{Step, Tools, examine};
use super::probe;
use crate::db::capabilities::CapabilityRow;
use crate::db::doctor_reports::{self, ReportRow};
use crate::db::events::{self, Change, EventKind};
use crate::db::{Result, Tx};
use crate::desk::Desk;
use crate::domain::doctor::{Check, CheckGroup, CheckState, Finding, Found};
use crate::domain::ids::ChannelId;
use crate::domain::text_enum::text_enum;
use crate::domain::time::{MINUTE_MS, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Longer than the longest examination: whoever ran it is gone.
const ABANDONED_MS: i64 = 2 * MINUTE_MS;

text_enum!(
    /// How far an examination is. `interrupted`: its process ended before it did.
    RunState { Never = "never", Running = "running", Finished = "finished", Interrupted = "interrupted" });

/// One check of a report.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Line {
    /// Its heading.
    pub group: CheckGroup,
    /// What was looked at.
    pub check: Check,
    /// How it ended.
    pub state: CheckState,
    /// What was found; absent while it runs.
    pub code: Option<Finding>,
    /// Figures and names for the sentence.
    #[schema(value_type = Object)]
    pub params: Value,
}

/// A report, and how old it is.
#[derive(Debug, Clone)]
pub struct Report {
    /// How far it is.
    pub state: RunState,
    /// Real time.
    pub started_at: Option<Time>,
    /// By the desk clock.
    pub finished_at: Option<Time>,
    /// One per check, in the order they are shown.
    pub lines: Vec<Line>,
}

impl Line {
    /// A check that has begun.
    pub fn running(check: Check) -> Self {
        Self {
            group: check.group(),
            check,
            state: CheckState::Running,
            code: None,
            params: json!({}),
        }
    }

    /// Its end.
    pub fn end(&mut self, found: Found) {
        self.state = found.state;
        self.code = Some(found.code);
        self.params = found.params;
    }
}

/// Every check, begun.
pub fn blank() -> Vec<Line> {
    Check::ALL.iter().copied().map(Line::running).collect()
}

/// The last report of a channel.
pub async fn last(desk: &Desk, id: ChannelId) -> Result<Report> {
    let row = doctor_reports::find(&mut desk.db.read().await?, id).await?;
    let Some(row) = row else {
        return Ok(Report {
            state: RunState::Never,
            started_at: None,
            finished_at: None,
            lines: Vec::new(),
        });
    };
    let state = match row.finished_at {
        Some(_) => RunState::Finished,
        None if desk.clock.wall().since_ms(row.started_at) < ABANDONED_MS => RunState::Running,
        None => RunState::Interrupted,
    };
    Ok(Report {
        state,
        started_at: Some(row.started_at),
        finished_at: row.finished_at,
        // What another version wrote is no report of this one.
        lines: serde_json::from_str(&row.report).unwrap_or_default(),
    })
}

/// Begins an examination, or joins the one that is under way.
pub async fn begin(desk: &Desk, id: ChannelId) -> Result<()> {
    let now = desk.clock.wall();
    let row = ReportRow {
        run: format!("{:016x}", rand::random::<u64>()),
        report: text(&blank()),
        started_at: now,
        finished_at: None,
    };
    let (new, at) = (row.clone(), desk.clock.now());
    let is_begun = desk.db.write(move |tx| {
        let new = new.clone();
        Box::pin(async move {
            let is_begun = doctor_reports::begin(tx, id, &new, now.plus_ms(-ABANDONED_MS)).await?;
            if is_begun {
                tell(tx, id, at).await?;
            }
            Ok::<_, crate::db::Error>(is_begun)
        })
    });
    if is_begun.await? {
        tokio::spawn(carry_out(desk.clone(), id, row));
    }
    Ok(())
}

async fn carry_out(desk: Desk, id: ChannelId, row: ReportRow) {
    if let Err(error) = write_as_it_grows(&desk, id, row).await {
        tracing::warn!(channel = %id, %error, "an examination was cut short");
    }
}

async fn write_as_it_grows(desk: &Desk, id: ChannelId, mut row: ReportRow) -> Result<()> {
    let mut lines = blank();
    let mut shown = Vec::new();
    // What was refused a moment ago counts.
    desk.watch.flush(&desk.db, &desk.channels).await;
    if let Some(mut steps) = examine(tools(desk), id).await? {
        while let Some(step) = steps.recv().await {
            take(desk, step, &mut lines, &mut shown);
            // What has come meanwhile is written together.
            while let Ok(step) = steps.try_recv() {
                take(desk, step, &mut lines, &mut shown);
            }
            row.report = text(&lines);
            write(desk, id, row.clone()).await?;
        }
    }
    probe::keep(desk, id, shown).await?;
    row.finished_at = Some(desk.clock.now());
    write(desk, id, row).await
}

fn take(desk: &Desk, step: Step, lines: &mut [Line], shown: &mut Vec<CapabilityRow>) {
    match step {
        Step::Checked(check, found) => {
            if let Some(line) = lines.iter_mut().find(|line| line.check == check) {
                line.end(found);
            }
        }
        Step::Shown(capability, (state, code)) => shown.push(CapabilityRow {
            capability,
            state,
            code,
            checked_at: desk.clock.now(),
        }),
    }
}

async fn write(desk: &Desk, id: ChannelId, row: ReportRow) -> Result<()> {
    let now = desk.clock.now();
    desk.db
        .write(move |tx| {
            let row = row.clone();
            Box::pin(async move {
                doctor_reports::progress(tx, id, &row).await?;
                match row.finished_at {
                    Some(_) => tell(tx, id, now).await,
                    None => Ok(()),
                }
            })
        })
        .await
}

/// Begin and end are told; in between whoever looks asks.
async fn tell(tx: &mut Tx, id: ChannelId, now: Time) -> Result<()> {
    let change = Change {
        kind: EventKind::Channel,
        object_id: id.0,
        scope: None,
    };
    events::append(tx, change, now).await
}

fn text(lines: &[Line]) -> String {
    serde_json::to_string(lines).unwrap_or_default()
}

fn tools(desk: &Desk) -> Tools {
    Tools {
        config: desk.config.clone(),
        db: desk.db.clone(),
        secrets: desk.secrets.clone(),
        channels: desk.channels.clone(),
        clock: desk.clock.clone(),
    }
}
