/**
 * Shortcuts of one key, or of two in a row ("g i"). They are off while somebody types, while a
 * dialog is open, and with modifiers.
 */
import { useEffect, useRef } from "react";

/** The first key of two counts this long. */
const SEQUENCE_MS = 1500;

type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    let begun = { key: "", at: 0 };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isTyping(event.target)) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector("[role=dialog], [role=menu]")) return;
      const second = begun.key !== "" && event.timeStamp - begun.at < SEQUENCE_MS;
      const keys = second ? `${begun.key} ${event.key}` : event.key;
      begun = event.key === "g" && !second ? { key: "g", at: event.timeStamp } : { key: "", at: 0 };
      const action = latest.current[keys];
      if (!action) return;
      event.preventDefault();
      action(event);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
