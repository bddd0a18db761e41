//! How long a voice file lasts, counted by its frames: AMR and MP3, which are all WeChat takes. What cannot be read
//! has no length: WeChat then judges.

use std::time::Duration;

/// The length of an AMR or MP3 file.
pub(super) fn voice_length(bytes: &[u8]) -> Option<Duration> {
    if let Some(frames) = bytes.strip_prefix(b"#!AMR-WB\n") {
        return amr(frames, &AMR_WB);
    }
    if let Some(frames) = bytes.strip_prefix(b"#!AMR\n") {
        return amr(frames, &AMR_NB);
    }
    mp3(without_id3(bytes))
}

/// Bytes of a frame after its header, by the type in the header.
const AMR_NB: [Option<usize>; 16] = [
    Some(12),
    Some(13),
    Some(15),
    Some(17),
    Some(19),
    Some(20),
    Some(26),
    Some(31),
    Some(5),
    None,
    None,
    None,
    None,
    None,
    None,
    Some(0),
];
const AMR_WB: [Option<usize>; 16] = [
    Some(17),
    Some(23),
    Some(32),
    Some(36),
    Some(40),
    Some(46),
    Some(50),
    Some(58),
    Some(60),
    Some(5),
    None,
    None,
    None,
    None,
    Some(0),
    Some(0),
];

/// Every frame lasts 20 ms.
fn amr(mut frames: &[u8], sizes: &[Option<usize>; 16]) -> Option<Duration> {
    let mut count = 0;
    while let Some((header, rest)) = frames.split_first() {
        let size = sizes[usize::from(header >> 3 & 15)]?;
        count += 1;
        frames = rest.get(size..).unwrap_or_default();
    }
    Some(Duration::from_millis(20) * count)
}

/// Skips the tag some programs put in front.
fn without_id3(bytes: &[u8]) -> &[u8] {
    let Some([b'I', b'D', b'3', _, _, _, a, b, c, d]) = bytes.first_chunk::<10>() else {
        return bytes;
    };
    let size = [a, b, c, d]
        .iter()
        .fold(0usize, |size, byte| size << 7 | usize::from(*byte & 127));
    bytes.get(10 + size..).unwrap_or_default()
}

fn mp3(mut bytes: &[u8]) -> Option<Duration> {
    let mut microseconds = 0;
    let mut frames = 0;
    while let Some(frame) = Mp3Frame::read(bytes) {
        microseconds += frame.microseconds;
        frames += 1;
        bytes = bytes.get(frame.bytes..).unwrap_or_default();
    }
    (frames > 0).then_some(Duration::from_micros(microseconds))
}

struct Mp3Frame {
    bytes: usize,
    microseconds: u64,
}

/// Kilobits a second of layer 3, by the index in the header: MPEG 1, and MPEG 2 and 2.5.
const BIT_RATES_1: [usize; 16] = [
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0,
];
const BIT_RATES_2: [usize; 16] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
const SAMPLE_RATES: [usize; 3] = [44_100, 48_000, 32_000];

impl Mp3Frame {
    /// Layer 3 only.
    fn read(bytes: &[u8]) -> Option<Self> {
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
        let bit_rate = bit_rates[usize::from(rates >> 4)] * 1000;
        let sample_rate = SAMPLE_RATES.get(usize::from(rates >> 2 & 3))? / divisor;
        if bit_rate == 0 {
            return None;
        }
        let padding = usize::from(rates >> 1 & 1);
        let microseconds = u64::try_from(samples * 1_000_000 / sample_rate).ok()?;
        Some(Self {
            bytes: samples / 8 * bit_rate / sample_rate + padding,
            microseconds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amr_frames_last_twenty_milliseconds_each() {
        let frame = [&[0x3c][..], &[0; 31]].concat();
        let file = [&b"#!AMR\n"[..], &frame.repeat(50)].concat();
        assert_eq!(voice_length(&file), Some(Duration::from_secs(1)));
        let frame = [&[0x44][..], &[0; 60]].concat();
        let file = [&b"#!AMR-WB\n"[..], &frame.repeat(3)].concat();
        assert_eq!(voice_length(&file), Some(Duration::from_millis(60)));
    }

    #[test]
    fn mp3_frames_last_by_their_sampling_rate() {
        // MPEG 1 layer 3, 128 kbit/s, 44.1 kHz: 417 bytes, 26.122 ms.
        let frame = [&[0xff, 0xfb, 0x90, 0x00][..], &[0; 413]].concat();
        let length = voice_length(&frame.repeat(100)).unwrap();
        assert_eq!(length.as_millis(), 2612);
        // MPEG 2 layer 3, 32 kbit/s, 16 kHz: 144 bytes, 36 ms; a tag of 5 bytes in front.
        let frame = [&[0xff, 0xf3, 0x48, 0x00][..], &[0; 140]].concat();
        let file = [&b"ID3\x03\0\0\0\0\0\x05tagss"[..], &frame.repeat(10)].concat();
        assert_eq!(voice_length(&file), Some(Duration::from_millis(360)));
    }

    #[test]
    fn what_is_neither_has_no_length() {
        for bytes in [&b""[..], b"RIFF....WAVE", b"#!AMR\n\x4c\0", b"\xff\xff\xff\xff"] {
            assert_eq!(voice_length(bytes), None, "{bytes:?}");
        }
    }
}
