//! Which files may be sent and received: limits are inclusive, kinds are judged by content.

use super::message::MediaKind;
use super::text_enum::text_enum;

/// One megabyte as the limits count it.
pub const MB: u64 = 1_048_576;
/// Largest inbound file that is stored.
pub const INBOUND_LIMIT: u64 = 50 * MB;
/// Largest channel icon.
pub const ICON_LIMIT: u64 = MB;
/// Largest upload of any allowed kind.
pub const UPLOAD_LIMIT: u64 = 10 * MB;
/// Largest video thumbnail.
pub const THUMB_LIMIT: u64 = 64 * 1024;

text_enum!(
    /// Why a file is refused: the code of the field.
    FileRefusal { Empty = "file_empty", Kind = "file_kind", TooLarge = "file_too_large" });

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileKind {
    /// Image, voice or video.
    pub kind: MediaKind,
    /// Its media type.
    pub mime: &'static str,
    /// The extension WeChat expects.
    pub extension: &'static str,
}

const fn file(kind: MediaKind, mime: &'static str, extension: &'static str) -> FileKind {
    FileKind {
        kind,
        mime,
        extension,
    }
}

/// Recognises the kinds of the table by their first bytes.
pub fn recognise(bytes: &[u8]) -> Option<FileKind> {
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some(file(MediaKind::Image, "image/jpeg", "jpg"))
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(file(MediaKind::Image, "image/png", "png"))
    } else if bytes.starts_with(b"#!AMR\n") || bytes.starts_with(b"#!AMR-WB\n") {
        Some(file(MediaKind::Voice, "audio/amr", "amr"))
    } else if is_mp4(bytes) {
        Some(file(MediaKind::Video, "video/mp4", "mp4"))
    } else if is_mpeg_audio(bytes) {
        Some(file(MediaKind::Voice, "audio/mpeg", "mp3"))
    } else {
        None
    }
}

fn is_mp4(bytes: &[u8]) -> bool {
    let brand = bytes.get(8..12);
    bytes.get(4..8) == Some(b"ftyp".as_slice()) && brand != Some(b"qt  ") && brand != Some(b"M4A ")
}

/// An ID3 tag, or an MPEG audio frame header with legal version, layer, bit rate and sample rate.
fn is_mpeg_audio(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"ID3") {
        return true;
    }
    let &[first, second, third, ..] = bytes else {
        return false;
    };
    let layer = (second >> 1) & 3;
    let version = (second >> 3) & 3;
    first == 0xff
        && second & 0xe0 == 0xe0
        && layer != 0
        && version != 1
        && third >> 4 != 15
        && (third >> 2) & 3 != 3
}

/// The largest outgoing file of a kind, in bytes.
pub const fn outgoing_limit(kind: MediaKind) -> u64 {
    match kind {
        MediaKind::Image | MediaKind::Video => 10 * MB,
        MediaKind::Voice => 2 * MB,
        MediaKind::Thumb => THUMB_LIMIT,
        MediaKind::Icon => ICON_LIMIT,
    }
}

/// Checks a file that an agent uploads to send.
pub fn check_outgoing(head: &[u8], size: u64) -> Result<FileKind, FileRefusal> {
    if size == 0 {
        return Err(FileRefusal::Empty);
    }
    let found = recognise(head).ok_or(FileRefusal::Kind)?;
    if size > outgoing_limit(found.kind) {
        Err(FileRefusal::TooLarge)
    } else {
        Ok(found)
    }
}

/// Checks a channel icon: JPEG or PNG, 1 MB or less.
pub fn check_icon(bytes: &[u8]) -> Result<FileKind, FileRefusal> {
    if bytes.is_empty() {
        return Err(FileRefusal::Empty);
    }
    let found = recognise(bytes)
        .filter(|f| f.kind == MediaKind::Image)
        .ok_or(FileRefusal::Kind)?;
    if bytes.len() as u64 > ICON_LIMIT {
        Err(FileRefusal::TooLarge)
    } else {
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
    const AMR: &[u8] = b"#!AMR\n";

    #[test]
    fn limits_are_inclusive() {
        assert!(check_outgoing(PNG, 10 * MB).is_ok());
        assert_eq!(check_outgoing(PNG, 10 * MB + 1), Err(FileRefusal::TooLarge));
        assert!(check_outgoing(AMR, 2 * MB).is_ok());
        assert_eq!(check_outgoing(AMR, 2 * MB + 1), Err(FileRefusal::TooLarge));
    }

    #[test]
    fn kinds_outside_the_table_are_refused_by_content() {
        for bad in [
            b"GIF89a..".as_slice(),
            b"%PDF-1.7",
            b"RIFF....WAVE",
            b"\0\0\0\x14ftypqt  ",
            b"hello",
        ] {
            assert_eq!(check_outgoing(bad, 100), Err(FileRefusal::Kind));
        }
        assert_eq!(check_outgoing(PNG, 0), Err(FileRefusal::Empty));
    }

    #[test]
    fn an_icon_of_one_megabyte_is_taken_and_one_byte_more_is_not() {
        let mut icon = PNG.to_vec();
        icon.resize(MB as usize, 0);
        assert!(check_icon(&icon).is_ok());
        icon.push(0);
        assert_eq!(check_icon(&icon), Err(FileRefusal::TooLarge));
    }
}
