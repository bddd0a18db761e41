//! Where the bytes of media are: files in the data directory, or memory when there is none.
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use bytes::Bytes;

use crate::SimError;

#[derive(Debug)]
pub(crate) enum MediaStore {
    Folder(PathBuf),
    Memory(Mutex<HashMap<String, Bytes>>),
}

impl MediaStore {
    pub(crate) fn open(data_dir: Option<&Path>) -> Result<Self, SimError> {
        let Some(data_dir) = data_dir else {
            return Ok(Self::Memory(Mutex::default()));
        };
        let folder = data_dir.join("media");
        std::fs::create_dir_all(&folder).map_err(|source| SimError::DataDir {
            path: folder.clone(),
            source,
        })?;
        Ok(Self::Folder(folder))
    }

    /// Keeps the bytes under an id that this crate made (a safe file name).
    pub(crate) async fn put(&self, media_id: &str, bytes: Bytes) -> std::io::Result<()> {
        match self {
            Self::Folder(folder) => tokio::fs::write(folder.join(media_id), &bytes).await,
            Self::Memory(files) => {
                files
                    .lock()
                    .expect("nothing panics while it holds the files")
                    .insert(media_id.to_owned(), bytes);
                Ok(())
            }
        }
    }

    /// The bytes of an id that the state knows.
    pub(crate) async fn get(&self, media_id: &str) -> std::io::Result<Bytes> {
        match self {
            Self::Folder(folder) => tokio::fs::read(folder.join(media_id)).await.map(Bytes::from),
            Self::Memory(files) => {
                let files = files.lock().expect("nothing panics while it holds the files");
                files
                    .get(media_id)
                    .cloned()
                    .ok_or_else(|| std::io::ErrorKind::NotFound.into())
            }
        }
    }
}
