//! Judges files by their content: what they are and how long they play.
use infer::Type;

/// The longest voice the platform takes.
pub(crate) const VOICE_MAX_MS: u64 = 60_000;
/// Bytes of a frame after its head byte, by AMR-NB frame type.
const AMR_FRAME_BYTES: [usize; 16] = [12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0];
const AMR_HEAD: &[u8] = b"#!AMR\n";
const MP3_KBIT_V1: [u64; 16] = [
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0,
];
const MP3_KBIT_V2: [u64; 16] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
const MP3_RATES: [u64; 3] = [44_100, 48_000, 32_000];

/// A recognised file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sniffed {
    pub(crate) mime: &'static str,
    pub(crate) extension: &'static str,
}

/// What the content says it is.
pub(crate) fn sniff(bytes: &[u8]) -> Option<Sniffed> {
    if bytes.starts_with(AMR_HEAD) {
        return Some(Sniffed {
            mime: "audio/amr",
            extension: "amr",
        });
    }
    if mp3_frame(bytes).is_some() {
        return Some(Sniffed {
            mime: "audio/mpeg",
            extension: "mp3",
        });
    }
    infer::get(bytes).map(|kind| named(&kind))
}

fn named(kind: &Type) -> Sniffed {
    Sniffed {
        mime: kind.mime_type(),
        extension: kind.extension(),
    }
}

/// How long an AMR or MP3 file plays; 0 when it is neither.
pub(crate) fn playing_ms(bytes: &[u8]) -> u64 {
    match bytes.strip_prefix(AMR_HEAD) {
        Some(frames) => amr_ms(frames),
        None => mp3_ms(bytes),
    }
}

fn amr_ms(mut frames: &[u8]) -> u64 {
    let mut count = 0;
    while let Some((head, rest)) = frames.split_first() {
        count += 1;
        let body = AMR_FRAME_BYTES[usize::from(head >> 3 & 0x0f)];
        frames = rest.get(body..).unwrap_or_default();
    }
    count * 20
}

fn mp3_ms(bytes: &[u8]) -> u64 {
    let mut at = id3_length(bytes);
    let mut micros = 0;
    while let Some(frame) = bytes.get(at..).and_then(mp3_frame) {
        micros += frame.micros;
        at += frame.bytes;
    }
    micros / 1000
}

fn id3_length(bytes: &[u8]) -> usize {
    match bytes {
        [b'I', b'D', b'3', _, _, _, a, b, c, d, ..] => {
            10 + [a, b, c, d]
                .iter()
                .fold(0, |sum, part| sum << 7 | usize::from(**part & 0x7f))
        }
        _ => 0,
    }
}

struct Mp3Frame {
    bytes: usize,
    micros: u64,
}

/// The layer III frame that `bytes` begins with.
fn mp3_frame(bytes: &[u8]) -> Option<Mp3Frame> {
    let [0xff, second, third, _, ..] = *bytes else {
        return None;
    };
    let version = second >> 3 & 3;
    if second & 0xe6 != 0xe2 || version == 1 {
        return None;
    }
    let is_v1 = version == 3;
    let rate = *MP3_RATES.get(usize::from(third >> 2 & 3))? >> [2, 0, 1, 0][usize::from(version)];
    let kbit = if is_v1 { MP3_KBIT_V1 } else { MP3_KBIT_V2 }[usize::from(third >> 4)];
    if kbit == 0 {
        return None;
    }
    let samples = if is_v1 { 1152 } else { 576 };
    let length = samples / 8 * kbit * 1000 / rate + u64::from(third >> 1 & 1);
    Some(Mp3Frame {
        bytes: usize::try_from(length).ok()?,
        micros: samples * 1_000_000 / rate,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amr_of_fifty_frames_plays_one_second() {
        let mut file = AMR_HEAD.to_vec();
        (0..50).for_each(|_| file.extend_from_slice(&[0x3c; 32]));
        assert_eq!(playing_ms(&file), 1000);
        assert_eq!(sniff(&file).map(|kind| kind.mime), Some("audio/amr"));
    }

    #[test]
    fn mp3_with_and_without_a_tag_is_recognised_and_timed() {
        // 128 kbit/s, 44.1 kHz: 417 bytes and 26.122 ms a frame.
        let mut frame = vec![0_u8; 417];
        frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0x00]);
        let file = frame.repeat(10);
        assert_eq!(playing_ms(&file), 261);
        let tagged = [b"ID3\x04\0\0\0\0\0\x02xx".as_slice(), &file].concat();
        assert_eq!(playing_ms(&tagged), 261);
        assert_eq!(sniff(&tagged).map(|kind| kind.extension), Some("mp3"));
    }

    #[test]
    fn text_is_no_medium() {
        assert_eq!(sniff(b"hello, world"), None);
        assert_eq!(playing_ms(b"hello, world"), 0);
    }
}
