/** Cards kept ready, the figures of surveys, and what customers of a disabled channel are told. */
import type { Channel } from "../src/api/types";
import { createChannel } from "./support/channel";
import { pictureFile } from "./support/picture";
import { expect, test } from "./support/test";

test("a card kept ready fills the dialog, arrives with its picture, and outlives its preset", async ({
  demo,
  consoleOf,
  customer,
  phone,
}) => {
  const { page } = await consoleOf("admin");
  await page.goto(`/settings/channels/wechat/${demo.facts.channel_id}/cards`);
  await expect(page.getByText("No saved cards yet")).toBeVisible();
  await page.getByTestId("add-miniprogram").click();
  await page.getByTestId("save-preset").click();
  await expect(page.getByTestId("preset-name")).toBeFocused();
  await page.getByTestId("preset-name").fill("Order page");
  await page.getByTestId("card-app_id").fill("wx0123456789abcdef");
  await page.getByTestId("card-page_path").fill("pages/order?id=12");
  await page.getByTestId("card-title").fill("Your order");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose a picture" }).click(),
  ]);
  await chooser.setFiles(pictureFile("order.png", 60, 60, [20, 120, 90]));
  await page.getByTestId("save-preset").click();
  const row = page.getByTestId("preset-row");
  await expect(row).toContainText("Your order");
  await expect(row.locator("img")).toBeVisible();

  const { appId, openid, conversation } = await customer("Where is order 12?");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await phone.open(appId, openid);
  await emma.page.getByTestId("insert").click();
  await emma.page.getByTestId("insert-miniprogram").click();
  await emma.page.getByTestId("preset").filter({ hasText: "Order page" }).click();
  await expect(emma.page.getByTestId("card-title")).toHaveValue("Your order");
  await expect(emma.page.getByTestId("card-preview").locator("img")).toBeVisible();
  await emma.page.getByTestId("card-title").fill("Your order 12");
  await emma.page.getByTestId("card-send").click();
  await expect(emma.lastState()).toContainText("Sent");
  await expect(phone.bubbles("in", "miniprogrampage")).toContainText("Your order 12");

  // What was changed for one customer changed nothing of the preset, which goes without taking anything back.
  await expect(row).not.toContainText("Your order 12");
  await row.getByTestId("delete-preset").click();
  await page.getByTestId("confirm").click();
  await expect(page.getByText("No saved cards yet")).toBeVisible();
  await expect(phone.bubbles("in", "miniprogrampage")).toContainText("Your order 12");
  await emma.page.getByTestId("insert").click();
  await emma.page.getByTestId("insert-miniprogram").click();
  await expect(emma.page.getByTestId("card-title")).toBeVisible();
  await expect(emma.page.getByTestId("preset")).toHaveCount(0);
});

test("figures show what customers said, and that another region cannot ask", async ({
  demo,
  admin,
  sim,
  consoleOf,
  phone,
}) => {
  const account = await createChannel(demo, admin, sim, "plain", "Asked");
  await admin.patch<Channel>(`/channels/${account.channelId}`, { survey_enabled: true });
  const openid = await sim.addFollower(account.appId, "Judge");
  await sim.write(account.appId, openid, "judge me");
  const conversation = await admin.conversationWith("judge me");
  const { page } = await consoleOf("admin");
  await page.goto(`/settings/channels/wechat/${account.channelId}/surveys`);
  await expect(page.getByText("No survey in the last 30 days")).toBeVisible();

  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await emma.reply("Here you are.");
  await expect(emma.lastState()).toContainText("Sent");
  await phone.open(account.appId, openid);
  await emma.page.getByTestId("end").click();
  await emma.page.getByTestId("end-confirm").click();
  await phone
    .bubble("in", "How satisfied were you with our help?")
    .getByRole("button", { name: "4 Satisfied" })
    .click();
  await expect(phone.bubble("in", "Thank you.")).toBeVisible();
  await phone.write("Fast and friendly");
  await expect(emma.page.getByTestId("survey-result")).toContainText("Fast and friendly");

  await page.getByTestId("days-7").click();
  await expect(page.getByTestId("figure-asked")).toContainText("1");
  await expect(page.getByTestId("figure-rate")).toContainText("100%");
  await expect(page.getByTestId("comments")).toContainText("Fast and friendly");
  await page.getByTestId("comments").getByRole("link").click();
  await expect(page.getByTestId("survey-result")).toContainText("Fast and friendly");

  await admin.patch<Channel>(`/channels/${account.channelId}`, { region: "other" });
  await page.goto(`/settings/surveys?channel=${account.channelId}`);
  await expect(page.getByTestId("impossible")).toContainText("outside Mainland China");
  await expect(page.getByTestId("figure-answered")).toContainText("1");
});

test("the notice of a disabled channel is written in the dialog and shown on the phone", async ({
  demo,
  admin,
  sim,
  consoleOf,
  phone,
}) => {
  const account = await createChannel(demo, admin, sim, "safe", "Closing");
  const openid = await sim.addFollower(account.appId, "Late");
  const { page } = await consoleOf("admin");
  await page.goto("/settings/channels/wechat");
  const row = page.getByTestId("channel-row").filter({ hasText: "Closing" });
  await row.locator("label").first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByTestId("off-notice-preview")).toContainText("dropped without an answer");
  await dialog.getByTestId("field-off_notice").fill("字".repeat(683));
  await expect(dialog.getByTestId("confirm")).toBeDisabled();
  await dialog.getByTestId("field-off_notice").fill("We are closed until Monday.");
  await expect(dialog.getByTestId("off-notice-preview")).toContainText("closed until Monday");
  await dialog.getByTestId("confirm").click();
  await expect(row.getByRole("switch")).not.toBeChecked();

  await phone.open(account.appId, openid);
  await phone.write("Are you there?");
  await expect(phone.bubble("in", "We are closed until Monday.")).toBeVisible();
  await page.goto(`/settings/channels/wechat/${account.channelId}/edit`);
  await expect(page.getByTestId("field-off_notice")).toHaveValue("We are closed until Monday.");
});

test("another browser shows the organisation's new name and a department's by itself", async ({
  admin,
  consoleOf,
}) => {
  const { page } = await consoleOf("admin");
  await page.goto("/settings/departments");
  const rows = page.getByTestId("department-row");
  await expect(rows.first()).toBeVisible();
  const before = await admin.get<{ organisation: string }>("/installation");
  await admin.patch("/installation", { organisation: "Renamed Tea" });
  await expect(page.getByTestId("organisation")).toHaveText("Renamed Tea");
  const made = await admin.post<{ id: string }>("/departments", { name: "Short-lived" });
  await expect(rows.filter({ hasText: "Short-lived" })).toBeVisible();
  await admin.patch(`/departments/${made.id}`, { name: "Renamed while open" });
  await expect(rows.filter({ hasText: "Renamed while open" })).toBeVisible();
  await admin.delete(`/departments/${made.id}`);
  await expect(rows.filter({ hasText: "Renamed while open" })).toHaveCount(0);
  await admin.patch("/installation", { organisation: before.organisation || "Kefu" });
});
