/** A text in which what was searched for is marked. The desk counts characters, the browser UTF-16 units. */
import type { ReactNode } from "react";
import type { SearchHit } from "../../api/types";

export interface Part {
  text: string;
  marked: boolean;
  at: number;
}

export function partsOf(snippet: string, marks: SearchHit["marks"]): Part[] {
  const characters = [...snippet];
  const parts: Part[] = [];
  let at = 0;
  const put = (to: number, marked: boolean) => {
    if (to > at) parts.push({ text: characters.slice(at, to).join(""), marked, at });
    at = Math.max(at, to);
  };
  for (const { start, end } of marks) {
    put(start, false);
    put(end, true);
  }
  put(characters.length, false);
  return parts;
}

export function Marked({ hit }: { hit: SearchHit }): ReactNode {
  return partsOf(hit.snippet, hit.marks).map(({ text, marked, at }) =>
    marked ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>,
  );
}
