//! Writing an archive: entries one after the other, each counted and hashed on its way.

use super::{CHECKSUMS, DATABASE, HEADER, Header, MEDIA, Progress, Watcher};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::Path;

/// Media are compressed already, and a database is large: the cheapest level.
const LEVEL: Compression = Compression::fast();

type Tar<'f> = tar::Builder<GzEncoder<BufWriter<&'f File>>>;

/// A file of the store that goes into the archive.
#[derive(Debug)]
pub(super) struct MediaFile {
    pub(super) key: String,
    pub(super) bytes: u64,
}

/// What goes into it.
#[derive(Debug)]
pub(super) struct Contents<'c> {
    pub(super) header: &'c Header,
    pub(super) database: Option<&'c Path>,
    pub(super) media_dir: &'c Path,
    pub(super) media: &'c [MediaFile],
}

/// Where it went wrong.
pub(super) type Failed = (std::path::PathBuf, io::Error);

/// Writes the whole archive.
pub(super) fn write(
    out: &File,
    path: &Path,
    contents: &Contents<'_>,
    watcher: &Watcher,
) -> Result<(), Failed> {
    let here = |error| (path.to_owned(), error);
    let mut writer = Writer {
        tar: tar::Builder::new(GzEncoder::new(BufWriter::new(out), LEVEL)),
        // On disk: a desk may have a million files.
        checksums: tempfile(path).map_err(here)?,
        made_at: contents.header.made_at.unsigned_abs() / 1000,
        path,
    };
    let header = serde_json::to_vec_pretty(contents.header).map_err(|e| here(e.into()))?;
    writer
        .add(HEADER, header.len() as u64, &mut header.as_slice(), watcher)
        .map_err(here)?;
    if let Some(database) = contents.database {
        writer.add_file(DATABASE, database, contents.header.database_bytes, watcher)?;
    }
    writer.add_media(contents, watcher)?;
    writer.finish(watcher).map_err(here)
}

struct Writer<'f> {
    tar: Tar<'f>,
    checksums: File,
    made_at: u64,
    path: &'f Path,
}

impl Writer<'_> {
    fn add_media(&mut self, contents: &Contents<'_>, watcher: &Watcher) -> Result<(), Failed> {
        let mut bytes = 0;
        for (done, file) in contents.media.iter().enumerate() {
            let (files, of) = (done as u64, contents.media.len() as u64);
            watcher.tell(Progress::Media { files, of, bytes });
            let name = format!("{MEDIA}{}", file.key);
            self.add_file(&name, &contents.media_dir.join(&file.key), file.bytes, watcher)?;
            bytes += file.bytes;
        }
        Ok(())
    }

    fn add_file(&mut self, name: &str, from: &Path, bytes: u64, watcher: &Watcher) -> Result<(), Failed> {
        let mut file = File::open(from).map_err(|error| (from.to_owned(), error))?;
        self.add(name, bytes, &mut file, watcher)
            .map_err(|error| (self.path.to_owned(), error))
    }

    fn add(&mut self, name: &str, bytes: u64, from: &mut dyn Read, watcher: &Watcher) -> io::Result<()> {
        let mut hashed = Hashed {
            from: from.take(bytes),
            sum: Sha256::new(),
            watcher,
        };
        append(&mut self.tar, name, bytes, self.made_at, &mut hashed)?;
        if hashed.from.limit() > 0 {
            let problem = format!("`{name}` became shorter while it was read");
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, problem));
        }
        writeln!(self.checksums, "{}", line(name, hashed.sum))
    }

    fn finish(mut self, watcher: &Watcher) -> io::Result<()> {
        let bytes = self.checksums.stream_position()?;
        self.checksums.rewind()?;
        let mut from = Hashed {
            from: (&mut self.checksums as &mut dyn Read).take(bytes),
            sum: Sha256::new(),
            watcher,
        };
        append(&mut self.tar, CHECKSUMS, bytes, self.made_at, &mut from)?;
        self.tar.into_inner()?.finish()?.flush()
    }
}

fn append(tar: &mut Tar<'_>, name: &str, bytes: u64, made_at: u64, from: &mut dyn Read) -> io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_path(name)?;
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(made_at);
    header.set_cksum();
    tar.append(&header, from)
}

/// One line as `sha256sum -c` reads it.
pub(super) fn line(name: &str, sum: Sha256) -> String {
    let hex: String = sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}  {name}")
}

/// A file of its own that has no name any more.
fn tempfile(beside: &Path) -> io::Result<File> {
    let mut name = beside.as_os_str().to_owned();
    name.push(".sums");
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    let file = options.open(&name)?;
    std::fs::remove_file(&name)?;
    Ok(file)
}

struct Hashed<'w, R> {
    from: R,
    sum: Sha256,
    watcher: &'w Watcher,
}

impl<R: Read> Read for Hashed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.watcher.go_on()?;
        let read = self.from.read(buffer)?;
        self.sum.update(&buffer[..read]);
        Ok(read)
    }
}
