/** Cuts a text into messages that WeChat takes: at most 2,048 bytes of UTF-8 each, cut where it reads best. */

export const MAX_TEXT_BYTES = 2048;

const encoder = new TextEncoder();
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export const byteLength = (text: string) => encoder.encode(text).length;

export function splitText(text: string, limit = MAX_TEXT_BYTES): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (byteLength(rest) > limit) {
    const end = bestCut(rest, limit);
    parts.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  if (rest) parts.push(rest);
  return parts;
}

/** The last line end, sentence end or space in the second half of what fits; else all that fits. */
function bestCut(text: string, limit: number): number {
  const fits = fitting(text, limit);
  const piece = text.slice(0, fits);
  for (const pattern of [/\n(?!.*\n)/s, /[。！？!?.](?!.*[。！？!?.])/s, /\s(?!.*\s)/s]) {
    const at = piece.search(pattern);
    if (at >= fits / 2) return at + 1;
  }
  return fits;
}

/** How many UTF-16 units of the text fit, without cutting a character that people see as one. */
function fitting(text: string, limit: number): number {
  let used = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    const size = byteLength(segment);
    if (used + size > limit) return index || cutInside(segment, limit);
    used += size;
  }
  return text.length;
}

/** A single character longer than the limit (endless combining marks) is cut between code points. */
function cutInside(segment: string, limit: number): number {
  let used = 0;
  let units = 0;
  for (const point of segment) {
    used += byteLength(point);
    if (used > limit) break;
    units += point.length;
  }
  return units;
}
