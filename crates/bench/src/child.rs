//! Programs this crate starts, and stops whatever happens.

use crate::wire::Wire;
use anyhow::{Context, Result, bail};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server that is not ready by then has failed.
const START: Duration = Duration::from_secs(20);
/// As much of a log as an error shows.
const LAST_LINES: usize = 8;
/// How often readiness is asked for: `start/…` is measured with it.
const ASK: Duration = Duration::from_millis(1);

/// A running server; killed when dropped, which is also how a crash would end it.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) addr: SocketAddr,
    /// From its start to its first ready answer.
    pub(crate) started_in: Duration,
}

impl Server {
    /// Starts `command`, which will listen on `addr`, and waits until it is ready. Its stderr goes to `log`.
    pub(crate) async fn start(mut command: Command, addr: SocketAddr, log: &Path) -> Result<Self> {
        let log_file = std::fs::File::options().create(true).append(true).open(log)?;
        let begin = Instant::now();
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log_file)
            .spawn();
        let child =
            child.with_context(|| format!("{} cannot be started", command.get_program().display()))?;
        let mut server = Self {
            child,
            addr,
            started_in: Duration::ZERO,
        };
        while begin.elapsed() < START {
            if let Some(status) = server.child.try_wait()? {
                bail!(
                    "the server ended with {status}: {}",
                    std::fs::read_to_string(log).unwrap_or_default()
                );
            }
            if is_ready(addr).await {
                server.started_in = begin.elapsed();
                return Ok(server);
            }
            tokio::time::sleep(ASK).await;
        }
        bail!(
            "the server was not ready within {START:?}: {}",
            std::fs::read_to_string(log).unwrap_or_default()
        )
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory, in megabytes.
    pub(crate) fn resident_mb(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes: f64 = line
            .and_then(|rest| rest.split_whitespace().next())
            .context("no VmRSS")?
            .parse()?;
        Ok(kilobytes / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

async fn is_ready(addr: SocketAddr) -> bool {
    let Ok(mut wire) = Wire::connect(addr).await else {
        return false;
    };
    let request = format!("GET /readyz HTTP/1.1\r\nhost: {addr}\r\n\r\n");
    wire.exchange(request.as_bytes())
        .await
        .is_ok_and(|answer| answer.status == 200)
}

/// The end of a log, for an error.
pub(crate) fn last_words(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}

/// An address of this machine that nobody uses now.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// Runs a command to its end; its output is shown only when it fails.
pub(crate) fn finish(command: &mut Command, stdin: &str) -> Result<()> {
    use std::io::Write;
    let name = command.get_program().display().to_string();
    let piped = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = piped
        .spawn()
        .with_context(|| format!("{name} cannot be started"))?;
    if let Some(mut pipe) = child.stdin.take() {
        pipe.write_all(stdin.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!(
            "{name} failed: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}
