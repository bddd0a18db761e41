//! The archive while it is written: under a temporary name beside its own, gone again when it does not become whole.

use super::{folder_of, sync_folder};
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// A file that is not whole yet.
#[derive(Debug)]
pub(super) struct Part {
    wanted: PathBuf,
    path: PathBuf,
    file: File,
    whole: bool,
}

impl Part {
    /// Begins one. What a killed backup to the same file left behind is taken over; `None`: another one writes it now.
    pub(super) fn begin(wanted: &Path) -> io::Result<Option<Self>> {
        let path = beside(wanted, "part");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        match file.try_lock() {
            Ok(()) => file.set_len(0)?,
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let part = Self {
            wanted: wanted.to_owned(),
            path,
            file,
            whole: false,
        };
        part.forget_database()?;
        Ok(Some(part))
    }

    /// Where the copy of the database is kept meanwhile.
    pub(super) fn database(&self) -> PathBuf {
        beside(&self.wanted, "part.db")
    }

    /// What to write into.
    pub(super) const fn file(&self) -> &File {
        &self.file
    }

    /// Its temporary name.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// It is whole: on disk, and under its own name. Returns its size.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        self.file.sync_all()?;
        std::fs::rename(&self.path, &self.wanted)?;
        self.whole = true;
        sync_folder(folder_of(&self.wanted))?;
        Ok(self.file.metadata()?.len())
    }

    fn forget_database(&self) -> io::Result<()> {
        for ending in ["part.db", "part.db-journal", "part.db-wal", "part.db-shm"] {
            match std::fs::remove_file(beside(&self.wanted, ending)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        drop(self.forget_database());
        if !self.whole {
            drop(std::fs::remove_file(&self.path));
        }
    }
}

fn beside(wanted: &Path, ending: &str) -> PathBuf {
    let mut name = wanted.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}
