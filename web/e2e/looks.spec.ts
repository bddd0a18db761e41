/** What the eye and the fingers need on every screen: no barrier, nothing wider than the screen, room to tap, and the focus where it was. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { Console } from "./support/pages";
import { expect, signIn, test } from "./support/test";

const screens = [
  "/inbox?view=all",
  "/inbox?view=ended",
  "/tickets",
  "/settings/profile",
  "/settings/organisation",
  "/settings/departments",
  "/settings/agents",
  "/settings/dead-letters",
  "/settings/channels",
  "/settings/channels/preferences",
  "/settings/channels/preferences?tab=tickets",
  "/settings/channels/wechat",
  "/settings/channels/wechat/ch_1",
  "/settings/channels/wechat/ch_1/edit",
  "/settings/channels/wechat/ch_1/automation",
  "/settings/channels/wechat/wizard",
];

async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(" | ")}`);
}

async function shown(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator("main, h1").first()).toBeVisible();
  await expect(page.locator(".mantine-Skeleton-root")).toHaveCount(0);
}

/** What can be tapped and is lower than 40 px. A label belongs to its box; what is drawn over a wider place has that place. */
function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const targets = "a[href], button, input:not([type=file]), select, textarea, summary";
    const heightOf = (node: Element) => {
      const labels = (node as HTMLInputElement).labels ?? [];
      return Math.max(...[node, ...labels].map((one) => one.getBoundingClientRect().height));
    };
    return [...document.querySelectorAll<HTMLElement>(targets)]
      .filter((node) => node.checkVisibility() && !node.closest(".skip, p, [aria-hidden=true]"))
      .filter((node) => getComputedStyle(node, "::after").position !== "absolute")
      .filter((node) => heightOf(node) < 39.5)
      .map((node) => `${node.outerHTML.slice(0, 90)} ${heightOf(node)}`);
  });
}

// Each language with a scheme and a width of its own, and barriers looked for once: they do not depend on the language.
const looks = [
  { language: "en", colorScheme: "dark", width: 1024 },
  { language: "ja", colorScheme: "light", width: 390 },
  { language: "zh-CN", colorScheme: "dark", width: 390 },
] as const;

for (const { language, colorScheme, width } of looks) {
  test(`every screen is open to everybody in ${language}, ${colorScheme}, ${width} px wide`, async ({
    demo,
    consoleOf,
    customer,
  }) => {
    test.setTimeout(240_000);
    const { conversation } = await customer(`look at me ${language}`);
    const desk = await signIn(demo, "admin");
    await desk.patch("/me", { language });
    const { page } = await consoleOf("admin", { colorScheme, viewport: { width, height: 844 } });
    for (const path of [...screens, `/inbox/${conversation.id}?view=all`]) {
      await shown(page, path);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(over, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
      if (width === 390) expect(await tooSmall(page), path).toEqual([]);
      else expect(await barriers(page), path).toEqual([]);
    }
    await desk.patch("/me", { language: "en" });
  });
}

const focused = (page: Page) =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.testid ?? "nothing");

async function openAndClose({ page }: Console, testId: string): Promise<void> {
  await page.getByTestId(testId).last().focus();
  await page.keyboard.press("Enter");
  const floating = page.locator("[role=dialog], [role=menu]");
  await expect(floating.first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(floating).toHaveCount(0);
}

test("the focus goes back to what opened a menu or dialog, and Escape closes only that", async ({
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("where was I?");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  for (const testId of ["thread-menu", "sort-menu", "profile", "bubble-menu", "insert", "end"]) {
    await openAndClose(emma, testId);
    await expect.poll(() => focused(emma.page), { message: testId }).toBe(testId);
  }
  // Opened by a key from nowhere, it goes back to nowhere, and the conversation stays open.
  await emma.page.locator("body").press("r");
  await emma.page.keyboard.press("Escape");
  for (const key of ["t", "b", "e", "?"]) {
    await emma.page.keyboard.press(key);
    await expect(emma.page.getByRole("dialog")).toBeVisible();
    await emma.page.keyboard.press("Escape");
    await expect(emma.page.getByRole("dialog")).toHaveCount(0);
    await expect(emma.page).toHaveURL(new RegExp(`/inbox/${conversation.id}`));
  }
  await emma.page.keyboard.press("Escape");
  await expect(emma.page).toHaveURL(/\/inbox\?/);
});

test("searching, ordering and filtering the list leaves the conversation open", async ({
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("stay with me");
  const emma = await consoleOf("emma");
  const { page } = emma;
  await emma.open(conversation.id);
  await page.getByTestId("sort-menu").click();
  await page.getByTestId("sort-expiring").click();
  await expect(page).toHaveURL(new RegExp(`/inbox/${conversation.id}.*sort=expiring`));
  await page.getByTestId("list-search").click();
  await page.getByRole("textbox", { name: "Find by name or #ticket number" }).fill("nobody");
  await expect(page).toHaveURL(new RegExp(`/inbox/${conversation.id}.*q=nobody`));
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/q=nobody/);
  await expect(emma.bubble("stay with me")).toBeVisible();
});
