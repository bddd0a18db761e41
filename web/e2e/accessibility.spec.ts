/** No serious barrier on the main screens, in light and in dark. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/test";

async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(" | ")}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`sign-in has no serious barrier in ${colorScheme}`, async ({ browser, demo, watch }) => {
    const context = await browser.newContext({ colorScheme, locale: "en" });
    const page = await context.newPage();
    watch(page);
    await page.goto(demo.facts.console_url);
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    expect(await barriers(page)).toEqual([]);
    await context.close();
  });

  test(`an open conversation has no serious barrier in ${colorScheme}`, async ({
    sim,
    consoleOf,
    customer,
  }) => {
    const { appId, openid, conversation } = await customer(`can everybody read me? ${colorScheme}`);
    const emma = await consoleOf("emma", { colorScheme });
    await emma.open(conversation.id);
    await emma.pickUp();
    await sim.failSends(openid, { cut: "before" });
    await emma.reply("uncertain");
    await expect(emma.lastState()).toContainText("May have been delivered");
    await emma.reply("taken");
    await expect(emma.lastState()).toContainText("Sent");
    await sim.write(appId, openid, "thank you");
    await expect(emma.bubble("thank you")).toBeVisible();
    expect(await barriers(emma.page)).toEqual([]);
    await emma.page.getByTestId("tab-note").click();
    await emma.reply("only for us");
    await expect(emma.page.getByTestId("note")).toBeVisible();
    expect(await barriers(emma.page)).toEqual([]);
  });

  test(`ticket list and channel form have no serious barrier in ${colorScheme}`, async ({
    consoleOf,
    customer,
  }) => {
    await customer(`a row in the list ${colorScheme}`);
    const { page } = await consoleOf("admin", { colorScheme });
    await page.goto("/tickets");
    await expect(page.getByTestId("ticket-row").first()).toBeVisible();
    expect(await barriers(page)).toEqual([]);
    await page.goto("/settings/channels/wechat/new");
    await page.getByTestId("save-channel").click();
    await expect(page.locator("[aria-invalid=true]").first()).toBeVisible();
    expect(await barriers(page)).toEqual([]);
  });

  test(`the search has no serious barrier in ${colorScheme}`, async ({ consoleOf, customer }) => {
    await customer(`something to search for ${colorScheme}`);
    const { page } = await consoleOf("emma", { colorScheme });
    await page.goto("/search");
    await expect(page.getByTestId("search-field")).toBeVisible();
    expect(await barriers(page)).toEqual([]);
    await expect(async () => {
      await page.goto(`/search?q=${colorScheme}`);
      await expect(page.getByTestId("hit-message").first()).toBeVisible({ timeout: 2_000 });
    }).toPass();
    expect(await barriers(page)).toEqual([]);
  });

  test(`wizard and details of a channel have no serious barrier in ${colorScheme}`, async ({
    demo,
    consoleOf,
  }) => {
    const { page } = await consoleOf("admin", { colorScheme });
    await page.goto("/settings/channels/wechat/wizard");
    await expect(page.getByTestId("wizard-email")).toBeVisible();
    await page.getByTestId("wizard-account_kind").getByRole("button").first().click();
    expect(await barriers(page)).toEqual([]);
    await page.goto(`/settings/channels/wechat/${demo.facts.channel_id}`);
    await expect(page.getByTestId("at-wechat")).toBeVisible();
    await page.getByText("Enter these at WeChat").click();
    expect(await barriers(page)).toEqual([]);
  });

  test(`the phone page has no serious barrier in ${colorScheme}`, async ({ customer, phone }) => {
    const { appId, openid } = await customer(`a small screen ${colorScheme}`);
    await phone.page.emulateMedia({ colorScheme });
    await phone.open(appId, openid);
    await expect(phone.bubble("out", "a small screen")).toBeVisible();
    expect(await barriers(phone.page)).toEqual([]);
    await phone.page.getByTestId("phone-menu").click();
    await expect(phone.page.getByTestId("phone-later-49h")).toBeVisible();
    expect(await barriers(phone.page)).toEqual([]);
  });
}
