/** Pictures of every screen, to be looked at by people: `npm run screens`. Not part of the tests. */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import type { Console } from "./support/pages";
import { pictureFile } from "./support/picture";
import { expect, signIn, test } from "./support/test";

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
  },
  ja: {
    first: "お世話になります。先日注文した炊飯器の蓋が割れていました。交換は可能でしょうか？",
    long: "配達員の方と一緒に開封して確認しました。写真もお送りします。".repeat(18),
    answer: "ご不便をおかけして申し訳ございません。本日、新しい商品を発送いたします。",
    note: "今週3件目の蓋の破損です。倉庫に確認してください。",
  },
  "zh-CN": {
    first: "你好，我上周买的电饭煲盖子裂了，订单号是 2026111800342，可以换货吗？",
    long: "我当着快递员的面拆的包裹，我们俩都看到了，照片也发给你们。".repeat(18),
    answer: "非常抱歉给您带来不便，我们今天就为您寄出新的商品。",
    note: "这周第三个破损的盖子，请通知仓库。",
  },
};

const pages = {
  tickets: "/tickets",
  profile: "/settings/profile",
  catalogue: "/settings/channels",
  channels: "/settings/channels/wechat",
  "channel-form": "/settings/channels/wechat/new",
  departments: "/settings/departments",
  agents: "/settings/agents",
  "dead-letters": "/settings/dead-letters",
  "inbox-empty": "/inbox?view=ended",
  inbox: "/inbox?view=all",
  missing: "/nowhere",
};

async function shoot(page: Page, name: string): Promise<void> {
  await expect(page.locator(".mantine-Skeleton-root")).toHaveCount(0);
  await page.screenshot({ path: resolve(folder, `${name}.png`), animations: "disabled" });
}

async function shootWidths(page: Page, name: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 700 ? 844 : 900 });
    await shoot(page, `${name}-${width}`);
  }
}

/** A conversation with a bit of everything. */
async function fillThread(
  agent: Console,
  failSend: () => Promise<unknown>,
  text: (typeof words)["en"],
): Promise<void> {
  await agent.reply(text.answer);
  await agent.attach(pictureFile("lid.png", 480, 320, [70, 130, 180]));
  const { page } = agent;
  await page.getByTestId("send").click();
  await expect(agent.thread.getByTestId("picture").last()).toBeVisible();
  await expect(agent.lastState()).toHaveAttribute("data-state", "sent");
  await failSend();
  await agent.reply(text.answer);
  await expect(agent.lastState()).toHaveAttribute("data-state", "unknown");
  await page.getByTestId("tab-note").click();
  await agent.reply(text.note);
  await page.getByTestId("tab-reply").click();
}

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
    const { appId, openid, conversation } = await customer(text.first);
    await sim.write(appId, openid, text.long);
    const agent = await consoleOf("admin", { locale: language });
    await agent.open(conversation.id);
    await agent.pickUp();
    await fillThread(agent, () => sim.failSends(openid, { cut: "after" }), text);
    await admin.patch(`/contacts/${conversation.contact.id}`, {
      name: language === "en" ? "Aleksandra Wolfeschlegelstein" : "欧阳·司马 由紀子",
    });
    for (const scheme of schemes) {
      await agent.page.emulateMedia({ colorScheme: scheme });
      const named = (what: string) => `${what}-${language}-${scheme}`;
      await agent.page.setViewportSize({ width: 1440, height: 900 });
      await agent.open(conversation.id);
      await shootWidths(agent.page, named("conversation"));
      for (const [name, path] of Object.entries(pages)) {
        await agent.page.goto(path);
        await expect(agent.page.locator("main, h1").first()).toBeVisible();
        await shootWidths(agent.page, named(name));
      }
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
