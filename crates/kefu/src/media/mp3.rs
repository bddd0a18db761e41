//! Recordings become MP3 here, one channel, as every phone plays it. Browsers cannot encode it themselves
//! (decision 10). What a recording may be: `domain/recording.rs`.

use crate::domain::media_rules::VOICE_LIMIT_MS;
use crate::domain::recording::{Recording, RecordingRefusal};
use bytes::Bytes;
use rusty_mp3::encode::lametag::{DECODER_DELAY, ENCODER_DELAY};
use rusty_mp3::{Mp3Encoder, Mp3EncoderConfig};
use tokio::sync::Semaphore;

/// How many recordings are encoded at once: the rest of the desk keeps its processors.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// From this rate on MP3 has larger frames and wants more bits.
const HIGH_RATE: u32 = 32_000;

/// Why a recording did not become MP3.
#[derive(Debug, thiserror::Error)]
pub enum Mp3Error {
    /// It is not what a recording has to be.
    #[error("the recording is refused: {}", .0.as_str())]
    Refused(RecordingRefusal),
    /// A defect.
    #[error("the recording could not be encoded: {0}")]
    Failed(String),
}

/// The recording as MP3. Waits for its turn; whoever stops waiting before it gives the turn up.
pub async fn encoded(file: Bytes) -> Result<Bytes, Mp3Error> {
    let recording = Recording::read(&file).map_err(Mp3Error::Refused)?;
    let failed = |error: &dyn std::fmt::Display| Mp3Error::Failed(error.to_string());
    let turn = AT_ONCE.acquire().await.map_err(|error| failed(&error))?;
    // The turn goes along: the work is not stopped by a browser that hangs up, and must still be counted.
    let work = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        encode(&recording, &file[recording.samples.clone()])
    });
    let encoded = work.await.map_err(|error| failed(&error))?;
    encoded.map(Bytes::from).map_err(|error| failed(&error))
}

fn encode(recording: &Recording, samples: &[u8]) -> rusty_mp3::Result<Vec<u8>> {
    let mut encoder = Mp3Encoder::new(Mp3EncoderConfig {
        bitrate_kbps: if recording.rate < HIGH_RATE { 64 } else { 96 },
        vbr_quality: None,
    });
    let mut samples = one_channel(samples, recording.channels);
    samples.truncate(most_samples(recording.rate));
    encoder.push_pcm_s16(&samples, 1, recording.rate)?;
    encoder.finish();
    let mut file = Vec::new();
    while let Ok(packet) = encoder.next_packet() {
        file.extend_from_slice(&packet);
    }
    Ok(file)
}

/// The samples; of two channels their mean, which is never louder than the louder one.
fn one_channel(samples: &[u8], channels: u16) -> Vec<i16> {
    let mut samples = samples
        .chunks_exact(2)
        .map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
    if channels == 1 {
        return samples.collect();
    }
    let mut mixed = Vec::with_capacity(samples.len() / 2);
    while let (Some(left), Some(right)) = (samples.next(), samples.next()) {
        mixed.push(left.midpoint(right));
    }
    mixed
}

/// WeChat counts frames and refuses more than a minute of them. A file has one frame of description in front, and
/// what the codec delays at its end: so much of a full minute is cut off.
fn most_samples(rate: u32) -> usize {
    let frame = if rate < HIGH_RATE { 576 } else { 1152 };
    let minute = rate as usize * usize::try_from(VOICE_LIMIT_MS / 1000).unwrap_or_default();
    (minute / frame - 1) * frame - ENCODER_DELAY - DECODER_DELAY
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::media_rules::{MB, check_outgoing};
    use crate::domain::message::MediaKind;
    use crate::domain::recording::RATES;
    use crate::domain::recording::tests::wav;
    use crate::domain::sound_length::sound_length_ms;
    use proptest::prelude::*;
    use rusty_mp3::Mp3Decoder;

    fn encode_samples(rate: u32, channels: u16, samples: &[i16]) -> Vec<u8> {
        let file = wav(rate, channels, samples);
        let recording = Recording::read(&file).expect("a recording");
        encode(&recording, &file[recording.samples.clone()]).expect("mp3")
    }

    /// What a player hears, from where the input begins.
    fn decoded(mp3: &[u8]) -> Vec<f32> {
        let mut decoder = Mp3Decoder::new();
        decoder.push(mp3);
        decoder.flush();
        let mut frames = Vec::new();
        while let Ok(frame) = decoder.next_frame() {
            assert_eq!(frame.channels, 1);
            frames.push(frame.samples);
        }
        // The first frame is the description.
        let heard = frames.split_off(1).concat();
        heard[ENCODER_DELAY + DECODER_DELAY..].to_vec()
    }

    /// A voice-like sound: a gliding tone with overtones, in syllables.
    fn voice(rate: u32, seconds: f32, loudness: f32) -> Vec<i16> {
        let count = (rate as f32 * seconds) as usize;
        let mut phase = 0.0_f32;
        (0..count)
            .map(|at| {
                let time = at as f32 / rate as f32;
                phase += std::f32::consts::TAU * (160.0 + 60.0 * (time * 3.0).sin()) / rate as f32;
                let tone = phase.sin() * 0.5 + (phase * 3.0).sin() * 0.3 + (phase * 7.0).sin() * 0.2;
                let syllable = (time * 9.0).sin().abs().mul_add(0.9, 0.1);
                (tone * syllable * loudness * 32_767.0) as i16
            })
            .collect()
    }

    fn energy(samples: &[f32]) -> f32 {
        samples.iter().map(|sample| sample * sample).sum()
    }

    /// How alike two sounds are: 1 is the same.
    fn correlation(left: &[f32], right: &[f32]) -> f32 {
        let both: f32 = left.iter().zip(right).map(|(left, right)| left * right).sum();
        both / (energy(left) * energy(right)).sqrt()
    }

    fn floats(samples: &[i16]) -> Vec<f32> {
        samples
            .iter()
            .map(|sample| f32::from(*sample) / 32_768.0)
            .collect()
    }

    #[test]
    fn what_is_heard_is_what_was_recorded_at_every_rate_without_drop_outs() {
        for rate in RATES {
            let said = voice(rate, 3.0, 0.8);
            let heard = decoded(&encode_samples(rate, 1, &said));
            assert!(heard.len() >= said.len(), "{rate}: the end is there");
            let (said, heard) = (floats(&said), &heard[..said.len()]);
            let alike = correlation(&said, heard);
            assert!(alike > 0.98, "{rate}: {alike}");
            // Each 50 ms has the loudness it had.
            let part = rate as usize / 20;
            for (at, (said, heard)) in said.chunks_exact(part).zip(heard.chunks_exact(part)).enumerate() {
                let ratio = energy(heard) / energy(said);
                assert!((0.7..1.4).contains(&ratio), "{rate}, part {at}: {ratio}");
            }
        }
    }

    #[test]
    fn a_loud_voice_is_not_clipped_and_a_quiet_one_is_not_lost() {
        for loudness in [1.0, 0.01] {
            let said = voice(16_000, 2.0, loudness);
            let heard = decoded(&encode_samples(16_000, 1, &said));
            let said = floats(&said);
            let peak = |samples: &[f32]| {
                samples
                    .iter()
                    .fold(0.0_f32, |most, sample| most.max(sample.abs()))
            };
            assert!(
                peak(&heard) < peak(&said) * 1.1,
                "{loudness}: {} of {}",
                peak(&heard),
                peak(&said)
            );
            let ratio = energy(&heard) / energy(&said);
            assert!((0.85..1.15).contains(&ratio), "{loudness}: {ratio}");
        }
    }

    #[test]
    fn two_channels_become_their_mean() {
        let left = voice(16_000, 1.0, 0.6);
        let both: Vec<i16> = left.iter().flat_map(|sample| [*sample, 0]).collect();
        let heard = decoded(&encode_samples(16_000, 2, &both));
        let expected: Vec<f32> = floats(&left).iter().map(|sample| sample / 2.0).collect();
        assert!(correlation(&expected, &heard[..expected.len()]) > 0.98);
        let ratio = energy(&heard) / energy(&expected);
        assert!((0.8..1.2).contains(&ratio), "{ratio}");
        assert_eq!(
            one_channel(&[0, 128, 0, 128], 2),
            [i16::MIN],
            "the loudest is not overdriven"
        );
    }

    #[test]
    fn the_longest_recording_of_every_rate_is_a_voice_that_wechat_takes() {
        for rate in RATES {
            let longest = vec![3; rate as usize * 605 / 10];
            let mp3 = encode_samples(rate, 1, &longest);
            let found = check_outgoing(&mp3, mp3.len() as u64).expect("can be sent");
            assert_eq!((found.kind, found.mime), (MediaKind::Voice, "audio/mpeg"));
            assert!((mp3.len() as u64) < MB, "{rate}: {} bytes", mp3.len());
            let length = sound_length_ms(&mp3).expect("a length");
            assert!((59_700..=VOICE_LIMIT_MS).contains(&length), "{rate}: {length} ms");
        }
    }

    #[test]
    fn a_single_sample_is_a_file_too() {
        for rate in RATES {
            let mp3 = encode_samples(rate, 1, &[1000]);
            assert!(check_outgoing(&mp3, mp3.len() as u64).is_ok(), "{rate}");
        }
    }

    #[tokio::test]
    async fn what_is_no_recording_is_refused_before_it_waits() {
        let _taken = AT_ONCE.acquire_many(2).await.expect("both turns");
        let refused = encoded(Bytes::from_static(b"GIF89a")).await;
        assert!(matches!(
            refused,
            Err(Mp3Error::Refused(RecordingRefusal::Format))
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn any_samples_become_a_file_of_their_length(
            rate in proptest::sample::select(RATES.as_slice()),
            loud in any::<bool>(),
            noise in proptest::collection::vec(any::<i16>(), 1..6000),
        ) {
            let edge = |sample: &i16| if *sample < 0 { i16::MIN } else { i16::MAX };
            let samples: Vec<i16> = if loud { noise.iter().map(edge).collect() } else { noise };
            let heard = decoded(&encode_samples(rate, 1, &samples));
            prop_assert!(heard.len() >= samples.len());
            prop_assert!(heard.iter().all(|sample| sample.is_finite()));
        }
    }
}
