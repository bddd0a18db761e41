/** Rows that are selected, with shift for a range. */
import { useCallback, useRef, useState } from "react";

/** The ids after a click on one of them: with `range`, all between it and the one clicked before. */
export function selected(
  ids: string[],
  before: ReadonlySet<string>,
  click: { id: string; last: string | null; range: boolean },
): Set<string> {
  const after = new Set(before);
  const on = !before.has(click.id);
  const from = click.range && click.last ? ids.indexOf(click.last) : -1;
  const to = ids.indexOf(click.id);
  const touched = from < 0 ? [click.id] : ids.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const id of touched) {
    if (on) after.add(id);
    else after.delete(id);
  }
  return after;
}

/** At most this many are changed in one call. */
export const MOST = 200;

export function useSelection(ids: string[]) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  const shown = useRef(ids);
  shown.current = ids;
  const toggle = useCallback((id: string, range: boolean) => {
    const { current: before } = last;
    setChosen((old) => selected(shown.current, old, { id, last: before, range }));
    last.current = id;
  }, []);
  return {
    // What a filter took off the screen is not changed unseen.
    ids: ids.filter((id) => chosen.has(id)).slice(0, MOST),
    /** The same function as long as the list stands. */
    toggle,
    all: (on: boolean) => setChosen(new Set(on ? ids.slice(0, MOST) : [])),
    clear: () => setChosen(new Set()),
  };
}
