/** Records a voice: pauses, the level now, and the finished recording as the file that the desk makes an MP3 of. */
import { wav } from "../voice/wav";
import { openDevices, RecordError, release, VOICE } from "./devices";

export const LIMIT_MS = 60_000;
export const WARN_MS = 50_000;
/** Samples a second: what speech needs, and an MP3 rate. A minute has 1.9 MB. */
const RATE = 16_000;

export class Recording {
  private readonly parts: Blob[] = [];
  private readonly recorder: MediaRecorder;
  private readonly context: AudioContext;
  private readonly analyser: AnalyserNode;
  private readonly wave: Uint8Array<ArrayBuffer>;
  private before = 0;
  private since: number | null = null;

  private constructor(private readonly stream: MediaStream) {
    this.recorder = new MediaRecorder(stream);
    this.recorder.ondataavailable = ({ data }) => this.parts.push(data);
    this.context = new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.wave = new Uint8Array(this.analyser.fftSize);
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    this.recorder.start(1000);
    this.since = performance.now();
  }

  static async start(): Promise<Recording> {
    const stream = await openDevices({ audio: VOICE });
    try {
      return new Recording(stream);
    } catch {
      release(stream);
      throw new RecordError("unsupported");
    }
  }

  /** Milliseconds recorded, pauses not counted. */
  get elapsed(): number {
    return this.before + (this.since === null ? 0 : performance.now() - this.since);
  }

  /** Nothing more comes: the microphone was unplugged, or taken away in the browser. */
  get isOver(): boolean {
    return this.recorder.state === "inactive";
  }

  /** How loud it is now, from 0 to 1. */
  level(): number {
    this.analyser.getByteTimeDomainData(this.wave);
    const peak = this.wave.reduce((most, value) => Math.max(most, Math.abs(value - 128)), 0);
    return Math.min(1, peak / 96);
  }

  pause(): void {
    if (this.recorder.state !== "recording") return;
    this.before = this.elapsed;
    this.since = null;
    this.recorder.pause();
  }

  resume(): void {
    if (this.recorder.state !== "paused") return;
    this.since = performance.now();
    this.recorder.resume();
  }

  /** Ends it; what was recorded, as the browser records. */
  async stop(): Promise<Blob> {
    this.before = this.elapsed;
    this.since = null;
    if (this.recorder.state !== "inactive") {
      const ended = new Promise((resolve) => {
        this.recorder.onstop = resolve;
      });
      this.recorder.stop();
      await ended;
    }
    this.close();
    return new Blob(this.parts, { type: this.recorder.mimeType });
  }

  /** Lets the microphone go, whatever state it is in. */
  close(): void {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    release(this.stream);
    if (this.context.state !== "closed") void this.context.close();
  }
}

/** The recording as WAV of one channel, at most a minute. */
export async function voiceFile(recorded: Blob): Promise<File> {
  return new File([wav(await resampled(recorded), RATE)], "voice.wav", { type: "audio/wav" });
}

async function resampled(recorded: Blob): Promise<Float32Array> {
  const context = new AudioContext();
  try {
    const sound = await context.decodeAudioData(await recorded.arrayBuffer());
    const seconds = Math.min(sound.duration, LIMIT_MS / 1000);
    const length = Math.max(1, Math.floor(seconds * RATE));
    const offline = new OfflineAudioContext(1, length, RATE);
    const source = offline.createBufferSource();
    source.buffer = sound;
    source.connect(offline.destination);
    source.start();
    return (await offline.startRendering()).getChannelData(0);
  } finally {
    void context.close();
  }
}
