//! What is written down about a file beside its bytes: checksum, size in pixels, length.

use crate::domain::media_rules::FileKind;
use crate::domain::message::MediaKind;
use crate::domain::sound_length::sound_length_ms;
use sha2::{Digest, Sha256};

/// Facts of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Its size.
    pub bytes: i64,
    /// Its checksum, in hexadecimal.
    pub sha256: String,
    /// Its size in pixels.
    pub pixels: Option<(i64, i64)>,
    /// How long it lasts.
    pub duration_ms: Option<i64>,
}

impl Facts {
    /// Of a file that was recognised as this, or as nothing.
    pub fn of(found: Option<FileKind>, bytes: &[u8]) -> Self {
        let kind = found.map(|file| file.kind);
        Self {
            bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            sha256: hex(&Sha256::digest(bytes)),
            pixels: pixels(bytes).filter(|_| kind == Some(MediaKind::Image)),
            duration_ms: sound_length_ms(bytes).filter(|_| kind == Some(MediaKind::Voice)),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pixels(bytes: &[u8]) -> Option<(i64, i64)> {
    let size = imagesize::blob_size(bytes).ok()?;
    Some((i64::try_from(size.width).ok()?, i64::try_from(size.height).ok()?))
}
