/** The main job: a customer writes, it becomes a ticket, an agent answers, the customer reads it. */
import { type Account, createChannel } from "./support/channel";
import { expectLoaded } from "./support/pages";
import { pictureFile } from "./support/picture";
import { expect, test } from "./support/test";

const modes = ["safe", "plain", "compatible"] as const;

for (const mode of modes) {
  test(`a message from the phone becomes a ticket and its answer reaches the phone, channel in mode ${mode}`, async ({
    demo,
    admin,
    sim,
    consoleOf,
    phone,
  }) => {
    const account: Account =
      mode === "safe"
        ? { appId: demo.facts.wechat.app_id, channelId: demo.facts.channel_id }
        : await createChannel(demo, admin, sim, mode);
    const emma = await consoleOf("emma");
    await emma.page.goto("/inbox?view=unassigned");
    await emma.page.getByTestId("conversation-row").first().waitFor();
    await emma.page.evaluate(() => Object.assign(window, { neverReloaded: true }));

    const question = `Where is my parcel? (${mode})`;
    await phone.addFollower(account.appId, `Traveller ${mode}`);
    await phone.write(question);

    await emma.row(question).click();
    await expect(emma.bubble(question)).toBeVisible();
    const ticket = emma.page.getByTestId("ticket-link");
    await expect(ticket).toHaveText(/^#\d+$/);

    await emma.pickUp();
    await emma.reply(`It leaves today. (${mode})`);
    await expect(phone.bubble("in", `It leaves today. (${mode})`)).toBeVisible();
    await expect(emma.lastState()).toContainText("Sent");

    await phone.sendPicture(pictureFile("receipt.png", 160, 90, [230, 140, 40]));
    await expectLoaded(emma.thread.getByTestId("picture").locator("img").first(), 160);

    await emma.attach(pictureFile("label.png", 120, 200, [40, 120, 220]));
    await emma.page.getByTestId("send").click();
    await expectLoaded(phone.bubbles("in", "image").locator("img"), 120);
    await expectLoaded(emma.thread.getByTestId("picture").locator("img").last(), 120);

    expect(await emma.page.evaluate(() => "neverReloaded" in window)).toBe(true);
    const number = (await ticket.textContent()) ?? "";
    await emma.page.getByTestId("nav-tickets").click();
    await expect(
      emma.page
        .getByTestId("ticket-row")
        .filter({ hasText: number.slice(1) })
        .first(),
    ).toContainText(question);
  });
}

test("the agent signs in with email and password and is told when they are wrong", async ({
  page,
  demo,
}) => {
  const login = demo.facts.logins.find((one) => one.role === "admin");
  await page.goto(demo.facts.console_url);
  await page.getByLabel("Email").fill(login?.email ?? "");
  const password = page.getByRole("textbox", { name: "Password" });
  await password.fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toHaveText("Email or password is wrong.");
  await password.fill(login?.password ?? "");
  await password.press("Enter");
  await expect(page).toHaveURL(/\/inbox\?view=mine$/);
  await page.reload();
  await expect(page.getByTestId("view-mine")).toBeVisible();
});
