/** From an empty database to people: the printed link, the first administrator, departments, an invitation, a picture. */
import type { BrowserContext, Page } from "@playwright/test";
import { EmptyServe } from "./support/empty";
import { expectLoaded } from "./support/pages";
import { png } from "./support/picture";
import { expect, test } from "./support/test";

let serve: EmptyServe;
let context: BrowserContext;
let page: Page;
const password = "correct horse battery";

test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ browser }) => {
  serve = await EmptyServe.start();
  context = await browser.newContext({
    baseURL: serve.url,
    locale: "ja-JP",
    timezoneId: "Asia/Tokyo",
    viewport: { width: 1280, height: 800 },
  });
  page = await context.newPage();
});

test.afterAll(async () => {
  await context?.close();
  await serve?.remove();
});

test("an empty desk says where the link is, and the first run in Japanese leads to the wizard", async () => {
  await page.goto("/");
  await expect(page.getByTestId("where-is-the-link")).toContainText("kefu serve");
  await page.goto(serve.link);
  await expect(page.getByRole("heading", { name: "デスクの初期設定" })).toBeVisible();
  await page.getByTestId("welcome-language").selectOption("en");
  await expect(page.getByRole("heading", { name: "Set up this desk" })).toBeVisible();
  await page.getByTestId("welcome-language").selectOption("ja");
  await expect(page.getByTestId("welcome-time-zone")).toHaveValue("Asia/Tokyo");
  await page.getByTestId("welcome-submit").click();
  await expect(page.getByText("入力してください").first()).toBeVisible();
  await page.getByTestId("welcome-organisation").fill("青山商店");
  await page.getByTestId("welcome-name").fill("佐藤 花子");
  await page.getByTestId("welcome-email").fill("sato@example.com");
  await page.getByTestId("welcome-password").fill(password);
  await page.getByTestId("welcome-submit").click();
  await expect(page).toHaveURL(/\/settings\/channels\/wechat\/wizard$/);
  await expect(page.getByTestId("organisation")).toHaveText("青山商店");
});

test("the link is gone afterwards", async ({ browser }) => {
  const other = await browser.newContext({ locale: "ja-JP" });
  const visitor = await other.newPage();
  await visitor.goto(serve.link);
  await expect(visitor.getByRole("heading", { name: "このデスクは設定済みです" })).toBeVisible();
  await other.close();
});

test("a department is deleted, and one in use asks where its work goes", async () => {
  await page.goto("/settings/departments");
  const row = (name: string) => page.getByTestId("department-row").filter({ hasText: name });
  await expect(row("カスタマーサポート")).toBeVisible();
  await page.getByTestId("add-department").click();
  await page.getByTestId("name").fill("営業");
  await page.getByTestId("save").click();
  await expect(row("営業")).toBeVisible();
  const first = await page.evaluate(async () => {
    const headers = { "content-type": "application/json", "x-kefu-request": "1" };
    const { items } = await (await fetch("/api/v1/departments")).json();
    const channel = {
      name: "Shop",
      original_id: "gh_0123456789ab",
      app_id: "wx0123456789abcdef",
      app_secret: "secret",
      department_ids: [items[0].id],
    };
    const body = JSON.stringify(channel);
    const answer = await fetch("/api/v1/channels", { method: "POST", headers, body });
    return `${answer.status}`;
  });
  expect(first).toBe("201");
  await row("カスタマーサポート").getByTestId("delete-department").click();
  await page.getByTestId("confirm").click();
  await expect(page.getByTestId("department-uses")).toContainText("経路 1 件");
  await page.getByTestId("move-to").selectOption({ label: "営業" });
  await page.getByTestId("confirm").click();
  await expect(row("カスタマーサポート")).toBeHidden();
  const served = await page.evaluate(async () => {
    const { items } = await (await fetch("/api/v1/channels")).json();
    return items[0].department_ids.length;
  });
  expect(served).toBe(1);
});

test("an invitation is accepted in another browser, in the invitee's language, once", async ({
  browser,
}) => {
  await page.goto("/settings/agents");
  await page.getByTestId("add-agent").click();
  await page.getByTestId("agent-name").fill("王小明");
  await page.getByTestId("agent-email").fill("wang@example.com");
  await page.getByTestId("agent-language").selectOption("zh-CN");
  await page.getByTestId("save").click();
  const link = await page.getByTestId("invitation-link").inputValue();
  const invited = await browser.newContext({ locale: "en-GB" });
  const visitor = await invited.newPage();
  await visitor.goto(link);
  await expect(visitor.getByRole("heading", { name: "欢迎，王小明" })).toBeVisible();
  await visitor.getByTestId("invitation-password").fill("short");
  await visitor.getByTestId("invitation-submit").click();
  await expect(visitor.getByTestId("invitation-password")).toHaveAttribute("aria-invalid", "true");
  await visitor.getByTestId("invitation-password").fill(password);
  await visitor.getByTestId("invitation-submit").click();
  await expect(visitor).toHaveURL(/\/inbox/);
  await invited.close();
  const late = await browser.newContext({ locale: "en-GB" });
  const second = await late.newPage();
  await second.goto(link);
  await expect(second.getByRole("heading", { name: "This link cannot be used" })).toBeVisible();
  await late.close();
});

test("disabling an agent asks first", async () => {
  await page.goto("/settings/agents");
  const row = page.getByTestId("agent-row").filter({ hasText: "王小明" });
  await page.getByTestId("agent-search").fill("wang");
  await row.getByTestId("agent-menu").click();
  await page.getByRole("menuitem", { name: "無効にする" }).click();
  await expect(page.getByTestId("disable-hint")).toContainText("0件");
  await page.getByTestId("confirm").click();
  await expect(row).toContainText("無効");
  await page.getByTestId("agent-search").fill("nobody at all");
  await expect(page.getByText("該当する担当者はいません")).toBeVisible();
});

test("a picture is cut to a square and seen at top right", async () => {
  await page.goto("/settings/profile");
  const picture = { name: "me.png", mimeType: "image/png", buffer: png(300, 200, [30, 110, 160]) };
  await page.getByTestId("picture-input").setInputFiles(picture);
  await page.getByTestId("save-picture").click();
  await expectLoaded(page.getByTestId("profile").locator("img"), 384);
  await page.reload();
  await expectLoaded(page.getByTestId("profile").locator("img"), 384);
});
