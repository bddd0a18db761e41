/** What may still be sent, and how the composer says so: the window runs out, four a month follow, and no fifth. */
import { expect, test } from "./support/test";

const HOUR = 3_600;

test("the window runs out while one types, four more arrive on the phone, and the fifth waits for the next month", async ({
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  test.setTimeout(120_000);
  const { appId, openid, conversation } = await customer("answer me in time");
  const emma = await consoleOf("emma");
  const line = emma.page.getByTestId("allowance");
  await phone.open(appId, openid);
  await emma.open(conversation.id);
  await emma.pickUp();
  await expect(line).toContainText("5 messages left before the customer answers");
  await expect(emma.page.getByTestId("head-allowance")).toContainText("5 messages");
  await emma.composer.fill("one of four");

  // By itself: nobody clicks, and what was typed stays.
  await sim.advance(48 * HOUR);
  await expect(line).toContainText("at most 4 more until", { timeout: 30_000 });
  await expect(emma.composer).toHaveValue("one of four");

  for (const [text, left] of [
    ["one of four", 3],
    ["two of four", 2],
    ["three of four", 1],
  ] as const) {
    await emma.reply(text);
    await expect(emma.lastState()).toContainText("Sent");
    await expect(phone.bubble("in", text)).toBeVisible();
    await expect(line).toContainText(`at most ${left} more until`);
  }
  await emma.composer.fill("four of four");
  await expect(emma.page.getByTestId("cost")).toContainText("This is the last message until");
  await emma.composer.press("Enter");
  await expect(phone.bubble("in", "four of four")).toBeVisible();
  await expect(emma.lastState()).toContainText("Sent");
  await expect(emma.gate).toContainText("This month's messages to this customer are used up.");
  await expect(emma.gate).toContainText("possible again");

  // An answer opens a new window.
  await phone.write("here I am");
  await expect(line).toContainText("5 messages left before the customer answers");
});

test("before the last message the composer warns and helps to ask for an answer", async ({
  sim,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("我的订单到哪里了");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  for (const n of [1, 2, 3, 4]) {
    await emma.reply(`answer ${n}`);
    await expect(emma.lastState()).toContainText("Sent");
  }
  await expect(emma.page.getByTestId("cost")).toBeHidden();
  await emma.composer.fill(`${"字".repeat(600)}。\n${"后".repeat(500)}`);
  await expect(emma.page.getByTestId("cost")).toContainText(
    "goes as 2 messages, but only 1 can still be sent",
  );
  await expect(emma.page.getByTestId("send")).toBeDisabled();
  await emma.page.getByTestId("send-first").click();
  await expect(emma.gate).toContainText("until the customer writes");
  await expect.poll(async () => (await sim.received(appId, openid)).length).toBe(5);

  // What did not fit is still there when the customer has answered.
  await sim.write(appId, openid, "在");
  await expect(emma.composer).toHaveValue("后".repeat(500));
  await expect(emma.page.getByTestId("nudge")).toBeHidden();
  await sim.advance(47 * HOUR);
  await expect(emma.page.getByTestId("nudge")).toBeVisible({ timeout: 30_000 });
  await emma.page.getByTestId("nudge").click();
  await expect(emma.composer).toHaveValue(/请您随意回复/);
});

test("sorted by what expires soonest, the conversation with the least time left is first", async ({
  sim,
  consoleOf,
  customer,
}) => {
  const early = await customer("I wrote first");
  await sim.advance(2 * HOUR);
  await customer("I wrote last");
  const emma = await consoleOf("emma");
  await emma.open(early.conversation.id);
  await emma.page.getByTestId("sort-menu").click();
  await emma.page.getByTestId("sort-expiring").click();
  await expect(emma.page).toHaveURL(/sort=expiring/);
  await expect(emma.page.getByTestId("sorted-by")).toContainText("Expires soonest");
  const place = async (text: string) => {
    const rows = await emma.page.getByTestId("conversation-row").allTextContents();
    return rows.findIndex((row) => row.includes(text));
  };
  await expect
    .poll(async () => (await place("I wrote first")) < (await place("I wrote last")))
    .toBe(true);
});

test("the first count that WeChat refuses is shown to administrators, who count as WeChat does with one click", async ({
  admin,
  demo,
  sim,
  consoleOf,
  customer,
}) => {
  const channel = `/channels/${demo.facts.channel_id}`;
  await admin.patch(channel, { reply_policy: "documented" });
  const { openid, conversation } = await customer("count me");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await expect(emma.page.getByTestId("allowance")).toContainText("no limit");
  await sim.failSends(openid, { errcode: 45047 });
  await emma.reply("one too many");
  await expect(emma.gate).toContainText("WeChat allows no further message");

  const boss = await consoleOf("admin");
  await boss.page.goto(`/settings/channels/wechat/${demo.facts.channel_id}`);
  await expect(boss.page.getByTestId("count-refused")).toContainText("45047");
  await boss.page.getByTestId("count-as-wechat").click();
  await expect(boss.page.getByTestId("count-refused")).toBeHidden();
  const { reply_policy } = await admin.get<{ reply_policy: string }>(channel);
  expect(reply_policy).toBe("wechat_current");
});
