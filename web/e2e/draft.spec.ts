/** What an agent has typed is never lost, and never sent twice. */
import type { Page } from "@playwright/test";
import { expect, test } from "./support/test";

interface StoredDraft {
  text: string;
  client_id: string;
}

const storedDraft = (page: Page, conversationId: string) =>
  page.evaluate((id) => {
    const key = Object.keys(localStorage).find((one) => one.endsWith(`.${id}`));
    return key ? (JSON.parse(localStorage.getItem(key) ?? "null") as StoredDraft) : null;
  }, conversationId);

test("a draft and its client_id survive a reload and go with the message", async ({
  admin,
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("draft please");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await emma.composer.fill("half a sent");
  const before = await storedDraft(emma.page, conversation.id);
  expect(before?.text).toBe("half a sent");
  expect(before?.client_id).toBeTruthy();

  await emma.page.reload();
  await expect(emma.composer).toHaveValue("half a sent");
  expect(await storedDraft(emma.page, conversation.id)).toEqual(before);
  await emma.composer.press("End");
  await emma.composer.pressSequentially("ence");
  await emma.composer.press("Enter");
  await expect(emma.bubble("half a sentence")).toBeVisible();
  await expect(emma.lastState()).toContainText("Sent");
  expect(await storedDraft(emma.page, conversation.id)).toBeNull();
  const messages = await admin.messages(conversation.id);
  const sent = messages.find((one) => one.text === "half a sentence");
  expect(sent?.client_id).toBe(before?.client_id);
});

test("a draft waits in its conversation while another one is open", async ({
  consoleOf,
  customer,
}) => {
  const first = await customer("draft one");
  const second = await customer("draft two");
  const emma = await consoleOf("emma");
  await emma.open(first.conversation.id);
  await emma.pickUp();
  await emma.composer.fill("for the first only");
  await emma.row("draft two").click();
  await expect(emma.bubble("draft two")).toBeVisible();
  await emma.pickUp();
  await expect(emma.composer).toHaveValue("");
  await expect(emma.row(second.conversation.contact.name)).toBeVisible();
  await emma.page.goBack();
  await expect(emma.composer).toHaveValue("for the first only");
});

test("a POST whose answer was lost is repeated after a reload and gives one message", async ({
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  const { appId, openid, conversation } = await customer("answer me once");
  await phone.open(appId, openid);
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();

  const posts: string[] = [];
  const answers: number[] = [];
  emma.page.on("request", (request) => {
    const isMessage = request.method() === "POST" && request.url().endsWith("/messages");
    if (isMessage) posts.push(String(request.postDataJSON().client_id));
  });
  emma.page.on("response", (response) => {
    const isMessage = response.request().method() === "POST" && /\/messages$/.test(response.url());
    if (isMessage) answers.push(response.status());
  });
  // The desk gets it, the browser never hears so; until the reload every further try is cut as well.
  let reached = 0;
  await emma.page.route("**/conversations/*/messages", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    if (reached === 0) await route.fetch();
    reached += 1;
    await route.abort("connectionreset");
  });
  await emma.reply("exactly once");
  await expect(phone.bubble("in", "exactly once")).toBeVisible();
  await emma.page.unrouteAll({ behavior: "wait" });
  await emma.page.reload();

  await expect.poll(() => answers).toEqual([200]);
  await expect(emma.lastState()).toContainText("Sent");
  await expect(emma.bubble("exactly once")).toHaveCount(1);
  await emma.reply("and then this");
  await expect(phone.bubble("in", "and then this")).toBeVisible();
  expect(new Set(posts.slice(0, -1)).size).toBe(1);
  expect(await sim.received(appId, openid)).toEqual(["exactly once", "and then this"]);
});
