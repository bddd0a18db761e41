/** What an account does by itself is taken over, edited, published, and on the phone. */
import AxeBuilder from "@axe-core/playwright";
import { createChannel } from "./support/channel";
import { expect, test } from "./support/test";

const text = (content: string) => ({ type: "text", content });

const console_ = {
  menu: [
    { name: "Shop", type: "view", url: "https://shop.example/" },
    {
      name: "Help",
      sub_button: [
        { name: "Hours", type: "text", value: "9 to 17" },
        { name: "Film", type: "video", value: "http://198.51.100.7/v.mp4" },
      ],
    },
  ],
  auto_replies: {
    is_add_friend_reply_open: 1,
    is_autoreply_open: 1,
    add_friend_autoreply_info: text("welcome to the shop"),
    keyword_autoreply_info: {
      list: [
        {
          rule_name: "prices",
          create_time: 1_423_028_166,
          reply_mode: "reply_all",
          keyword_list_info: [{ type: "text", match_mode: "contain", content: "price" }],
          reply_list_info: [text("see the list")],
        },
      ],
    },
  },
};

test("menu and replies are taken over, edited, published and on the phone", async ({
  consoleOf,
  demo,
  admin,
  sim,
  phone,
}) => {
  const { appId, channelId } = await createChannel(demo, admin, sim, "plain");
  const { callback_url } = await admin.get<{ callback_url: string }>(`/channels/${channelId}`);
  await sim.changeAccount(appId, { callback_url: "" });
  await sim.setConsole(appId, console_);

  const { page } = await consoleOf("admin");
  await page.goto(`/settings/channels/wechat/${channelId}/automation`);
  const now = page.getByTestId("account-now");
  await expect(now).toContainText("Keyword replies: 1 rule");
  await expect(now).toContainText("Shop");
  await page.getByTestId("take-over").click();
  await expect(page.getByTestId("take-preview")).toContainText("welcome to the shop");
  await expect(page.getByTestId("left-out")).toContainText("Film");
  await page.getByTestId("confirm-take-over").click();
  await expect(page.getByTestId("taken")).toContainText("2 answers");
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter((one) => /serious|critical/.test(one.impact ?? ""));
    expect(serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join()}`)).toEqual(
      [],
    );
  }

  // The answers are there, and can be tried.
  await expect(page.getByTestId("answers-follow")).toContainText("welcome to the shop");
  await page.getByTestId("try-text").fill("your PRICES?");
  await page.getByTestId("try").click();
  await expect(page.getByTestId("tried")).toContainText("see the list");

  // The server configuration goes on: WeChat's own menu goes off.
  await sim.changeAccount(appId, {
    callback_url: new URL(new URL(callback_url).pathname, demo.facts.console_url).href,
  });

  // The menu is a draft; the item whose video could not come along has to be written.
  const editor = page.getByTestId("menu-editor");
  await editor.getByTestId("publish").click();
  await page.getByTestId("confirm-publish").click();
  await expect(editor.getByTestId("menu-refused")).toContainText("marked items");
  await editor.getByTestId("menu-item").filter({ hasText: "Help" }).click();
  await editor.getByTestId("menu-item").filter({ hasText: "Film" }).click();
  await editor.getByTestId("item-text").fill("the film is on our page");
  await editor.getByTestId("item-name").fill("About us");
  await editor.getByTestId("add-item").click();
  await editor.getByTestId("item-name").fill("Order");
  await editor.getByTestId("item-kind").selectOption("view");
  await editor.getByTestId("item-url").fill("https://shop.example/order");
  await expect(editor.getByTestId("menu-saving")).toHaveText("Draft saved");

  // The draft survives the page.
  await page.reload();
  await expect(editor.getByTestId("menu-item").filter({ hasText: "Order" })).toBeVisible();
  await editor.getByTestId("publish").click();
  await expect(page.getByRole("dialog")).toContainText("five minutes");
  await page.getByTestId("confirm-publish").click();
  await expect(editor.getByTestId("menu-live")).toContainText("Published");

  const openid = await sim.addFollower(appId, "Menu");
  await phone.open(appId, openid);
  await phone.part("phone-account-menu").click();
  for (const name of ["Shop", "Help", "Order"]) {
    await expect(phone.part("phone-menu-button").filter({ hasText: name })).toBeVisible();
  }
  await phone.part("phone-menu-button").filter({ hasText: "Help" }).click();
  await expect(phone.part("phone-menu-item").filter({ hasText: "About us" })).toBeVisible();
});

test("an answer is written, refused where it cannot be, put first, switched off, and its removal undone", async ({
  consoleOf,
  demo,
  admin,
  sim,
}) => {
  const { channelId } = await createChannel(demo, admin, sim, "compatible");
  const { page } = await consoleOf("admin");
  await page.goto(`/settings/channels/wechat/${channelId}/automation`);
  const add = async (keyword: string, words: string) => {
    await page.getByTestId("add-keyword").click();
    await page.getByTestId("answer-keyword").fill(keyword);
    await page.getByTestId("answer-text").fill(words);
    await page.getByTestId("save-answer").click();
  };
  await add("a", "wide");
  await expect(page.getByTestId("answer-row")).toHaveCount(1);
  await add("A ", "again");
  await expect(page.getByRole("dialog")).toContainText("keyword already");
  await page.getByTestId("answer-keyword").fill("ab");
  await page.getByTestId("answer-text").fill("您".repeat(683));
  await expect(page.getByRole("dialog")).toContainText("2049 of 2048 bytes");
  await page.getByTestId("answer-text").fill("narrow");
  await page.getByTestId("save-answer").click();
  await expect(page.getByTestId("answer-row")).toHaveCount(2);

  const tried = async (words: string) => {
    await page.getByTestId("try-text").fill("abc");
    await page.getByTestId("try").click();
    await expect(page.getByTestId("tried")).toContainText(words);
  };
  await tried("wide");
  await page.getByRole("button", { name: "Move up: ab" }).click();
  await expect(page.getByTestId("answer-row").first()).toContainText("narrow");
  await tried("narrow");
  await page.getByLabel("Answer: ab").click({ force: true });
  await expect(page.getByTestId("answer-row").first()).toHaveAttribute("data-off", "true");
  await tried("wide");
  await page.getByTestId("answer-row").last().getByRole("button", { name: "Remove" }).click();
  await expect(page.getByTestId("answer-row")).toHaveCount(1);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByTestId("answer-row")).toHaveCount(2);
});
