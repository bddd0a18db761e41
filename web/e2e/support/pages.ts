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
