import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { draw, me, message } from "../../../tests/render";
import type { Message } from "../../api/types";
import { startTexts } from "../../i18n";
import { details, MessageState } from "./MessageState";

await startTexts("en");
afterEach(cleanup);

const show = (change: Partial<Message>, as = me) =>
  draw(<MessageState message={{ ...message, ...change }} />, as);
const words = () => screen.getByTestId("message-state").textContent;

it("a_refusal_of_wechat_is_named_in_words_and_by_its_number", () => {
  show({ state: "failed", reason: "wechat_45047" });
  expect(words()).toContain("Failed: no messages left until the customer answers (45047)");
});

it("a_number_without_a_text_is_still_shown", () => {
  show({ state: "failed", reason: "wechat_99999" });
  expect(words()).toContain("WeChat refused it (99999)");
});

it("an_uncertain_message_has_exactly_one_choice", () => {
  show({ state: "unknown", reason: "connection_lost" });
  expect(words()).toContain("May have been delivered");
  expect(screen.getAllByRole("button")).toHaveLength(1);
  expect(screen.getByTestId("send-again")).toBeDefined();
});

it("a_sent_message_says_when_and_offers_nothing", () => {
  show({ state: "sent" });
  expect(words()).toMatch(/^Sent /);
  expect(screen.queryAllByRole("button")).toHaveLength(0);
});

it("a_viewer_cannot_send_again", () => {
  show({ state: "unknown" }, { ...me, role: "viewer", permissions: [] });
  expect(screen.queryByTestId("send-again")).toBeNull();
});

it("the_copied_details_name_what_wechat_said", () => {
  const failure = { message: "out of response count limit", rid: "r-1", status: null, code: 45047 };
  const text = details({ ...message, state: "failed", reason: "wechat_45047", data: { failure } });
  expect(text).toContain("reason: wechat_45047\nwechat code: 45047\nwechat rid: r-1");
  expect(text).toContain("http status: -\ndetail: out of response count limit");
});
