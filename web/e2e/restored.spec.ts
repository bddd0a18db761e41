/** A desk that was restored from a backup says so on every page, until an administrator confirms. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@playwright/test";
import { freePort } from "./support/demo";

const binary = process.env.KEFU_BIN ?? resolve(import.meta.dirname, "../../target/debug/kefu");
const email = "sakura@example.com";
const password = "correct horse battery";

let url: string;
let serve: ChildProcess;
const folder = mkdtempSync(join(tmpdir(), "kefu-restored-"));

function kefu(data: string, args: string[], input = "") {
  const env = {
    ...process.env,
    KEFU_DATA_DIR: join(folder, data),
    KEFU_SECRETS__KEY: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
  };
  const ended = spawnSync(binary, args, { env, input });
  expect(ended.status, ended.stderr.toString()).toBe(0);
  return env;
}

test.beforeAll(async () => {
  const archive = join(folder, "backup.tar.gz");
  kefu("one", ["admin", "create", "--email", email, "--name", "佐藤さくら"], `${password}\n`);
  kefu("one", ["backup", archive]);
  const env = kefu("two", ["restore", archive]);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  serve = spawn(binary, ["serve"], {
    env: { ...env, KEFU_HTTP__LISTEN: `127.0.0.1:${port}`, KEFU_HTTP__PUBLIC_URL: url },
  });
  const lines = createInterface({ input: serve.stderr as NodeJS.ReadableStream });
  for await (const line of lines) if (/ready/.test(line)) return;
  throw new Error("it ended before it was ready");
});
test.afterAll(() => {
  serve?.kill();
  rmSync(folder, { recursive: true, force: true });
});

test("the bar stays until an administrator lets the desk send", async ({ page }) => {
  await page.goto(`${url}/signin`);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/inbox/);
  const bar = page.getByTestId("quarantine");
  await expect(bar).toContainText("sends nothing yet");
  await page.goto(`${url}/tickets`);
  await bar.getByRole("button", { name: "Send from now on" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("customers get answers from both");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(bar).toBeVisible();
  await bar.getByRole("button", { name: "Send from now on" }).click();
  await dialog.getByTestId("confirm").click();
  await expect(bar).toBeHidden();
  await page.reload();
  await expect(page.getByTestId("organisation")).toBeVisible();
  await expect(bar).toBeHidden();
});
