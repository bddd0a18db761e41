/** Every console follows the desk by itself, and misses nothing after a lost connection. */
import { Demo } from "./support/demo";
import { Desk } from "./support/desk";
import { Sim } from "./support/sim";
import { expect, people, signIn, test } from "./support/test";

test("two agents see the same new message", async ({ sim, consoleOf, customer }) => {
  const { appId, openid, conversation } = await customer("hello to both");
  const emma = await consoleOf("emma");
  const wang = await consoleOf("wang");
  await emma.open(conversation.id);
  await wang.page.goto("/inbox?view=unassigned");
  await expect(wang.row("hello to both")).toBeVisible();
  await sim.write(appId, openid, "news for everybody");
  await expect(emma.bubble("news for everybody")).toBeVisible();
  await expect(wang.row("news for everybody")).toBeVisible();
});

test("two tabs of one browser share one stream and both follow", async ({
  sim,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("two tabs");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  const second = await emma.page.context().newPage();
  const streams: string[] = [];
  second.on("request", (request) => {
    if (request.url().includes("/api/v1/events")) streams.push(request.url());
  });
  await second.goto(`/inbox/${conversation.id}?view=all`);
  const bubbles = second.getByTestId("bubble");
  await expect(bubbles.filter({ hasText: "two tabs" })).toBeVisible();
  await sim.write(appId, openid, "seen in both tabs");
  await expect(emma.bubble("seen in both tabs")).toBeVisible();
  await expect(bubbles.filter({ hasText: "seen in both tabs" })).toBeVisible();
  expect(streams).toEqual([]);
  // The tab that read the stream goes away; the other one goes on.
  await emma.page.close();
  await expect.poll(() => streams.length).toBe(1);
  await sim.write(appId, openid, "seen in the last tab");
  await expect(bubbles.filter({ hasText: "seen in the last tab" })).toBeVisible();
});

test("a moved clock is told to every tab at once", async ({ sim, consoleOf, customer }) => {
  const { conversation } = await customer("what time is it?");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  const second = await emma.page.context().newPage();
  await second.goto(`/inbox/${conversation.id}?view=all`);
  const left = [emma.page, second].map((page) => page.getByTestId("allowance"));
  for (const line of left) await expect(line).toContainText("Window closes in 47 h");
  await sim.advance(24 * 3_600);
  for (const line of left) await expect(line).toContainText("Window closes in 23 h");
});

test("what arrives while the browser is offline is there when it is back, in order", async ({
  sim,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("before the tunnel");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  const bar = emma.page.getByTestId("connection-bar");
  await expect(bar).toBeHidden();
  await emma.page.context().setOffline(true);
  await expect(bar).toContainText("You are offline");
  const missed = Array.from({ length: 8 }, (_, n) => `in the tunnel ${n + 1}`);
  for (const text of missed) await sim.write(appId, openid, text);
  await expect(emma.bubble("in the tunnel")).toHaveCount(0);

  await emma.page.context().setOffline(false);
  await expect(bar).toBeHidden();
  await expect(emma.bubble("in the tunnel")).toHaveText(missed);
  await sim.write(appId, openid, "after the tunnel");
  await expect(emma.bubble("after the tunnel")).toBeVisible();
});

test("a reply written offline leaves by itself when the connection is back", async ({
  sim,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("answer me from the train");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await emma.page.context().setOffline(true);
  await emma.reply("from the train");
  await expect(emma.page.getByTestId("outgoing-state")).toBeVisible();
  expect(await sim.received(appId, openid)).toEqual([]);
  await emma.page.context().setOffline(false);
  await expect(emma.lastState()).toContainText("Sent");
  expect(await sim.received(appId, openid)).toEqual(["from the train"]);
});

test("a console survives a restart of the desk: it says so, then replays and goes on", async ({
  browser,
  watch,
}) => {
  const demo = await Demo.start();
  try {
    const admin = await signIn(demo, "admin");
    const sim = new Sim(demo.facts.phone_url);
    const appId = demo.facts.wechat.app_id;
    const openid = await sim.addFollower(appId, "Patient");
    await sim.write(appId, openid, "before the restart");
    const { id } = await admin.conversationWith("before the restart");
    const context = await browser.newContext({ baseURL: demo.facts.console_url });
    const [name = "", value = ""] = admin.cookie.split("=");
    await context.addCookies([{ name, value, url: demo.facts.console_url }]);
    const page = await context.newPage();
    watch(page);
    await page.goto(`/inbox/${id}?view=all`);
    const bubbles = page.getByTestId("bubble");
    await expect(bubbles.filter({ hasText: "before the restart" })).toBeVisible();

    await demo.halt();
    await expect(page.getByTestId("connection-bar")).toContainText("Reconnecting");
    await demo.start();
    await sim.write(appId, openid, "after the restart");
    await expect(bubbles.filter({ hasText: "after the restart" })).toBeVisible();
    await expect(page.getByTestId("connection-bar")).toBeHidden();
    await context.close();
  } finally {
    await demo.remove();
  }
});

test("of two agents who pick up at once one wins and the other is told who", async ({
  demo,
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("who takes me?");
  const emma = await consoleOf("emma");
  const wang = await consoleOf("wang");
  await emma.open(conversation.id);
  await wang.open(conversation.id);
  // Wang's click is on its way while Emma's is decided.
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const onItsWay = wang.page.waitForRequest((request) => request.url().endsWith("/pick-up"));
  await wang.page.route("**/pick-up", async (route) => {
    await held;
    await route.continue();
  });
  await wang.page.getByTestId("pick-up").click();
  await onItsWay;
  await emma.pickUp();
  release();
  await expect(wang.page.getByText("Somebody else was faster: Emma Brown")).toBeVisible();
  await expect(wang.page.getByTestId("conversation-status")).toContainText("Emma Brown");
  await expect(wang.gate).toHaveAttribute("data-reason", "not_assignee");
  const login = demo.facts.logins.find((one) => one.email === people.wang);
  const desk = await Desk.signIn(demo.facts.console_url, people.wang, login?.password ?? "");
  const now = await desk.get<{ assignee_id: string }>(`/conversations/${conversation.id}`);
  const me = await (await signIn(demo, "emma")).get<{ id: string }>("/me");
  expect(now.assignee_id).toBe(me.id);
});
