import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { draw, message } from "../../../tests/render";
import type { Message } from "../../api/types";
import { startTexts } from "../../i18n";
import { MessageGroup } from "./MessageGroup";

await startTexts("en");
afterEach(cleanup);

const show = (change: Partial<Message>) => {
  const one = { ...message, author_id: null, author: null, ...change } as Message;
  draw(<MessageGroup messages={[one]} contactName="Li" />);
};

it("each_occasion_is_said_in_words_and_no_delivery_is_claimed", () => {
  const occasions = {
    follow: "Welcome to a new follower",
    keyword: "Answer to a keyword",
    menu_click: "Answer to a menu tap",
    first_message: "Answer to the first message",
    default: "Default answer",
  };
  for (const [automation, words] of Object.entries(occasions)) {
    show({ state: "sent", data: { automation, answer_id: 1 } });
    expect(screen.getByTestId("automation-mark").textContent).toBe(words);
    expect(screen.queryByTestId("message-state")).toBeNull();
    expect(screen.getByText("Sent automatically")).toBeDefined();
    cleanup();
  }
});

it("a_picture_that_only_wechat_holds_shows_its_name", () => {
  show({ kind: "image", text: "Our shop", media: null, data: { automation: "keyword" } });
  expect(screen.getByText("Picture: Our shop", { exact: false })).toBeDefined();
});

it("a_question_that_failed_says_why_and_is_nobodys_to_send_again", () => {
  show({ state: "failed", reason: "wechat_48001", data: { survey: "question" } });
  expect(screen.getByTestId("message-state").textContent).toContain("Failed");
  expect(screen.queryByTestId("send-again")).toBeNull();
});

it("a_message_of_an_agent_has_no_mark", () => {
  show({ author_id: "ag_1", data: null });
  expect(screen.queryByTestId("automation-mark")).toBeNull();
});
