import { expect, it } from "vitest";
import { startTexts } from "../../../i18n";
import { emptyDraft } from "../../../outbox/drafts";
import { messagesOf } from "../composing";
import { linkText, shortName } from "./fileLink";
import { fitted } from "./shrink";

await startTexts("en");

const link = {
  url: "https://desk.example/files/md_1/a.pdf?expires=1&signature=x",
  expires_at: "2026-12-02T05:00:00Z",
  reachable: true,
};

it("a_picture_is_cut_to_the_longest_side_and_never_made_larger", () => {
  expect(fitted(4000, 3000, 2560)).toEqual({ width: 2560, height: 1920 });
  expect(fitted(100, 50, 2560)).toEqual({ width: 100, height: 50 });
  expect(fitted(10_000, 1, 1280)).toEqual({ width: 1280, height: 1 });
});

it("the_text_of_a_link_says_what_and_until_when_and_fits_into_one_message", () => {
  const text = linkText("价格.pdf", 1_048_576, link);
  expect(text).toMatch(/^价格\.pdf \(1 MB, ~ 2026-12-02\)\nhttps:/);
  const long = linkText(`${"说明".repeat(120)}.pdf`, 1, { ...link, url: "x".repeat(400) });
  expect(new TextEncoder().encode(long).length).toBeLessThan(2048);
  expect(shortName(`${"a".repeat(300)}.pdf`)).toHaveLength(60);
});

it("a_linked_file_goes_out_as_a_text_with_its_attachment", () => {
  const file = {
    id: "md_1",
    kind: "file" as const,
    name: "a.pdf",
    bytes: 1,
    link,
    text: "the text",
  };
  const draft = { ...emptyDraft(), client_id: "c", attachments: [file] };
  expect(messagesOf(draft, "cv_1", "now")).toEqual([
    {
      conversation_id: "cv_1",
      created_at: "now",
      client_id: "c-md_1",
      kind: "text",
      text: "the text",
      attachment_id: "md_1",
    },
  ]);
});
