/** The break-it buttons: whatever is broken, nothing is lost, nothing doubled, and both sides say what is true. */
import type { Message } from "../src/api/types";
import { expect, test } from "./support/test";

const wide = { width: 1280, height: 900 };

/** How often the desk has each text that begins with `start`. */
function counts(messages: Message[], start: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { text } of messages) {
    if (text?.startsWith(start)) found[text] = (found[text] ?? 0) + 1;
  }
  return found;
}

test("cut after send: the reply is on the phone once and the console says it may have been delivered", async ({
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  const { appId, openid, conversation } = await customer("break: cut");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await phone.page.setViewportSize(wide);
  await phone.open(appId, openid);
  await phone.part("phone-break-cut").click();
  await expect(phone.part("phone-broken")).toContainText("its answer is cut");

  await emma.reply("cut in two");
  await expect(emma.lastState()).toContainText("May have been delivered");
  await expect(phone.bubble("in", "cut in two")).toHaveCount(1);
  await expect(phone.part("phone-broken")).toHaveCount(0);
  await expect(phone.part("phone-outcome-cut")).toContainText("The reply is on this phone");
  await emma.reply("whole again");
  await expect(emma.lastState()).toContainText("Sent");
  expect(await sim.received(appId, openid)).toEqual(["cut in two", "whole again"]);
  await expect(emma.bubble("cut in two")).toHaveCount(1);
});

test("deliver three times: pushed three times, shown once on either side", async ({
  admin,
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  const { appId, openid, conversation } = await customer("break: triple");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await phone.page.setViewportSize(wide);
  await phone.open(appId, openid);
  await phone.part("phone-break-triple").click();
  await expect(phone.part("phone-broken")).toContainText("pushed three times");
  await phone.write("said once");
  await expect(phone.bubble("out", "said once")).toHaveAttribute("data-state", "delivered");
  await expect(phone.bubble("out", "said once")).toHaveCount(1);
  await expect(phone.part("phone-outcome-triple")).toContainText("Pushed 3 times, taken 3 times");
  const pushed = (await sim.deliveries(appId, openid)).at(-1);
  expect(pushed?.attempts.map((one) => one.outcome)).toEqual(["accepted", "accepted", "accepted"]);
  await expect(emma.bubble("said once")).toHaveCount(1);
  expect(counts(await admin.messages(conversation.id), "said")).toEqual({ "said once": 1 });
});

test("slow desk: WeChat pushes again, and the message is there once", async ({
  admin,
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  const { appId, openid, conversation } = await customer("break: slow");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await phone.page.setViewportSize(wide);
  await phone.open(appId, openid);
  await phone.part("phone-break-slow").click();
  await expect(phone.part("phone-broken")).toContainText("too late");
  await phone.write("slowly now");
  await expect(phone.bubble("out", "slowly now")).toHaveAttribute("data-state", "delivering");
  await expect(phone.bubble("out", "slowly now")).toHaveAttribute("data-state", "delivered", {
    timeout: 15_000,
  });
  await expect(phone.part("phone-outcome-slow")).toContainText("Pushed 2 times");
  const pushed = (await sim.deliveries(appId, openid)).at(-1);
  expect(pushed?.attempts).toHaveLength(2);
  expect(pushed?.attempts[0]?.outcome).not.toBe("accepted");
  await expect(emma.bubble("slowly now")).toHaveCount(1);
  expect(counts(await admin.messages(conversation.id), "slowly")).toEqual({ "slowly now": 1 });
});

test("wrong token: the phone says that nothing was delivered, the console shows nothing, mending it helps", async ({
  admin,
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  const { appId, openid, conversation } = await customer("break: token");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await phone.page.setViewportSize(wide);
  await phone.open(appId, openid);
  await phone.part("phone-break-token").click();
  await expect(phone.part("phone-broken")).toContainText("Wrong token");
  await phone.write("token: refused");
  await expect(phone.bubble("out", "token: refused")).toHaveAttribute("data-state", "failed");
  await expect(phone.page.getByText("该公众号暂时无法提供服务")).toBeVisible();
  const refused = (await sim.deliveries(appId, openid)).at(-1);
  expect(refused?.acknowledged).toBe(false);

  await phone.part("phone-mend").click();
  await expect(phone.part("phone-broken")).toHaveCount(0);
  await phone.write("token: taken");
  await expect(phone.bubble("out", "token: taken")).toHaveAttribute("data-state", "delivered");
  await expect(emma.bubble("token: taken")).toHaveCount(1);
  await expect(emma.bubble("token: refused")).toHaveCount(0);
  expect(counts(await admin.messages(conversation.id), "token:")).toEqual({ "token: taken": 1 });
});

test("49 hours later: both sides know that the window is closed, and a message opens it again", async ({
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  const { appId, openid, conversation } = await customer("break: late");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await phone.page.setViewportSize(wide);
  await phone.open(appId, openid);
  await phone.part("phone-later-49h").click();
  await expect(phone.part("phone-window")).toContainText("45015");
  await expect(phone.part("phone-jump-outcome")).toContainText("Write from this phone");
  await expect(emma.page.getByTestId("allowance")).toContainText("at most 4 more");
  await phone.write("late: still there?");
  await expect(phone.part("phone-window")).toContainText("5 left");
  await expect(phone.part("phone-jump-outcome")).toBeHidden();
  await emma.reply("late: yes");
  await expect(emma.lastState()).toContainText("Sent");
  await expect(phone.bubble("in", "late: yes")).toHaveCount(1);
  expect(await sim.received(appId, openid)).toEqual(["late: yes"]);
});

test("what was broken for one phone is mended without touching the other's", async ({
  sim,
  customer,
  phone,
}) => {
  const { appId, openid } = await customer("break: mine");
  const other = await sim.addFollower(appId, "Other");
  await sim.failSends(other, { cut: "before" });
  const untouched = await sim.faults();
  await phone.page.setViewportSize(wide);
  await phone.open(appId, openid);
  for (const name of ["cut", "triple", "slow"]) {
    await phone.part(`phone-break-${name}`).click();
    await expect(phone.part(`phone-break-${name}`)).toHaveAttribute("data-state", "broken");
  }
  await expect(phone.part("phone-broken")).toHaveCount(3);
  for (const name of ["cut", "triple", "slow"]) {
    await phone.part(`phone-break-${name}`).click();
    await expect(phone.part(`phone-break-${name}`)).toHaveAttribute("data-state", "whole");
  }
  await expect(phone.part("phone-broken")).toHaveCount(0);
  expect(untouched).toMatchObject([{ openid: other, cut: "before" }]);
  expect(await sim.faults()).toEqual(untouched);
  await sim.clearFaults();
});
