/** After the window: a video goes for its price and plays on the phone; a card says beforehand that it cannot. */
import { expect, test } from "./support/test";

const HOUR = 3_600;

function mp4(): Buffer {
  const box = (kind: string, body: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(8 + body.length);
    return Buffer.concat([length, Buffer.from(kind + body, "latin1")]);
  };
  return Buffer.concat([box("ftyp", "isom\x00\x00\x02\x00isommp42"), box("mdat", "")]);
}

test("after the window the composer offers a video for its price, and says why not a card", async ({
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  test.setTimeout(120_000);
  const { appId, openid, conversation } = await customer("show me how it opens");
  const emma = await consoleOf("emma");
  const { page } = emma;
  await emma.open(conversation.id);
  await emma.pickUp();
  await phone.open(appId, openid);

  // A card is being written while the window runs out: nothing typed is lost, and the dialog says what changed.
  await page.getByTestId("insert").click();
  await page.getByTestId("insert-link").click();
  await page.getByTestId("card-title").fill("How to open it");
  await expect(page.getByTestId("card-cost")).toContainText("Uses 1 of 5 left");
  await sim.advance(48 * HOUR);
  await expect(page.getByTestId("card-cost")).toContainText("but no cards", { timeout: 30_000 });
  await expect(page.getByTestId("card-send")).toBeDisabled();
  await expect(page.getByTestId("card-title")).toHaveValue("How to open it");
  await page.keyboard.press("Escape");
  await page.getByTestId("insert").click();
  await expect(page.getByTestId("insert-link")).toContainText("but no cards");
  await expect(page.getByTestId("insert-miniprogram")).toContainText("but no cards");
  await page.keyboard.press("Escape");

  await emma.attach({ name: "opening.mp4", mimeType: "video/mp4", buffer: mp4() });
  await expect(page.getByTestId("cost-of")).toHaveText("Uses 1 of at most 4 left");
  await page.getByTestId("send").click();
  await expect(emma.lastState()).toContainText("Sent");
  await expect(page.getByTestId("allowance")).toContainText("at most 3 more until");
  await expect(phone.page.locator('[data-type="video"]')).toContainText("A video for you");
});
