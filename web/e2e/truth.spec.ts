/** What became of a reply is said truthfully, also when WeChat fails in every way. */
import { expect, test } from "./support/test";

const HOUR = 3_600;

test("a reply whose connection was cut may have been delivered and is sent again only by a person", async ({
  sim,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("cut me off");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await sim.failSends(openid, { cut: "after" });
  await emma.reply("did you get this?");
  const uncertain = emma.thread.locator('[data-testid="message-state"][data-state="unknown"]');
  await expect(uncertain).toContainText("May have been delivered");

  // Later replies do not wait for it, and it does not leave again with them.
  await emma.reply("and this?");
  await expect(emma.lastState()).toContainText("Sent");
  expect(await sim.received(appId, openid)).toEqual(["did you get this?", "and this?"]);
  expect(await sim.sends(openid)).toHaveLength(2);

  await uncertain.getByTestId("send-again").click();
  await expect(uncertain).toHaveCount(0);
  await expect(emma.page.getByTestId("send-again")).toHaveCount(0);
  await expect
    .poll(() => sim.received(appId, openid))
    .toEqual(["did you get this?", "and this?", "did you get this?"]);
  await expect(emma.bubble("did you get this?")).toHaveCount(1);
});

test("a cut before WeChat took it is just as uncertain, and one click sends it once", async ({
  sim,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("cut me off early");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await sim.failSends(openid, { cut: "before" });
  await emma.reply("lost on the way");
  await expect(emma.lastState()).toContainText("May have been delivered");
  expect(await sim.received(appId, openid)).toEqual([]);
  await emma.page.getByTestId("send-again").click();
  await expect(emma.lastState()).toContainText("Sent");
  expect(await sim.received(appId, openid)).toEqual(["lost on the way"]);
});

const refusals = [
  { code: 45015, words: "window closed, or no longer following" },
  { code: 45047, words: "no messages left until the customer answers" },
];
for (const { code, words } of refusals) {
  test(`WeChat's refusal ${code} is shown with its reason and its code`, async ({
    sim,
    consoleOf,
    customer,
  }) => {
    const { appId, openid, conversation } = await customer(`refuse me ${code}`);
    const emma = await consoleOf("emma");
    await emma.open(conversation.id);
    await emma.pickUp();
    await sim.failSends(openid, { errcode: code });
    await emma.reply("this will be refused");
    await expect(emma.lastState()).toHaveAttribute("data-state", "failed");
    await expect(emma.lastState()).toContainText(`${words} (${code})`);
    expect(await sim.sends(openid)).toHaveLength(1);
    expect(await sim.received(appId, openid)).toEqual([]);
  });
}

for (const errcode of [-1, 40001]) {
  test(`a reply that meets ${errcode} once is sent once`, async ({ sim, consoleOf, customer }) => {
    const { appId, openid, conversation } = await customer(`stumble over ${errcode}`);
    const emma = await consoleOf("emma");
    await emma.open(conversation.id);
    await emma.pickUp();
    await sim.failSends(openid, { errcode });
    await emma.reply("after a stumble");
    await expect(emma.lastState()).toContainText("Sent", { timeout: 15_000 });
    expect(await sim.received(appId, openid)).toEqual(["after a stumble"]);
  });
}

test("the window is open 47:59 hours after the customer wrote, and after 49 only a few messages a month follow", async ({
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  const { appId, openid, conversation } = await customer("two days are long");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await sim.advance(48 * HOUR - 60);
  await expect(emma.page.getByTestId("allowance")).toContainText("less than a minute");
  await emma.reply("just in time");
  await expect(emma.lastState()).toContainText("Sent");
  expect(await sim.received(appId, openid)).toEqual(["just in time"]);

  await phone.open(appId, openid);
  await phone.page.getByTestId("phone-menu").click();
  await phone.page.getByTestId("phone-later-49h").click();
  await expect(emma.page.getByTestId("allowance")).toContainText("Window closed · at most 4 more");

  // The customer writes again: the window opens by itself.
  await sim.write(appId, openid, "still there?");
  await expect(emma.bubble("still there?")).toBeVisible();
  await expect(emma.page.getByTestId("allowance")).toContainText("Window closes in");
});
