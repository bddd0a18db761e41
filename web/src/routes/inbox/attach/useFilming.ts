/** The steps of filming. Whatever they end by, the camera is let go and nothing that was filmed is lost unasked. */
import { useCallback, useEffect, useRef, useState } from "react";
import { type Camera, chooseCamera, Filming, openCamera } from "./camera";
import { type Problem, problemOf, release } from "./devices";
import { useKeptOnLeaving } from "./useKeptOnLeaving";
import { VIDEO_LIMIT_MS } from "./videoType";

export interface Filmed {
  file: File;
  length: number;
  /** What it ended by, when nobody ended it. */
  limit: "time" | "size" | null;
}

export type FilmState =
  | { step: "asking" }
  | { step: "problem"; problem: Problem }
  | { step: "ready"; camera: Camera }
  | { step: "filming"; camera: Camera; filming: Filming }
  | { step: "review"; camera: Camera; filmed: Filmed };

export function useFilming(onKept: (file: File) => void) {
  const [state, setState] = useState<FilmState>({ step: "asking" });
  const holdOn = useKeptOnLeaving(onKept);
  const open = useRef<MediaStream | null>(null);
  const gone = useRef(false);

  const letGo = useCallback(() => {
    if (open.current) release(open.current);
    open.current = null;
  }, []);
  const show = useCallback(
    async (opening: () => Promise<Camera>) => {
      letGo();
      setState({ step: "asking" });
      try {
        const camera = await opening();
        if (gone.current) return release(camera.stream);
        open.current = camera.stream;
        setState({ step: "ready", camera });
      } catch (error) {
        setState({ step: "problem", problem: problemOf(error) });
      }
    },
    [letGo],
  );
  useEffect(() => {
    gone.current = false;
    void show(openCamera);
    return () => {
      gone.current = true;
      letGo();
    };
  }, [show, letGo]);

  const begin = (camera: Camera) => {
    try {
      const filming = new Filming(camera);
      // From here on the recording lets the camera go, when it is finished.
      open.current = null;
      holdOn(() => filming.stop());
      setState({ step: "filming", camera, filming });
    } catch {
      letGo();
      setState({ step: "problem", problem: "unsupported" });
    }
  };
  const stop = async (camera: Camera, filming: Filming, limit: Filmed["limit"]) => {
    const length = Math.min(filming.elapsed, VIDEO_LIMIT_MS);
    const file = await filming.stop();
    if (gone.current) return;
    if (file.size === 0) {
      holdOn(null);
      return setState({ step: "problem", problem: "failed" });
    }
    holdOn(() => Promise.resolve(file));
    setState({ step: "review", camera, filmed: { file, length, limit } });
  };
  const again = () => {
    holdOn(null);
    void show(openCamera);
  };
  const choose = (id: string) => void show(() => chooseCamera(id));
  /** What was filmed is not wanted, or is in the draft. */
  const settle = () => holdOn(null);
  return { state, begin, stop, again, choose, settle };
}
