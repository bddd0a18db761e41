import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { draw, message } from "../../../tests/render";
import type { Message } from "../../api/types";
import { startTexts } from "../../i18n";
import { Bubble } from "./Bubble";
import { pageOf } from "./cards";
import { ComposerPut } from "./composerPut";

await startTexts("en");
afterEach(cleanup);

const show = (change: Partial<Message>, put: ((text: string) => void) | null = null) =>
  draw(
    <ComposerPut value={put}>
      <Bubble message={{ ...message, direction: "in", ...change }} />
    </ComposerPut>,
  );
const words = (id: string) => screen.getByTestId(id).textContent ?? "";

it("a_place_has_its_label_and_coordinates_and_a_map_only_behind_a_link", () => {
  const data = { latitude: 23.13, longitude: 113.35, label: "Tianhe" };
  show({ kind: "location", text: "Tianhe", data });
  expect(words("card-location")).toContain("Tianhe");
  expect(words("card-location")).toContain("23.13, 113.35");
  const map = screen.getByRole("link");
  expect(map.getAttribute("rel")).toContain("noopener");
  expect(map.getAttribute("href")).toContain("113.35,23.13");
  expect(document.querySelectorAll("img, iframe")).toHaveLength(0);
});

it("a_place_without_coordinates_offers_no_map", () => {
  show({ kind: "location", text: "somewhere", data: {} });
  expect(screen.queryByRole("link")).toBeNull();
});

it("a_link_shows_where_it_leads_and_opens_apart", () => {
  const data = { title: "Offer", description: "only today", url: "https://shop.example/a?b=1" };
  show({ kind: "link", text: "Offer", data });
  const link = screen.getByRole("link");
  expect(link.getAttribute("href")).toBe("https://shop.example/a?b=1");
  expect(link.getAttribute("target")).toBe("_blank");
  expect(link.getAttribute("rel")).toBe("noopener noreferrer");
  expect(words("card-link")).toContain("shop.example");
});

it("an_address_that_is_no_page_is_shown_but_is_no_link", () => {
  for (const url of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "", "//x"]) {
    show({ kind: "link", text: "t", data: { title: "t", url } });
    expect(screen.queryByRole("link")).toBeNull();
    cleanup();
  }
});

it("the_host_is_shown_as_the_browser_asks_for_it", () => {
  expect(pageOf("https://аррle.example/")?.host).toBe("xn--le-6kc8da.example");
  expect(pageOf("https://good.example@evil.example/")?.host).toBe("evil.example");
});

it("a_file_says_why_it_cannot_be_had_and_asks_with_one_tap", () => {
  const asked: string[] = [];
  const data = { title: "offer.pdf", bytes: 2048, md5: "0cc175b9c0f1b6a831c399e269772661" };
  show({ kind: "file", text: "offer.pdf", data }, (text) => asked.push(text));
  expect(words("card-file")).toContain("offer.pdf");
  expect(words("card-file")).toContain("2 kB");
  expect(words("card-file")).toContain("0cc175b9c0f1b6a831c399e269772661");
  expect(words("card-file")).toContain("does not hand its content over");
  fireEvent.click(screen.getByTestId("ask-again"));
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain("screenshot");
});

it("who_cannot_reply_is_not_offered_to_ask", () => {
  show({ kind: "sticker", text: "", data: null });
  expect(screen.queryByTestId("ask-again")).toBeNull();
});

it("an_unknown_kind_is_named", () => {
  show({ kind: "unsupported", text: "", data: { msg_type: "hologram" } });
  expect(words("card-unsupported")).toContain("hologram");
});

it("media_that_did_not_come_say_why_and_can_be_asked_for_again", () => {
  const media = { ...{ id: "md_1", mime: null, bytes: null, width: null, height: null } };
  const asked: string[] = [];
  const failed = (state: "failed" | "expired", reason: string | null) =>
    show(
      { kind: "video", text: "", media: { ...media, state, reason } as Message["media"] },
      (text) => asked.push(text),
    );
  failed("failed", "too_large");
  expect(words("placeholder")).toContain("50 MB");
  fireEvent.click(screen.getByTestId("ask-again"));
  cleanup();
  failed("expired", null);
  expect(words("placeholder")).toContain("No longer kept by WeChat");
  fireEvent.click(screen.getByTestId("ask-again"));
  expect(asked[0]).toContain("smaller");
  expect(asked[1]).toContain("again");
});

it("names_that_turn_the_direction_of_text_are_kept_apart", () => {
  const title = `\u202egnp.exe${"x".repeat(2000)}`;
  show({ kind: "file", text: title, data: { title } });
  const name = screen.getByText(title);
  expect(name.tagName).toBe("BDI");
  expect(name.className).toContain("card-title");
});

it("what_is_read_of_a_face_is_its_code", () => {
  show({ kind: "text", text: "好的[OK]/::) bye" });
  expect(words("bubble")).toBe("好的[OK]/::) bye");
  expect(screen.getAllByTestId("face")).toHaveLength(2);
});
