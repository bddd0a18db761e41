/** Voices and videos recorded in the console, with the browser's pretended devices: a beep each second, a moving picture. */
import type { Page } from "@playwright/test";
import type { Console } from "./support/pages";
import type { Sim } from "./support/sim";
import { expect, test } from "./support/test";

const RECORDINGS = "**/attachments?purpose=recording";
const DEVICES = { permissions: ["microphone", "camera"] };

/** The file of this kind that lies on a phone. */
async function received(sim: Sim, appId: string, openid: string, type: "voice" | "video") {
  const items = (await sim.timeline(appId, openid)).filter((one) => one.type === type);
  expect(items).toHaveLength(1);
  return sim.media(items[0]?.media_id ?? "");
}

interface Sound {
  seconds: number;
  /** Loudest sample, and how many of the whole seconds have a sound in them. */
  peak: number;
  loudSeconds: number;
}

/** What a browser hears in a file. */
function heard(page: Page, file: Buffer): Promise<Sound> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const context = new AudioContext();
    const sound = await context.decodeAudioData(bytes.buffer);
    await context.close();
    const samples = sound.getChannelData(0);
    const peakOf = (part: Float32Array) =>
      part.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const rate = sound.sampleRate;
    const seconds = Array.from({ length: Math.floor(sound.duration) }, (_, at) =>
      peakOf(samples.subarray(at * rate, (at + 1) * rate)),
    );
    const loudSeconds = seconds.filter((peak) => peak > 0.01).length;
    return { seconds: sound.duration, peak: peakOf(samples), loudSeconds };
  }, file.toString("base64"));
}

async function recordVoice(emma: Console, time: RegExp): Promise<void> {
  await emma.page.getByTestId("record-start").click();
  await expect(emma.page.getByTestId("record-time")).toHaveText(time);
  await emma.page.getByTestId("record-stop").click();
  await expect(emma.page.getByTestId("record")).toHaveAttribute("data-step", "review");
}

test("a recorded voice arrives on the phone page as an MP3 of its length that is not silence", async ({
  phone,
  sim,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("tell me");
  const emma = await consoleOf("emma", DEVICES);
  await emma.open(conversation.id);
  await emma.pickUp();
  const { page } = emma;
  await page.getByTestId("record-start").click();
  await expect(page.getByTestId("record-time")).toHaveText(/0:0[3-9]/);
  await page.getByTestId("record-pause").click();
  const paused = await page.getByTestId("record-time").textContent();
  await expect(page.getByTestId("record")).toHaveAttribute("data-step", "paused");
  await page.getByTestId("record-pause").click();
  await expect(page.getByTestId("record-time")).not.toHaveText(paused ?? "");
  await page.getByTestId("record-stop").click();
  await expect(page.getByTestId("record")).toHaveAttribute("data-step", "review");
  const words = (await page.getByTestId("record").locator(".record-words").textContent()) ?? "";
  const length = Number(/0:0(\d)/.exec(words)?.[1]);
  await page.getByTestId("record-take").click();
  await expect(page.getByTestId("attachment")).toContainText("voice.mp3");
  await page.getByTestId("send").click();
  await expect(emma.lastState()).toContainText("Sent");

  const file = await received(sim, appId, openid, "voice");
  await phone.open(appId, openid);
  const sound = await heard(phone.page, file);
  expect(Math.abs(sound.seconds - length)).toBeLessThan(1.1);
  expect(sound.peak).toBeGreaterThan(0.05);
  expect(sound.loudSeconds).toBeGreaterThanOrEqual(2);
  // As an MPEG frame begins, of which the first describes the file.
  expect(file[0]).toBe(0xff);
  expect((file[1] ?? 0) & 0xe6).toBe(0xe2);

  const bubble = phone.bubbles("in", "voice");
  await expect(bubble).toContainText(`${Math.round(sound.seconds)}″`);
  await bubble.locator(".voice").click();
  await expect(bubble.locator(".voice-playing")).toBeVisible();
  await expect(bubble.locator(".voice-playing")).toHaveCount(0);
  // The console plays what left, too.
  const voice = emma.thread.getByTestId("voice");
  await voice.getByTestId("voice-toggle").click();
  await expect(voice).toHaveAttribute("data-state", "playing");
});

test("a voice that the desk did not get stays in the composer, through a reload too, until it has it", async ({
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("do not lose it");
  const emma = await consoleOf("emma", DEVICES);
  await emma.open(conversation.id);
  await emma.pickUp();
  const { page } = emma;
  await page.route(RECORDINGS, (route) => route.abort());
  await recordVoice(emma, /0:0[1-9]/);
  await page.getByTestId("record-take").click();
  await expect(page.getByTestId("file-problem")).toContainText("voice.wav");
  await expect(page.getByTestId("retry-upload")).toBeVisible();
  await page.reload();
  await expect(page.getByTestId("file-problem")).toContainText("voice.wav");
  await page.unroute(RECORDINGS);
  await page.getByTestId("retry-upload").click();
  await expect(page.getByTestId("attachment")).toContainText("voice.mp3");
  // Now the draft has it, once.
  await page.reload();
  await expect(page.getByTestId("attachment")).toHaveCount(1);
  await expect(page.getByTestId("file-problem")).toHaveCount(0);
});

test("what is being recorded when another conversation is opened is in the composer on return", async ({
  consoleOf,
  customer,
}) => {
  const other = await customer("somebody else");
  const { conversation } = await customer("one moment");
  const emma = await consoleOf("emma", DEVICES);
  await emma.open(conversation.id);
  await emma.pickUp();
  const { page } = emma;
  await page.getByTestId("record-start").click();
  await expect(page.getByTestId("record-time")).toHaveText(/0:0[2-9]/);
  await emma.row("somebody else").click();
  await expect(page).toHaveURL(new RegExp(other.conversation.id));
  await expect(emma.bubble("somebody else")).toBeVisible();
  await expect(page.getByTestId("attachment")).toHaveCount(0);
  await emma.row("one moment").click();
  await expect(page.getByTestId("attachment")).toContainText("voice.mp3");
  await expect(page.getByTestId("record")).toHaveCount(0);
});

test("a recording can be given up, and a blocked microphone says what to do", async ({
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("no voice please");
  const emma = await consoleOf("emma", DEVICES);
  await emma.open(conversation.id);
  await emma.pickUp();
  const { page } = emma;
  await page.getByTestId("record-start").click();
  await page.getByTestId("record-discard").click();
  await expect(page.getByTestId("record")).toHaveCount(0);
  await expect(page.getByTestId("attachment")).toHaveCount(0);
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException("no", "NotAllowedError"));
  });
  await page.getByTestId("record-start").click();
  await expect(page.getByTestId("record")).toContainText("Allow it in the browser's address bar");
});

test("a recorded video is watched before use and arrives on the phone with a still", async ({
  phone,
  sim,
  consoleOf,
  customer,
}) => {
  const { appId, openid, conversation } = await customer("show me how");
  const emma = await consoleOf("emma", DEVICES);
  await emma.open(conversation.id);
  await emma.pickUp();
  const { page } = emma;
  await page.getByTestId("film-start").click();
  await expect(page.getByTestId("film-preview")).toBeVisible();
  // This Chromium records no H.264: said before, and after.
  await expect(page.getByTestId("film-unsure")).toContainText("some phones may not play");
  await page.getByTestId("film-begin").click();
  await expect(page.getByTestId("film-so-far")).toContainText(/0:0[3-9] \/ 1:00/);
  // The size is known while it grows.
  await expect(page.getByTestId("film-so-far")).toContainText(/[1-9]\d* kB of 10 MB/);
  await page.getByTestId("film-stop").click();
  const result = page.getByTestId("film-result");
  await expect(result).toContainText(/0:0[3-9]/);
  const length = Number(/0:0(\d)/.exec((await result.textContent()) ?? "")?.[1]);
  await expect(page.getByTestId("film-unsure")).toBeVisible();
  const playback = page.getByTestId("film-playback");
  await expect
    .poll(() => playback.evaluate((node) => (node as HTMLVideoElement).videoWidth))
    .toBeGreaterThan(0);
  await page.getByTestId("film-take").click();
  await expect(page.getByTestId("film")).toHaveCount(0);
  await expect(page.getByTestId("attachment")).toContainText("video.mp4");
  const posted = page.waitForRequest(
    (one) => one.method() === "POST" && /messages$/.test(one.url()),
  );
  await page.getByTestId("send").click();
  const message = (await posted).postDataJSON() as { kind: string; thumb_attachment_id?: string };
  expect(message).toMatchObject({
    kind: "video",
    thumb_attachment_id: expect.stringMatching(/^md_/),
  });
  await expect(emma.lastState()).toContainText("Sent");

  const file = await received(sim, appId, openid, "video");
  expect(file.subarray(4, 8).toString("latin1")).toBe("ftyp");
  await phone.open(appId, openid);
  await expect(phone.bubbles("in", "video")).toBeVisible();
  const seen = await phone.page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const video = document.createElement("video");
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
    await video.play();
    await new Promise((resolve) => video.addEventListener("ended", resolve));
    const canvas = document.createElement("canvas");
    canvas.width = 32;
    canvas.height = 18;
    const context = canvas.getContext("2d");
    context?.drawImage(video, 0, 0, 32, 18);
    const colours = new Set(context?.getImageData(0, 0, 32, 18).data);
    return { seconds: video.currentTime, width: video.videoWidth, colours: colours.size };
  }, file.toString("base64"));
  expect(Math.abs(seen.seconds - length)).toBeLessThan(1.6);
  expect(seen.width).toBeGreaterThan(100);
  expect(seen.colours).toBeGreaterThan(3);
});

test("a video ends by itself at a minute, and closing the dialog asks first", async ({
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("a long story");
  const emma = await consoleOf("emma", DEVICES);
  const { page } = emma;
  await page.clock.install();
  await emma.open(conversation.id);
  await emma.pickUp();
  await page.getByTestId("film-start").click();
  await page.getByTestId("film-begin").click();
  await expect(page.getByTestId("film-so-far")).toContainText(/0:0[1-9]/);
  await page.clock.fastForward(60_000);
  await expect(page.getByTestId("film-result")).toContainText("1:00");
  await expect(page.getByTestId("film-result")).toContainText("stopped at 60 seconds");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("film")).toContainText("Discard this video?");
  await page.getByTestId("film-stay").click();
  await expect(page.getByTestId("film-take")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByTestId("film-leave").click();
  await expect(page.getByTestId("film")).toHaveCount(0);
  await expect(page.getByTestId("attachment")).toHaveCount(0);
});

test("what is filmed when the page goes elsewhere is in the composer on return", async ({
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("wait for it");
  const emma = await consoleOf("emma", DEVICES);
  await emma.page.goto("/inbox?view=all");
  await emma.row("wait for it").click();
  await emma.pickUp();
  const { page } = emma;
  await page.getByTestId("film-start").click();
  await page.getByTestId("film-begin").click();
  await expect(page.getByTestId("film-so-far")).toContainText(/0:0[2-9]/);
  await page.goBack();
  await expect(page.getByTestId("film")).toHaveCount(0);
  await emma.row("wait for it").click();
  await expect(page).toHaveURL(new RegExp(conversation.id));
  await expect(page.getByTestId("attachment")).toContainText("video.mp4");
});

test("without a camera, without leave, and without MP4 the recorder says what to do", async ({
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("camera shy");
  const emma = await consoleOf("emma", DEVICES);
  await emma.open(conversation.id);
  await emma.pickUp();
  const { page } = emma;
  const refuse = (name: string) =>
    page.evaluate((reason) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", reason));
    }, name);
  const problem = page.getByTestId("film-problem");
  await refuse("NotFoundError");
  await page.getByTestId("film-start").click();
  await expect(problem).toContainText("No camera was found");
  await refuse("NotAllowedError");
  await page.getByRole("button", { name: "Record again" }).click();
  await expect(problem).toContainText("Allow both");
  await page.evaluate(() => {
    MediaRecorder.isTypeSupported = () => false;
  });
  await page.getByRole("button", { name: "Record again" }).click();
  await expect(problem).toContainText("cannot record MP4");
  await expect(page.getByRole("button", { name: "Record again" })).toHaveCount(0);
});

test("another camera can be chosen, and is the first choice the next time", async ({
  consoleOf,
  customer,
}) => {
  const { conversation } = await customer("the other side please");
  const emma = await consoleOf("emma", DEVICES);
  await emma.open(conversation.id);
  await emma.pickUp();
  const { page } = emma;
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const camera = (deviceId: string) => ({ deviceId, kind: "videoinput", label: "", groupId: "" });
    mediaDevices.enumerateDevices = async () =>
      [camera("front"), camera("back")] as unknown as MediaDeviceInfo[];
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = (wanted) => {
      const asked = JSON.stringify(wanted?.video).includes('"back"') ? "back" : "any";
      document.body.dataset.asked = `${document.body.dataset.asked ?? ""} ${asked}`.trim();
      return open(wanted);
    };
  });
  await page.getByTestId("film-start").click();
  await expect(page.getByTestId("film-camera").locator("option")).toHaveText([
    "Camera 1",
    "Camera 2",
  ]);
  await page.getByTestId("film-camera").selectOption("back");
  await expect(page.locator("body")).toHaveAttribute("data-asked", "any back");
  await expect(page.getByTestId("film-begin")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("film")).toHaveCount(0);
  await page.getByTestId("film-start").click();
  await expect(page.locator("body")).toHaveAttribute("data-asked", "any back back");
});
