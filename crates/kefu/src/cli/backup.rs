//! `kefu backup` and `kefu restore`. Both tell how far they are on stderr, and leave nothing half done when interrupted.

use super::{Settings, output};
use crate::backup::make::{Made, make};
use crate::backup::restore::{Restored, restore};
use crate::backup::{Header, Progress, Watcher};
use crate::clock::Clock;
use crate::config::Config;
use clap::Args;
use std::future::Future;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};

/// Progress is told at most this often.
const TELL_EVERY_MS: i64 = 2_000;

/// Options of `kefu backup`.
#[derive(Debug, Args)]
pub(super) struct Backup {
    #[command(flatten)]
    settings: Settings,
    /// The archive to write; one that is there is replaced when the new one is whole.
    file: PathBuf,
    /// Make it even though files that the database names are gone; they are counted and left out.
    #[arg(long)]
    without_missing: bool,
}

/// Options of `kefu restore`.
#[derive(Debug, Args)]
pub(super) struct Restore {
    #[command(flatten)]
    settings: Settings,
    /// The archive.
    file: PathBuf,
}

impl Backup {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let config = Config::load(self.settings.config.as_deref())?;
        let watcher = watcher();
        let making = make(&config, &self.file, self.without_missing, watcher.clone());
        let made = interruptible(making, &watcher).await??;
        output::line(&format!("{}: {}", self.file.display(), contents(&made)));
        output::notice(&after_backup(&config, &made.header));
        Ok(())
    }
}

impl Restore {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let config = Config::load(self.settings.config.as_deref())?;
        let watcher = watcher();
        let restored = interruptible(restore(&config, &self.file, watcher.clone()), &watcher).await??;
        output::line(&format!("restored: {}", restored_words(&restored)));
        output::notice(
            "  The desk is quarantined: it takes messages in and sends nothing, until an administrator confirms in the\n  \
             console that this desk is the one which answers from now on (or on this machine: `kefu admin release`).\n  \
             First make sure that the desk the backup is of does not run any more.",
        );
        Ok(())
    }
}

/// Runs it to its end; a signal makes that end come soon.
async fn interruptible<T>(work: impl Future<Output = T>, watcher: &Watcher) -> anyhow::Result<T> {
    tokio::pin!(work);
    tokio::select! {
        done = &mut work => return Ok(done),
        stop = super::serve::stop_signal() => stop?,
    }
    watcher.stop();
    Ok(work.await)
}

fn watcher() -> Watcher {
    let (clock, last) = (Clock::new(), AtomicI64::new(0));
    Watcher::new(move |progress| {
        let now = clock.wall().0;
        if now - last.load(Ordering::Relaxed) >= TELL_EVERY_MS {
            last.store(now, Ordering::Relaxed);
            output::progress(&words(progress));
        }
    })
}

fn words(progress: Progress) -> String {
    match progress {
        Progress::Database(bytes) => format!("database: {}", megabytes(bytes)),
        Progress::Media { files, of, bytes } => format!("files: {files} of {of}, {}", megabytes(bytes)),
    }
}

fn contents(made: &Made) -> String {
    let Header {
        database_bytes,
        media_files,
        media_bytes,
        missing_files,
        ..
    } = &made.header;
    let missing = match missing_files {
        0 => String::new(),
        count => format!(", {count} files are MISSING"),
    };
    format!(
        "{} (database {}, {media_files} files with {}{missing})",
        megabytes(made.bytes),
        megabytes(*database_bytes),
        megabytes(*media_bytes)
    )
}

fn after_backup(config: &Config, header: &Header) -> String {
    let key = match &config.secrets_key {
        Some(_) => "the value of KEFU_SECRETS__KEY (setting `secrets.key`)".to_owned(),
        None => format!("`{}`", config.data_dir.join("secrets.key").display()),
    };
    let mut said = format!(
        "  The key is not in the backup: keep a copy of {key} in another place.\n  Without it the backup cannot be restored."
    );
    if header.database == "postgres" {
        said.push_str(
            "\n\n  The database is not in the backup, only the files it names. Make a dump of it with pg_dump BEFORE each\n  \
             backup of the files, so that every file of the dump is there.",
        );
    }
    said
}

fn restored_words(restored: &Restored) -> String {
    let Header {
        media_files, made_at, ..
    } = &restored.header;
    let made =
        jiff::Timestamp::from_millisecond(*made_at).map_or_else(|_| String::new(), |at| at.to_string());
    format!(
        "a backup made at {made}, {media_files} files; {} replies that were waiting then are marked as unknown",
        restored.given_up
    )
}

fn megabytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
    let megabytes = bytes as f64 / 1_000_000.0;
    format!("{megabytes:.1} MB")
}
