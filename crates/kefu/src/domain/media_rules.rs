//! Which files may be sent and received: limits are inclusive, kinds are judged by content.

use super::message::MediaKind;
use super::sound_length::without_tag;
use super::text_enum::text_enum;

/// One megabyte as the limits count it.
pub const MB: u64 = 1_048_576;
/// Largest inbound file that is stored.
pub const INBOUND_LIMIT: u64 = 50 * MB;
/// Largest channel icon.
pub const ICON_LIMIT: u64 = MB;
/// Largest upload of any allowed kind.
pub const UPLOAD_LIMIT: u64 = 10 * MB;
/// Longest voice that WeChat takes, in milliseconds. Longer ones are warned of.
pub const VOICE_LIMIT_MS: i64 = 60_000;
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
    } else if bytes.starts_with(b"#!AMR\n") {
        Some(file(MediaKind::Voice, "audio/amr", "amr"))
    } else if bytes.starts_with(b"#!AMR-WB\n") {
        Some(file(MediaKind::Voice, "audio/amr-wb", "amr"))
    } else if is_mp4(bytes) {
        Some(file(MediaKind::Video, "video/mp4", "mp4"))
    } else if is_mpeg_audio(bytes) {
        Some(file(MediaKind::Voice, "audio/mpeg", "mp3"))
    } else {
        None
    }
}

/// Other formats in the same box: QuickTime, sound alone, pictures (HEIC, AVIF, JPEG 2000), 3GP.
const NOT_MP4: &[&[u8]] = &[
    b"qt", b"M4A", b"M4B", b"M4P", b"hei", b"hev", b"mif", b"msf", b"avif", b"avis", b"crx", b"jp", b"3g",
];

fn is_mp4(bytes: &[u8]) -> bool {
    let brand = bytes.get(8..12).unwrap_or_default();
    bytes.get(4..8) == Some(b"ftyp".as_slice())
        && !brand.is_empty()
        && !NOT_MP4.iter().any(|other| brand.starts_with(other))
}

/// An MPEG audio frame, alone or behind an ID3 tag (and the zeros that may fill it up).
fn is_mpeg_audio(bytes: &[u8]) -> bool {
    let tagged = bytes.starts_with(b"ID3");
    let sound = without_tag(bytes);
    let begins = sound.iter().position(|byte| !tagged || *byte != 0);
    match begins {
        Some(at) => is_mpeg_frame(&sound[at..]),
        // Only the tag is known.
        None => tagged,
    }
}

/// A frame header with legal version, layer, bit rate and sample rate.
fn is_mpeg_frame(bytes: &[u8]) -> bool {
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
        // Files are handed over by a link; their limit is a setting.
        MediaKind::File => 0,
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

    /// The table of R-24: what each extension's content is, and how large it may be.
    #[test]
    fn every_row_of_the_table_is_taken_at_its_limit_and_refused_one_byte_later() {
        let mp4 = b"\0\0\0\x18ftypisom".as_slice();
        let mp3 = b"\xff\xfb\x90\0".as_slice();
        let rows: [(&[u8], MediaKind, &str, u64); 8] = [
            (b"\xff\xd8\xff\xe0", MediaKind::Image, "jpg", 10 * MB),
            (PNG, MediaKind::Image, "png", 10 * MB),
            (mp4, MediaKind::Video, "mp4", 10 * MB),
            (AMR, MediaKind::Voice, "amr", 2 * MB),
            (b"#!AMR-WB\n", MediaKind::Voice, "amr", 2 * MB),
            (mp3, MediaKind::Voice, "mp3", 2 * MB),
            (
                b"ID3\x04\0\0\0\0\0\0\xff\xfb\x90\0",
                MediaKind::Voice,
                "mp3",
                2 * MB,
            ),
            // `.mpeg` as the table means it: MPEG audio of any layer, sent as mp3.
            (b"\xff\xfd\x90\0", MediaKind::Voice, "mp3", 2 * MB),
        ];
        for (head, kind, extension, limit) in rows {
            let found = check_outgoing(head, limit).expect(extension);
            assert_eq!((found.kind, found.extension), (kind, extension));
            assert_eq!(check_outgoing(head, 1).map(|found| found.kind), Ok(kind));
            assert_eq!(
                check_outgoing(head, limit + 1),
                Err(FileRefusal::TooLarge),
                "{extension}"
            );
        }
    }

    #[test]
    fn formats_that_only_look_like_those_of_the_table_are_refused() {
        for bad in [
            b"\0\0\0\x18ftypheic".as_slice(),
            b"\0\0\0\x18ftypavif",
            b"\0\0\0\x18ftypM4A ",
            b"\0\0\0\x18ftyp3gp4",
            b"\0\0\x01\xba\x44\0",
            b"RIFF\0\0\0\0WEBPVP8 ",
            b"\xff\xf1\x50\x80",
            b"OggS\0\x02",
            b"ID3\x04\0\0\0\0\0\0fLaC",
            b"BM\x36\0",
            b"#!SILK_V3",
        ] {
            assert_eq!(check_outgoing(bad, 100), Err(FileRefusal::Kind), "{bad:?}");
        }
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
