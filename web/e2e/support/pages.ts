/** What a test does on the console and on the phone page, in the words of their users. */
import { expect, type Locator, type Page } from "@playwright/test";

export class Console {
  readonly composer: Locator;
  readonly thread: Locator;
  readonly gate: Locator;

  constructor(readonly page: Page) {
    this.composer = page.getByTestId("composer-text");
    this.thread = page.getByTestId("thread");
    this.gate = page.getByTestId("reply-gate");
  }

  row(text: string): Locator {
    return this.page.getByTestId("conversation-row").filter({ hasText: text });
  }

  bubble(text: string): Locator {
    return this.thread.getByTestId("bubble").filter({ hasText: text });
  }

  /** The state under the newest reply. */
  lastState(): Locator {
    return this.thread.getByTestId("message-state").last();
  }

  async open(conversationId: string, view = "all"): Promise<void> {
    await this.page.goto(`/inbox/${conversationId}?view=${view}`);
    await expect(this.thread).toBeVisible();
  }

  async pickUp(): Promise<void> {
    await this.page.getByTestId("pick-up").click();
    await expect(this.composer).toBeVisible();
  }

  async reply(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
    // A refusal may close the composer at once: gone is as good as empty.
    await expect(async () => {
      const left = await this.composer.inputValue({ timeout: 200 }).catch(() => "");
      expect(left).toBe("");
    }).toPass();
  }

  async attach(file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    await this.page.getByTestId("file-input").setInputFiles(file);
    await expect(this.page.getByTestId("attachment")).toBeVisible();
  }
}

export class Phone {
  readonly composer: Locator;

  constructor(
    readonly page: Page,
    private readonly url: string,
  ) {
    this.composer = page.getByTestId("phone-composer");
  }

  async open(appId: string, openid: string): Promise<void> {
    await this.page.goto(`${this.url}?account=${appId}&follower=${openid}`);
    await expect(this.composer).toBeVisible();
  }

  /** Opens the page and adds a follower there, as somebody who tries Kefu does. */
  async addFollower(appId: string, name: string): Promise<void> {
    await this.page.goto(`${this.url}?account=${appId}`);
    await this.page.getByTestId("phone-add-follower").click();
    await this.page.getByTestId("phone-sheet-name").fill(name);
    await this.page.getByTestId("phone-sheet-submit").click();
    await expect(this.composer).toBeVisible();
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
    await expect(this.bubble("out", text)).toBeVisible();
  }

  bubble(direction: "in" | "out", text: string): Locator {
    return this.bubbles(direction).filter({ hasText: text });
  }

  bubbles(direction: "in" | "out", type?: string): Locator {
    const kind = type ? `[data-type="${type}"]` : "";
    return this.page.locator(`[data-testid="phone-bubble"][data-direction="${direction}"]${kind}`);
  }

  part(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  /** Opens the panel where it is a drawer. */
  async openPanel(): Promise<void> {
    await this.part("phone-menu").first().click();
    await expect(this.part("phone-tab-controls")).toBeVisible();
  }

  async closePanel(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await expect(this.part("phone-tab-controls")).toBeHidden();
  }

  /** Presses what the plus panel offers. */
  async plus(offer: string): Promise<void> {
    await this.part("phone-plus").click();
    await this.part(`phone-plus-${offer}`).click();
  }

  /** Fills the open sheet and sends it. */
  async answerSheet(values: Record<string, string> = {}): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      await this.part(`phone-sheet-${name}`).fill(value);
    }
    await this.part("phone-sheet-submit").click();
  }

  /** Holds the bar until the recording has this many seconds; `slideUp` gives it up. */
  async talk(seconds: number, slideUp = false): Promise<void> {
    await this.part("phone-voice-toggle").click();
    const bar = await this.part("phone-talk").boundingBox();
    if (!bar) throw new Error("there is no bar to hold");
    await this.page.mouse.move(bar.x + bar.width / 2, bar.y + bar.height / 2);
    await this.page.mouse.down();
    await expect(this.part("phone-recording")).toContainText(`${seconds}″`);
    if (slideUp) await this.page.mouse.move(bar.x + bar.width / 2, bar.y - 200, { steps: 4 });
    await this.page.mouse.up();
  }

  async sendPicture(file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    await this.page.getByTestId("phone-picture-input").setInputFiles(file);
  }
}

/** The picture has arrived and the browser could read it. */
export async function expectLoaded(image: Locator, width: number): Promise<void> {
  await expect(image).toBeVisible();
  await expect
    .poll(() => image.evaluate((node) => (node as HTMLImageElement).naturalWidth))
    .toBe(width);
}
