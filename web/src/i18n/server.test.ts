/** Reads the words out of the server's own sources: a code without a text in every language fails here. */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { deadLetterReasons, errorCodes, fieldErrorCodes, systemCodes } from "./codes";
import en from "./en/index";
import ja from "./ja/index";
import zh from "./zh-CN/index";

const texts: Record<string, Record<string, string>> = { en, ja, "zh-CN": zh };
const source = (path: string) => readFileSync(resolve("..", "crates", path), "utf8");
const domain = (name: string) => source(`kefu/src/domain/${name}.rs`);

/** The words of `Name { Variant = "word", … }`. */
function words(text: string, name: string): string[] {
  const body = new RegExp(`^\\s*${name} \\{([^}]*)\\}`, "m").exec(text)?.[1] ?? "";
  const found = [...body.matchAll(/= "([^"]+)"/g)].map((m) => m[1] ?? "");
  if (found.length === 0) throw new Error(`${name} has no words`);
  return found;
}

/** Everything that a pattern with one group finds. */
function all(text: string, pattern: RegExp): string[] {
  const found = [...text.matchAll(pattern)].map((m) => m[1] ?? "");
  if (found.length === 0) throw new Error(`${pattern} finds nothing`);
  return found;
}

/** Everything that answers the console; `callback.rs` answers WeChat, `health.rs` answers probes. */
const handlers = ["http", "actions"]
  .flatMap((folder) =>
    readdirSync(resolve("..", "crates/kefu/src", folder)).map((f) => `${folder}/${f}`),
  )
  .filter((path) => path.endsWith(".rs") && !/\/(callback|health)\.rs$/.test(path))
  .map((path) => source(`kefu/src/${path}`))
  .join("\n");
const constants = new Map(
  [...handlers.matchAll(/const ([A-Z_]+): &str = "([a-z_]+)";/g)].map((m) => [m[1], m[2] ?? ""]),
);
/** Of codes given as a literal or as a constant, the words. */
const named = (given: string[]) =>
  given.map((code) => (code.startsWith('"') ? code.slice(1, -1) : (constants.get(code) ?? code)));

const replyReasons = words(domain("allowance/decision"), "ReplyReason");
const lines = all(/CODES[^=]*=([^;]*);/.exec(domain("message"))?.[1] ?? "", /"([a-z_]+)"/g);
const refusals = [
  ...words(domain("sendable"), "SendRefusal"),
  ...words(domain("conversation"), "Refusal"),
  ...named(all(handlers, /\brefused\(\s*("[a-z_]+"|[A-Z_]{4,})\s*[,)]/g)),
];
const errors = [
  ...all(handlers, /StatusCode::[A-Z_]+,\s*"([a-z_]+)"/g),
  ...all(source("kefu/src/auth/sso.rs"), /=> "(sso_[a-z_]+)"/g),
];
const fields = [
  ...words(domain("fields"), "FieldCode"),
  ...words(domain("media_rules"), "FileRefusal"),
  ...words(domain("recording"), "RecordingRefusal"),
  ...all(domain("card"), /\("[a-z_]+", "([a-z_]+)"\)/g),
  ...named(all(handlers, /\bfield\([a-z_"]+,\s*("[a-z_]+"|[A-Z_]{4,})\s*\)/g)),
];
const warnings = words(source("kefu/src/http/channel_out.rs"), "ChannelWarning");
const media = words(domain("failure"), "MediaReason");
const failures = words(domain("failure"), "FailureReason");
const details = words(domain("allowance/decision"), "ReplyDetail");

describe.each(["en", "ja", "zh-CN"])("%s", (language) => {
  const missing = (keys: string[]) => keys.filter((key) => !(key in (texts[language] ?? {})));
  const under = (prefix: string, codes: string[]) => codes.map((code) => `${prefix}.${code}`);

  it("says why no reply is possible", () => {
    const refused = replyReasons.filter((code) => code !== "ok");
    const keys = [...under("reply.reason", replyReasons), ...under("reply.next", refused)];
    expect(missing(keys)).toEqual([]);
  });

  it("says what is behind a reason", () => {
    expect(missing(under("allowance.detail", details))).toEqual([]);
  });

  it("says why a message failed or a file did not arrive", () => {
    const codes = [...failures, ...media, ...replyReasons.filter((code) => code !== "ok")];
    expect(missing(under("reason", codes))).toEqual([]);
  });

  it("has every system line, with the parameters that the server writes", () => {
    expect(missing(under("system", lines))).toEqual([]);
    const given = new Set(all(domain("message"), /"([a-z_]+_name|number)":/g));
    const used = Object.entries(texts[language] ?? {})
      .filter(([key]) => key.startsWith("system.") && key !== "system.other")
      .flatMap(([, text]) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? ""));
    expect(used.filter((name) => !given.has(name))).toEqual([]);
  });

  it("has a text for every refusal and every error", () => {
    const own = texts[language] ?? {};
    const codes = [...refusals, ...errors];
    const silent = (code: string) => !(`error.${code}` in own || `reply.reason.${code}` in own);
    expect(codes.filter(silent)).toEqual([]);
  });

  it("says what is wrong with a field and what looks wrong with a channel", () => {
    const keys = [...under("field_error", fields), ...under("channel_warning", warnings)];
    expect(missing(keys)).toEqual([]);
  });
});

it("knows why a push can become a dead letter", () => {
  const wechat = source("wechat/src/callback/fields.rs") + source("wechat/src/callback/mod.rs");
  const answered = /missing$|wrong$|malformed$/;
  const codes = all(wechat, /=> "((?:push|callback)_[a-z_]+)"/g).filter(
    (code) => code.startsWith("push_") || code === "callback_key_missing" || !answered.test(code),
  );
  expect(codes.filter((code) => !(deadLetterReasons as readonly string[]).includes(code))).toEqual(
    [],
  );
});

it("lists no code that the server never sends", () => {
  const own = ["unreachable", "internal_console"];
  const sent = new Set([...own, ...refusals, ...errors, ...fields, ...lines]);
  const listed = [...errorCodes, ...fieldErrorCodes, ...systemCodes];
  expect(listed.filter((code) => !sent.has(code))).toEqual([]);
});
