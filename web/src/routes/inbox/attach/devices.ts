/** Microphone and camera: asking for them, and why they cannot be had. */

/** A key of `record.problem` and `film.problem`. */
export type Problem = "insecure" | "denied" | "missing" | "busy" | "unsupported" | "failed";

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

export const problemOf = (error: unknown): Problem =>
  error instanceof RecordError ? error.problem : "failed";

/** Browsers hide microphone and camera from pages without TLS. */
export async function openDevices(wanted: MediaStreamConstraints): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) throw new RecordError("insecure");
  if (typeof MediaRecorder === "undefined") throw new RecordError("unsupported");
  try {
    return await navigator.mediaDevices.getUserMedia(wanted);
  } catch (error) {
    throw new RecordError(problems[(error as DOMException).name] ?? "failed");
  }
}

/** How a voice is recorded best. */
export const VOICE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  channelCount: 1,
};

export function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
