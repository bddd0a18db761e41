//! `kefu doctor`: examines every living channel, or one, from the machine itself, beside a running server. Prints what
//! works and what does not, with the fix; changes nothing. Exit code 1 when a check failed.

use super::doctor_words::words;
use super::{Settings, output};
use crate::channel::directory::Directory;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::channel_writes::{self, Filter};
use crate::db::channels::ChannelRow;
use crate::doctor::examine::{Step, Tools, examine};
use crate::doctor::run::{Line, blank};
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::doctor::CheckState;
use crate::domain::ids::ChannelId;
use crate::run::{self, Opened};
use clap::Args;
use serde_json::{Value, json};

/// `kefu doctor`.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    settings: Settings,
    /// Only this channel, such as `ch_1`.
    #[arg(long)]
    channel: Option<ChannelId>,
    /// One JSON object per channel and line.
    #[arg(long)]
    json: bool,
}

/// What was found at one channel.
struct Report {
    channel: ChannelRow,
    lines: Vec<Line>,
    capabilities: Vec<(Capability, CapabilityState, Option<i64>)>,
}

impl Doctor {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let config = Config::load(self.settings.config.as_deref())?;
        let clock = Clock::new();
        let Opened { db, secrets, .. } = run::open(&config, clock.clone()).await?;
        let base_url = config.wechat_api_base_url.clone();
        let tools = Tools {
            channels: Directory::new(db.clone(), secrets.clone(), clock.clone(), base_url),
            config,
            db: db.clone(),
            secrets,
            clock,
        };
        let mut failed = 0;
        for channel in self.channels(&tools).await? {
            let report = report(&tools, channel).await?;
            failed += report.count(CheckState::Failed);
            output::line(&if self.json { report.json() } else { report.text() });
        }
        db.close().await;
        anyhow::ensure!(failed == 0, "{failed} of the checks failed");
        Ok(())
    }

    async fn channels(&self, tools: &Tools) -> anyhow::Result<Vec<ChannelRow>> {
        let filter = Filter {
            include_deleted: false,
            of_agent: None,
            after: 0,
            limit: 10_000,
        };
        let mut channels = channel_writes::list(&mut tools.db.read().await?, filter).await?;
        if let Some(id) = self.channel {
            channels.retain(|channel| channel.id == id);
            anyhow::ensure!(!channels.is_empty(), "there is no living channel `{id}`");
        }
        if channels.is_empty() && !self.json {
            output::line("There is no channel yet: make one in the console under Settings, Channels.");
        }
        Ok(channels)
    }
}

async fn report(tools: &Tools, channel: ChannelRow) -> anyhow::Result<Report> {
    let mut report = Report {
        lines: blank(),
        capabilities: Vec::new(),
        channel,
    };
    let Some(mut steps) = examine(tools.clone(), report.channel.id).await? else {
        return Ok(report);
    };
    while let Some(step) = steps.recv().await {
        match step {
            Step::Checked(check, found) => {
                let line = report.lines.iter_mut().find(|line| line.check == check);
                line.into_iter().for_each(|line| line.end(found.clone()));
            }
            Step::Shown(capability, (state, code)) => report.capabilities.push((capability, state, code)),
        }
    }
    report
        .capabilities
        .sort_unstable_by_key(|(capability, ..)| *capability);
    Ok(report)
}

impl Report {
    fn count(&self, state: CheckState) -> usize {
        self.lines.iter().filter(|line| line.state == state).count()
    }

    fn json(&self) -> String {
        let capabilities: Vec<Value> = self
            .capabilities
            .iter()
            .map(
                |(capability, state, code)| json!({ "capability": capability, "state": state, "code": code }),
            )
            .collect();
        json!({
            "channel": { "id": self.channel.id, "name": self.channel.name, "app_id": self.channel.app_id },
            "checks": self.lines,
            "capabilities": capabilities,
        })
        .to_string()
    }

    fn text(&self) -> String {
        let heading = format!(
            "{} {} ({})",
            self.channel.id, self.channel.name, self.channel.app_id
        );
        let lines = self.lines.iter().map(line);
        let capabilities = self.capabilities.iter().map(|(capability, state, code)| {
            let code = code.map_or_else(String::new, |code| format!(" ({code})"));
            format!("  {:16} {state}{code}", capability.as_str())
        });
        let mut all = vec![heading];
        all.extend(lines);
        if !self.capabilities.is_empty() {
            all.push(" What the account may do:".to_owned());
            all.extend(capabilities);
        }
        let (failed, warnings) = (self.count(CheckState::Failed), self.count(CheckState::Warning));
        all.push(format!(" {failed} failed, {warnings} to look at"));
        all.join("\n")
    }
}

fn line(line: &Line) -> String {
    let state = match line.state {
        CheckState::Ok => "ok",
        CheckState::Warning => "LOOK",
        CheckState::Failed => "FAILED",
        CheckState::Skipped | CheckState::Running => "-",
    };
    let Some(code) = line.code else {
        return format!("  {state:7}{:14}not known", line.check.as_str());
    };
    let (found, fix) = words(code, &line.params);
    let head = format!("  {state:7}{:14}{found}", line.check.as_str());
    let is_bad = matches!(line.state, CheckState::Warning | CheckState::Failed);
    match fix.filter(|_| is_bad) {
        Some(fix) => format!("{head}\n{:23}{fix} [{code}]", ""),
        None => head,
    }
}
