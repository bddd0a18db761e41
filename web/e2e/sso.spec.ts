/** Single sign-on, through a real identity provider, in the browser. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { expect, type Page, test } from "@playwright/test";
import { freePort } from "./support/demo";

const binary = process.env.KEFU_BIN ?? resolve(import.meta.dirname, "../../target/debug/kefu");
const email = "sakura@example.com";

let desk: string;
const running: ChildProcess[] = [];
let dataDir: string;

/** Starts a program and waits for the line that says it is ready. */
async function started(child: ChildProcess, stream: "stdout" | "stderr", ready: RegExp) {
  running.push(child);
  const lines = createInterface({ input: child[stream] as NodeJS.ReadableStream });
  for await (const line of lines) if (ready.test(line)) return;
  throw new Error("it ended before it was ready");
}

test.beforeAll(async () => {
  const [port, idPort] = [await freePort(), await freePort()];
  desk = `http://localhost:${port}`;
  dataDir = mkdtempSync(join(tmpdir(), "kefu-sso-"));
  const env = {
    ...process.env,
    KEFU_DATA_DIR: dataDir,
    KEFU_HTTP__LISTEN: `127.0.0.1:${port}`,
    KEFU_HTTP__PUBLIC_URL: desk,
    KEFU_OIDC__ISSUER: `http://localhost:${idPort}`,
    KEFU_OIDC__CLIENT_ID: "kefu",
    KEFU_OIDC__CLIENT_SECRET: "a-secret",
    KEFU_OIDC__LABEL: "Example ID",
  };
  const create = ["admin", "create", "--email", email, "--name", "佐藤さくら"];
  const made = spawnSync(binary, create, { env, input: "correct horse battery\n" });
  expect(made.status, made.stderr.toString()).toBe(0);
  await started(spawn(binary, ["serve"], { env }), "stderr", /ready/);
  const provider = [resolve(import.meta.dirname, "support/provider.mjs"), String(idPort)];
  const callback = `${desk}/api/v1/login/sso/callback`;
  await started(spawn("node", [...provider, callback]), "stdout", /ready/);
});

test.afterAll(() => {
  for (const child of running) child.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The provider's own pages: who one is, and that the desk may know it. */
async function nameOneself(page: Page, who: string) {
  await page.locator('input[name="login"]').fill(who);
  await page.locator('input[name="password"]').fill("anything");
  await page.locator('button[type="submit"]').click();
  await page.locator('button[type="submit"]').click();
}

test("an agent signs in through the identity provider and comes to the page asked for", async ({
  page,
}) => {
  await page.goto(`${desk}/settings/profile`);
  await page.getByRole("link", { name: "Continue with Example ID" }).click();
  await nameOneself(page, email);
  await expect(page).toHaveURL(`${desk}/settings/profile`);
  await expect(page.locator('input[value="佐藤さくら"]')).toBeVisible();
});

test("somebody whom nobody invited is told whom to ask", async ({ browser }) => {
  const page = await (await browser.newContext({ locale: "ja-JP" })).newPage();
  await page.goto(`${desk}/signin`);
  await page.getByTestId("sso").click();
  await nameOneself(page, "stranger@example.com");
  await expect(page.getByRole("alert")).toContainText("招待するよう管理者に依頼");
  await page.context().close();
});
