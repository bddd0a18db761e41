/** Searching everything from the keyboard, and a message that is opened where it is. */
import { expect, test } from "./support/test";

test("a word of a message far back is found and opened at its place, and reading goes on both ways", async ({
  sim,
  consoleOf,
  customer,
}) => {
  test.setTimeout(120_000);
  const { appId, openid } = await customer("老客户的第一句话");
  for (let n = 1; n <= 300; n++) {
    await sim.write(appId, openid, n === 40 ? "我要防水背包，黑色的" : `第${n}条`);
  }
  const emma = await consoleOf("emma");
  const { page } = emma;
  const pages: string[] = [];
  page.on("request", (request) => {
    if (/conversations\/cv_\d+\/messages\?/.test(request.url())) pages.push(request.url());
  });
  await page.goto("/inbox?view=all");
  await expect(page.getByTestId("conversation-row").first()).toBeVisible();
  await page.keyboard.press("/");
  const field = page.getByTestId("search-field");
  await expect(field).toBeFocused();
  await field.fill("背包");
  const hit = page.getByTestId("hit-message");
  await expect(hit).toHaveCount(1);
  await expect(hit.locator("mark")).toHaveText("背包");
  await expect(page).toHaveURL(/\/search\?q=/);
  pages.length = 0;
  await field.press("Enter");
  await expect(page).toHaveURL(/message=ms_/);
  const bubble = emma.bubble("我要防水背包");
  await expect(bubble).toBeInViewport();
  await expect(page.locator("[data-linked=true]")).toContainText("我要防水背包");
  // The end, both sides of the message, and perhaps a page more on each side: not everything in between.
  expect(pages.length).toBeLessThanOrEqual(5);
  await expect(emma.bubble("第299条")).toHaveCount(0);

  await page.getByTestId("thread").hover();
  await expect(async () => {
    await page.mouse.wheel(0, -3_000);
    await expect(emma.bubble("老客户的第一句话")).toBeInViewport({ timeout: 300 });
  }).toPass();
  await expect(async () => {
    await page.mouse.wheel(0, 3_000);
    await expect(emma.bubble("第120条")).toBeInViewport({ timeout: 300 });
  }).toPass();
  await page.getByTestId("to-latest").click();
  await expect(emma.bubble("第300条")).toBeInViewport();
  await sim.write(appId, openid, "写在最后的一句");
  await expect(emma.bubble("写在最后的一句")).toBeInViewport();
  await page.goBack();
  await expect(page.getByTestId("search-field")).toHaveValue("背包");
});

test("people, tickets and messages are grouped, chosen with the arrows, and Esc goes back", async ({
  admin,
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("关于发票抬头的问题 qwx");
  await admin.patch(`/contacts/${conversation.contact.id}`, { name: "发票先生 qwx" });
  const { page } = await consoleOf("wang");
  await page.goto("/inbox?view=all");
  await page.getByTestId("search").click();
  const field = page.getByTestId("search-field");
  await field.fill("发票 qwx");
  for (const kind of ["contact", "ticket", "message"]) {
    await expect(page.getByTestId(`hit-${kind}`)).toHaveCount(1);
  }
  const chosen = page.locator("[role=option][aria-selected=true]");
  await expect(chosen).toHaveAttribute("data-testid", "hit-contact");
  await field.press("ArrowDown");
  await expect(chosen).toHaveAttribute("data-testid", "hit-ticket");
  await field.press("ArrowDown");
  await field.press("ArrowUp");
  await field.press("Enter");
  await expect(page).toHaveURL(/\/tickets\/tk_/);
  await page.goBack();
  await expect(field).toHaveValue("发票 qwx");
  await page.getByTestId("scope-contact").click();
  await expect(page.getByTestId("hit-message")).toHaveCount(0);
  await expect(page).toHaveURL(/kind=contact/);
  await field.focus();
  await field.press("Escape");
  await expect(field).toHaveValue("");
  await field.press("Escape");
  await expect(page).toHaveURL(/\/inbox/);
});

test("a link to a search shows it, nothing found is said, and signs alone are refused in words", async ({
  consoleOf,
  customer,
}) => {
  await customer("独一无二的句子");
  const { page } = await consoleOf("viewer");
  await expect(async () => {
    await page.goto(`/search?q=${encodeURIComponent("独一无二")}`);
    await expect(page.getByTestId("hit-message")).toHaveCount(1, { timeout: 1_000 });
  }).toPass();
  const field = page.getByTestId("search-field");
  await field.fill("没有人写过这句");
  await expect(page.getByText("Nothing matches “没有人写过这句”")).toBeVisible();
  await field.fill('"*"');
  await expect(page.getByText("Type a letter, a digit or an emoji.")).toBeVisible();
});

test("no step of a composition is asked for", async ({ consoleOf, customer }) => {
  await customer("想要退款吗");
  const { page } = await consoleOf("emma");
  await page.goto("/search");
  const field = page.getByTestId("search-field");
  await field.focus();
  const asked: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.pathname === "/api/v1/search") asked.push(url.searchParams.get("q") ?? "");
  });
  const cdp = await page.context().newCDPSession(page);
  for (const text of ["t", "tui", "tui k", "退款"]) {
    const end = text.length;
    await cdp.send("Input.imeSetComposition", { text, selectionStart: end, selectionEnd: end });
    await expect(field).toHaveValue(text);
  }
  await cdp.send("Input.insertText", { text: "退款" });
  await expect(page.getByTestId("hit-message").first()).toBeVisible();
  expect([...new Set(asked)]).toEqual(["退款"]);
});

test("on a phone one searches and opens with a finger", async ({ consoleOf, customer }) => {
  await customer("手机上找这一句");
  const { page } = await consoleOf("emma", {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  await page.goto("/inbox?view=all");
  await page.getByTestId("search").tap();
  await page.getByTestId("search-field").fill("手机上找");
  const hit = page.getByTestId("hit-message");
  await expect(hit).toHaveCount(1);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(wider).toBe(false);
  await hit.tap();
  await expect(page.getByTestId("bubble").filter({ hasText: "手机上找这一句" })).toBeInViewport();
});

test("an index that is being rebuilt says so, how far it is, and what comes appears by itself", async ({
  consoleOf,
  customer,
}) => {
  await customer("重建期间的这一句");
  const { page } = await consoleOf("emma");
  let rebuilding = true;
  await page.route("**/api/v1/search?*", async (route) => {
    const response = await route.fetch();
    const found = await response.json();
    if (rebuilding) {
      found.index = { state: "rebuilding", percent: 42 };
      found.items = [];
      found.next_cursor = null;
    }
    await route.fulfill({ response, json: found });
  });
  await page.goto(`/search?q=${encodeURIComponent("重建期间")}`);
  await expect(page.getByTestId("index-rebuilding")).toContainText("42 %");
  await expect(page.getByText("Nothing found yet")).toBeVisible();
  rebuilding = false;
  await expect(page.getByTestId("hit-message")).toHaveCount(1);
  await expect(page.getByTestId("index-rebuilding")).toBeHidden();
});
