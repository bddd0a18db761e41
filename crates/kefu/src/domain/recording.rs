//! A recording as the console makes it: WAV of 16-bit PCM, up to a minute. Read strictly, because anybody who may
//! reply can send anything. What becomes of it: `media/mp3.rs`.

use super::media_rules::VOICE_LIMIT_MS;
use super::text_enum::text_enum;
use std::ops::Range;

/// Sample rates of MP3, which are the ones that are taken.
pub const RATES: [u32; 9] = [
    8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000,
];
/// How much longer than a minute a recording may be: recorders do not stop to the sample.
pub const TOLERANCE_MS: i64 = 500;
/// Largest recording in bytes: the longest in stereo at the highest rate, with room for other chunks.
pub const RECORDING_LIMIT: u64 = 48_000 * 2 * 2 * 61 + 64 * 1024;

const PCM: u16 = 1;
const SAMPLE_BYTES: u16 = 2;
const FORMAT_BYTES: usize = 16;

text_enum!(
/// Why a recording is refused: the code of the field.
RecordingRefusal {
    Empty = "file_empty",
    TooLarge = "file_too_large",
    Format = "recording_format",
    Damaged = "recording_damaged",
    Silent = "recording_empty",
    TooLong = "recording_too_long",
});

/// Where the sound of a recording is, and how it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Samples a second, one of [`RATES`].
    pub rate: u32,
    /// 1 or 2.
    pub channels: u16,
    /// The place of its samples in the file: 16 bit, little endian, channels side by side.
    pub samples: Range<usize>,
}

impl Recording {
    /// Reads a WAV file.
    pub fn read(file: &[u8]) -> Result<Self, RecordingRefusal> {
        if file.is_empty() {
            return Err(RecordingRefusal::Empty);
        }
        if file.len() as u64 > RECORDING_LIMIT {
            return Err(RecordingRefusal::TooLarge);
        }
        let recording = read_chunks(file)?;
        match recording.length_ms() {
            _ if recording.samples.is_empty() => Err(RecordingRefusal::Silent),
            length if length > VOICE_LIMIT_MS + TOLERANCE_MS => Err(RecordingRefusal::TooLong),
            _ => Ok(recording),
        }
    }

    /// How many samples of each channel there are.
    pub fn frames(&self) -> usize {
        self.samples.len() / usize::from(self.channels * SAMPLE_BYTES)
    }

    /// How long it lasts, in milliseconds, rounded up.
    pub fn length_ms(&self) -> i64 {
        let ms = (self.frames() as u64 * 1000).div_ceil(u64::from(self.rate));
        i64::try_from(ms).unwrap_or(i64::MAX)
    }
}

/// Rate and channels.
type Format = (u32, u16);

fn read_chunks(file: &[u8]) -> Result<Recording, RecordingRefusal> {
    let head = file.first_chunk::<12>().ok_or(RecordingRefusal::Format)?;
    if !head.starts_with(b"RIFF") || !head.ends_with(b"WAVE") {
        return Err(RecordingRefusal::Format);
    }
    if number(&head[4..8]) != file.len() as u64 - 8 {
        return Err(RecordingRefusal::Damaged);
    }
    let mut format = None;
    let mut at = 12;
    loop {
        let (name, body) = chunk(file, at)?;
        at = body.end + body.len() % 2;
        match (name, format) {
            (b"fmt ", None) => format = Some(read_format(&file[body])?),
            (b"data", Some((rate, channels))) => return sound(rate, channels, body),
            (b"fmt " | b"data", _) => return Err(RecordingRefusal::Damaged),
            _ => {}
        }
    }
}

/// The chunk that begins here: its name, and where its body is.
fn chunk(file: &[u8], at: usize) -> Result<(&[u8; 4], Range<usize>), RecordingRefusal> {
    let head = file.get(at..).and_then(|rest| rest.first_chunk::<8>());
    let (name, size) = head
        .and_then(|head| head.split_first_chunk::<4>())
        .ok_or(RecordingRefusal::Damaged)?;
    let start = at + 8;
    let size = usize::try_from(number(size)).unwrap_or(usize::MAX);
    let end = start.checked_add(size).filter(|end| *end <= file.len());
    end.map(|end| (name, start..end)).ok_or(RecordingRefusal::Damaged)
}

/// Only plain PCM of 16 bits, whose figures agree with each other.
fn read_format(body: &[u8]) -> Result<Format, RecordingRefusal> {
    let body = body
        .first_chunk::<FORMAT_BYTES>()
        .ok_or(RecordingRefusal::Damaged)?;
    let short = |at: usize| u16::from_le_bytes([body[at], body[at + 1]]);
    let (channels, block) = (short(2), short(12));
    let rate = u32::from_le_bytes([body[4], body[5], body[6], body[7]]);
    let bytes_a_second = number(&body[8..12]);
    let known = short(0) == PCM
        && short(14) == SAMPLE_BYTES * 8
        && (1..=2).contains(&channels)
        && RATES.contains(&rate);
    if !known {
        return Err(RecordingRefusal::Format);
    }
    if block != channels * SAMPLE_BYTES || bytes_a_second != u64::from(rate) * u64::from(block) {
        return Err(RecordingRefusal::Damaged);
    }
    Ok((rate, channels))
}

fn sound(rate: u32, channels: u16, samples: Range<usize>) -> Result<Recording, RecordingRefusal> {
    if !samples.len().is_multiple_of(usize::from(channels * SAMPLE_BYTES)) {
        return Err(RecordingRefusal::Damaged);
    }
    Ok(Recording {
        rate,
        channels,
        samples,
    })
}

/// A number of up to four bytes, little endian.
fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A WAV file of these samples.
    pub(crate) fn wav(rate: u32, channels: u16, samples: &[i16]) -> Vec<u8> {
        let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        riff(&[
            chunk_of(b"fmt ", &format(rate, channels)),
            chunk_of(b"data", &data),
        ])
    }

    fn format(rate: u32, channels: u16) -> Vec<u8> {
        let block = channels * 2;
        [
            PCM.to_le_bytes().to_vec(),
            channels.to_le_bytes().to_vec(),
            rate.to_le_bytes().to_vec(),
            (rate * u32::from(block)).to_le_bytes().to_vec(),
            block.to_le_bytes().to_vec(),
            16_u16.to_le_bytes().to_vec(),
        ]
        .concat()
    }

    fn chunk_of(name: &[u8], body: &[u8]) -> Vec<u8> {
        let size = u32::try_from(body.len()).expect("small").to_le_bytes();
        let filling = vec![0; body.len() % 2];
        [name, &size, body, &filling].concat()
    }

    fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
        let body = [b"WAVE".to_vec(), chunks.concat()].concat();
        chunk_of(b"RIFF", &body)
    }

    fn refusal(file: &[u8]) -> Option<RecordingRefusal> {
        Recording::read(file).err()
    }

    #[test]
    fn a_second_of_either_shape_is_read_with_its_length() {
        for (channels, count) in [(1, 16_000), (2, 32_000)] {
            let file = wav(16_000, channels, &vec![7; count]);
            let read = Recording::read(&file).expect("a recording");
            assert_eq!(
                (read.rate, read.channels, read.frames(), read.length_ms()),
                (16_000, channels, 16_000, 1_000)
            );
            assert_eq!(read.samples, 44..file.len());
        }
    }

    #[test]
    fn other_chunks_are_passed_over_and_odd_ones_have_a_filling_byte() {
        let list = chunk_of(b"LIST", b"odd");
        let parts = [
            list.clone(),
            chunk_of(b"fmt ", &format(8_000, 1)),
            list.clone(),
            chunk_of(b"data", &[1, 2, 3, 4]),
            list,
        ];
        let read = Recording::read(&riff(&parts)).expect("a recording");
        assert_eq!((read.rate, read.frames()), (8_000, 2));
    }

    #[test]
    fn a_minute_and_the_tolerance_are_taken_and_one_sample_more_is_not() {
        let longest = 60_500 * 8;
        assert_eq!(refusal(&wav(8_000, 1, &vec![1; longest])), None);
        assert_eq!(
            refusal(&wav(8_000, 1, &vec![1; longest + 1])),
            Some(RecordingRefusal::TooLong)
        );
        assert_eq!(refusal(&wav(8_000, 1, &[1])), None);
        assert_eq!(refusal(&wav(8_000, 1, &[])), Some(RecordingRefusal::Silent));
        assert_eq!(refusal(&[]), Some(RecordingRefusal::Empty));
        assert_eq!(
            refusal(&vec![0; RECORDING_LIMIT as usize + 1]),
            Some(RecordingRefusal::TooLarge)
        );
        // The longest of the largest kind fits in.
        assert_eq!(refusal(&wav(48_000, 2, &vec![1; 48 * 60_500 * 2])), None);
    }

    #[test]
    fn what_is_no_sixteen_bit_pcm_of_a_known_rate_is_named_so() {
        let changed = |at: usize, bytes: &[u8]| {
            let mut file = wav(16_000, 1, &[1, 2]);
            file[at..at + bytes.len()].copy_from_slice(bytes);
            refusal(&file)
        };
        let rate = |rate: u32| refusal(&wav(rate, 1, &[1, 2]));
        for unlike in [
            refusal(b"#!AMR\n"),
            refusal(b"RIFF\x04\0\0\0WEBP"),
            refusal(b"R"),
            changed(20, &[3, 0]),
            changed(20, &[0xfe, 0xff]),
            changed(34, &[8, 0]),
            changed(34, &[24, 0]),
            rate(0),
            rate(7_999),
            rate(40_000),
            rate(96_000),
            refusal(&wav(16_000, 3, &[1, 2, 3])),
            refusal(&wav(16_000, 0, &[1, 2, 3])),
        ] {
            assert_eq!(unlike, Some(RecordingRefusal::Format));
        }
    }

    #[test]
    fn figures_that_disagree_with_the_file_are_damage() {
        let whole = wav(16_000, 2, &[1, 2, 3, 4]);
        let changed = |at: usize, bytes: &[u8]| {
            let mut file = whole.clone();
            file[at..at + bytes.len()].copy_from_slice(bytes);
            refusal(&file)
        };
        let odd = riff(&[chunk_of(b"fmt ", &format(16_000, 2)), chunk_of(b"data", &[1, 2])]);
        let twice = riff(&[
            chunk_of(b"fmt ", &format(16_000, 1)),
            chunk_of(b"fmt ", &format(8_000, 1)),
        ]);
        for damaged in [
            refusal(&whole[..whole.len() - 1]),
            refusal(&[whole.clone(), vec![0]].concat()),
            changed(4, &[0xff; 4]),
            changed(16, &[0xff; 4]),
            changed(16, &[2, 0, 0, 0]),
            changed(28, &[0; 4]),
            changed(32, &[2, 0]),
            changed(40, &[0xff; 4]),
            changed(40, &[3, 0, 0, 0]),
            refusal(&odd),
            refusal(&twice),
            refusal(&riff(&[chunk_of(b"data", &[1, 2])])),
            refusal(&riff(&[])),
        ] {
            assert_eq!(damaged, Some(RecordingRefusal::Damaged));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(file in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Recording::read(&file);
        }

        #[test]
        fn a_good_file_with_any_bytes_changed_is_refused_or_its_samples_lie_inside(
            samples in proptest::collection::vec(any::<i16>(), 0..64),
            changes in proptest::collection::vec((0_usize..172, any::<u8>()), 0..6),
            cut in 0_usize..172,
        ) {
            let mut file = wav(16_000, 1, &samples);
            for (at, byte) in changes {
                if let Some(place) = file.get_mut(at) {
                    *place = byte;
                }
            }
            file.truncate(file.len().max(cut));
            if let Ok(read) = Recording::read(&file) {
                prop_assert!(read.samples.end <= file.len());
                prop_assert!(read.samples.start >= 12 && !read.samples.is_empty());
                prop_assert_eq!(read.samples.len() % usize::from(read.channels * 2), 0);
                prop_assert!(RATES.contains(&read.rate));
            }
        }

        #[test]
        fn every_file_that_was_written_right_is_read(
            rate in proptest::sample::select(RATES.as_slice()),
            channels in 1_u16..=2,
            frames in 1_usize..200,
        ) {
            let file = wav(rate, channels, &vec![-1; frames * usize::from(channels)]);
            let read = Recording::read(&file).expect("a recording");
            prop_assert_eq!((read.rate, read.channels, read.frames()), (rate, channels, frames));
        }
    }
}
