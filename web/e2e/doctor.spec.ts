/** The doctor's page: calm when all is well; with faults planted at WeChat it names them and says what to do. */
import type { Page } from "@playwright/test";
import texts from "../src/i18n/en/index";
import { expect, signIn, test } from "./support/test";

const keys = new Set(Object.keys(texts).filter((key) => key.includes(".")));

async function rawTexts(page: Page): Promise<string[]> {
  const seen = await page.locator("body").allInnerTexts();
  return seen
    .join(" ")
    .split(/\s+/)
    .filter((word) => keys.has(word) || word.includes("{{"));
}

/** Changes the account at WeChat, as its owner would. */
async function atWeChat(phoneUrl: string, appId: string, changes: object): Promise<void> {
  const answer = await fetch(new URL(`sim/v1/accounts/${appId}`, phoneUrl), {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(changes),
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

const row = (page: Page, check: string) =>
  page.locator(`[data-testid="doctor-row"][data-check="${check}"]`);

/** Examines from the page, and waits for the end. */
async function examine(page: Page, button: RegExp): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  const summary = page.getByTestId("doctor-summary");
  await expect(summary).not.toHaveAttribute("data-tone", "running");
  await expect(page.locator('[data-testid="doctor-row"][data-state="running"]')).toHaveCount(0);
}

test("the doctor is calm about a healthy channel, and names what breaks, with the fix", async ({
  demo,
  consoleOf,
  customer,
}) => {
  const { phone_url, wechat, channel_id } = demo.facts;
  await customer("doctor, are you there?");
  const { page } = await consoleOf("admin");
  await page.goto(`/settings/channels/wechat/${channel_id}/doctor`);
  await examine(page, /^Examine/);
  const summary = page.getByTestId("doctor-summary");
  await expect(summary.getByRole("heading", { name: "Everything works" })).toBeVisible();
  await expect(page.getByTestId("doctor-row")).toHaveCount(14);
  await expect(page.locator('[data-testid="doctor-row"]:not([data-state="ok"])')).toHaveCount(0);
  await expect(page.getByTestId("privilege")).toHaveCount(13);

  const denied = ["/cgi-bin/tags/get"];
  try {
    await atWeChat(phone_url, wechat.app_id, { clock_skew_seconds: 600, denied_apis: denied });
    await examine(page, /^Examine again/);
    await expect(summary.getByRole("heading")).toHaveText("Not working: 1 · To look at: 1");
    await expect(row(page, "clock")).toContainText("Switch on NTP");
    await expect(row(page, "privileges")).toContainText("The account may not: Tags.");
    const tags = page.locator('[data-capability="tags"]');
    await expect(tags).toContainText("Not available (48001)");
    await expect(tags).toContainText("Monthly messages to one person are not possible.");

    // The address WeChat saw, to be copied into its list.
    const listed = { clock_skew_seconds: 0, denied_apis: [], ip_whitelist: ["203.0.113.9"] };
    await atWeChat(phone_url, wechat.app_id, listed);
    await examine(page, /^Examine again/);
    await expect(row(page, "token")).toContainText("not on the allow-list");
    await expect(page.getByTestId("address").filter({ hasText: "127.0.0.1" })).toContainText(
      "Add this one",
    );
    await expect(row(page, "quota")).toContainText("Needs an access token.");
  } finally {
    await atWeChat(phone_url, wechat.app_id, {
      clock_skew_seconds: 0,
      denied_apis: [],
      ip_whitelist: [],
    });
  }
  await examine(page, /^Examine again/);
  await expect(summary.getByRole("heading", { name: "Everything works" })).toBeVisible();
});

test("the list of addresses is edited in place, and a wrong line keeps what was typed", async ({
  demo,
  consoleOf,
}) => {
  const { phone_url, wechat, channel_id } = demo.facts;
  const { page } = await consoleOf("admin");
  await atWeChat(phone_url, wechat.app_id, { ip_whitelist: ["203.0.113.9"] });
  try {
    await page.goto(`/settings/channels/wechat/${channel_id}/doctor`);
    await examine(page, /^Examine/);
    await page.getByRole("button", { name: "Edit list" }).click();
    const box = page.getByLabel("Addresses of this installation");
    await box.fill("203.0.113.9\nnot-an-address");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("Not an address or a network")).toBeVisible();
    await expect(box).toHaveValue("203.0.113.9\nnot-an-address");
    await box.fill("198.51.100.0/24");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const entered = page.getByTestId("address").filter({ hasText: "198.51.100.0/24" });
    await expect(entered).toContainText("Entered here");
  } finally {
    await atWeChat(phone_url, wechat.app_id, { ip_whitelist: [] });
    const desk = await signIn(demo, "admin");
    await desk.put("/outgoing-addresses", { addresses: [] });
    await desk.post(`/channels/${channel_id}/doctor`);
  }
});

for (const { language, again } of [
  { language: "en", again: /^Examine/ },
  { language: "ja", again: /診断する$/ },
  { language: "zh-CN", again: /诊断$/ },
]) {
  test(`the doctor speaks ${language} completely, with faults too`, async ({ demo, consoleOf }) => {
    const { phone_url, wechat, channel_id } = demo.facts;
    const desk = await signIn(demo, "admin");
    await desk.patch("/me", { language });
    await atWeChat(phone_url, wechat.app_id, { clock_skew_seconds: 60, verified: false });
    try {
      const { page } = await consoleOf("admin");
      await page.goto(`/settings/channels/wechat/${channel_id}/doctor`);
      await examine(page, again);
      await expect(row(page, "privileges")).toHaveAttribute("data-code", "account_unverified");
      await expect(row(page, "clock")).toHaveAttribute("data-code", "clock_off");
      expect(await rawTexts(page)).toEqual([]);
    } finally {
      await atWeChat(phone_url, wechat.app_id, { clock_skew_seconds: 0, verified: true });
      await desk.patch("/me", { language: "en" });
      await desk.post(`/channels/${channel_id}/doctor`);
    }
  });
}

test("agents do not see the doctor", async ({ demo, consoleOf }) => {
  const { page } = await consoleOf("emma");
  await page.goto(`/settings/channels/wechat/${demo.facts.channel_id}/doctor`);
  await expect(page.getByRole("alert").or(page.getByText("administrators")).first()).toBeVisible();
  await expect(page.getByTestId("doctor-row")).toHaveCount(0);
});
