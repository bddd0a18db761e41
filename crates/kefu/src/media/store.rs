//! The object store: a local folder. Objects are immutable and durable before their row is written.

use bytes::Bytes;
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

/// With less room than this nothing useful can be stored: 1 MB.
const PROBE_BYTES: usize = 1024 * 1024;

/// The folder of media.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// Why a file was not stored or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No such object.
    #[error("the object is not in the store")]
    Missing,
    /// The disk.
    #[error("the media folder refused: {0}")]
    Io(#[from] std::io::Error),
}

impl Store {
    /// Opens (and makes) the folder.
    pub fn open(folder: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// Stores bytes under a fresh key, on disk when this returns.
    pub async fn put(&self, bytes: &Bytes) -> Result<String, StoreError> {
        let name = format!("{:032x}", rand::random::<u128>());
        let key = format!("{}/{name}", &name[..2]);
        let folder = self.folder.join(&name[..2]);
        tokio::fs::create_dir_all(&folder).await?;
        let temporary = folder.join(format!("{name}.part"));
        let written = match write_synced(&temporary, bytes).await {
            Ok(()) => tokio::fs::rename(&temporary, folder.join(&name)).await,
            Err(error) => Err(error),
        };
        if written.is_err() {
            // What is half written on a full disk would keep it full.
            drop(tokio::fs::remove_file(&temporary).await);
        }
        written?;
        tokio::fs::File::open(&folder).await?.sync_all().await?;
        Ok(key)
    }

    /// Opens an object for reading, with its length.
    pub async fn get(&self, key: &str) -> Result<(tokio::fs::File, u64), StoreError> {
        let file = tokio::fs::File::open(self.path(key)?).await.map_err(missing)?;
        let length = file.metadata().await?.len();
        Ok((file, length))
    }

    /// The whole object.
    pub async fn read(&self, key: &str) -> Result<Bytes, StoreError> {
        Ok(tokio::fs::read(self.path(key)?).await.map_err(missing)?.into())
    }

    /// Whether the disk takes another file of some size. It does not stay: one that is there already needs no room.
    pub async fn is_writable(&self) -> bool {
        let probe = self.folder.join(".probe");
        let written = tokio::fs::write(&probe, vec![0; PROBE_BYTES]).await;
        // Another question at the same time may have been faster.
        drop(tokio::fs::remove_file(&probe).await);
        written.is_ok()
    }

    /// Removes an object that no row names any more.
    pub async fn remove(&self, key: &str) -> Result<(), StoreError> {
        tokio::fs::remove_file(self.path(key)?).await.map_err(missing)
    }

    /// Keys come from our database; anything else is not one.
    fn path(&self, key: &str) -> Result<PathBuf, StoreError> {
        let safe = key.bytes().all(|b| b.is_ascii_hexdigit() || b == b'/') && !key.starts_with('/');
        if safe {
            Ok(self.folder.join(key))
        } else {
            Err(StoreError::Missing)
        }
    }
}

fn missing(error: std::io::Error) -> StoreError {
    if error.kind() == std::io::ErrorKind::NotFound {
        StoreError::Missing
    } else {
        StoreError::Io(error)
    }
}

async fn write_synced(path: &Path, bytes: &Bytes) -> std::io::Result<()> {
    let mut file = tokio::fs::File::create(path).await?;
    file.write_all(bytes).await?;
    file.sync_all().await
}
