/** The second factor in the browser: switched on, asked for, required of everybody. */
import { createHmac } from "node:crypto";
import { expect, type Page, test } from "@playwright/test";
import { administrator, EmptyDesk } from "./support/emptyDesk";

// Several sign-ins in a row: each hashes a password, one at a time.
test.setTimeout(120_000);

let desk: EmptyDesk;
test.beforeAll(async () => {
  desk = await EmptyDesk.start();
});
test.afterAll(() => desk.remove());

/** What an authenticator app shows (RFC 6238), so many steps from now. */
function codeOf(secret: string, steps = 0): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replaceAll(" ", "")]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const bytes = bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", Buffer.from(bytes)).update(counter).digest();
  const at = (mac[19] ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function givePassword(page: Page) {
  await page.goto(`${desk.url}/signin`);
  await page.getByLabel("Email").fill(administrator.email);
  await page.getByLabel("Password", { exact: true }).fill(administrator.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Scans, types the first code, keeps the recovery codes. */
async function setUp(page: Page): Promise<{ secret: string; recovery: string }> {
  const secret = (await page.getByTestId("factor-key").textContent()) ?? "";
  await page.getByTestId("factor-code").fill("000000");
  await page.getByTestId("factor-on").click();
  await expect(page.getByText("That code is not right")).toBeVisible();
  await page.getByTestId("factor-code").fill(codeOf(secret, -1));
  await page.getByTestId("factor-on").click();
  const codes = page.getByTestId("recovery-codes").locator("code");
  await expect(codes).toHaveCount(10);
  const recovery = (await codes.first().textContent()) ?? "";
  await page.getByTestId("codes-kept").click();
  return { secret, recovery };
}

test("an agent switches it on, is asked for a code, and switches it off", async ({ page }) => {
  await givePassword(page);
  await page.waitForURL(/\/inbox/);
  await page.goto(`${desk.url}/settings/profile`);
  await page.getByTestId("factor-begin").click();
  const { secret, recovery } = await setUp(page);
  await expect(page.getByTestId("factor-state")).toBeVisible();

  await page.context().clearCookies();
  await givePassword(page);
  const code = page.getByTestId("signin-code");
  await expect(code).toBeFocused();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Enter the code.")).toBeVisible();
  await code.fill("000000");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("That code is not right")).toBeVisible();
  await code.fill(codeOf(secret));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/inbox/);

  await page.context().clearCookies();
  await givePassword(page);
  await code.fill(recovery);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/inbox/);
  await page.goto(`${desk.url}/settings/profile`);
  await expect(page.getByText("9 recovery codes left")).toBeVisible();
  await page.getByTestId("factor-off").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Current password").fill(administrator.password);
  await dialog.getByTestId("confirm").click();
  await expect(page.getByTestId("factor-begin")).toBeVisible();
});

test("where everybody needs one, the next sign-in leads to it and then on", async ({ page }) => {
  await givePassword(page);
  await page.waitForURL(/\/inbox/);
  await page.goto(`${desk.url}/settings/organisation`);
  await page.getByTestId("organisation-name").fill("Example");
  await page.getByTestId("second-factor-required").check();
  await page.getByTestId("save").click();
  await expect(page.getByText("Organisation saved")).toBeVisible();

  await page.context().clearCookies();
  await givePassword(page);
  await page.waitForURL(/\/second-factor/);
  await page.goto(`${desk.url}/settings/agents`);
  await page.waitForURL(/\/second-factor/);
  await setUp(page);
  await page.waitForURL(/\/settings\/agents/);
  await expect(page.getByText(administrator.name).first()).toBeVisible();
});
