/** The text that hands a file over: its name, its size, until when, and the link. The same in every language. */
import { bytes, dayOf } from "../../../format/time";

export interface FileLink {
  url: string;
  expires_at: string;
  reachable: boolean;
}

/** Long names are cut in the middle: the ending says what it is. */
export function shortName(name: string, most = 60): string {
  if (name.length <= most) return name;
  return `${name.slice(0, most - 13)}…${name.slice(-12)}`;
}

export const linkText = (name: string, size: number, link: FileLink) =>
  `${shortName(name)} (${bytes(size)}, ~ ${dayOf(link.expires_at)})\n${link.url}`;
