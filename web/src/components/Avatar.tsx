/** A person's disc: the first sign of the name on a colour that follows from the id. */

const hues = [12, 38, 84, 158, 190, 214, 252, 286, 322];

export function hueOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hues[hash % hues.length] ?? 190;
}

/** One sign for CJK names, up to two initials for others. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? "")][0] ?? "?";
  if (/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(first)) return first;
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toUpperCase();
}

export function Avatar({ id, name, size = 36 }: { id: string; name: string; size?: number }) {
  const text = initials(name);
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
        background: `hsl(${hueOf(id)} 42% 42%)`,
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
