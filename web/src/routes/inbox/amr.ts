/** Plays AMR, which no browser does by itself. The decoder is large and loaded with the first voice message. */

export interface Player {
  seconds: number;
  at: () => number;
  play: () => void;
  pause: () => void;
  stop: () => void;
  onEnded: (action: () => void) => void;
}

interface Recorder {
  initWithUrl(url: string): Promise<void>;
  play(): void;
  pause(): void;
  resume(): void;
  stop(): void;
  isPaused(): boolean;
  getDuration(): number;
  getCurrentPosition(): number;
  onEnded(action: () => void): void;
}

export async function loadAmr(url: string): Promise<Player> {
  const { default: BenzAMRRecorder } = (await import("benz-amr-recorder")) as unknown as {
    default: new () => Recorder;
  };
  const amr = new BenzAMRRecorder();
  await amr.initWithUrl(url);
  return {
    seconds: amr.getDuration(),
    at: () => amr.getCurrentPosition(),
    play: () => (amr.isPaused() ? amr.resume() : amr.play()),
    pause: () => amr.pause(),
    stop: () => amr.stop(),
    onEnded: (action) => amr.onEnded(action),
  };
}
