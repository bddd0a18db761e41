/** "Firefox, Windows": what a browser's own description says in short. */
const browsers: [RegExp, string][] = [
  [/MicroMessenger/, "WeChat"],
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const systems: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux|X11/, "Linux"],
];

export function deviceOf(description: string): string | null {
  const first = (known: [RegExp, string][]) =>
    known.find(([pattern]) => pattern.test(description))?.[1];
  const found = [first(browsers), first(systems)].filter(Boolean);
  if (found.length > 0) return found.join(", ");
  return description.trim() || null;
}
