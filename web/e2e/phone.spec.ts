/** The phone page whole: every kind of message in both directions, menus, codes, refusing, several phones at once. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { Phone } from "./support/pages";
import { pictureFile } from "./support/picture";
import { expect, test } from "./support/test";

test("a voice recorded on the phone is AMR and plays in the console and on the phone", async ({
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  const { appId, openid, conversation } = await customer("listen to this");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await phone.open(appId, openid);
  await phone.talk(2);
  const mine = phone.bubbles("out", "voice");
  await expect(mine).toContainText(/[23]″/);
  await expect(mine).toHaveAttribute("data-state", "delivered");
  const [sent] = (await sim.timeline(appId, openid)).filter((one) => one.type === "voice");
  const bytes = await sim.media(sent?.media_id ?? "");
  expect(bytes.subarray(0, 6).toString("latin1")).toBe("#!AMR\n");

  const heard = emma.thread.getByTestId("voice");
  await expect(heard).toBeVisible();
  await heard.getByRole("button", { name: "Play" }).click();
  await expect(heard).toHaveAttribute("data-state", "playing");
  await expect(heard).toContainText("0:02");
  await expect(heard).not.toHaveAttribute("data-state", "playing");
  await expect(heard).not.toHaveAttribute("data-state", "failed");

  const button = mine.getByRole("button");
  await button.click();
  await expect(button).toHaveClass(/voice-playing/);
  await expect(button).not.toHaveClass(/voice-playing/);
});

test("a recording that slides up or is let go at once is not sent", async ({
  sim,
  customer,
  phone,
}) => {
  const { appId, openid } = await customer("nothing to hear");
  await phone.open(appId, openid);
  await phone.talk(1, true);
  await expect(phone.part("phone-recording")).toBeHidden();
  await phone.part("phone-talk").click();
  await expect(phone.part("phone-toast")).toContainText("too short");
  await expect(phone.part("phone-recording")).toBeHidden();
  const types = (await sim.timeline(appId, openid)).map((one) => one.type);
  expect(types).toEqual(["text"]);
});

test("from the keyboard a recording starts with one press and leaves with the next", async ({
  customer,
  phone,
}) => {
  const { appId, openid } = await customer("no mouse here");
  await phone.open(appId, openid);
  await phone.part("phone-voice-toggle").press("Enter");
  await phone.part("phone-talk").press("Enter");
  await expect(phone.part("phone-recording")).toContainText("1″");
  await phone.part("phone-talk").press("Enter");
  await expect(phone.bubbles("out", "voice")).toHaveAttribute("data-state", "delivered");
});

/** The least that is an MP4 file: its first box, and one for pictures that has none. */
function mp4(): Buffer {
  const box = (type: string, body: string) => {
    const bytes = Buffer.from(`0000${type}${body}`, "latin1");
    bytes.writeUInt32BE(bytes.length);
    return bytes;
  };
  return Buffer.concat([box("ftyp", "isom\x00\x00\x02\x00isommp42"), box("mdat", "")]);
}

test("what the sheets compose arrives in the console as its own kind", async ({
  admin,
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  const { appId, openid, conversation } = await customer("all kinds");
  await phone.open(appId, openid);
  await phone.plus("location");
  await phone.answerSheet({ label: "Lujiazui" });
  await phone.plus("link");
  await phone.answerSheet({ title: "Our manual", url: "https://example.com/manual" });
  await phone.plus("miniprogram");
  await phone.answerSheet({ title: "My order" });
  await phone.part("phone-file-input").setInputFiles({
    name: "invoice.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from("%PDF-1.4 a small invoice"),
  });
  await phone.part("phone-video-input").setInputFiles({
    name: "lid.mp4",
    mimeType: "video/mp4",
    buffer: mp4(),
  });
  await phone.part("phone-emoji").click();
  await phone.part("phone-sticker").first().click();
  await expect(phone.bubbles("out", "sticker")).toHaveAttribute("data-state", "delivered");

  const kinds = (await admin.messages(conversation.id)).map((one) => one.kind);
  const wanted = ["text", "location", "link", "miniprogram", "file", "video", "sticker"];
  expect(kinds.filter((kind) => kind !== "system")).toEqual(wanted);
  const pushed = (await sim.timeline(appId, openid)).map((one) => one.type);
  expect(pushed).toEqual([
    "text",
    "location",
    "link",
    "miniprogrampage",
    "file",
    "video",
    "sticker",
  ]);
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  for (const text of ["Lujiazui", "Our manual", "My order", "invoice.pdf"]) {
    await expect(emma.thread.getByText(text).first()).toBeVisible();
  }
});

test("what an account may send is drawn as WeChat draws it", async ({
  platform,
  customer,
  phone,
}) => {
  const { appId, openid } = await customer("send me everything");
  const thumb = await platform.uploadPicture(pictureFile("thumb.png", 120, 120, [90, 140, 90]));
  await phone.open(appId, openid);
  await platform.send(openid, "news", {
    articles: [
      {
        title: "Winter hours",
        description: "Open until 20:00",
        url: "https://example.com/hours",
        picurl: "",
      },
    ],
  });
  await platform.send(openid, "music", {
    title: "Waiting song",
    description: "For those on hold",
    musicurl: "https://example.com/song.mp3",
    hqmusicurl: "https://example.com/song.mp3",
    thumb_media_id: thumb,
  });
  await platform.send(openid, "miniprogrampage", {
    title: "Track a parcel",
    appid: "wx0000000000000002",
    pagepath: "pages/track",
    thumb_media_id: thumb,
  });
  await expect(phone.bubbles("in", "news").getByRole("link")).toHaveAttribute(
    "href",
    "https://example.com/hours",
  );
  await expect(phone.bubble("in", "Waiting song")).toBeVisible();
  await expect(phone.bubble("in", "Track a parcel").locator("img")).toBeVisible();
});

test("a tapped line of a menu message is a text that the console shows", async ({
  platform,
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  const { appId, openid, conversation } = await customer("ask me");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await phone.open(appId, openid);
  await platform.send(openid, "msgmenu", {
    head_content: "How was our service?",
    list: [
      { id: "101", content: "Very good" },
      { id: "102", content: "Could be better" },
    ],
    tail_content: "Thank you!",
  });
  await expect(phone.bubbles("in", "msgmenu")).toContainText("How was our service?");
  await phone.page.getByRole("button", { name: "Answer “Very good”" }).click();
  await expect(phone.bubble("out", "Very good")).toHaveAttribute("data-state", "delivered");
  const last = (await sim.timeline(appId, openid)).at(-1);
  expect(last).toMatchObject({ type: "text", text: "Very good" });
  await expect(emma.bubble("Very good")).toHaveCount(1);
});

test("the account's menu stands in the composer's place and its taps are pushed", async ({
  platform,
  sim,
  customer,
  phone,
}) => {
  const { appId, openid } = await customer("I see a menu");
  await platform.call("menu/create", {
    button: [
      { type: "click", name: "Hours", key: "HOURS" },
      {
        name: "Orders",
        sub_button: [
          { type: "view", name: "All orders", url: "https://example.com/orders" },
          { type: "scancode_push", name: "Scan a parcel", key: "PARCEL" },
        ],
      },
    ],
  });
  await phone.open(appId, openid);
  await phone.part("phone-account-menu").click();
  await expect(phone.composer).toBeHidden();
  await phone.part("phone-menu-button").filter({ hasText: "Hours" }).click();
  await phone.part("phone-menu-button").filter({ hasText: "Orders" }).click();
  const opened = phone.page.context().waitForEvent("page");
  await phone.part("phone-menu-item").filter({ hasText: "All orders" }).click();
  await (await opened).close();
  await phone.part("phone-menu-button").filter({ hasText: "Orders" }).click();
  await phone.part("phone-menu-item").filter({ hasText: "Scan a parcel" }).click();
  await phone.answerSheet({ scan_result: "parcel-1024" });
  const events = async () => (await sim.deliveries(appId, openid)).map((one) => one.event);
  await expect.poll(events).toEqual(["subscribe", null, "CLICK", "VIEW", "scancode_push"]);
  await phone.part("phone-menu-close").click();
  await expect(phone.composer).toBeVisible();
});

test("scanning a code with a scene follows by it, and later only reports the scan", async ({
  platform,
  sim,
  customer,
  phone,
}) => {
  const { appId, openid } = await customer("I will be back");
  await platform.call("qrcode/create", {
    action_name: "QR_LIMIT_STR_SCENE",
    action_info: { scene: { scene_str: "shop-window" } },
  });
  await phone.open(appId, openid);
  await phone.openPanel();
  await phone.part("phone-unfollow").click();
  await expect(phone.part("phone-follow-state")).toContainText("Does not follow");
  await phone.closePanel();
  await expect(phone.composer).toBeHidden();

  const scan = async () =>
    phone.part("phone-sheet-choice").filter({ hasText: "shop-window" }).click();
  await phone.part("phone-scan-here").click();
  await scan();
  await expect(phone.composer).toBeVisible();
  await phone.plus("scan");
  await scan();
  await expect(phone.part("phone-toast")).toContainText("shop-window");
  const events = async () => (await sim.deliveries(appId, openid)).map((one) => one.event);
  await expect.poll(events).toEqual(["subscribe", null, "unsubscribe", "subscribe", "SCAN"]);
});

test("who refuses an account's messages gets none, and the console says why", async ({
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  const { appId, openid, conversation } = await customer("please be quiet");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await phone.open(appId, openid);
  await phone.openPanel();
  await phone.part("phone-refuse").check();
  await expect(phone.part("phone-window")).toContainText("48002");
  await emma.reply("can you hear me?");
  await expect(emma.lastState()).toHaveAttribute("data-state", "failed");
  await expect(emma.lastState()).toContainText("48002");
  expect(await sim.received(appId, openid)).toEqual([]);

  await phone.part("phone-refuse").uncheck();
  await expect(phone.part("phone-window")).toContainText("Window open");
  await emma.reply("and now?");
  await expect(emma.lastState()).toContainText("Sent");
  expect(await sim.received(appId, openid)).toEqual(["and now?"]);
});

test("what WeChat did is told live: the window, the pushes, the calls with their answers", async ({
  sim,
  consoleOf,
  customer,
  phone,
}) => {
  const { appId, openid, conversation } = await customer("keep books");
  const emma = await consoleOf("emma");
  await emma.open(conversation.id);
  await emma.pickUp();
  await phone.page.setViewportSize({ width: 1280, height: 800 });
  await phone.open(appId, openid);
  await phone.part("phone-tab-books").click();
  await expect(phone.part("phone-ledger")).toContainText("5 left");
  await expect(phone.part("phone-push").first()).toContainText("“keep books”");
  await emma.reply("written down");
  await expect(phone.part("phone-call").first()).toHaveAttribute("data-errcode", "0");
  await expect(phone.part("phone-ledger")).toContainText("4 left");
  await sim.failSends(openid, { cut: "after" });
  await emma.reply("cut off");
  await expect(phone.part("phone-call").first()).toHaveAttribute("data-state", "no_answer");
  await expect(phone.part("phone-call").first()).toContainText("took effect, the answer was cut");
  await sim.failSends(openid, { errcode: 45047 });
  await emma.reply("one too many");
  await expect(phone.part("phone-call").first()).toHaveAttribute("data-errcode", "45047");
  await phone.part("phone-call").first().locator("summary").click();
  await expect(phone.part("phone-call").first().locator("pre")).toContainText("one too many");
});

test("several phones stand side by side, each a person of its own, and the address keeps them", async ({
  admin,
  sim,
  customer,
  demo,
  phone,
}) => {
  const { appId, openid } = await customer("first phone");
  const second = await sim.addFollower(appId, "Second phone");
  const { page } = phone;
  await page.setViewportSize({ width: 1440, height: 900 });
  await phone.open(appId, openid);
  await phone.part("phone-add-phone").click();
  await phone.part("phone-sheet-choice").filter({ hasText: second }).click();
  const phones = phone.part("phone");
  await expect(phones).toHaveCount(2);
  expect(new URL(page.url()).searchParams.getAll("follower")).toEqual([openid, second]);

  const write = async (index: number, text: string) => {
    const box = phones.nth(index).getByTestId("phone-composer");
    await box.fill(text);
    await box.press("Enter");
    await expect(phones.nth(index).getByText(text)).toBeVisible();
  };
  await write(0, "from the left");
  await write(1, "from the right");
  await expect(phones.nth(0).getByText("from the right")).toHaveCount(0);
  await expect
    .poll(() => sim.timeline(appId, second))
    .toMatchObject([{ text: "from the right", state: "delivered" }]);
  const left = await admin.conversationWith("from the left");
  const right = await admin.conversationWith("from the right");
  expect(left.id).not.toBe(right.id);

  await page.reload();
  await expect(phones.nth(1).getByText("from the right")).toBeVisible();
  // The panel is about the phone that was touched last.
  await phones.nth(1).getByTestId("phone-menu").click();
  await expect(page.locator("#panel-openid")).toHaveText(second);
  await phone.closePanel();

  await page.setViewportSize({ width: 390, height: 844 });
  await expect(phones.nth(0)).toBeHidden();
  await expect(phones.nth(1)).toBeVisible();
  await page.setViewportSize({ width: 1440, height: 900 });
  await phones.nth(0).getByTestId("phone-close").click();
  await expect(phones).toHaveCount(1);
  expect(page.url()).toBe(`${demo.facts.phone_url}?account=${appId}&follower=${second}`);
});

type Texts = Record<string, string>;
const codes = ["en", "ja", "zh-CN"] as const;

async function textsOf(code: string): Promise<Texts> {
  const file = `../../crates/wechat-sim/phone/js/i18n/${code}.mjs`;
  return ((await import(file)) as { default: Texts }).default;
}

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test("the phone page has the same texts with the same values in every language", async () => {
  const english = await textsOf("en");
  for (const code of codes) {
    const texts = await textsOf(code);
    expect(Object.keys(texts).sort(), code).toEqual(Object.keys(english).sort());
    for (const [key, text] of Object.entries(texts)) {
      expect(text.trim(), `${code} ${key}`).not.toBe("");
      expect(placeholders(text), `${code} ${key}`).toEqual(placeholders(english[key] ?? ""));
    }
  }
});

/** What stands on the page in place of a text: keys, and values that were not filled in. */
async function rawTexts(page: Page, keys: Set<string>): Promise<string[]> {
  const seen = await page.evaluate(() => {
    const named = ["aria-label", "title"].flatMap((name) =>
      [...document.querySelectorAll(`[${name}]`)].map((node) => node.getAttribute(name) ?? ""),
    );
    const shown = [...document.querySelectorAll("body *")].filter((one) => !one.children.length);
    return [document.title, ...named, ...shown.map((one) => one.textContent ?? "")];
  });
  return seen.filter((text) => keys.has(text) || /\{\w+\}/.test(text));
}

for (const code of codes) {
  test(`every part of the phone page speaks ${code}`, async ({ browser, demo, sim, watch }) => {
    const appId = demo.facts.wechat.app_id;
    const openid = await sim.addFollower(appId, "欧阳 由紀子 Wolfeschlegelstein");
    await sim.write(appId, openid, "hello");
    const context = await browser.newContext({
      locale: code,
      viewport: { width: 1440, height: 900 },
    });
    const page = await context.newPage();
    watch(page);
    const phone = new Phone(page, demo.facts.phone_url);
    await phone.open(appId, openid);
    const texts = await textsOf(code);
    const keys = new Set(Object.keys(texts));
    const complete = async (where: string) => expect(await rawTexts(page, keys), where).toEqual([]);
    await expect(page.locator("html")).toHaveAttribute("lang", code);
    await expect(phone.part("phone-tab-books")).toHaveText(texts["panel.books"] ?? "");
    await phone.part("phone-break-cut").click();
    await expect(phone.part("phone-broken")).toContainText(texts["break.cut_armed"] ?? "");
    await complete("controls");
    await phone.part("phone-mend").click();
    await phone.part("phone-tab-books").click();
    await expect(phone.part("phone-push").first()).toBeVisible();
    await complete("books");
    for (const sheet of ["location", "link", "miniprogram", "scan"]) {
      await phone.plus(sheet);
      await complete(sheet);
      await page.keyboard.press("Escape");
    }
    await phone.part("phone-emoji").click();
    await phone.part("phone-voice-toggle").click();
    await expect(phone.part("phone-talk")).toHaveText(texts["voice.hold"] ?? "");
    await complete("composer");
    await context.close();
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`the whole phone page has no serious barrier in ${colorScheme}`, async ({
    platform,
    sim,
    customer,
    phone,
  }) => {
    const { appId, openid } = await customer(`look closely ${colorScheme}`);
    const second = await sim.addFollower(appId, "Beside");
    await platform.send(openid, "msgmenu", {
      head_content: "Satisfied?",
      list: [{ id: "1", content: "Yes" }],
      tail_content: "",
    });
    const { page } = phone;
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 1700, height: 900 });
    await phone.open(appId, openid);
    const barriers = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations.map(
        (one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(" | ")}`,
      );
    };
    await phone.part("phone-break-cut").click();
    await expect(phone.part("phone-broken")).toBeVisible();
    await phone.plus("location");
    await phone.answerSheet();
    await phone.part("phone-emoji").click();
    expect(await barriers()).toEqual([]);
    await phone.part("phone-mend").click();
    await phone.part("phone-add-phone").click();
    await phone.part("phone-sheet-choice").filter({ hasText: second }).click();
    await phone.part("phone-tab-books").click();
    await phone.part("phone").nth(0).getByTestId("phone-plus").click();
    await expect(phone.part("phone-push").first()).toBeVisible();
    expect(await barriers()).toEqual([]);
  });
}

test("every control of a narrow phone page is large enough for a finger", async ({
  customer,
  phone,
}) => {
  const { appId, openid } = await customer("thick fingers");
  await phone.open(appId, openid);
  const small = () =>
    phone.page.evaluate(() =>
      [...document.querySelectorAll("button, a, summary, select, label.switch, label.check")]
        .map((node) => ({ node, box: node.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.height < 40 || box.width < 40))
        .map(({ node }) => node.outerHTML.slice(0, 90)),
    );
  await phone.part("phone-emoji").click();
  expect(await small()).toEqual([]);
  await phone.part("phone-plus").click();
  expect(await small()).toEqual([]);
  await phone.openPanel();
  expect(await small()).toEqual([]);
  await phone.part("phone-tab-books").click();
  await expect(phone.part("phone-push").first()).toBeVisible();
  expect(await small()).toEqual([]);
  const { scrollWidth, clientWidth } = await phone.page.evaluate(() => document.documentElement);
  expect(scrollWidth).toBe(clientWidth);
});

test("nothing moves by itself while the page loads and while messages arrive", async ({
  sim,
  customer,
  phone,
}) => {
  const { appId, openid } = await customer("stand still");
  const other = await sim.addFollower(appId, "Elsewhere");
  const { page } = phone;
  await page.addInitScript(() => {
    Object.assign(window, { moved: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) {
        Object.assign(window, { moved: Reflect.get(window, "moved") + entry.value });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  const moved = () => page.evaluate(() => Number(Reflect.get(window, "moved")));
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await phone.open(appId, openid);
    await expect(phone.bubble("out", "stand still")).toBeVisible();
    await sim.write(appId, openid, `one more at ${width}`);
    await sim.write(appId, other, `elsewhere at ${width}`);
    await expect(phone.bubble("out", `one more at ${width}`)).toBeVisible();
    expect(await moved(), `at ${width}`).toBeLessThan(0.01);
  }
});
