//! Backups: one archive with the database and the files it names, and how a desk is made of it again. The key is never in it.
//!
//! An archive is a gzipped tar. Its entries, in this order: `kefu-backup.json` ([`Header`]); `kefu.db`, a whole SQLite
//! database (not for PostgreSQL, whose own tools do that better); `media/…`; `checksums.sha256`, which names every
//! entry before it and stands for "whole". `make` writes it, `unpack` reads one that may be hostile, `restore` puts it
//! into its place. The command line is in `cli::backup`.

mod archive;
pub mod make;
mod part;
pub mod restore;
mod unpack;

use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The form of archives that this version writes and reads.
pub const FORMAT: u32 = 1;

const HEADER: &str = "kefu-backup.json";
const DATABASE: &str = "kefu.db";
const MEDIA: &str = "media/";
const CHECKSUMS: &str = "checksums.sha256";

/// What an archive says of itself, first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The form of the archive.
    pub format: u32,
    /// The version of Kefu that made it.
    pub kefu: String,
    /// When, in milliseconds.
    pub made_at: i64,
    /// `sqlite`, or `postgres`: then the database is not in it.
    pub database: String,
    /// The newest migration of the database.
    pub schema: i64,
    /// Which installation it is of.
    pub installation: String,
    /// The size of the database.
    pub database_bytes: u64,
    /// How many files there are.
    pub media_files: u64,
    /// Their size.
    pub media_bytes: u64,
    /// Files that the database names and the media folder had not.
    pub missing_files: u64,
}

/// How far it is.
#[derive(Debug, Clone, Copy)]
pub enum Progress {
    /// Bytes of the database that were copied.
    Database(u64),
    /// Files and bytes, of so many.
    Media {
        /// Files done.
        files: u64,
        /// Of so many.
        of: u64,
        /// Bytes done.
        bytes: u64,
    },
}

/// Who watches, and may want it to end; cheap to clone.
#[derive(Clone)]
pub struct Watcher {
    stop: Arc<AtomicBool>,
    tell: Arc<dyn Fn(Progress) + Send + Sync>,
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watcher")
    }
}

impl Watcher {
    /// Told of progress by `tell`.
    pub fn new(tell: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self {
            stop: Arc::default(),
            tell: Arc::new(tell),
        }
    }

    /// It is to end as soon as possible, and to leave nothing half done behind.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    fn tell(&self, progress: Progress) {
        (self.tell)(progress);
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Not as `Interrupted`: whoever copies would just try again.
    fn go_on(&self) -> std::io::Result<()> {
        if self.is_stopped() {
            return Err(std::io::Error::other("stopped"));
        }
        Ok(())
    }
}

/// What the disk said, in words that help.
fn disk(path: &Path, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            format!(
                "the disk of `{}` is full; make room, or use another disk",
                path.display()
            )
        }
        _ => format!("`{}`: {error}", path.display()),
    }
}

/// Names that `folder` keeps across a crash.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

/// The folder of a path; the current one where it names none.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
