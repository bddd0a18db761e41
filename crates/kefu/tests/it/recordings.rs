//! Recordings of agents: WAV comes in, the desk makes an MP3 of it, and the phone can play that.

use crate::harness::{Api, Desk, Phone, eventually};
use futures_util::future::join_all;
use reqwest::Method;
use rusty_mp3::Mp3Decoder;
use serde_json::{Value, json};

const PATH: &str = "/attachments?purpose=recording";
const RATE: u32 = 16_000;

/// A tone of 440 Hz.
fn tone(seconds: f32) -> Vec<i16> {
    let count = (RATE as f32 * seconds) as usize;
    let step = std::f32::consts::TAU * 440.0 / RATE as f32;
    (0..count)
        .map(|at| ((at as f32 * step).sin() * 16_000.0) as i16)
        .collect()
}

fn wav(rate: u32, channels: u16, samples: &[i16]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let block = channels * 2;
    let size = data.len() as u32;
    let mut file = b"RIFF".to_vec();
    file.extend((size + 36).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0");
    file.extend(channels.to_le_bytes());
    file.extend(rate.to_le_bytes());
    file.extend((rate * u32::from(block)).to_le_bytes());
    file.extend(block.to_le_bytes());
    file.extend(b"\x10\0data");
    file.extend(size.to_le_bytes());
    file.extend(data);
    file
}

fn decoded(mp3: &[u8]) -> Vec<f32> {
    let mut decoder = Mp3Decoder::new();
    decoder.push(mp3);
    decoder.flush();
    let mut samples = Vec::new();
    while let Ok(frame) = decoder.next_frame() {
        assert_eq!((frame.sample_rate, frame.channels), (RATE, 1));
        samples.extend(frame.samples);
    }
    samples
}

struct Chat {
    desk: Desk,
    agent: Api,
    phone: Phone,
    id: String,
}

impl Chat {
    /// A contact has written and an agent has picked up.
    async fn open() -> Self {
        let desk = Desk::start().await;
        let channel = desk.channel().await;
        let (agent, phone, id) = desk.picked_up(&channel, "tell me").await;
        Self {
            desk,
            agent,
            phone,
            id,
        }
    }

    async fn records(&self, name: &str, file: Vec<u8>) -> Value {
        let answer = self.agent.upload(Method::POST, PATH, name, file).await;
        answer.created()
    }

    /// The voice that lies on the phone, once it is there.
    async fn voice_on_the_phone(&self) -> Vec<u8> {
        let id = eventually("the voice is on the phone", || async {
            let items = self.phone.timeline().await;
            let voice = items.iter().find(|item| item["type"] == "voice");
            let id = voice
                .and_then(|item| item["media_id"].as_str())
                .map(ToOwned::to_owned);
            id.ok_or_else(|| format!("{items:?}"))
        })
        .await;
        let control = &self.desk.control;
        let answer = control
            .client
            .get(format!("{}/media/{id}", control.base))
            .send()
            .await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.headers()["content-type"], "audio/mpeg");
        answer.bytes().await.expect("a body").to_vec()
    }
}

#[tokio::test]
async fn a_recording_arrives_on_the_phone_as_an_mp3_of_its_length_and_is_not_silence() {
    let chat = Chat::open().await;
    let file = chat.records("録音.wav", wav(RATE, 1, &tone(2.0))).await;
    assert_eq!(
        (&file["kind"], &file["mime"], &file["file_name"], &file["link"]),
        (
            &json!("voice"),
            &json!("audio/mpeg"),
            &json!("録音.mp3"),
            &Value::Null
        )
    );
    let length = file["duration_ms"].as_i64().expect("a length");
    assert!((2_000..2_200).contains(&length), "{length}");
    let body = json!({"client_id": "1", "kind": "voice", "attachment_id": file["id"]});
    let path = format!("/conversations/{}/messages", chat.id);
    let message = chat.agent.post(&path, body).await.accepted();
    assert_eq!(message["media"]["mime"], "audio/mpeg");

    let received = chat.voice_on_the_phone().await;
    assert_eq!(received.len() as i64, file["bytes"].as_i64().expect("bytes"));
    let heard = decoded(&received);
    assert!((32_000..36_000).contains(&heard.len()), "{}", heard.len());
    // Every tenth of a second in the middle of it is the tone.
    for part in heard[2_000..30_000].chunks_exact(1_600) {
        let loudness = (part.iter().map(|sample| sample * sample).sum::<f32>() / 1_600.0).sqrt();
        assert!((0.3..0.4).contains(&loudness), "{loudness}");
    }
}

#[tokio::test]
async fn what_is_no_recording_is_refused_with_its_reason_and_nothing_is_kept() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let whole = wav(RATE, 1, &tone(0.2));
    let claims_much = [&whole[..40], &[0xff; 4], &whole[44..]].concat();
    let minute = vec![1; RATE as usize * 61];
    let refused = [
        (Vec::new(), "file_empty"),
        (b"#!AMR\n\x3c".to_vec(), "recording_format"),
        (wav(40_000, 1, &[1; 100]), "recording_format"),
        (wav(RATE, 3, &[1; 99]), "recording_format"),
        (whole[..whole.len() - 2].to_vec(), "recording_damaged"),
        (claims_much, "recording_damaged"),
        (wav(RATE, 1, &[]), "recording_empty"),
        (wav(RATE, 1, &minute), "recording_too_long"),
    ];
    for (file, code) in refused {
        let answer = agent.upload(Method::POST, PATH, "a.wav", file).await;
        let error = answer.refused(422, "invalid_fields");
        assert_eq!(error["fields"]["file"], code);
        let limit = if code == "recording_too_long" {
            json!(60_000)
        } else {
            Value::Null
        };
        assert_eq!(error["limit_ms"], limit, "{code}");
    }
    let large = agent
        .upload(Method::POST, PATH, "a.wav", vec![0; 20_000_000])
        .await;
    large.refused(413, "too_large");
    // The same file is no attachment without the purpose: WAV is not in the table.
    let answer = agent.upload(Method::POST, "/attachments", "a.wav", whole).await;
    assert_eq!(
        answer.refused(422, "invalid_fields")["fields"]["file"],
        "file_kind"
    );
    let viewer = desk.agent_with_role(&channel, "viewer").await;
    let answer = viewer.upload(Method::POST, PATH, "a.wav", Vec::new()).await;
    answer.refused(403, "not_permitted");
}

#[tokio::test]
async fn many_long_recordings_at_once_are_all_encoded_while_the_desk_goes_on_answering() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let agent = desk.agent(&channel).await;
    let minute = wav(RATE, 1, &tone(60.0));
    let uploads = join_all((0..8).map(|_| agent.upload(Method::POST, PATH, "a.wav", minute.clone())));
    let others = async {
        for _ in 0..20 {
            agent.get("/me").await.ok();
        }
    };
    let (uploads, ()) = tokio::join!(uploads, others);
    for answer in uploads {
        let file = answer.created();
        let length = file["duration_ms"].as_i64().expect("a length");
        assert!(
            (59_700..=60_000).contains(&length),
            "WeChat takes a minute: {length}"
        );
        assert!(file["bytes"].as_i64().expect("bytes") < 1_048_576);
    }
}
