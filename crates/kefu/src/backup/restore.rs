//! Making a desk of a backup, in an empty place. Everything is unpacked and judged aside; only what is whole is moved into
//! its place, the database last, so that whatever is killed leaves either no desk or all of it. The desk is quarantined.

use super::unpack::{self, ArchiveError, Target};
use super::{Header, Watcher, disk, folder_of, sync_folder};
use crate::auth::secrets::{Secrets, SecretsError};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::audit::{self, Entry};
use crate::db::open::{Location, OpenError, Options};
use crate::db::{self, Db, installation, jobs, quarantine};
use crate::domain::agent::Actor;
use crate::domain::time::Time;
use crate::outbound::restored;
use crate::run::{self, StartError};
use std::path::{Path, PathBuf};

/// The folder within the media folder where files wait until all are there.
const STAGING: &str = ".restore";

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// There is a desk already.
    #[error(
        "`{0}` exists: a backup is restored only where there is no desk. Give an empty data directory, or move the old one away first"
    )]
    NotEmpty(PathBuf),
    /// The other kind of database.
    #[error("the backup is of a desk on {0}, and the settings name {1}: set `database.url` accordingly")]
    OtherDatabase(String, &'static str),
    /// PostgreSQL is restored by its own tools.
    #[error(
        "the database holds no desk: restore it first with pg_restore (or psql), then run `kefu restore` again before you start the desk"
    )]
    DatabaseFirst,
    /// Media and database do not belong together.
    #[error("the backup is of another desk than the database")]
    OtherDesk,
    /// No key.
    #[error(
        "the backup can only be opened with the key of the desk that it is of. Copy its `secrets.key` to `{0}`, or set KEFU_SECRETS__KEY to what it was there, and run this again. Nothing was restored"
    )]
    KeyMissing(PathBuf),
    /// Another key.
    #[error(
        "the key in {0} is not the one of the desk that the backup is of. Put the right one there, and run this again. Nothing was restored"
    )]
    WrongKey(String),
    /// The key's file.
    #[error(transparent)]
    Key(SecretsError),
    /// The data directory.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The database could not be opened.
    #[error("nothing was restored: {0}")]
    Open(#[from] OpenError),
    /// The database could not be changed.
    #[error("nothing was restored: {0}")]
    Db(#[from] db::Error),
    /// The disk.
    #[error("nothing was restored: {0}")]
    Disk(String),
}

/// A desk that was restored.
#[derive(Debug)]
pub struct Restored {
    /// What the backup said of itself.
    pub header: Header,
    /// Replies that were waiting to leave, and are unknown now.
    pub given_up: usize,
}

/// Restores `file`. The place must be empty, but for the key.
pub async fn restore(config: &Config, file: &Path, watcher: Watcher) -> Result<Restored, RestoreError> {
    let _lock = run::lock(config)?;
    let header = unpack::header(file)?;
    let kind = match config.database {
        Location::Sqlite(_) => "sqlite",
        Location::Postgres(_) => "postgres",
    };
    if header.database != kind {
        return Err(RestoreError::OtherDatabase(header.database, kind));
    }
    let place = Place::of(config);
    place.is_empty()?;
    let secrets = key(config)?;
    place.clear()?;
    let result = place.fill(config, file, &secrets, watcher).await;
    if result.is_err() {
        drop(place.clear());
    }
    result
}

/// The key must be there before: a new one could open nothing.
fn key(config: &Config) -> Result<Secrets, RestoreError> {
    if let Some(key) = &config.secrets_key {
        return Secrets::from_setting(key).map_err(RestoreError::Key);
    }
    let path = key_file(config);
    if !path.is_file() {
        return Err(RestoreError::KeyMissing(path));
    }
    Secrets::from_file(&path).map_err(RestoreError::Key)
}

fn key_file(config: &Config) -> PathBuf {
    config.data_dir.join("secrets.key")
}

/// Where a desk is to be.
struct Place {
    /// `None` on PostgreSQL.
    database: Option<PathBuf>,
    /// Where the database waits until all is well.
    staged: PathBuf,
    media: PathBuf,
}

impl Place {
    fn of(config: &Config) -> Self {
        let database = match &config.database {
            Location::Sqlite(path) => Some(path.clone()),
            Location::Postgres(_) => None,
        };
        let beside = database
            .clone()
            .unwrap_or_else(|| config.data_dir.join("kefu.db"));
        Self {
            staged: beside.with_extension("restore"),
            database,
            media: config.media_dir.clone(),
        }
    }

    fn is_empty(&self) -> Result<(), RestoreError> {
        if let Some(database) = &self.database {
            for ending in ["", "-wal", "-shm"] {
                let mut name = database.as_os_str().to_owned();
                name.push(ending);
                if Path::new(&name).exists() {
                    return Err(RestoreError::NotEmpty(name.into()));
                }
            }
            // An index over other messages would find what is not there.
            let index = database.with_file_name("search.db");
            if index.exists() {
                return Err(RestoreError::NotEmpty(index));
            }
        }
        let Ok(names) = std::fs::read_dir(&self.media) else {
            return Ok(());
        };
        let found = names
            .flatten()
            .find(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
        found.map_or(Ok(()), |entry| Err(RestoreError::NotEmpty(entry.path())))
    }

    fn staging(&self) -> PathBuf {
        self.media.join(STAGING)
    }

    /// Removes what a restore that was killed has left.
    fn clear(&self) -> Result<(), RestoreError> {
        for ending in ["restore", "restore-wal", "restore-shm", "sums"] {
            gone(
                std::fs::remove_file(self.staged.with_extension(ending)),
                &self.staged,
            )?;
        }
        gone(std::fs::remove_dir_all(self.staging()), &self.media)
    }

    async fn fill(
        &self,
        config: &Config,
        file: &Path,
        secrets: &Secrets,
        watcher: Watcher,
    ) -> Result<Restored, RestoreError> {
        let header = self.unpack(file, watcher).await?;
        let location = match &self.database {
            Some(_) => Location::Sqlite(self.staged.clone()),
            None => config.database.clone(),
        };
        let given_up = prepare(config, &location, secrets, &header).await?;
        self.settle()
            .map_err(|error| RestoreError::Disk(disk(&self.media, &error)))?;
        Ok(Restored { header, given_up })
    }

    async fn unpack(&self, file: &Path, watcher: Watcher) -> Result<Header, RestoreError> {
        let (file, database, media) = (file.to_owned(), self.staged.clone(), self.staging());
        let work = move || {
            std::fs::create_dir_all(&media).map_err(|error| ArchiveError::Disk(disk(&media, &error)))?;
            let target = Target {
                database: &database,
                media: &media,
            };
            unpack::unpack(&file, &target, &watcher)
        };
        let unpacked = tokio::task::spawn_blocking(work).await;
        Ok(unpacked.map_err(|panicked| db::Error::Other(panicked.to_string()))??)
    }

    /// Moves everything into its place; the database last.
    fn settle(&self) -> std::io::Result<()> {
        let staging = self.staging();
        for folder in std::fs::read_dir(&staging)? {
            let folder = folder?;
            sync_folder(&folder.path())?;
            std::fs::rename(folder.path(), self.media.join(folder.file_name()))?;
        }
        std::fs::remove_dir(&staging)?;
        sync_folder(&self.media)?;
        if let Some(database) = &self.database {
            std::fs::rename(&self.staged, database)?;
            sync_folder(folder_of(database))?;
        }
        Ok(())
    }
}

fn gone(removed: std::io::Result<()>, path: &Path) -> Result<(), RestoreError> {
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(RestoreError::Disk(disk(path, &error)))
        }
        _ => Ok(()),
    }
}

/// Brings the database up to date, judges the key, and quarantines the desk; how many replies are unknown now.
async fn prepare(
    config: &Config,
    location: &Location,
    secrets: &Secrets,
    header: &Header,
) -> Result<usize, RestoreError> {
    let clock = Clock::new();
    if matches!(location, Location::Postgres(_)) {
        holds_a_desk(location, clock.clone()).await?;
    }
    let options = Options {
        allow_unsafe: config.allow_unsafe_database,
    };
    let db = Db::open(location, options, clock).await?;
    let prepared = prepare_open(config, &db, secrets, header).await;
    db.close().await;
    prepared
}

async fn holds_a_desk(location: &Location, clock: Clock) -> Result<(), RestoreError> {
    let db = Db::open_unchanged(location, clock).await?;
    let schema = db::snapshot::schema(&mut db.read().await?).await;
    db.close().await;
    schema?.map(|_| ()).ok_or(RestoreError::DatabaseFirst)
}

async fn prepare_open(
    config: &Config,
    db: &Db,
    secrets: &Secrets,
    header: &Header,
) -> Result<usize, RestoreError> {
    let found = installation::find(&mut db.read().await?)
        .await?
        .ok_or(RestoreError::DatabaseFirst)?;
    if found.mark() != header.installation {
        return Err(RestoreError::OtherDesk);
    }
    found.check_key(secrets).map_err(|_| {
        RestoreError::WrongKey(match config.secrets_key {
            Some(_) => "KEFU_SECRETS__KEY".to_owned(),
            None => format!("`{}`", key_file(config).display()),
        })
    })?;
    let given_up = restored::give_up(db).await?;
    let (made_at, wall, now) = (Time(header.made_at), db.clock.wall(), db.clock.now());
    db.write::<_, db::Error, _>(move |tx| {
        Box::pin(async move {
            jobs::free_all(tx).await?;
            quarantine::begin(tx, made_at, wall).await?;
            let entry = Entry {
                actor: Actor::Operator,
                action: "installation.restore",
                object_kind: "installation",
                object_id: 1,
                data: None,
            };
            audit::write(tx, entry, now).await
        })
    })
    .await?;
    Ok(given_up)
}
