/** `told.ts` turns variants into words as types; the server's own sources say which word each has. */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, expectTypeOf, it } from "vitest";
import type { OddWords, Told, Word } from "./told";

const odd: OddWords = {
  MiniProgram: "miniprogram",
  English: "en",
  Japanese: "ja",
  Chinese: "zh-CN",
  "zh-CN": "zh-CN",
  AgentsManage: "agents.manage",
  ChannelsManage: "channels.manage",
  ChannelsRead: "channels.read",
  DepartmentsManage: "departments.manage",
  DeadLettersManage: "dead_letters.manage",
  PreferencesManage: "preferences.manage",
  ConversationsRead: "conversations.read",
  ConversationsReply: "conversations.reply",
  ConversationsAssign: "conversations.assign",
  TicketsEdit: "tickets.edit",
  ContactsEdit: "contacts.edit",
};

const crates = resolve("../crates/kefu/src");
const sources = ["domain", "http"].flatMap((folder) =>
  readdirSync(resolve(crates, folder))
    .filter((name) => name.endsWith(".rs"))
    .map((name) => readFileSync(resolve(crates, folder, name), "utf8")),
);
const document = JSON.parse(readFileSync(resolve("../docs/openapi.json"), "utf8"));
const enums = Object.entries(document.components.schemas as Record<string, { enum?: string[] }>)
  .filter(([, schema]) => schema.enum)
  .map(([name]) => name);

/** The variants of `Name { Variant = "word", … }` with their words. */
function variants(name: string): { variant: string; word: string }[] {
  const body = new RegExp(`^\\s*${name} \\{([^}]*)\\}`, "m").exec(sources.join("\n"))?.[1] ?? "";
  const found = [...body.matchAll(/(\w+) = "([^"]+)"/g)];
  if (found.length === 0) throw new Error(`${name} has no words`);
  return found.map(([, variant = "", word = ""]) => ({ variant, word }));
}

const snake = (name: string) => name.replace(/(?!^)[A-Z]/g, "_$&").toLowerCase();

it("every_variant_of_the_server_has_the_word_that_the_types_give_it", () => {
  const words: Record<string, string> = { ...odd };
  const all = enums.flatMap(variants);
  expect(all.length).toBeGreaterThan(60);
  expect(all.filter((one) => one.word !== (words[one.variant] ?? snake(one.variant)))).toEqual([]);
});

it("a_variant_becomes_its_word_and_a_word_stays_itself", () => {
  expectTypeOf<Word<"OnHold" | "MiniProgram">>().toEqualTypeOf<"on_hold" | "miniprogram">();
  expectTypeOf<Word<"on_hold" | "agents.manage">>().toEqualTypeOf<"on_hold" | "agents.manage">();
  expectTypeOf<Word<string>>().toEqualTypeOf<string>();
});

it("a_field_that_may_be_empty_is_there_and_null", () => {
  expectTypeOf<Told<{ at?: string | null; kinds: "MiniProgram"[] }>>().toEqualTypeOf<{
    at: string | null;
    kinds: "miniprogram"[];
  }>();
});
