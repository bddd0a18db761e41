/** Everything the doctor can find has words in each language; what may be bad has its cause and its fix. */
import { describe, expect, it } from "vitest";
import document from "../../../docs/openapi.json";
import en from "./en/index";
import ja from "./ja/index";
import zh from "./zh-CN/index";

const texts: Record<string, Record<string, string>> = { en, ja, "zh-CN": zh };
type Schemas = Record<string, { enum?: string[] }>;
const words = (name: string) => {
  const found = (document.components.schemas as unknown as Schemas)[name]?.enum ?? [];
  if (found.length === 0) throw new Error(`${name} has no words`);
  return found;
};

/** Never shown with the state "warning" or "failed". */
const neverBad = [
  ...["url_ok", "url_local", "self_ok", "reach_ok", "token_ok", "clock_ok", "clock_unknown"],
  ...["verification_ok", "push_recent", "push_none", "mode_ok", "mode_unknown", "refusals_none"],
  ...["refusals_past", "original_id_ok", "native_none", "native_off", "native_unknown"],
  ...["privileges_ok", "privileges_unknown", "policy_ok", "policy_documented", "quota_ok"],
  ...["quota_unknown", "needs_token"],
];

describe.each(["en", "ja", "zh-CN"])("%s", (language) => {
  const missing = (keys: string[]) => keys.filter((key) => !texts[language]?.[key]);

  it("has words for every finding, with cause and fix where something is wrong", () => {
    const findings = words("Finding");
    const bad = findings.filter((code) => !neverBad.includes(code));
    expect(missing(findings.map((code) => `doctor.found.${code}`))).toEqual([]);
    expect(missing(bad.map((code) => `doctor.cause.${code}`))).toEqual([]);
    expect(missing(bad.map((code) => `doctor.fix.${code}`))).toEqual([]);
  });

  it("has words for every check, group, state, capability and refusal", () => {
    const keys = [
      ...words("Check").map((word) => `doctor.check.${word}`),
      ...words("CheckGroup").map((word) => `doctor.group.${word}`),
      ...words("CheckState").map((word) => `doctor.state.${word}`),
      ...words("Capability").map((word) => `doctor.capability.${word}`),
      ...words("Capability").map((word) => `doctor.without.${word}`),
      ...words("CapabilityState").map((word) => `doctor.capability_state.${word}`),
      ...words("PushRefusal").map((word) => `doctor.refusal.${word}`),
      ...words("AddressSource").map((word) => `addresses.source.${word}`),
    ];
    expect(missing(keys)).toEqual([]);
  });
});
