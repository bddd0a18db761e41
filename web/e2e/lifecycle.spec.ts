/** A channel is disabled, enabled and deleted; contacts are blocked, conversations transferred. In Japanese. */
import { createChannel } from "./support/channel";
import type { Desk } from "./support/desk";
import type { Sim } from "./support/sim";
import { expect, people, signIn, test } from "./support/test";

const who = ["admin", "emma", "wang"] as const;

test.beforeAll(async ({ demo }) => {
  for (const one of who) await (await signIn(demo, one)).patch("/me", { language: "ja" });
});

test.afterAll(async ({ demo }) => {
  for (const one of who) await (await signIn(demo, one)).patch("/me", { language: "en" });
});

async function begin(admin: Desk, sim: Sim, appId: string, text: string) {
  const openid = await sim.addFollower(appId, "Customer");
  await sim.write(appId, openid, text);
  return admin.conversationWith(text);
}

test("a channel is switched off and on by its toggle, and deleted through its menu", async ({
  demo,
  admin,
  sim,
  consoleOf,
}) => {
  const account = await createChannel(demo, admin, sim, "plain", "On and off");
  const conversation = await begin(admin, sim, account.appId, "on and off");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();

  const { page } = await consoleOf("admin");
  await page.goto("/settings/channels/wechat");
  const row = page.getByTestId("channel-row").filter({ hasText: "On and off" });
  const toggle = row.getByRole("switch");
  const dialog = page.getByRole("dialog");

  // Cancel leaves it on.
  await row.locator("label").first().click();
  await dialog.getByRole("button", { name: "キャンセル" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(toggle).toBeChecked();

  await row.locator("label").first().click();
  await expect(dialog.getByTestId("impact")).toContainText("対応中のやりとり1件");
  await dialog.getByRole("button", { name: "無効にする" }).click();
  await expect(toggle).not.toBeChecked();

  // The agent's browser learns of it by itself.
  await expect(emma.page.getByTestId("channel-banner")).toContainText("経路を無効にしました");
  await expect(emma.gate).toHaveAttribute("data-reason", "channel_disabled");
  await expect(emma.composer).toHaveCount(0);
  await expect(emma.row("on and off")).toContainText("経路が無効");

  await row.locator("label").first().click();
  await expect(toggle).toBeChecked();
  await expect(emma.composer).toBeVisible();
  await expect(emma.page.getByTestId("channel-banner")).toHaveCount(0);

  await row.getByTestId("channel-menu").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "経路を削除する" }).click();
  await expect(dialog).toContainText("この操作は取り消せません");
  await dialog.getByRole("button", { name: "はい、削除します" }).click();
  await expect(row).toHaveCount(0);

  await expect(emma.page.getByTestId("channel-banner")).toContainText("削除済みの経路");
  await expect(emma.gate).toHaveAttribute("data-reason", "channel_deleted");
  await expect(emma.bubble("on and off")).toBeVisible();
  await expect(emma.page.getByTestId("end")).toHaveCount(0);
  await emma.page.getByTestId("channel-filter").selectOption(account.channelId);
  await expect(emma.row("on and off")).toContainText("削除済みの経路");
});

test("a contact is blocked on the desk and at WeChat, and the block is lifted", async ({
  admin,
  sim,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("block me");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await emma.page.locator("body").press("b");
  const dialog = emma.page.getByRole("dialog");
  await expect(dialog.getByRole("checkbox")).not.toBeChecked();
  await dialog.getByRole("checkbox").check();
  await dialog.getByRole("button", { name: "ブロックする" }).click();
  await expect(emma.page.getByTestId("blacklist")).toHaveAttribute("data-state", "listed");
  await expect(emma.gate).toHaveAttribute("data-reason", "contact_blocked");
  const before = (await admin.messages(conversation.id)).length;

  await emma.page.getByTestId("thread-menu").click();
  await emma.page.getByTestId("do-unblock").click();
  await expect(emma.page.getByTestId("blacklist")).toHaveCount(0);
  await expect(emma.composer).toBeVisible();
  await sim.write(appId, openid, "here again");
  await expect(emma.bubble("here again")).toBeVisible();
  expect((await admin.messages(conversation.id)).length).toBeGreaterThan(before);
});

test("a conversation is transferred to a colleague with a note", async ({
  admin,
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("please hand me over");
  const { items } = await admin.get<{ items: { id: string; name: string; email: string }[] }>(
    "/agents",
  );
  const wang = items.find((one) => one.email === people.wang);
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await emma.page.getByTestId("thread-menu").click();
  await emma.page.getByRole("menuitem", { name: "転送する" }).click();
  const dialog = emma.page.getByRole("dialog");
  await dialog.getByTestId("transfer-target").filter({ hasText: wang?.name }).click();
  await dialog.getByTestId("transfer-note").fill("customer asks for an invoice");
  await dialog.getByRole("button", { name: "転送する" }).click();
  await expect(emma.gate).toHaveAttribute("data-reason", "not_assignee");

  const other = await consoleOf("wang");
  await other.open(conversation.id, "mine");
  await expect(other.thread.getByTestId("note")).toContainText("invoice");
  await other.reply("I have it now");
  await expect(other.lastState()).toHaveAttribute("data-state", "sent");
});

test("a message begins a new ticket, knows it, and is found from it", async ({
  sim,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("first matter");
  await sim.write(appId, openid, "second matter");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  const group = emma.thread.locator("[data-message]").filter({ hasText: "second matter" });
  await group.hover();
  await group.getByTestId("bubble-menu").click();
  await emma.page.getByTestId("bubble-new-ticket").click();
  await expect(emma.thread.getByTestId("system-line").last()).toContainText("作成しました");

  await group.hover();
  await group.getByTestId("bubble-menu").click();
  await emma.page.getByTestId("bubble-ticket").click();
  const lines = emma.page.getByTestId("ticket-message");
  await expect(lines.filter({ hasText: "second matter" })).toBeVisible();
  await expect(lines.filter({ hasText: "first matter" })).toHaveCount(0);
  await lines.filter({ hasText: "second matter" }).getByTestId("show-message").click();
  await expect(emma.page).toHaveURL(/message=ms_/);
  await expect(emma.bubble("second matter")).toBeInViewport();
});

test("selected tickets are closed together, and the change is undone", async ({
  consoleOf,
  customer,
}) => {
  await customer("bulk one");
  await customer("bulk two");
  const { page } = await consoleOf("emma");
  await page.goto("/tickets?q=bulk");
  const rows = page.getByTestId("ticket-row");
  await expect(rows).toHaveCount(2);
  await rows.nth(0).getByTestId("select-ticket").click();
  await rows
    .nth(1)
    .getByTestId("select-ticket")
    .click({ modifiers: ["Shift"] });
  await expect(page.getByTestId("bulk-bar")).toContainText("2件を選択中");
  await page.getByTestId("bulk-status").selectOption("closed");
  await expect(rows.locator('[data-tone="closed"]')).toHaveCount(2);
  await page.getByRole("button", { name: "元に戻す" }).click();
  await expect(rows.locator('[data-tone="open"]')).toHaveCount(2);
});

test("send and end sends first and then ends", async ({ sim, consoleOf, customer }) => {
  const { appId, openid, conversation } = await customer("and done");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await emma.composer.fill("goodbye");
  await emma.composer.press("Control+Shift+Enter");
  await expect(emma.gate).toHaveAttribute("data-reason", "conversation_ended");
  await expect.poll(() => sim.received(appId, openid)).toEqual(["goodbye"]);
});
