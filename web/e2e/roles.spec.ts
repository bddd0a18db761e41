/** Nobody is offered what their role does not allow. */
import { expect, test } from "./support/test";

test("a viewer reads a conversation and sees no composer", async ({ consoleOf, customer }) => {
  const { conversation } = await customer("only look");
  const viewer = await consoleOf("viewer");
  await viewer.open(conversation.id);
  await expect(viewer.bubble("only look")).toBeVisible();
  await expect(viewer.page.getByText("Your role does not allow replies.")).toBeVisible();
  await expect(viewer.composer).toHaveCount(0);
  await expect(viewer.page.getByTestId("pick-up")).toHaveCount(0);
  await expect(viewer.page.getByTestId("gate-pick-up")).toHaveCount(0);
});

test("only an administrator finds the way to the set-up", async ({ consoleOf }) => {
  const admin = await consoleOf("admin");
  await admin.page.goto("/inbox");
  await admin.page.getByTestId("settings").click();
  await expect(admin.page.getByRole("link", { name: "Channels" }).first()).toBeVisible();

  for (const who of ["emma", "viewer"] as const) {
    const agent = await consoleOf(who);
    await agent.page.goto("/inbox");
    await expect(agent.page.getByTestId("view-mine")).toBeVisible();
    await expect(agent.page.getByTestId("settings")).toHaveCount(0);
    await agent.page.goto("/settings/channels/wechat");
    await expect(agent.page.getByText("This page is for administrators")).toBeVisible();
  }
});
