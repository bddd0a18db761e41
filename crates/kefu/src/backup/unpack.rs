//! Reading an archive that may come from anybody: only the entries that belong there, in their order, plain files with
//! names of one form, no larger than announced, each under the sum that the end of the archive says.

use super::{CHECKSUMS, DATABASE, FORMAT, HEADER, Header, MEDIA, Progress, Watcher, archive, disk};
use crate::db::open::newest_schema;
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// A header is a few hundred bytes.
const HEADER_BYTES: u64 = 64 * 1024;
/// Nothing that gzip has packed grows more than this when it is unpacked.
const GROWTH: u64 = 1_100;

/// Why an archive is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Something else.
    #[error("`{0}` is not a backup of Kefu ({1})")]
    NotABackup(PathBuf, String),
    /// Made by a later version.
    #[error(
        "the backup was made by a newer version of Kefu ({kefu}, {what}): restore it with that version or a later one"
    )]
    Newer {
        /// Which.
        kefu: String,
        /// How that shows.
        what: String,
    },
    /// Cut off or changed.
    #[error("the backup is damaged: {0}. Nothing was restored; use another copy")]
    Damaged(String),
    /// Made to do harm.
    #[error("the archive holds what no backup holds: {0}. Nothing was restored")]
    Foreign(String),
    /// The disk.
    #[error("nothing was restored: {0}")]
    Disk(String),
    /// Somebody ended it.
    #[error("the restore was interrupted; nothing was restored")]
    Stopped,
}

/// Where the entries go.
#[derive(Debug)]
pub(super) struct Target<'t> {
    pub(super) database: &'t Path,
    pub(super) media: &'t Path,
}

/// Only the header, to judge by it before anything is written.
pub(super) fn header(path: &Path) -> Result<Header, ArchiveError> {
    let mut tar = open(path)?;
    let mut entries = entries(&mut tar, path)?;
    read_header(path, first(path, &mut entries)?).map(|(header, _)| header)
}

/// Unpacks everything.
pub(super) fn unpack(path: &Path, target: &Target<'_>, watcher: &Watcher) -> Result<Header, ArchiveError> {
    let mut tar = open(path)?;
    let mut entries = entries(&mut tar, path)?;
    let (header, line) = read_header(path, first(path, &mut entries)?)?;
    let mut unpacking = Unpacking {
        left: Left::of(&header),
        header,
        target,
        watcher,
        sums: sums(target)?,
        has_database: false,
    };
    unpacking.remember(&line)?;
    loop {
        let entry = next(&mut entries)?.ok_or_else(|| damaged("its end is missing"))?;
        if unpacking.take(entry)? {
            return unpacking.finish();
        }
    }
}

type Archive = tar::Archive<GzDecoder<BufReader<File>>>;
type Entries<'a> = tar::Entries<'a, GzDecoder<BufReader<File>>>;
type Entry<'a> = tar::Entry<'a, GzDecoder<BufReader<File>>>;

fn open(path: &Path) -> Result<Archive, ArchiveError> {
    let file = File::open(path).map_err(|error| ArchiveError::Disk(disk(path, &error)))?;
    Ok(tar::Archive::new(GzDecoder::new(BufReader::new(file))))
}

/// Raw: nothing is interpreted, so long names, links and holes are entries like any other, and refused.
fn entries<'a>(tar: &'a mut Archive, path: &Path) -> Result<Entries<'a>, ArchiveError> {
    let entries = tar.entries().map_err(|error| not_a_backup(path, &error))?;
    Ok(entries.raw(true))
}

/// What cannot even begin to be read is something else.
fn first<'a>(path: &Path, entries: &mut Entries<'a>) -> Result<Option<Entry<'a>>, ArchiveError> {
    entries
        .next()
        .transpose()
        .map_err(|error| not_a_backup(path, &error))
}

fn next<'a>(entries: &mut Entries<'a>) -> Result<Option<Entry<'a>>, ArchiveError> {
    entries.next().transpose().map_err(damaged)
}

fn read_header(path: &Path, entry: Option<Entry<'_>>) -> Result<(Header, String), ArchiveError> {
    let mut entry = match entry {
        Some(entry) if name(&entry) == HEADER && is_file(&entry) && entry.size() <= HEADER_BYTES => entry,
        _ => {
            return Err(ArchiveError::NotABackup(
                path.to_owned(),
                format!("it does not begin with {HEADER}"),
            ));
        }
    };
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes).map_err(damaged)?;
    let form: Form = serde_json::from_slice(&bytes).map_err(|error| not_a_backup(path, &error))?;
    if form.format > FORMAT {
        let what = format!("format {}, this one reads {FORMAT}", form.format);
        return Err(ArchiveError::Newer {
            kefu: form.kefu,
            what,
        });
    }
    let header: Header = serde_json::from_slice(&bytes).map_err(|error| not_a_backup(path, &error))?;
    judge(path, &header)?;
    let line = archive::line(HEADER, Sha256::new_with_prefix(&bytes));
    Ok((header, line))
}

/// What every format has.
#[derive(serde::Deserialize)]
struct Form {
    format: u32,
    kefu: String,
}

fn judge(path: &Path, header: &Header) -> Result<(), ArchiveError> {
    let known = newest_schema();
    if header.schema > known {
        let what = format!("migration {}, this one has {known}", header.schema);
        return Err(ArchiveError::Newer {
            kefu: header.kefu.clone(),
            what,
        });
    }
    let file = std::fs::metadata(path).map_err(|error| ArchiveError::Disk(disk(path, &error)))?;
    let announced = header.database_bytes.checked_add(header.media_bytes);
    if announced.is_none_or(|bytes| bytes > file.len().saturating_mul(GROWTH)) {
        return Err(ArchiveError::Foreign(
            "it announces more than it can hold".to_owned(),
        ));
    }
    Ok(())
}

/// What may still come.
struct Left {
    files: u64,
    bytes: u64,
}

impl Left {
    const fn of(header: &Header) -> Self {
        Self {
            files: header.media_files,
            bytes: header.media_bytes,
        }
    }
}

struct Unpacking<'t> {
    header: Header,
    target: &'t Target<'t>,
    watcher: &'t Watcher,
    left: Left,
    /// The sums as they were computed: on disk, there may be a million.
    sums: File,
    has_database: bool,
}

impl Unpacking<'_> {
    /// Takes one entry; true after the last.
    fn take(&mut self, mut entry: Entry<'_>) -> Result<bool, ArchiveError> {
        let name = name(&entry);
        if !is_file(&entry) {
            return Err(ArchiveError::Foreign(format!("`{name}` is not a plain file")));
        }
        if name == CHECKSUMS {
            return self.compare(entry).map(|()| true);
        }
        if name == DATABASE && !self.has_database && self.left.files == self.header.media_files {
            self.has_database = true;
            let size = self.header.database_bytes;
            self.expect(&name, entry.size() == size)?;
            let into = self.target.database.to_owned();
            return self.store(&name, &mut entry, &into).map(|()| false);
        }
        let key = name.strip_prefix(MEDIA).filter(|key| is_key(key));
        let Some(key) = key else {
            return Err(ArchiveError::Foreign(format!("`{name}`")));
        };
        self.expect(&name, self.left.files > 0 && entry.size() <= self.left.bytes)?;
        self.left.files -= 1;
        self.left.bytes -= entry.size();
        let into = self.target.media.join(key);
        self.store(&name, &mut entry, &into)?;
        self.tell();
        Ok(false)
    }

    fn expect(&self, name: &str, fits: bool) -> Result<(), ArchiveError> {
        if fits {
            return Ok(());
        }
        Err(ArchiveError::Foreign(format!(
            "`{name}` is more than was announced"
        )))
    }

    fn tell(&self) {
        let of = self.header.media_files;
        self.watcher.tell(Progress::Media {
            files: of - self.left.files,
            of,
            bytes: self.header.media_bytes - self.left.bytes,
        });
    }

    /// A file that was not there before, on disk when this returns.
    fn store(&mut self, name: &str, entry: &mut Entry<'_>, into: &Path) -> Result<(), ArchiveError> {
        let here = |error: io::Error| ArchiveError::Disk(disk(into, &error));
        std::fs::create_dir_all(super::folder_of(into)).map_err(here)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(into).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => ArchiveError::Foreign(format!("`{name}` twice")),
            _ => here(error),
        })?;
        let (mut sum, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
        loop {
            self.watcher.go_on().map_err(|_| ArchiveError::Stopped)?;
            let read = entry.read(&mut buffer).map_err(damaged)?;
            if read == 0 {
                break;
            }
            sum.update(&buffer[..read]);
            file.write_all(&buffer[..read]).map_err(here)?;
        }
        file.sync_all().map_err(here)?;
        self.remember(&archive::line(name, sum))
    }

    fn remember(&mut self, line: &str) -> Result<(), ArchiveError> {
        writeln!(self.sums, "{line}").map_err(|error| ArchiveError::Disk(disk(self.target.database, &error)))
    }

    /// The sums at the end of the archive are those that were computed.
    fn compare(&mut self, entry: Entry<'_>) -> Result<(), ArchiveError> {
        let here = |error: io::Error| ArchiveError::Disk(disk(self.target.database, &error));
        let bytes = self.sums.stream_position().map_err(here)?;
        if entry.size() != bytes {
            return Err(damaged("files are missing"));
        }
        self.sums.rewind().map_err(here)?;
        let computed = BufReader::new(&self.sums).lines();
        for (computed, said) in computed.zip(BufReader::new(entry).lines()) {
            let computed = computed.map_err(here)?;
            if said.map_err(damaged)? != computed {
                let name = computed.split_once("  ").map_or("", |(_, name)| name);
                return Err(damaged(format!("`{name}` has another checksum")));
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Header, ArchiveError> {
        let wants_database = self.header.database == "sqlite";
        if self.left.files != 0 || self.left.bytes != 0 || wants_database != self.has_database {
            return Err(damaged("files are missing"));
        }
        Ok(self.header)
    }
}

fn sums(target: &Target<'_>) -> Result<File, ArchiveError> {
    let path = target.database.with_extension("sums");
    let here = |error: io::Error| ArchiveError::Disk(disk(&path, &error));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    let file = options.open(&path).map_err(here)?;
    std::fs::remove_file(&path).map_err(here)?;
    Ok(file)
}

/// The name as it stands in the entry; what is no text is no name of ours.
fn name(entry: &Entry<'_>) -> String {
    String::from_utf8_lossy(&entry.path_bytes()).into_owned()
}

fn is_file(entry: &Entry<'_>) -> bool {
    entry.header().entry_type() == tar::EntryType::Regular
}

/// As the store makes keys: two digits, and a file whose name begins with them.
fn is_key(key: &str) -> bool {
    let hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    key.split_once('/').is_some_and(|(folder, file)| {
        folder.len() == 2 && file.len() == 32 && hex(folder) && hex(file) && file.starts_with(folder)
    })
}

fn damaged(problem: impl std::fmt::Display) -> ArchiveError {
    ArchiveError::Damaged(problem.to_string())
}

fn not_a_backup(path: &Path, problem: &dyn std::fmt::Display) -> ArchiveError {
    ArchiveError::NotABackup(path.to_owned(), problem.to_string())
}

#[cfg(test)]
mod tests {
    use super::is_key;

    #[test]
    fn only_names_that_the_store_makes_are_taken() {
        assert!(is_key("0a/0a112233445566778899aabbccddeeff"));
        for other in [
            "0a/../0a112233445566778899aabbccddee",
            "../0a112233445566778899aabbccddeeff",
            "/0a112233445566778899aabbccddeeff",
            "0b/0a112233445566778899aabbccddeeff",
            "0A/0A112233445566778899AABBCCDDEEFF",
            "0a/0a112233445566778899aabbccddeeff/x",
            "",
        ] {
            assert!(!is_key(other), "{other:?}");
        }
    }
}
