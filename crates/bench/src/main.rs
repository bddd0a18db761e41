//! Measures Kefu, side by side with the least program that does the same durable work.
//!
//! Everything runs on this machine: the load generator here, the programs it measures as child processes.

mod account;
mod api;
mod child;
mod clock;
mod cluster;
mod consoles;
mod desk_figures;
mod desks;
mod first_load;
mod ingest;
mod kefu;
mod limit;
mod load;
mod pages;
mod processor;
mod pushes;
mod report;
mod search;
mod seed;
mod side;
mod suite;
mod wire;

use anyhow::{Context, Result, bail, ensure};
use clap::{Parser, Subcommand};
use ingest::Effort;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

/// As Kefu has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures Kefu. Prints a table, then one JSON line per figure.
#[derive(Debug, Parser)]
#[command(name = "bench", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    bench: Bench,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve as the limit; the bench starts it itself.
    Limit(limit::Limit),
}

#[derive(Debug, clap::Args)]
struct Bench {
    /// Only the figures at or below this name, such as `ingest/sqlite`.
    #[arg(long, default_value = "")]
    only: String,
    /// How long each turn measures.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// Turns of each program; the medians count.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=9))]
    rounds: u32,
    /// The program to measure; a release build.
    #[arg(long, default_value = "target/release/kefu")]
    kefu: PathBuf,
    /// Where PostgreSQL's `initdb` and `postgres` are; the newest installed by default.
    #[arg(long)]
    postgres_bin: Option<PathBuf>,
    /// Where the databases of the run live: a real disk, whose fsync is part of what is measured.
    #[arg(long)]
    dir: Option<PathBuf>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Some(Command::Limit(limit)) => {
            runtime(Builder::new_multi_thread()).and_then(|r| r.block_on(limit.run()))
        }
        // One thread: the generator must leave the cores to the servers.
        None => runtime(Builder::new_current_thread()).and_then(|r| r.block_on(bench(cli.bench))),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn runtime(mut builder: Builder) -> Result<tokio::runtime::Runtime> {
    Ok(builder.enable_all().build()?)
}

async fn bench(options: Bench) -> Result<()> {
    let program = options.kefu.canonicalize();
    let program =
        program.with_context(|| format!("there is no `{}`: run `make build`", options.kefu.display()))?;
    let dir = match &options.dir {
        Some(dir) => tempfile::Builder::new().prefix("kefu-bench-").tempdir_in(dir),
        None => tempfile::Builder::new().prefix("kefu-bench-").tempdir(),
    };
    let dir = dir.context("no folder for the databases; name one with --dir")?;
    // PostgreSQL may run as another user.
    std::fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    report::complain(&format!(
        "a write with fsync takes {:.2} ms here",
        fsync_ms(dir.path())?
    ));
    let effort = Effort {
        rounds: options.rounds,
        measured: Duration::from_secs(options.seconds),
    };
    let kefu = kefu::Kefu { program };
    let mut terminated = signal(SignalKind::terminate())?;
    let figures = tokio::select! {
        figures = suite::run(&kefu, &options.only, effort, options.postgres_bin.as_deref(), dir.path()) => figures?,
        _ = terminated.recv() => bail!("stopped"),
        pressed = tokio::signal::ctrl_c() => pressed.map_err(Into::into).and_then(|()| bail!("stopped"))?,
    };
    report::print(&figures)?;
    Ok(())
}

/// The median of small durable writes: says at once when the folder is no real disk.
fn fsync_ms(dir: &std::path::Path) -> Result<f64> {
    use std::io::Write;
    let mut file = std::fs::File::create(dir.join("fsync"))?;
    let mut times = Vec::new();
    for _ in 0..32 {
        let begin = std::time::Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.push(begin.elapsed().as_secs_f64() * 1000.0);
    }
    let median = report::median(times);
    ensure!(median > 0.0, "the clock stands still");
    Ok(median)
}
