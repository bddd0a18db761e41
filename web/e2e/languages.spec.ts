/** Every screen speaks the chosen language completely. */
import type { Page } from "@playwright/test";
import texts from "../src/i18n/en/index";
import { expect, signIn, test } from "./support/test";

const keys = new Set(Object.keys(texts).filter((key) => key.includes(".")));

/** Keys or placeholders that stand on the page in place of a text. */
async function rawTexts(page: Page): Promise<string[]> {
  const seen = await page.evaluate(() => {
    const attributes = ["aria-label", "title", "placeholder", "alt"];
    const named = attributes.flatMap((name) =>
      [...document.querySelectorAll(`[${name}]`)].map((node) => node.getAttribute(name) ?? ""),
    );
    const shown = [...document.querySelectorAll("body *")].filter(
      (node) => node.children.length === 0,
    );
    return [document.title, ...shown.map((node) => node.textContent ?? ""), ...named];
  });
  const words = seen.flatMap((text) => text.split(/\s+/));
  return words.filter((word) => keys.has(word) || word.includes("{{"));
}

const screens = [
  "/inbox?view=all",
  "/inbox?view=ended",
  "/tickets",
  "/settings/profile",
  "/settings/channels",
  "/settings/channels/wechat",
  "/settings/channels/wechat/new",
  "/settings/channels/wechat/wizard",
  "/settings/channels/wechat/ch_1",
  "/settings/channels/wechat/ch_1/edit",
  "/settings/departments",
  "/settings/agents",
  "/settings/dead-letters",
  "/nowhere",
];

const languages = [
  { language: "en", submit: "Sign in", inbox: "Inbox" },
  { language: "ja", submit: "サインインする", inbox: "受信トレイ" },
  { language: "zh-CN", submit: "登录", inbox: "收件箱" },
] as const;

for (const { language, submit, inbox } of languages) {
  test(`the browser's wish ${language} chooses the language of sign-in and phone`, async ({
    browser,
    demo,
    watch,
  }) => {
    const context = await browser.newContext({ locale: language });
    const page = await context.newPage();
    watch(page);
    await page.goto(demo.facts.console_url);
    await expect(page.getByRole("button", { name: submit })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    expect(await rawTexts(page)).toEqual([]);
    await page.goto(demo.facts.phone_url);
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.getByTestId("phone-language")).toHaveValue(language);
    await context.close();
  });

  test(`every screen is complete in ${language}, the agent's own choice`, async ({
    demo,
    consoleOf,
    customer,
  }) => {
    const { conversation } = await customer(`languages ${language}`);
    const desk = await signIn(demo, "admin");
    await desk.patch("/me", { language });
    const { page } = await consoleOf("admin");
    for (const path of [...screens, `/inbox/${conversation.id}?view=all`]) {
      await page.goto(path);
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await expect(page.locator("main, h1").first()).toBeVisible();
      await expect(page.locator(".mantine-Skeleton-root")).toHaveCount(0);
      expect(await rawTexts(page), path).toEqual([]);
    }
    await expect(page.getByRole("navigation").getByText(inbox, { exact: true })).toBeVisible();
    await desk.patch("/me", { language: "en" });
  });
}
