//! Making a backup, beside a running server: the database first, then the files it names. Files never change and are
//! stored before their row, so every file of the copied database is there.

use super::archive::{self, Contents, MediaFile};
use super::part::Part;
use super::{FORMAT, Header, Progress, Watcher, disk};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::open::{Location, newest_schema};
use crate::db::snapshot::{self, Copied};
use crate::db::{self, Db, installation};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// So many keys are read at once.
const KEYS_AT_ONCE: i64 = 1_000;
/// So many missing files are named.
const NAMED: usize = 5;

/// Why there is no backup. Nothing stands under the wanted name then, or what stood there before.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is no desk.
    #[error(
        "there is no desk to back up: `{0}` does not exist. Give the settings of the desk with --config, or KEFU_DATA_DIR"
    )]
    NoDatabase(PathBuf),
    /// There is something else.
    #[error("there is no desk to back up in the database: it was never started")]
    Empty,
    /// Another version.
    #[error(
        "the database is of {which} version of Kefu (migration {found}, this one has {known}): back it up with the version that runs it"
    )]
    OtherVersion {
        /// `a newer` or `an older`.
        which: &'static str,
        /// Its newest migration.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// Files are gone.
    #[error(
        "{count} of the files that the database names are not in `{folder}` ({named}). Check the setting `media.url`; if they are lost for good, --without-missing makes a backup of the rest"
    )]
    MissingFiles {
        /// How many.
        count: usize,
        /// Where.
        folder: PathBuf,
        /// Some of them.
        named: String,
    },
    /// Two at once.
    #[error("another backup is being written to `{0}`")]
    Busy(PathBuf),
    /// The disk.
    #[error("the backup was not made: {0}")]
    Disk(String),
    /// Somebody ended it.
    #[error("the backup was interrupted; nothing was left behind")]
    Stopped,
    /// The database.
    #[error("the backup was not made: the database cannot be copied ({0})")]
    Db(#[from] db::Error),
}

/// A backup that was made.
#[derive(Debug)]
pub struct Made {
    /// What it says of itself.
    pub header: Header,
    /// Its size.
    pub bytes: u64,
}

/// Makes one. With `without_missing` files that are gone are left out and counted.
pub async fn make(
    config: &Config,
    file: &Path,
    without_missing: bool,
    watcher: Watcher,
) -> Result<Made, BackupError> {
    if let Location::Sqlite(path) = &config.database
        && !path.is_file()
    {
        return Err(BackupError::NoDatabase(path.clone()));
    }
    let begun = Part::begin(file).map_err(|error| BackupError::Disk(disk(file, &error)))?;
    let part = Arc::new(begun.ok_or_else(|| BackupError::Busy(file.to_owned()))?);
    let clock = Clock::new();
    let made_at = clock.wall();
    let database = copy_database(config, &part, &watcher).await?;
    let copied = match &database {
        Some(copy) => Location::Sqlite(copy.clone()),
        None => config.database.clone(),
    };
    let (mut header, keys) = read(&copied, clock).await?;
    header.made_at = made_at.0;
    header.database_bytes = database
        .as_deref()
        .map_or(Ok(0), size)
        .map_err(BackupError::Disk)?;
    let media_dir = config.media_dir.clone();
    let work = move || {
        write(
            part,
            header,
            database,
            &media_dir,
            keys,
            without_missing,
            &watcher,
        )
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(made) => made,
        Err(panicked) => Err(db::Error::Other(panicked.to_string()).into()),
    }
}

/// The copy of an SQLite database.
async fn copy_database(
    config: &Config,
    part: &Arc<Part>,
    watcher: &Watcher,
) -> Result<Option<PathBuf>, BackupError> {
    let Location::Sqlite(from) = &config.database else {
        return Ok(None);
    };
    let (from, into, watcher) = (from.clone(), part.database(), watcher.clone());
    let copy = into.clone();
    let work = move || {
        snapshot::copy(&from, &copy, &|bytes| {
            watcher.tell(Progress::Database(bytes));
            !watcher.is_stopped()
        })
    };
    let copied = tokio::task::spawn_blocking(work).await;
    match copied.map_err(|panicked| db::Error::Other(panicked.to_string()))?? {
        Copied::Yes => Ok(Some(into)),
        Copied::Stopped => Err(BackupError::Stopped),
    }
}

/// What the database says: the header without sizes, and the keys of the files.
async fn read(location: &Location, clock: Clock) -> Result<(Header, Vec<String>), BackupError> {
    let db = Db::open_unchanged(location, clock).await?;
    let read = read_open(&db).await;
    db.close().await;
    read
}

async fn read_open(db: &Db) -> Result<(Header, Vec<String>), BackupError> {
    let mut conn = db.read().await?;
    let (found, known) = (
        snapshot::schema(&mut conn).await?.ok_or(BackupError::Empty)?,
        newest_schema(),
    );
    if found != known {
        let which = if found > known { "a newer" } else { "an older" };
        return Err(BackupError::OtherVersion { which, found, known });
    }
    let about = installation::find(&mut conn).await?.ok_or(BackupError::Empty)?;
    let mut keys: Vec<String> = Vec::new();
    loop {
        let after = keys.last().cloned().unwrap_or_default();
        let more = snapshot::media_keys(&mut conn, &after, KEYS_AT_ONCE).await?;
        if more.is_empty() {
            break;
        }
        keys.extend(more);
    }
    let header = Header {
        format: FORMAT,
        kefu: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: 0,
        database: db.kind().to_owned(),
        schema: found,
        installation: about.mark(),
        database_bytes: 0,
        media_files: 0,
        media_bytes: 0,
        missing_files: 0,
    };
    Ok((header, keys))
}

fn write(
    part: Arc<Part>,
    mut header: Header,
    database: Option<PathBuf>,
    media_dir: &Path,
    keys: Vec<String>,
    without_missing: bool,
    watcher: &Watcher,
) -> Result<Made, BackupError> {
    let media = present(media_dir, keys, without_missing, &mut header)?;
    let contents = Contents {
        header: &header,
        database: database.as_deref(),
        media_dir,
        media: &media,
    };
    let written = archive::write(part.file(), part.path(), &contents, watcher);
    written.map_err(|(path, error)| failed(&path, &error, watcher))?;
    let part = Arc::into_inner(part).ok_or_else(|| db::Error::Other("the archive is still open".into()))?;
    let path = part.path().to_owned();
    let bytes = part.finish().map_err(|error| failed(&path, &error, watcher))?;
    Ok(Made { header, bytes })
}

fn failed(path: &Path, error: &std::io::Error, watcher: &Watcher) -> BackupError {
    if watcher.is_stopped() {
        return BackupError::Stopped;
    }
    BackupError::Disk(disk(path, error))
}

/// The files that are there, with their sizes; the header counts them.
fn present(
    media_dir: &Path,
    keys: Vec<String>,
    without_missing: bool,
    header: &mut Header,
) -> Result<Vec<MediaFile>, BackupError> {
    let (mut media, mut missing) = (Vec::with_capacity(keys.len()), Vec::new());
    for key in keys {
        match std::fs::metadata(media_dir.join(&key)) {
            Ok(file) if file.is_file() => media.push(MediaFile {
                key,
                bytes: file.len(),
            }),
            Ok(_) => missing.push(key),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => missing.push(key),
            Err(error) => return Err(BackupError::Disk(disk(&media_dir.join(key), &error))),
        }
    }
    if !missing.is_empty() && !without_missing {
        let more = if missing.len() > NAMED { ", …" } else { "" };
        let named: Vec<_> = missing.iter().take(NAMED).map(String::as_str).collect();
        return Err(BackupError::MissingFiles {
            count: missing.len(),
            folder: media_dir.to_owned(),
            named: named.join(", ") + more,
        });
    }
    header.media_files = media.len() as u64;
    header.media_bytes = media.iter().map(|file| file.bytes).sum();
    header.missing_files = missing.len() as u64;
    Ok(media)
}

fn size(path: &Path) -> Result<u64, String> {
    let found = std::fs::metadata(path);
    found.map(|file| file.len()).map_err(|error| disk(path, &error))
}
