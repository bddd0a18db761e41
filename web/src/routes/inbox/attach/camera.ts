/** The camera: opening one, which others there are, and a recording of what it sees and hears. */
import { openDevices, problemOf, RecordError, release, VOICE } from "./devices";
import { RATES, type VideoType, videoType } from "./videoType";

/** So that the size is known while it grows: a browser hands over whole fragments, which begin with a whole picture. */
const OFTEN = { videoKeyFrameIntervalDuration: 1000 };
const CHOSEN_KEY = "kefu.camera";
const SLICE_MS = 500;

export interface Camera {
  stream: MediaStream;
  type: VideoType;
  /** The one that is open, and all there are to choose from. */
  id: string;
  all: MediaDeviceInfo[];
  hasSound: boolean;
}

const picture = (id: string | null): MediaTrackConstraints => ({
  width: { ideal: 960 },
  height: { ideal: 540 },
  frameRate: { ideal: 24, max: 30 },
  ...(id ? { deviceId: { ideal: id } } : { facingMode: { ideal: "user" } }),
});

/** Opens the camera chosen last, or this one, with the microphone where there is one. */
export async function openCamera(id = localStorage.getItem(CHOSEN_KEY)): Promise<Camera> {
  const type = videoType();
  if (!type) throw new RecordError(navigator.mediaDevices ? "unsupported" : "insecure");
  const stream = await withSound(picture(id));
  const devices = await navigator.mediaDevices.enumerateDevices();
  return {
    stream,
    type,
    id: stream.getVideoTracks()[0]?.getSettings().deviceId ?? "",
    all: devices.filter(({ kind }) => kind === "videoinput"),
    hasSound: stream.getAudioTracks().length > 0,
  };
}

export function chooseCamera(id: string): Promise<Camera> {
  localStorage.setItem(CHOSEN_KEY, id);
  return openCamera(id);
}

/** A missing microphone is no reason not to film. */
async function withSound(video: MediaTrackConstraints): Promise<MediaStream> {
  try {
    return await openDevices({ video, audio: VOICE });
  } catch (error) {
    if (problemOf(error) !== "missing") throw error;
    return openDevices({ video });
  }
}

export class Filming {
  private readonly parts: Blob[] = [];
  private readonly recorder: MediaRecorder;
  private readonly ended: Promise<unknown>;
  private readonly since = performance.now();
  private until: number | null = null;
  bytes = 0;

  constructor(private readonly camera: Camera) {
    const wanted = { mimeType: camera.type.mime, ...RATES, ...OFTEN };
    this.recorder = new MediaRecorder(camera.stream, wanted);
    this.recorder.ondataavailable = ({ data }) => {
      this.parts.push(data);
      this.bytes += data.size;
    };
    this.ended = new Promise((resolve) => {
      this.recorder.onstop = resolve;
    });
    this.recorder.start(SLICE_MS);
  }

  get elapsed(): number {
    return (this.until ?? performance.now()) - this.since;
  }

  /** Nothing more comes: the camera was unplugged, or taken away in the browser. */
  get isOver(): boolean {
    return this.recorder.state === "inactive";
  }

  /** Ends it, and lets the camera go. */
  async stop(): Promise<File> {
    this.until ??= performance.now();
    if (this.recorder.state !== "inactive") this.recorder.stop();
    await this.ended;
    release(this.camera.stream);
    return new File(this.parts, "video.mp4", { type: "video/mp4" });
  }
}
