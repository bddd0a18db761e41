/** 各種設定: who answers which channel, and the ticket timer with its preview. In Japanese. */
import type { Locator } from "@playwright/test";
import type { Console } from "./support/pages";
import { expect, people, test } from "./support/test";

test.beforeAll(async ({ admin }) => {
  await admin.patch("/me", { language: "ja" });
});

test.afterAll(async ({ admin }) => {
  await admin.patch("/me", { language: "en" });
});

interface Row {
  id: string;
  name: string;
  email: string;
  department_ids: string[];
}

const agentRow = (console: Console, name: string) =>
  console.page.getByTestId("preferences-agent").filter({ hasText: name });

async function setAll(dialog: Locator, checked: boolean) {
  await expect(dialog.getByRole("checkbox").first()).toBeVisible();
  for (const box of await dialog.getByRole("checkbox").all()) await box.setChecked(checked);
}

test("an agent's channel is taken away after saying how many conversations go back, and given again", async ({
  admin,
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("who answers me?");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  const { items } = await admin.get<{ items: Row[] }>("/agents");
  const agent = items.find((one) => one.email === people.emma);
  if (!agent) throw new Error("Emma is not there");

  const boss = await consoleOf("admin");
  await boss.page.goto("/settings/channels/preferences");
  await expect(boss.page.getByRole("heading", { name: "各種設定" })).toBeVisible();
  await boss.page.getByTestId("preferences-department").selectOption(conversation.department_id);
  const row = agentRow(boss, agent.name);
  await row.getByRole("button", { name: "経路を関連付ける" }).click();
  const dialog = boss.page.getByRole("dialog");
  // Other tests may have given her other channels.
  await setAll(dialog, false);
  await expect(dialog.getByTestId("returning")).toContainText("未割り当てに戻ります");
  await dialog.getByRole("button", { name: "保存する" }).click();
  await expect(row).toContainText("関連付けられた経路はありません");
  expect(
    (await admin.get<{ assignee_id: null }>(`/conversations/${conversation.id}`)).assignee_id,
  ).toBe(null);
  // Emma's browser learns of it by itself.
  const hers = emma.page.getByTestId("conversation-row").filter({ hasText: "who answers me?" });
  await expect(hers).toHaveCount(0);

  await row.getByTestId("associate").click();
  await setAll(dialog, true);
  await dialog.getByTestId("associate-save").click();
  await expect(row).not.toContainText("関連付けられた経路はありません");
  await emma.open(conversation.id);
});

test("the timer is saved at once with a tick, survives a reload, and shows what it would have meant", async ({
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("how many tickets?");
  const boss = await consoleOf("admin");
  const { page } = boss;
  await page.goto(`/settings/channels/preferences?department=${conversation.department_id}`);
  await page.getByRole("tab", { name: "問い合わせ" }).click();
  const timer = page.getByTestId("preferences-timer");
  await expect(timer.locator("option").first()).toHaveText("なし");
  await expect(timer.locator("option").last()).toHaveText("常に");
  await timer.selectOption("60");
  await expect(page.getByTestId("timer-state")).toContainText("保存しました");
  await expect(page.getByTestId("ticket-preview")).toContainText(/問い合わせ\d+件（実際は\d+件）/);
  await page.reload();
  await expect(timer).toHaveValue("60");
  await timer.selectOption("always");
  await expect(
    page.getByText("次のメッセージですぐに新しい問い合わせが作成されます"),
  ).toBeVisible();
  await timer.selectOption("1440");
  await expect(page.getByTestId("timer-state")).toContainText("保存しました");
});

test("a timer that is not saved goes back, and says so", async ({ consoleOf, customer }) => {
  const { conversation } = await customer("two at once");
  const { page } = await consoleOf("admin");
  await page.goto(
    `/settings/channels/preferences?tab=tickets&department=${conversation.department_id}`,
  );
  const timer = page.getByTestId("preferences-timer");
  const before = await timer.inputValue();
  await page.route("**/preferences", (route) =>
    route.request().method() === "PUT"
      ? route.fulfill({
          status: 409,
          json: { error: { code: "changed_meanwhile", detail: "", request_id: "r-1" } },
        })
      : route.continue(),
  );
  await timer.selectOption("20");
  await expect(page.getByTestId("timer-state")).toContainText("他の人が先に変更しました");
  await expect(timer).toHaveValue(before);
});
