/** Files, voices and cards between a console and a phone, in a real browser. Recording: `recording.spec.ts`. */
import { writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { createChannel } from "./support/channel";
import { png } from "./support/picture";
import { expect, signIn, test } from "./support/test";

/** How loud the thread's sound is while it plays: the loudest of what comes out within two seconds. */
function loudness(page: Page): Promise<number> {
  return page.getByTestId("voice-audio").evaluate(async (node) => {
    const audio = node as HTMLAudioElement & { captureStream(): MediaStream };
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(audio.captureStream()).connect(analyser);
    const wave = new Float32Array(analyser.fftSize);
    let most = 0;
    for (const end = performance.now() + 2000; performance.now() < end && most < 0.02; ) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      analyser.getFloatTimeDomainData(wave);
      most = wave.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), most);
    }
    await context.close();
    return most;
  });
}

test("a voice of the customer is heard: its length is known, the position advances, it is not silence", async ({
  phone,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("listen to me");
  await phone.open(appId, openid);
  await phone.talk(4);
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  const voice = emma.thread.getByTestId("voice");
  await expect(voice.getByTestId("voice-time")).toHaveText(/^0:0[3-5]$/);
  await voice.getByTestId("voice-toggle").click();
  await expect(voice).toHaveAttribute("data-state", "playing");
  expect(await loudness(emma.page)).toBeGreaterThan(0.01);
  const position = voice.getByTestId("voice-position");
  await expect.poll(async () => Number(await position.inputValue())).toBeGreaterThan(500);

  await voice.getByTestId("voice-toggle").click();
  await expect(voice).toHaveAttribute("data-state", "paused");
  // Seeking with the keyboard, and another speed that is remembered.
  const before = Number(await position.inputValue());
  await position.focus();
  await emma.page.keyboard.press("Home");
  await expect.poll(async () => Number(await position.inputValue())).toBeLessThan(before);
  await voice.getByTestId("voice-speed").click();
  await expect(voice.getByTestId("voice-speed")).toHaveText("1.25×");
  await voice.getByTestId("voice-toggle").focus();
  await emma.page.keyboard.press("Space");
  await expect(voice).toHaveAttribute("data-state", "playing");
  const rate = await voice
    .getByTestId("voice-audio")
    .evaluate((node) => (node as HTMLAudioElement).playbackRate);
  expect(rate).toBe(1.25);
  await expect(voice).toHaveAttribute("data-state", "idle");
});

test("one recording plays at a time", async ({ phone, consoleOf, customer }) => {
  const { appId, openid, conversation } = await customer("twice");
  await phone.open(appId, openid);
  await phone.talk(4);
  await phone.part("phone-voice-toggle").click();
  await phone.talk(4);
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  const voices = emma.thread.getByTestId("voice");
  await expect(voices).toHaveCount(2);
  await voices.first().getByTestId("voice-toggle").click();
  await expect(voices.first()).toHaveAttribute("data-state", "playing");
  await voices.last().getByTestId("voice-toggle").click();
  await expect(voices.last()).toHaveAttribute("data-state", "playing");
  await expect(voices.first()).toHaveAttribute("data-state", "paused");
});

test("a picture over the limit is shrunk on consent and arrives", async ({
  phone,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("show me");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  const { page } = emma;
  // A picture of noise does not compress: 2200 × 2200 is over 10 MB as PNG.
  const noise = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = 2200;
    canvas.height = 2200;
    const context = canvas.getContext("2d");
    const pixels = context?.createImageData(2200, 2200);
    if (!context || !pixels) throw new Error("no canvas");
    for (let at = 0; at < pixels.data.length; at += 65_536) {
      crypto.getRandomValues(pixels.data.subarray(at, at + 65_536));
    }
    for (let at = 3; at < pixels.data.length; at += 4) pixels.data[at] = 255;
    context.putImageData(pixels, 0, 0);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    const reader = new FileReader();
    return new Promise<string>((resolve) => {
      reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
      if (blob) reader.readAsDataURL(blob);
    });
  });
  const buffer = Buffer.from(noise, "base64");
  expect(buffer.length).toBeGreaterThan(10 * 1_048_576);
  const file = test.info().outputPath("noise.png");
  writeFileSync(file, buffer);
  await page.getByTestId("file-input").setInputFiles(file);
  await expect(page.getByTestId("file-problem")).toContainText("up to 10 MB");
  await page.getByTestId("shrink").click();
  await expect(page.getByTestId("shrunk")).toContainText("2200 × 2200");
  await page.getByTestId("take-shrunk").click();
  await expect(page.getByTestId("attachment")).toContainText("noise.jpg");
  await page.getByTestId("send").click();
  await expect(emma.lastState()).toContainText("Sent");
  await phone.open(appId, openid);
  await expect(phone.bubbles("in", "image")).toBeVisible();
});

test("a picture that WeChat finds too large is shrunk and sent again on one click", async ({
  sim,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("too large for them");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await sim.failSends(openid, { errcode: 40009 });
  await emma.attach({ name: "a.png", mimeType: "image/png", buffer: png(400, 300, [20, 120, 90]) });
  await emma.page.getByTestId("send").click();
  await emma.page.getByTestId("shrink-again").click();
  await expect
    .poll(async () => (await sim.timeline(appId, openid)).filter((one) => one.type === "image"))
    .toHaveLength(1);
  await expect(emma.lastState()).toContainText("Sent");
});

test("another kind of file goes out as a link that opens without a login", async ({
  phone,
  sim,
  consoleOf,
  customer,
  request,
}) => {
  const { appId, openid, conversation } = await customer("your price list?");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  const { page } = emma;
  const pdf = {
    name: "prices.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from("%PDF-1.7 prices"),
  };
  await page.getByTestId("file-input").setInputFiles(pdf);
  await expect(page.getByTestId("file-problem")).toContainText("cannot be sent");
  await page.getByTestId("as-link").click();
  await expect(page.getByTestId("link-note")).toContainText("The link works until");
  await expect(page.getByTestId("link-note")).toContainText("cannot be reached from outside");
  await page.getByTestId("send").click();
  await expect(emma.lastState()).toContainText("Sent");
  const [text] = await sim.received(appId, openid);
  expect(text).toContain("prices.pdf");
  const url = /http\S+/.exec(text ?? "")?.[0] ?? "";
  await expect(emma.thread.getByTestId("linked-file")).toContainText("not opened yet");

  const answer = await request.get(url, { headers: { cookie: "" } });
  expect(answer.status()).toBe(200);
  expect((await answer.body()).toString()).toBe("%PDF-1.7 prices");
  expect(answer.headers()["content-disposition"]).toContain("attachment");
  await expect(emma.thread.getByTestId("linked-file")).toContainText("first opened");
  await phone.open(appId, openid);
  await expect(phone.bubble("in", "prices.pdf")).toBeVisible();
});

test("a link card is written with a preview and arrives on the phone", async ({
  phone,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("which size?");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  const { page } = emma;
  await page.getByTestId("insert").click();
  await page.getByTestId("insert-link").click();
  await page.getByTestId("card-url").fill("shop.example");
  await page.getByTestId("card-send").click();
  await expect(page.getByText("Not a web address")).toBeVisible();
  await page.getByTestId("card-url").fill("https://shop.example/sizes");
  await page.getByTestId("card-title").fill("How to measure");
  await expect(page.getByTestId("card-preview")).toContainText("How to measure");
  await expect(page.getByTestId("card-preview")).toContainText("shop.example");
  await page.getByTestId("card-send").click();
  await expect(emma.lastState()).toContainText("Sent");
  await phone.open(appId, openid);
  const card = phone.bubbles("in", "news");
  await expect(card).toContainText("How to measure");
  await expect(card.locator("img.card-cover")).toBeVisible();
});

test("a mini-program card arrives on the phone, and its app is remembered", async ({
  phone,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("my order?");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  const { page } = emma;
  const open = async () => {
    await page.getByTestId("insert").click();
    await page.getByTestId("insert-miniprogram").click();
  };
  await open();
  await page.getByTestId("card-app_id").fill("wx0123456789abcdef");
  await page.getByTestId("card-page_path").fill("pages/order?id=12");
  await page.getByTestId("card-title").fill("Order 12");
  await page.getByTestId("card-send").click();
  await expect(emma.lastState()).toContainText("Sent");
  await phone.open(appId, openid);
  await expect(phone.bubbles("in", "miniprogrampage")).toContainText("Order 12");
  await open();
  await expect(page.getByTestId("card-app_id")).toHaveValue("wx0123456789abcdef");
});

test("an account from outside mainland China says why it sends no voice and no video", async ({
  demo,
  sim,
  consoleOf,
}) => {
  const admin = await signIn(demo, "admin");
  const account = await createChannel(demo, admin, sim, "plain");
  await admin.patch(`/channels/${account.channelId}`, { region: "other" });
  const openid = await sim.addFollower(account.appId, "Abroad");
  await sim.write(account.appId, openid, "hello from abroad");
  const conversation = await admin.conversationWith("hello from abroad");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  const { page } = emma;
  await expect(page.getByTestId("kinds-refused")).toContainText("neither voice nor video");
  await expect(page.getByTestId("record-start")).toBeDisabled();
  await expect(page.getByTestId("film-start")).toBeDisabled();
  expect(await page.getByTestId("file-input").getAttribute("accept")).not.toContain("mp4");
  const video = { name: "a.mp4", mimeType: "video/mp4", buffer: Buffer.from("\0\0\0\x18ftypisom") };
  await page.getByTestId("file-input").setInputFiles(video);
  await expect(page.getByTestId("file-problem")).toContainText("neither voice nor video");
  const picture = { name: "a.png", mimeType: "image/png", buffer: png(40, 30, [20, 120, 90]) };
  await emma.attach(picture);
});
