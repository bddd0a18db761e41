//! One examination: every check, side by side, each with its time limit. Tells each result as soon as it is known.

use super::{public_url, self_test};
use crate::auth::secrets::Secrets;
use crate::channel::diagnosis::{Diagnostician, Shown};
use crate::channel::directory::Directory;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::channels::ChannelSettings;
use crate::db::{self, Db, push_refusals};
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::channel::{ChannelState, ReplyPolicy};
use crate::domain::doctor::{
    self, Check, CheckState, Finding, Found, NativeChats, Network, PushFacts, QuotaOf, ReachProblem,
    TokenProblem,
};
use crate::domain::ids::ChannelId;
use futures_util::future::{BoxFuture, join_all};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::Url;

/// No check takes longer. WeChat's own one may take half of it.
const LIMIT: Duration = Duration::from_secs(20);
/// Checks that need an access token.
const WITH_TOKEN: [Check; 4] = [
    Check::Reachability,
    Check::NativeChats,
    Check::Privileges,
    Check::Quota,
];

/// What an examination needs.
#[derive(Debug, Clone)]
pub struct Tools {
    /// The settings.
    pub config: Config,
    /// The database, to read from.
    pub db: Db,
    /// Marks the self-test.
    pub secrets: Secrets,
    /// The channels.
    pub channels: Directory,
    /// The clocks.
    pub clock: Clock,
}

/// What is told while it runs.
#[derive(Debug, Clone)]
pub enum Step {
    /// A check ended.
    Checked(Check, Found),
    /// A privilege showed.
    Shown(Capability, Shown),
}

/// Somebody to examine.
#[derive(Debug)]
struct Patient {
    settings: Arc<ChannelSettings>,
    diagnostician: Arc<dyn Diagnostician>,
    callback_url: Url,
    facts: PushFacts,
    tools: Tools,
}

/// Examines a living channel; the steps come through the receiver, which ends with the last one. `None`: there is no
/// such channel.
pub async fn examine(tools: Tools, id: ChannelId) -> db::Result<Option<mpsc::Receiver<Step>>> {
    let Some(entry) = tools.channels.reload(id).await? else {
        return Ok(None);
    };
    let settings = entry.settings;
    let kind = tools.channels.kind(&settings.row.kind);
    let (Some(kind), false) = (kind, settings.row.state == ChannelState::Deleted) else {
        return Ok(None);
    };
    let patient = Patient {
        diagnostician: kind.diagnostician(&settings),
        callback_url: callback_url(&tools.config, &settings)?,
        facts: facts(&tools.db, &settings).await?,
        settings,
        tools,
    };
    let (told, steps) = mpsc::channel(64);
    tokio::spawn(run(Arc::new(patient), told));
    Ok(Some(steps))
}

fn callback_url(config: &Config, settings: &ChannelSettings) -> db::Result<Url> {
    let row = &settings.row;
    let base = config.public_url.as_str().trim_end_matches('/');
    let text = format!("{base}/callback/{}/{}", row.kind, row.callback_key);
    Url::parse(&text).map_err(|_| db::Error::BadRow(format!("channels.callback_key of {}", row.id)))
}

async fn facts(db: &Db, settings: &ChannelSettings) -> db::Result<PushFacts> {
    let row = &settings.row;
    let mut conn = db.read().await?;
    let refusals = push_refusals::list(&mut conn, row.id).await?;
    let mode = push_refusals::mode(&mut conn, row.id).await?;
    Ok(PushFacts {
        is_active: row.state == ChannelState::Active,
        url_verified_at: row.url_verified_at,
        last_push_at: row.last_push_at,
        dropped: row.dropped_pushes,
        mismatched: row.mismatched_pushes,
        problem: row.callback_problem,
        refusals: refusals
            .iter()
            .map(|row| (row.reason, row.count, row.last_at))
            .collect(),
        seen_mode: mode.map(|row| row.mode),
    })
}

async fn run(patient: Arc<Patient>, told: mpsc::Sender<Step>) {
    for (check, found) in patient.at_once() {
        tell(&told, check, found).await;
    }
    let mut tasks = JoinSet::new();
    tasks.spawn(limited(
        Arc::clone(&patient),
        told.clone(),
        Check::SelfTest,
        |patient, _| Box::pin(patient.self_test()),
    ));
    let found = within(patient.token()).await;
    let has_token = found.state == CheckState::Ok;
    tell(&told, Check::Token, found).await;
    tell(
        &told,
        Check::Clock,
        doctor::clock(patient.diagnostician.clock_ahead_ms()),
    )
    .await;
    for check in WITH_TOKEN {
        if has_token {
            let ask: Ask = match check {
                Check::Reachability => |patient, _| Box::pin(patient.reachability()),
                Check::NativeChats => |patient, _| Box::pin(patient.native_chats()),
                Check::Quota => |patient, _| Box::pin(patient.quota()),
                _ => |patient, told| Box::pin(patient.privileges(told)),
            };
            tasks.spawn(limited(Arc::clone(&patient), told.clone(), check, ask));
        } else {
            tell(&told, check, Found::skipped(Finding::NeedsToken, json!({}))).await;
        }
    }
    while tasks.join_next().await.is_some() {}
}

type Ask = for<'p> fn(&'p Patient, &'p mpsc::Sender<Step>) -> BoxFuture<'p, Found>;

async fn limited(patient: Arc<Patient>, told: mpsc::Sender<Step>, check: Check, ask: Ask) {
    let found = within(ask(&patient, &told)).await;
    tell(&told, check, found).await;
}

async fn within(asked: impl Future<Output = Found>) -> Found {
    let late = |_| Found::warning(Finding::TimedOut, json!({ "seconds": LIMIT.as_secs() }));
    timeout(LIMIT, asked).await.unwrap_or_else(late)
}

/// Nobody listening is no error: the examination ends by itself.
async fn tell(told: &mpsc::Sender<Step>, check: Check, found: Found) {
    drop(told.send(Step::Checked(check, found)).await);
}

impl Patient {
    /// What needs nobody's answer.
    fn at_once(&self) -> [(Check, Found); 7] {
        let (row, config) = (&self.settings.row, &self.tools.config);
        let now = self.tools.clock.now();
        let url = public_url::judge(
            &self.callback_url,
            &config.wechat_api_base_url,
            config.is_tencent(),
        );
        let policy = json!({ "policy": row.reply_policy });
        let policy = match row.reply_policy {
            ReplyPolicy::Documented if config.is_tencent() => Found::ok(Finding::PolicyDocumented, policy),
            _ => Found::ok(Finding::PolicyOk, policy),
        };
        [
            (Check::PublicUrl, url),
            (Check::Verification, doctor::verification(&self.facts)),
            (Check::LastPush, doctor::last_push(&self.facts, now)),
            (Check::Mode, doctor::mode(&self.facts, row.encryption_mode)),
            (Check::Refusals, doctor::refusals(&self.facts)),
            (
                Check::OriginalId,
                doctor::original_id(&self.facts, &row.original_id),
            ),
            (Check::ReplyPolicy, policy),
        ]
    }

    async fn self_test(&self) -> Found {
        let (tools, id) = (&self.tools, self.settings.row.id);
        let now = tools.clock.now();
        self_test::ask(&self.callback_url, &tools.secrets, id, &*self.diagnostician, now).await
    }

    async fn token(&self) -> Found {
        let mut found = doctor::token(self.diagnostician.token().await);
        // Side by side: the list may belong to one account and the call to another.
        if found.state != CheckState::Ok {
            found.params["app_id"] = json!(self.settings.row.app_id);
        }
        found
    }

    async fn reachability(&self) -> Found {
        let each = Network::ALL
            .iter()
            .map(|network| self.diagnostician.reach(*network));
        let found: Vec<Result<_, ReachProblem>> = join_all(each).await;
        doctor::reachability(&found, self.facts.last_push_at, self.tools.clock.now())
    }

    async fn native_chats(&self) -> Found {
        let found: NativeChats = self.diagnostician.native_chats().await;
        doctor::native_chats(found)
    }

    async fn privileges(&self, told: &mpsc::Sender<Step>) -> Found {
        let each = Capability::ALL.iter().map(|capability| async {
            let shown = self.diagnostician.probe(*capability).await;
            drop(told.send(Step::Shown(*capability, shown)).await);
            (*capability, shown.0)
        });
        let found: Vec<(Capability, CapabilityState)> = join_all(each).await;
        doctor::privileges(self.settings.row.account_kind, &found)
    }

    async fn quota(&self) -> Found {
        let each = QuotaOf::ALL.iter().map(|of| self.diagnostician.quota(*of));
        let found: Vec<_> = join_all(each).await.into_iter().flatten().collect();
        doctor::quota(&found)
    }
}

/// What the account may do, and nothing else: for the daily look. The problem, where there is no token.
pub async fn privileges_only(
    diagnostician: &dyn Diagnostician,
) -> Result<Vec<(Capability, Shown)>, TokenProblem> {
    let token = timeout(LIMIT, diagnostician.token()).await;
    token
        .map_err(|_| TokenProblem::Unreachable)?
        .map_err(|(problem, _)| problem)?;
    let each = Capability::ALL.iter().map(|capability| async {
        let shown = timeout(LIMIT, diagnostician.probe(*capability)).await;
        (*capability, shown.unwrap_or((CapabilityState::Unknown, None)))
    });
    Ok(join_all(each).await)
}
