import { cleanup, fireEvent, screen } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { draw } from "../../../tests/render";
import { startTexts } from "../../i18n";
import type { Outgoing } from "../../outbox/outbox";
import { OutgoingBubbles } from "./OutgoingBubbles";

const one: Outgoing = {
  client_id: "c1",
  conversation_id: "cv_1",
  kind: "text",
  text: "hello",
  created_at: new Date().toISOString(),
};
const refused = { ...one, refused: { code: "window_closed", request_id: "rq_9" } };
const show = (outgoing: Outgoing) =>
  draw(<OutgoingBubbles outgoing={[outgoing]} onEditAgain={() => {}} />);

beforeAll(() => startTexts("en"));
beforeEach(() => vi.spyOn(navigator, "onLine", "get").mockReturnValue(true));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it("a_message_on_its_way_says_so", () => {
  show(one);
  expect(screen.getByTestId("outgoing-state").textContent).toBe(i18next.t("state.saving"));
});

it("without_a_network_it_says_at_once_that_it_waits_and_is_kept", () => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  show(one);
  expect(screen.getByTestId("outgoing-state").textContent).toContain("kept on this device");
});

it("a_refused_message_gives_its_reason_and_details_to_copy", async () => {
  const writeText = vi.fn(async () => {});
  vi.stubGlobal("navigator", { ...navigator, onLine: true, clipboard: { writeText } });
  show(refused);
  expect(screen.getByTestId("outgoing-state").textContent).toContain("window is closed");
  fireEvent.click(screen.getByText("Copy details"));
  await vi.waitFor(() => expect(writeText).toHaveBeenCalled());
  expect(writeText).toHaveBeenCalledWith("client id: c1\ncode: window_closed\nrequest: rq_9");
});
