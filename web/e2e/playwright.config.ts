/** Browser tests: a real Chromium against a real desk and a real simulator. */
import { spawnSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

/** The distribution's Chromium; where there is none, Playwright's own. */
function installedChromium(): string | undefined {
  const wanted = process.env.CHROMIUM_BIN ? [process.env.CHROMIUM_BIN] : [];
  const names = [...wanted, "chromium", "chromium-browser"];
  const found = names.map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout.trim());
  return found.find(Boolean);
}

const args = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

export default defineConfig({
  testDir: ".",
  outputDir: "results",
  // One desk serves all tests of a worker: they keep apart by having customers of their own.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 40_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    launchOptions: { executablePath: installedChromium(), args },
    locale: "en-GB",
    timezoneId: "Asia/Tokyo",
    viewport: { width: 1280, height: 800 },
    actionTimeout: 10_000,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "tests", grepInvert: /@screens/ },
    { name: "screens", grep: /@screens/, timeout: 600_000 },
  ],
});
