//! The command line. stdout is for results, stderr for logs and errors. Exit codes: 0, 1 failed, 2 usage.

mod admin;
mod backup;
mod demo;
mod doctor;
mod doctor_words;
mod openapi;
mod output;
mod serve;
mod sim;

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Kefu (客服): a self-hosted support desk for WeChat.
#[derive(Debug, Parser)]
#[command(name = "kefu", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the desk.
    Serve(Settings),
    /// Run a desk with a simulator, a ready channel, agents and a few conversations. Nothing to configure.
    Demo(demo::Demo),
    /// Run the WeChat simulator alone.
    Sim(sim::Sim),
    /// Make or change administrators from the machine itself.
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Examine the channels: what works, what does not, and the fix. Works beside a running desk.
    Doctor(doctor::Doctor),
    /// Write the database and its files into one archive. Works beside a running desk.
    Backup(backup::Backup),
    /// Make a desk of a backup, in an empty data directory.
    Restore(backup::Restore),
    /// Bring the database up to date and end.
    Migrate(Settings),
    /// Print the OpenAPI document.
    Openapi,
}

/// Where the settings come from.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// The settings file; every setting can also be given as `KEFU_<SECTION>__<NAME>`.
    #[arg(long)]
    config: Option<PathBuf>,
}

/// Runs the command.
pub fn run(cli: Cli) -> ExitCode {
    output::logs();
    // One TLS provider for everything that talks https.
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::failed(&error.into()),
    };
    let result = runtime.block_on(async {
        match cli.command {
            Command::Serve(settings) => serve::serve(&settings).await,
            Command::Migrate(settings) => serve::migrate(&settings).await,
            Command::Demo(demo) => demo.run().await,
            Command::Sim(sim) => sim.run().await,
            Command::Admin(admin) => admin.run().await,
            Command::Doctor(doctor) => doctor.run().await,
            Command::Backup(backup) => backup.run().await,
            Command::Restore(restore) => restore.run().await,
            Command::Openapi => openapi::print(),
        }
    });
    runtime.shutdown_timeout(std::time::Duration::from_millis(300));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output::failed(&error),
    }
}
