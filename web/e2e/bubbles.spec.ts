/** Each kind of message that a phone can send is readable; nothing is loaded from another host. */
import { expect, test } from "./support/test";

test("each kind is readable, and what did not arrive is asked for with one tap", async ({
  consoleOf,
  customer,
  demo,
  sim,
}) => {
  const { appId, openid, conversation } = await customer("face /::) [OK] done");
  const link = { title: "Offer", description: "today", url: "https://shop.example/a" };
  const hostile = `\u202egnp.exe ${"很长的名字".repeat(400)}`;
  for (const message of [
    { type: "location", location_x: 23.13, location_y: 113.35, scale: 15, label: "天河区" },
    { type: "link", ...link },
    { type: "link", title: hostile, description: hostile, url: "javascript:alert(1)" },
    {
      type: "file",
      title: "offer.pdf",
      file_key: "k",
      file_md5: "0cc175b9c0f1b6a8",
      file_total_len: 2048,
    },
    {
      type: "miniprogrampage",
      title: "Shop",
      app_id: "wx12",
      page_path: "pages/a",
      thumb_url: "http://mmbiz.qpic.cn/1",
      thumb_media_id: "M",
    },
    { type: "sticker" },
    { type: "hologram" },
  ]) {
    await sim.send(appId, openid, message);
  }
  const emma = await consoleOf("emma");
  const { page } = emma;
  const foreign: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.host !== new URL(demo.facts.console_url).host) {
      foreign.push(request.url());
    }
  });
  await emma.open(conversation.id);
  await emma.pickUp();
  const thread = emma.thread;
  await expect(thread.getByTestId("card-location")).toContainText("23.13, 113.35");
  await expect(thread.getByTestId("card-link").first()).toContainText("shop.example");
  await expect(thread.getByTestId("card-link").last().getByRole("link")).toHaveCount(0);
  await expect(thread.getByTestId("card-file")).toContainText("0cc175b9c0f1b6a8");
  await expect(thread.getByTestId("card-miniprogram")).toContainText("pages/a");
  await expect(thread.getByTestId("card-unsupported")).toContainText("hologram");
  const wide = await thread.evaluate((node) => node.scrollWidth - node.clientWidth);
  expect(wide, "a hostile name does not widen the thread").toBeLessThanOrEqual(0);

  await thread.getByTestId("card-sticker").getByTestId("ask-again").click();
  await expect(emma.composer).toHaveValue(/stickers/);
  expect((await sim.received(appId, openid)).length, "nothing is sent").toBe(0);

  const bubble = emma.bubble("done").first();
  await bubble.scrollIntoViewIfNeeded();
  await expect(bubble.getByTestId("face")).toHaveCount(2);
  const copied = await bubble.evaluate((node) => {
    getSelection()?.selectAllChildren(node);
    return getSelection()?.toString();
  });
  expect(copied).toBe("face /::) [OK] done");
  expect(foreign).toEqual([]);
});

test("every page works under the console's policy, the API's page too", async ({
  consoleOf,
  demo,
  watch,
}) => {
  const { page } = await consoleOf("admin");
  const channel = `/settings/channels/wechat/${demo.facts.channel_id}`;
  for (const path of [
    "/inbox?view=all",
    "/tickets",
    "/settings/profile",
    "/settings/channels",
    "/settings/channels/wechat",
    "/settings/channels/wechat/new",
    channel,
    `${channel}/edit`,
    `${channel}/automation`,
    "/settings/departments",
    "/settings/agents",
    "/settings/dead-letters",
  ]) {
    const answer = await page.goto(path);
    expect(answer?.headers()["content-security-policy"], path).toContain("default-src 'self'");
    await expect(page.locator("#root")).not.toBeEmpty();
    await page.waitForLoadState("load");
  }
  watch(page);
  await page.goto("/api/docs/");
  await expect(page.getByText("/api/v1/channels", { exact: true }).first()).toBeVisible();
});
