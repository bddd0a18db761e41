/** Enter belongs to the input method while a Japanese or Chinese word is being chosen. */
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./support/test";

/** Writes through an input method: Enter takes the candidate, as its user does at the end of each word. */
async function compose(page: Page, field: Locator, steps: string[], chosen: string): Promise<void> {
  await field.focus();
  const cdp = await page.context().newCDPSession(page);
  for (const text of steps) {
    const end = text.length;
    await cdp.send("Input.imeSetComposition", { text, selectionStart: end, selectionEnd: end });
  }
  // The input method takes the key: the page hears of it as code 229, and nothing is typed by it.
  const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 229 };
  await cdp.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...enter });
  await cdp.send("Input.dispatchKeyEvent", { type: "keyUp", ...enter });
  await page.evaluate(() => {
    const key = { key: "Enter", keyCode: 13, isComposing: true, bubbles: true, cancelable: true };
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", key));
  });
  await cdp.send("Input.insertText", { text: chosen });
  await cdp.detach();
}

test("Enter during composition never sends in the console", async ({
  admin,
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("問い合わせです");
  const emma = await consoleOf("emma");
  const posts: string[] = [];
  emma.page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/messages")) {
      posts.push(String(request.postDataJSON().text));
    }
  });
  await emma.open(conversation.id);
  await emma.pickUp();
  await compose(emma.page, emma.composer, ["o", "おせ", "お世話"], "お世話");
  await expect(emma.composer).toHaveValue("お世話");
  await compose(emma.page, emma.composer, ["ni", "になり", "になります"], "になります");
  await expect(emma.composer).toHaveValue("お世話になります");
  await emma.composer.press("Enter");
  await expect(emma.bubble("お世話になります")).toBeVisible();
  expect(posts).toEqual(["お世話になります"]);
  const sent = (await admin.messages(conversation.id)).filter((one) => one.direction === "out");
  expect(sent.map((one) => one.text)).toEqual(["お世話になります"]);
});

test("Enter during composition never sends on the phone", async ({ admin, customer, phone }) => {
  const { appId, openid, conversation } = await customer("在吗");
  await phone.open(appId, openid);
  await compose(phone.page, phone.composer, ["ni", "ni hao"], "你好");
  await expect(phone.composer).toHaveValue("你好");
  await phone.composer.press("Enter");
  await expect(phone.bubble("out", "你好")).toBeVisible();
  await expect
    .poll(async () => (await admin.messages(conversation.id)).map((one) => one.text))
    .toContain("你好");
  const inbound = (await admin.messages(conversation.id)).filter((one) => one.direction === "in");
  expect(inbound.map((one) => one.text)).toEqual(["在吗", "你好"]);
});

test("Shift+Enter begins a new line and Enter sends both", async ({ consoleOf, customer }) => {
  const { conversation } = await customer("two lines please");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await emma.composer.fill("first");
  await emma.composer.press("Shift+Enter");
  await emma.composer.pressSequentially("second");
  await expect(emma.composer).toHaveValue("first\nsecond");
  await emma.composer.press("Enter");
  await expect(emma.bubble("first")).toContainText("second");
});
