/** A ticket is closed, the customer is asked on the phone, and the answer appears on the ticket by itself. */
import type { Channel, Ticket } from "../src/api/types";
import { expect, test } from "./support/test";

test.beforeAll(async ({ demo, admin }) => {
  await admin.patch<Channel>(`/channels/${demo.facts.channel_id}`, { survey_enabled: true });
});

test.afterAll(async ({ demo, admin }) => {
  await admin.patch<Channel>(`/channels/${demo.facts.channel_id}`, { survey_enabled: false });
});

test("a survey answered on the phone appears on the ticket with its comment", async ({
  admin,
  consoleOf,
  customer,
  phone,
}) => {
  const { appId, openid, conversation } = await customer("My parcel is open");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await emma.reply("We send another one.");
  await expect(emma.lastState()).toContainText("Sent");
  await phone.open(appId, openid);

  await emma.page.getByTestId("end").click();
  await emma.page.getByTestId("end-confirm").click();
  const result = emma.page.getByTestId("survey-result");
  await expect(result).toContainText("not answered yet");
  const question = phone.bubble("in", "How satisfied were you with our help?");
  await question.getByRole("button", { name: "4 Satisfied" }).click();

  await expect(result).toHaveAttribute("data-state", "answered");
  await expect(result).toContainText("4/5");
  await expect(result).toContainText("Satisfied");
  await expect(phone.bubble("in", "Thank you.")).toBeVisible();
  const marks = emma.thread.getByTestId("automation-mark");
  await expect(marks).toHaveText([
    "Satisfaction survey",
    "Answer to the survey · Satisfied",
    "Thanks for the survey answer",
  ]);
  // Nothing is claimed of what went out in a response.
  await expect(emma.thread.getByTestId("message-state")).toHaveCount(2);

  await phone.write("Quick, thank you");
  await expect(result).toContainText("Quick, thank you");
  const ended = await admin.get<{ state: string; unread_count: number }>(
    `/conversations/${conversation.id}`,
  );
  expect(ended.state).toBe("ended");

  const ticketId = conversation.ticket?.id ?? "";
  await emma.page.goto(`/tickets/${ticketId}`);
  await expect(emma.page.getByTestId("survey-result")).toContainText("Quick, thank you");
  const { survey } = await admin.get<Ticket>(`/tickets/${ticketId}`);
  expect(survey?.score).toBe(4);
});

test("an administrator chooses the answers and the question", async ({ demo, consoleOf }) => {
  const { page } = await consoleOf("admin");
  await page.goto(`/settings/channels/wechat/${demo.facts.channel_id}/edit`);
  const ask = page.getByTestId("field-survey_enabled");
  await expect(ask).toBeChecked();
  await page.getByTestId("field-survey_scale").selectOption("good_ok_bad");
  await page.getByTestId("field-survey_question").fill("Was that good?");
  await page.getByTestId("save-channel").click();
  await expect(page).toHaveURL(new RegExp(`${demo.facts.channel_id}$`));
  await page.goto(`/settings/channels/wechat/${demo.facts.channel_id}/edit`);
  await expect(page.getByTestId("field-survey_question")).toHaveValue("Was that good?");
  await page.getByTestId("field-survey_question").fill("");
  await page.getByTestId("field-survey_scale").selectOption("one_to_five");
  await page.getByTestId("save-channel").click();
  await expect(page).toHaveURL(new RegExp(`${demo.facts.channel_id}$`));
});
