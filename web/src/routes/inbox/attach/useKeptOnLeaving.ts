/** What is being recorded when its screen goes away: the browser asks before it closes, everything else keeps it. */
import { useCallback, useEffect, useRef } from "react";

type Finish = () => Promise<File>;

/**
 * Answers a setter: with how to finish what there is now, or null when nothing would be lost. `onKept` gets the file
 * when the screen went away before anything was decided.
 */
export function useKeptOnLeaving(onKept: (file: File) => void) {
  const finish = useRef<Finish | null>(null);
  const kept = useRef(onKept);
  useEffect(() => {
    kept.current = onKept;
  });
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (finish.current) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("beforeunload", ask);
      const left = finish.current;
      finish.current = null;
      // A recording of nothing has no file; nobody is there any more to be told.
      if (left) void left().then(kept.current, () => {});
    };
  }, []);
  return useCallback((next: Finish | null) => {
    finish.current = next;
  }, []);
}
