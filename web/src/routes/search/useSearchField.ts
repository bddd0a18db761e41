/** What is typed into the field, and what is searched for: after a short pause, and never while a word is composed. */
import { useDebouncedCallback } from "@mantine/hooks";
import { type ChangeEvent, type CompositionEvent, useEffect, useRef, useState } from "react";

const PAUSE_MS = 200;

export function useSearchField(q: string, find: (q: string) => void) {
  const [typed, setTyped] = useState(q);
  const sent = useRef(q);
  const composing = useRef(false);
  const later = useDebouncedCallback((text: string) => {
    sent.current = text.trim();
    find(sent.current);
  }, PAUSE_MS);
  // The address changed by itself: back, forward, a link.
  useEffect(() => {
    if (q === sent.current) return;
    sent.current = q;
    setTyped(q);
  }, [q]);
  return {
    typed,
    clear: () => {
      setTyped("");
      later("");
    },
    field: {
      value: typed,
      onChange: (event: ChangeEvent<HTMLInputElement>) => {
        setTyped(event.currentTarget.value);
        if (!composing.current) later(event.currentTarget.value);
      },
      onCompositionStart: () => {
        composing.current = true;
      },
      onCompositionEnd: (event: CompositionEvent<HTMLInputElement>) => {
        composing.current = false;
        later(event.currentTarget.value);
      },
    },
  };
}
