/** The microphone: permission, recording with pauses, the level now, and the finished voice as a file. */
import { AMR_RATE, encodeAmr } from "../voice/amr";

export const LIMIT_MS = 60_000;
export const WARN_MS = 50_000;
/** WeChat counts to the frame: what is a little shorter is surely not too long. */
const LONGEST_S = 59.9;

/** Why nothing can be recorded: a key of `record.problem`. */
export type Problem = "insecure" | "denied" | "missing" | "busy" | "failed";

export class RecordError extends Error {
  constructor(readonly problem: Problem) {
    super(problem);
  }
}

const problems: Record<string, Problem> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Browsers hide the microphone from pages without TLS. */
export const hasMicrophone = () => Boolean(navigator.mediaDevices?.getUserMedia);

async function microphone(): Promise<MediaStream> {
  if (!hasMicrophone()) throw new RecordError("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, channelCount: 1 },
    });
  } catch (error) {
    throw new RecordError(problems[(error as DOMException).name] ?? "failed");
  }
}

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
    return new Recording(await microphone());
  }

  /** Milliseconds recorded, pauses not counted. */
  get elapsed(): number {
    return this.before + (this.since === null ? 0 : performance.now() - this.since);
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
    for (const track of this.stream.getTracks()) track.stop();
    if (this.context.state !== "closed") void this.context.close();
  }
}

/** The recording as the AMR that phones send, at most a minute. */
export async function voiceFile(recorded: Blob): Promise<File> {
  const samples = await resampled(recorded);
  const amr = await encodeAmr(samples);
  return new File([amr], "voice.amr", { type: "audio/amr" });
}

async function resampled(recorded: Blob): Promise<Float32Array> {
  const context = new AudioContext();
  try {
    const sound = await context.decodeAudioData(await recorded.arrayBuffer());
    const seconds = Math.min(sound.duration, LONGEST_S);
    const length = Math.max(1, Math.floor(seconds * AMR_RATE));
    const offline = new OfflineAudioContext(1, length, AMR_RATE);
    const source = offline.createBufferSource();
    source.buffer = sound;
    source.connect(offline.destination);
    source.start();
    return (await offline.startRendering()).getChannelData(0);
  } finally {
    void context.close();
  }
}
