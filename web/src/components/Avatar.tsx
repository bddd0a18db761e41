/** A person's disc: the first sign of the name on a colour that follows from the id. */

/** Hue and lightness: each dark enough for white letters, and different enough from its neighbours. */
const tints = [
  [12, 42],
  [38, 34],
  [84, 30],
  [158, 31],
  [190, 35],
  [214, 43],
  [252, 46],
  [286, 44],
  [322, 43],
] as const;

export function tintOf(id: string): string {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  const [hue, lightness] = tints[hash % tints.length] ?? tints[0];
  return `hsl(${hue} 44% ${lightness}%)`;
}

/** One sign for CJK names, up to two initials for others. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? "")][0] ?? "?";
  if (/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(first)) return first;
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toUpperCase();
}

interface Props {
  id: string;
  name: string;
  size?: number;
  /** Their own picture, instead of the letters. */
  picture?: string | null;
}

export function Avatar({ id, name, size = 36, picture }: Props) {
  const text = initials(name);
  if (picture) {
    const round = { flex: "none", borderRadius: "50%", objectFit: "cover" } as const;
    return <img src={picture} alt="" width={size} height={size} style={round} />;
  }
  return (
    <span
      aria-hidden="true"
      style={{
        width: size,
        height: size,
        flex: "none",
        display: "grid",
        placeItems: "center",
        borderRadius: "50%",
        background: tintOf(id),
        color: "#fff",
        fontSize: Math.round(size * (text.length > 1 ? 0.36 : 0.44)),
        fontWeight: 600,
        lineHeight: 1,
      }}
    >
      {text}
    </span>
  );
}
