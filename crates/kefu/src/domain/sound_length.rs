//! How long a voice file lasts, counted by its frames: AMR (narrow and wide band) and MPEG layer 3. What cannot be
//! counted has no length. Nothing is decoded here.

/// Bytes of an AMR frame after its first, by the type in the first; `None`: no such type.
type FrameSizes = [Option<u8>; 16];

const NARROW: FrameSizes = sizes([12, 13, 15, 17, 19, 20, 26, 31, 5], &[(15, 0)]);
const WIDE: FrameSizes = sizes([17, 23, 32, 36, 40, 46, 50, 58, 60], &[(9, 5), (14, 0), (15, 0)]);
/// Every AMR frame lasts this long.
const AMR_FRAME_MS: i64 = 20;
/// Kilobits a second of MPEG layer 3, by the index in the header: version 1, and versions 2 and 2.5.
const BIT_RATES_1: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BIT_RATES_2: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const SAMPLE_RATES: [u32; 3] = [44_100, 48_000, 32_000];

const fn sizes(first: [u8; 9], more: &[(usize, u8)]) -> FrameSizes {
    let mut all = [None; 16];
    let mut at = 0;
    while at < first.len() {
        all[at] = Some(first[at]);
        at += 1;
    }
    let mut at = 0;
    while at < more.len() {
        all[more[at].0] = Some(more[at].1);
        at += 1;
    }
    all
}

/// The length of a voice file in milliseconds.
pub fn sound_length_ms(bytes: &[u8]) -> Option<i64> {
    if let Some(frames) = bytes.strip_prefix(b"#!AMR-WB\n") {
        amr(frames, &WIDE)
    } else if let Some(frames) = bytes.strip_prefix(b"#!AMR\n") {
        amr(frames, &NARROW)
    } else {
        mpeg(without_tag(bytes))
    }
}

fn amr(mut frames: &[u8], sizes: &FrameSizes) -> Option<i64> {
    let mut count = 0;
    while let Some((first, rest)) = frames.split_first() {
        let size = sizes[usize::from(first >> 3 & 15)]?;
        count += 1;
        frames = rest.get(usize::from(size)..).unwrap_or_default();
    }
    Some(count * AMR_FRAME_MS)
}

/// What follows the ID3 tag that some programs put in front.
pub(super) fn without_tag(bytes: &[u8]) -> &[u8] {
    let Some([b'I', b'D', b'3', _, _, _, size @ ..]) = bytes.first_chunk::<10>() else {
        return bytes;
    };
    let size = size
        .iter()
        .fold(0usize, |size, byte| size << 7 | usize::from(byte & 127));
    bytes.get(10 + size..).unwrap_or_default()
}

fn mpeg(mut bytes: &[u8]) -> Option<i64> {
    let (mut frames, mut microseconds) = (0, 0);
    while let Some((size, length)) = mpeg_frame(bytes) {
        frames += 1;
        microseconds += length;
        bytes = bytes.get(size..).unwrap_or_default();
    }
    (frames > 0).then_some(microseconds / 1000)
}

/// Size in bytes and length in microseconds of the frame that begins here. Layer 3 only.
fn mpeg_frame(bytes: &[u8]) -> Option<(usize, i64)> {
    let [sync, kind, rates, _] = *bytes.first_chunk::<4>()?;
    if sync != 0xff || kind & 0xe6 != 0xe2 {
        return None;
    }
    let (bit_rates, divisor, samples) = match kind >> 3 & 3 {
        3 => (&BIT_RATES_1, 1, 1152),
        2 => (&BIT_RATES_2, 2, 576),
        0 => (&BIT_RATES_2, 4, 576),
        _ => return None,
    };
    let bit_rate = *bit_rates.get(usize::from(rates >> 4)).filter(|rate| **rate > 0)? * 1000;
    let sample_rate = SAMPLE_RATES.get(usize::from(rates >> 2 & 3))? / divisor;
    let padding = u32::from(rates >> 1 & 1);
    let size = samples / 8 * bit_rate / sample_rate + padding;
    let length = i64::from(samples) * 1_000_000 / i64::from(sample_rate);
    Some((usize::try_from(size).ok()?, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fifty frames a second at 12.2 kbit/s, the way phones record.
    fn amr_of(seconds: usize) -> Vec<u8> {
        let frame = [&[0x3c_u8][..], &[0; 31]].concat();
        [b"#!AMR\n".to_vec(), frame.repeat(seconds * 50)].concat()
    }

    /// Frames of 128 kbit/s at 44.1 kHz: 1152 samples each.
    fn mp3_of(frames: usize) -> Vec<u8> {
        let mut frame = vec![0xff, 0xfb, 0x90, 0];
        frame.resize(417, 0);
        frame.repeat(frames)
    }

    #[test]
    fn frames_of_amr_are_counted() {
        assert_eq!(sound_length_ms(&amr_of(60)), Some(60_000));
        let wide = [
            b"#!AMR-WB\n".to_vec(),
            [&[0x44_u8][..], &[0; 60]].concat().repeat(25),
        ]
        .concat();
        assert_eq!(sound_length_ms(&wide), Some(500));
        assert_eq!(
            sound_length_ms(b"#!AMR\n\x48"),
            None,
            "a type that does not exist"
        );
    }

    #[test]
    fn frames_of_mp3_are_counted_behind_a_tag_too() {
        assert_eq!(sound_length_ms(&mp3_of(100)), Some(2_612));
        let tagged = [b"ID3\x04\0\0\0\0\x01\0".to_vec(), vec![7; 128], mp3_of(100)].concat();
        assert_eq!(sound_length_ms(&tagged), Some(2_612));
    }

    #[test]
    fn what_is_no_sound_has_no_length() {
        for bytes in [b"".as_slice(), b"ID3", b"\xff", b"\xff\xfb\xff\0", b"hello"] {
            assert_eq!(sound_length_ms(bytes), None, "{bytes:?}");
        }
    }
}
