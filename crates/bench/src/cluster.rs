//! A private PostgreSQL cluster in a temporary folder: durable settings, the rest as the distribution has it.

use crate::child::{finish, free_address};
use anyhow::{Context, Result, bail};
use sqlx::{Connection, PgConnection};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Time to start, and to stop.
const PATIENCE: Duration = Duration::from_secs(20);
/// Who runs the server when this program runs as root, which PostgreSQL refuses.
const NOBODY: &str = "nobody";

/// The running cluster; stopped when dropped.
#[derive(Debug)]
pub(crate) struct Cluster {
    server: Child,
    addr: SocketAddr,
}

/// User and group of a child.
#[derive(Debug, Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
}

impl Cluster {
    /// Makes and starts a cluster below `dir`.
    pub(crate) async fn start(bin: Option<&Path>, dir: &Path) -> Result<Self> {
        let bin = bin
            .map(Path::to_owned)
            .or_else(newest_installed)
            .unwrap_or_default();
        let (data, owner) = (dir.join("postgres"), owner()?);
        std::fs::create_dir(&data)?;
        if let Some(owner) = owner {
            std::os::unix::fs::chown(&data, Some(owner.uid), Some(owner.gid))?;
        }
        let mut initdb = run_as(&bin.join("initdb"), owner);
        initdb.args([
            "--username=kefu",
            "--auth=trust",
            "--locale=C.UTF-8",
            "--encoding=UTF8",
            "--no-sync",
            "-D",
        ]);
        finish(initdb.arg(&data).current_dir(&data), "")
            .context("give the folder of PostgreSQL's programs with --postgres-bin")?;
        let addr = free_address()?;
        let log = std::fs::File::create(dir.join("postgres.log"))?;
        let mut postgres = run_as(&bin.join("postgres"), owner);
        postgres
            .arg("-D")
            .arg(&data)
            .args(["-p", &addr.port().to_string()]);
        postgres.args([
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "fsync=on",
        ]);
        let server = postgres
            .current_dir(&data)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        let cluster = Self { server, addr };
        cluster.wait().await?;
        Ok(cluster)
    }

    async fn wait(&self) -> Result<()> {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if self.connect().await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("PostgreSQL was not ready within {PATIENCE:?}");
    }

    /// The address of a database in it.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://kefu@{}/{database}", self.addr)
    }

    /// Processor time of everything that works for its databases, in microseconds.
    pub(crate) fn processor_us(&self) -> Result<f64> {
        crate::processor::of_children(self.server.id())
    }

    /// A connection for work on whole databases.
    pub(crate) async fn connect(&self) -> Result<PgConnection> {
        Ok(PgConnection::connect(&self.url("postgres")).await?)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A fast shutdown first, so that no shared memory stays behind.
        drop(
            Command::new("kill")
                .args(["-INT", &self.server.id().to_string()])
                .status(),
        );
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if !matches!(self.server.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

fn run_as(program: &Path, owner: Option<Owner>) -> Command {
    let mut command = Command::new(program);
    if let Some(owner) = owner {
        command.uid(owner.uid).gid(owner.gid);
    }
    command
}

/// `nobody` when we are root, else ourselves.
fn owner() -> Result<Option<Owner>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let uid = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    if uid.and_then(|ids| ids.split_whitespace().nth(1)) != Some("0") {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd")?;
    let fields = users
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields[0] == NOBODY);
    match fields.as_deref() {
        Some([_, _, uid, gid, ..]) => Ok(Some(Owner {
            uid: uid.parse()?,
            gid: gid.parse()?,
        })),
        _ => bail!("PostgreSQL does not run as root, and there is no user `{NOBODY}`"),
    }
}

/// The folder of the newest server the distribution has installed.
fn newest_installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let numbered =
        versions.filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())));
    numbered
        .max_by_key(|(version, _)| *version)
        .map(|(_, path)| path.join("bin"))
}
