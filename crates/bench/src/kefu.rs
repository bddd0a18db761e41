//! The real program: how it is started, and how its desk is set up through its own commands and API.

use crate::account::Account;
use crate::api::Agent;
use crate::child::{Server, finish, free_address};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Signs in on every desk of a run.
pub(crate) const PASSWORD: &str = "a long password for the bench";
/// The administrators of every desk.
pub(crate) const AGENTS: [&str; 2] = ["first@bench.example", "second@bench.example"];
/// 32 zero bytes: the desks of a run live on this machine for minutes.
const SECRETS_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
/// Nothing listens there: no figure needs WeChat's API.
const NO_WECHAT: &str = "http://127.0.0.1:9";
const ORIGINAL_ID: &str = "gh_0123456789ab";
const TOKEN: &str = "BenchToken0123456789";

/// The binary under test.
#[derive(Debug, Clone)]
pub(crate) struct Kefu {
    pub(crate) program: PathBuf,
}

/// One desk: where its data lives and its database.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) data_dir: PathBuf,
    pub(crate) database: String,
}

impl Kefu {
    fn command(&self, place: &Place) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("KEFU_") {
                command.env_remove(name);
            }
        }
        command
            .env("KEFU_DATA_DIR", &place.data_dir)
            .env("KEFU_DATABASE__URL", &place.database)
            .env("KEFU_SECRETS__KEY", SECRETS_KEY)
            .env("KEFU_WECHAT__API_BASE_URL", NO_WECHAT)
            .env("RUST_LOG", "warn");
        command
    }

    /// `kefu serve`, ready.
    pub(crate) async fn serve(&self, place: &Place, log: &Path) -> Result<Server> {
        let addr = free_address()?;
        let mut command = self.command(place);
        command.arg("serve").env("KEFU_HTTP__LISTEN", addr.to_string());
        Server::start(command, addr, log).await
    }

    /// Makes the tables, two administrators, a department and the channel.
    pub(crate) async fn set_up(&self, place: &Place, log: &Path) -> Result<Account> {
        finish(self.command(place).arg("migrate"), "").context("kefu migrate")?;
        for email in AGENTS {
            let mut create = self.command(place);
            create.args(["admin", "create", "--email", email, "--name", email]);
            finish(&mut create, &format!("{PASSWORD}\n")).context("kefu admin create")?;
        }
        let server = self.serve(place, log).await?;
        channel(server.addr).await
    }
}

async fn channel(addr: SocketAddr) -> Result<Account> {
    let mut admin = Agent::login(addr, AGENTS[0], PASSWORD).await?;
    let department = admin.post("/departments", &json!({"name": "Bench"})).await?;
    let department = department["id"].as_str().context("a department without an id")?;
    let form = json!({
        "kind": "wechat", "name": "Bench", "account_kind": "service", "verified": true, "region": "mainland_china",
        "original_id": ORIGINAL_ID, "app_id": "wx0123456789abcdef", "app_secret": "0123456789abcdef0123456789abcdef",
        "token": TOKEN, "encryption_mode": "plain", "department_ids": [department],
        "default_department_id": department, "reply_policy": "documented",
    });
    let channel = admin.post("/channels", &form).await?;
    let callback = channel["callback_url"]
        .as_str()
        .context("a channel without a callback address")?;
    let path = callback.find("/callback/").map(|at| callback[at..].to_owned());
    Ok(Account {
        token: TOKEN.to_owned(),
        callback_path: path.context("a callback address of another kind")?,
        original_id: ORIGINAL_ID.to_owned(),
        channel_id: number(&channel["id"])?,
        department_id: number(&json!(department))?,
    })
}

/// `ch_12` → 12.
fn number(id: &Value) -> Result<i64> {
    let digits = id
        .as_str()
        .and_then(|id| id.split_once('_'))
        .context("an id without a prefix")?
        .1;
    Ok(digits.parse()?)
}
