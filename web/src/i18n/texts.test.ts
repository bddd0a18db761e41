import { describe, expect, it } from "vitest";
import {
  channelWarnings,
  deadLetterReasons,
  errorCodes,
  fieldErrorCodes,
  messageReasons,
  replyReasons,
  systemCodes,
  wechatCodes,
} from "./codes";
import en from "./en/index";
import ja from "./ja/index";
import zh from "./zh-CN/index";

const texts: Record<string, Record<string, string>> = { en, ja, "zh-CN": zh };
const families = [
  "reason",
  "wechat",
  "system",
  "error",
  "field_error",
  "channel_warning",
  "dead_letter",
];
const plain = (key: string) => key.replace(/_(one|other)$/, "");
const variables = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();
const sources = Object.entries(
  import.meta.glob(["../**/*.{ts,tsx}", "!./{en,ja,zh-CN}/*"], {
    query: "?raw",
    import: "default",
    eager: true,
  }) as Record<string, string>,
)
  .filter(([path]) => !path.includes(".test."))
  .map(([, source]) => source);
const baseKeys = (language: string) => new Set(Object.keys(texts[language] ?? {}).map(plain));

describe.each(["ja", "zh-CN"])("%s", (language) => {
  it("has exactly the keys of English", () => {
    const own = baseKeys(language);
    const english = baseKeys("en");
    expect([...english].filter((key) => !own.has(key))).toEqual([]);
    expect([...own].filter((key) => !english.has(key))).toEqual([]);
  });

  it("uses only the variables that English uses", () => {
    for (const [key, text] of Object.entries(texts[language] ?? {})) {
      expect({ key, variables: variables(text) }).toEqual({
        key,
        variables: variables((en as Record<string, string>)[key] ?? ""),
      });
    }
  });
});

it("names no text in two areas: the later would silently replace the earlier", () => {
  const areas = import.meta.glob<Record<string, string>>(["./en/*.ts", "!./en/index.ts"], {
    import: "default",
    eager: true,
  });
  const keys = Object.values(areas).flatMap((area) => Object.keys(area));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

describe.each(["en", "ja", "zh-CN"])("%s", (language) => {
  const has = (key: string) => key in (texts[language] ?? {});

  it("leaves no text empty", () => {
    expect(Object.entries(texts[language] ?? {}).filter(([, text]) => !text.trim())).toEqual([]);
  });

  it("has a text for every code of the API", () => {
    const keys = [
      ...replyReasons.map((code) => `reply.reason.${code}`),
      ...replyReasons.filter((code) => code !== "ok").map((code) => `reply.next.${code}`),
      ...messageReasons.map((code) => `reason.${code}`),
      ...wechatCodes.map((code) => `wechat.${code}`),
      ...systemCodes.map((code) => `system.${code}`),
      ...errorCodes.map((code) => `error.${code}`),
      ...fieldErrorCodes.map((code) => `field_error.${code}`),
      ...channelWarnings.map((code) => `channel_warning.${code}`),
      ...deadLetterReasons.map((code) => `dead_letter.${code}`),
      ...families.map((family) => `${family}.other`),
    ];
    expect(keys.filter((key) => !has(key))).toEqual([]);
  });

  it("has a text for every key that the console asks for by name", () => {
    const asked = sources.flatMap((source) =>
      [...source.matchAll(/\bt\(\s*"([^"]+)"/g)].map((m) => m[1] ?? ""),
    );
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter((key) => !has(key) && !has(`${key}_other`))).toEqual([]);
  });
});

it("keeps no text that nothing shows", () => {
  const all = sources.join("\n");
  const patterns = [...all.matchAll(/`([a-z_.]+\$\{[^`]*?\}[a-z_.]*)`/g)].map(
    (m) => new RegExp(`^${(m[1] ?? "").replaceAll(".", "\\.").replace(/\$\{[^}]*\}/g, ".+")}$`),
  );
  const unused = [...baseKeys("en")].filter(
    (key) => !all.includes(`"${key}"`) && !patterns.some((pattern) => pattern.test(key)),
  );
  expect(unused.filter((key) => ![...families, "reply"].includes(key.split(".")[0] ?? ""))).toEqual(
    [],
  );
});
