/** Pictures of every screen, to be looked at by people: `npm run screens`. Not part of the tests. */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Page, Route } from "@playwright/test";
import type { Desk } from "./support/desk";
import type { Console } from "./support/pages";
import { pictureFile } from "./support/picture";
import type { Sim } from "./support/sim";
import { type Customer, expect, signIn, test } from "./support/test";

const folder = resolve(import.meta.dirname, "screenshots");
const widths = [1440, 1024, 768, 390];
const languages = ["en", "ja", "zh-CN"] as const;
const schemes = ["light", "dark"] as const;

/** Longest real texts, as a customer of each language writes them. */
const words = {
  en: {
    first: "Hello! My order 2026111800342 arrived with a broken lid. Could you replace it?",
    long: "I opened the parcel in front of the courier and we both saw it. ".repeat(12),
    answer: "I am very sorry about that. A new one leaves our warehouse today.",
    note: "Third broken lid this week: tell the warehouse.",
    name: "Aleksandra Wolfeschlegelstein-Hausenbergerdorff",
  },
  ja: {
    first: "お世話になります。先日注文した炊飯器の蓋が割れていました。交換は可能でしょうか？",
    long: "配達員の方と一緒に開封して確認しました。写真もお送りします。".repeat(18),
    answer: "ご不便をおかけして申し訳ございません。本日、新しい商品を発送いたします。",
    note: "今週3件目の蓋の破損です。倉庫に確認してください。",
    name: "勅使河原 龍之介（株式会社サンプル 購買部 部長）",
  },
  "zh-CN": {
    first: "你好，我上周买的电饭煲盖子裂了，订单号是 2026111800342，可以换货吗？",
    long: "我当着快递员的面拆的包裹，我们俩都看到了，照片也发给你们。".repeat(18),
    answer: "非常抱歉给您带来不便，我们今天就为您寄出新的商品。",
    note: "这周第三个破损的盖子，请通知仓库。",
    name: "欧阳娜娜·上海浦东新区张江高科技园区采购部",
  },
};

type Text = (typeof words)["en"];

const pages = {
  tickets: "/tickets",
  profile: "/settings/profile",
  catalogue: "/settings/channels",
  channels: "/settings/channels/wechat",
  "channel-form": "/settings/channels/wechat/new",
  wizard: "/settings/channels/wechat/wizard",
  departments: "/settings/departments",
  agents: "/settings/agents",
  "dead-letters": "/settings/dead-letters",
  "inbox-empty": "/inbox?view=ended",
  inbox: "/inbox?view=all",
  search: "/search?q=2026",
  missing: "/nowhere",
};

async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: resolve(folder, `${name}.png`), animations: "disabled" });
}

/** The same screen at each width. */
async function shootWidths(page: Page, name: string, sizes = widths): Promise<void> {
  await expect(page.locator(".mantine-Skeleton-root")).toHaveCount(0);
  for (const width of sizes) {
    await page.setViewportSize({ width, height: width < 700 ? 844 : 900 });
    await shoot(page, `${name}-${width}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** Enough customers to fill a list, with short and long names. */
async function fillList(admin: Desk, sim: Sim, appId: string, text: Text): Promise<void> {
  for (let n = 1; n <= 24; n += 1) {
    const openid = await sim.addFollower(appId, `Customer ${n}`);
    await sim.write(appId, openid, `${n} · ${text.first}`);
    const { contact } = await admin.conversationWith(`${n} · ${text.first}`);
    if (n % 3 === 0) await admin.patch(`/contacts/${contact.id}`, { name: `${text.name} ${n}` });
  }
}

/** A conversation with a bit of everything: each state of a reply, a picture, a note, a long message. */
async function fillThread(agent: Console, sim: Sim, openid: string, text: Text): Promise<void> {
  const { page } = agent;
  await agent.reply(text.answer);
  await agent.attach(pictureFile("lid.png", 480, 320, [70, 130, 180]));
  await page.getByTestId("send").click();
  await expect(agent.thread.getByTestId("picture").last()).toBeVisible();
  await expect(agent.lastState()).toHaveAttribute("data-state", "sent");
  await sim.failSends(openid, { errcode: 45002 });
  await agent.reply(text.answer);
  await expect(agent.lastState()).toHaveAttribute("data-state", "failed");
  await sim.failSends(openid, { cut: "after" });
  await agent.reply(text.answer);
  await expect(agent.lastState()).toHaveAttribute("data-state", "unknown");
  await page.getByTestId("tab-note").click();
  await agent.reply(text.note);
  await page.getByTestId("tab-reply").click();
}

/** What the inbox looks like while answers are missing, refused or out of reach. */
async function shootTroubles(agent: Console, conversationId: string, named: Named): Promise<void> {
  const { page } = agent;
  const failing = (route: Route) =>
    route.fulfill({
      status: 500,
      headers: { "x-request-id": "rq_7f3a" },
      json: { error: { code: "internal", detail: "", request_id: "rq_7f3a" } },
    });
  await page.route("**/api/v1/conversations**", () => {});
  await page.goto("/inbox?view=mine", { waitUntil: "commit" });
  await expect(page.locator(".mantine-Skeleton-root").first()).toBeVisible();
  await shoot(page, named("inbox-loading-1440"));
  await page.unroute("**/api/v1/conversations**");
  await page.route("**/api/v1/conversations**", failing);
  await page.goto("/inbox?view=mine");
  await expect(page.getByRole("alert").first()).toBeVisible({ timeout: 20_000 });
  await shootWidths(page, named("inbox-error"), [1440, 390]);
  await page.unroute("**/api/v1/conversations**");
  await agent.open(conversationId);
  await page.context().setOffline(true);
  await agent.reply("…");
  await expect(page.getByTestId("connection-bar")).toBeVisible();
  await shootWidths(page, named("inbox-offline"), [1440, 390]);
  await page.context().setOffline(false);
  await expect(page.getByTestId("connection-bar")).toBeHidden();
}

/** Dialogs, and the ways in which a conversation can be closed to a reply. */
async function shootStates(
  agent: Console,
  admin: Desk,
  { conversation }: Customer,
  named: Named,
): Promise<void> {
  const { page } = agent;
  await agent.open(conversation.id);
  await page.getByTestId("tab-note").click();
  await page.getByTestId("composer-text").fill("…");
  await shootWidths(page, named("composer-note"), [1440, 390]);
  await page.getByTestId("composer-text").fill("");
  await page.getByTestId("tab-reply").click();
  await page.locator("body").press("Escape");
  await page.keyboard.press("e");
  await expect(page.getByRole("dialog")).toBeVisible();
  await shootWidths(page, named("end-dialog"), [1440, 390]);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await shoot(page, named("keys-1440"));
  await admin.post(`/conversations/${conversation.id}/end`, { close_ticket: false });
  await agent.open(conversation.id);
  await expect(agent.gate).toBeVisible();
  await shootWidths(page, named("gate-ended"), [1440, 390]);
  await admin.post(`/conversations/${conversation.id}/reopen`);
  await page.goto("/settings/agents");
  await page.getByTestId("add-agent").click();
  await page.getByTestId("save").click();
  await shootWidths(page, named("agent-dialog"), [1440, 390]);
}

type Named = (what: string) => string;

for (const language of languages) {
  test(`screens in ${language}`, { tag: "@screens" }, async ({
    demo,
    admin,
    sim,
    consoleOf,
    customer,
    phone,
    browser,
  }) => {
    mkdirSync(folder, { recursive: true });
    const text = words[language];
    const desk = await signIn(demo, "admin");
    await desk.patch("/me", { language });
    await fillList(admin, sim, demo.facts.wechat.app_id, text);
    const waiting = await customer(`${text.first} (2)`);
    const { appId, openid, conversation } = await customer(text.first);
    await sim.write(appId, openid, text.long);
    const agent = await consoleOf("admin", { locale: language });
    await agent.open(conversation.id);
    await agent.pickUp();
    await fillThread(agent, sim, openid, text);
    await admin.patch(`/contacts/${conversation.contact.id}`, { name: text.name });
    for (const scheme of schemes) {
      await agent.page.emulateMedia({ colorScheme: scheme });
      const named = (what: string) => `${language}-${scheme}-${what}`;
      await agent.open(conversation.id);
      await expect(agent.page.getByTestId("bubble").last()).toBeVisible();
      await shootWidths(agent.page, named("conversation"));
      await agent.page.getByTestId("bubble").first().scrollIntoViewIfNeeded();
      await shootWidths(agent.page, named("long-message"), [1440, 390]);
      await agent.page.setViewportSize({ width: 768, height: 900 });
      await agent.page.locator(".panel-toggle").click();
      await expect(agent.page.getByRole("dialog")).toBeVisible();
      await shootWidths(agent.page, named("panel"), [768, 390]);
      await agent.open(waiting.conversation.id);
      await shootWidths(agent.page, named("gate-unassigned"), [1440, 390]);
      const more = {
        ticket: `/tickets/${conversation.ticket?.id}`,
        channel: `/settings/channels/wechat/${demo.facts.channel_id}`,
      };
      for (const [name, path] of Object.entries({ ...pages, ...more })) {
        await agent.page.goto(path);
        await expect(agent.page.locator("main, h1").first()).toBeVisible();
        await shootWidths(agent.page, named(name));
      }
      await shootStates(agent, admin, { appId, openid, conversation }, named);
      await shootTroubles(agent, conversation.id, named);
      await phone.page.emulateMedia({ colorScheme: scheme });
      await phone.open(appId, openid);
      await phone.page.setViewportSize({ width: 1440, height: 900 });
      await phone.page.getByTestId("phone-language").selectOption(language);
      await shootWidths(phone.page, named("phone"));
      const visitor = await browser.newContext({ locale: language, colorScheme: scheme });
      const signIn = await visitor.newPage();
      await signIn.goto(demo.facts.console_url);
      await expect(signIn.locator("form")).toBeVisible();
      await shootWidths(signIn, named("sign-in"));
      await visitor.close();
    }
    await desk.patch("/me", { language: "en" });
  });
}
