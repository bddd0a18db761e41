/** What every browser test begins with: a running demo, and browsers that are signed in to it. */
import { type BrowserContextOptions, test as base, expect, type Page } from "@playwright/test";
import { Demo } from "./demo";
import { type Conversation, Desk } from "./desk";
import { Console, Phone } from "./pages";
import { Platform } from "./platform";
import { Sim } from "./sim";

/** The people of the demo; each has another role. */
export const people = {
  admin: "admin@kefu.example",
  emma: "emma@kefu.example",
  wang: "wang@kefu.example",
  viewer: "guest@kefu.example",
} as const;
export type Person = keyof typeof people;

/** One customer with a conversation of their own. */
export interface Customer {
  appId: string;
  openid: string;
  conversation: Conversation;
}

interface Shared {
  demo: Demo;
  admin: Desk;
  sim: Sim;
  platform: Platform;
}

interface Own {
  /** A browser of its own, signed in. */
  consoleOf: (who: Person, options?: BrowserContextOptions) => Promise<Console>;
  phone: Phone;
  /** A new follower who has just written `text` to the demo's account. */
  customer: (text: string) => Promise<Customer>;
  watch: (page: Page) => void;
}

/** Troubles that no test may cause: they are defects wherever they happen. */
function troubleOf(page: Page, into: string[]): void {
  page.on("pageerror", (error) => into.push(`${page.url()}: ${error.message}`));
  page.on("console", (line) => {
    if (/Content.Security.Policy/i.test(line.text())) into.push(`${page.url()}: ${line.text()}`);
  });
}

export const test = base.extend<Own, Shared>({
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: this is how Playwright names "needs nothing"
    async ({}, use) => {
      const demo = await Demo.start();
      // Everybody reads the same language here; the tests of languages choose their own.
      for (const who of ["emma", "wang", "viewer", "admin"] as const) {
        await (await signIn(demo, who)).patch("/me", { language: "en" });
      }
      await use(demo);
      await demo.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  admin: [async ({ demo }, use) => use(await signIn(demo, "admin")), { scope: "worker" }],
  sim: [async ({ demo }, use) => use(new Sim(demo.facts.phone_url)), { scope: "worker" }],

  platform: [
    async ({ demo }, use) => use(new Platform(demo.facts.phone_url, demo.facts.wechat)),
    { scope: "worker" },
  ],

  // biome-ignore lint/correctness/noEmptyPattern: this is how Playwright names "needs nothing"
  watch: async ({}, use) => {
    const troubles: string[] = [];
    await use((page) => troubleOf(page, troubles));
    expect(troubles, "errors of the page").toEqual([]);
  },

  consoleOf: async ({ browser, demo, watch, locale, timezoneId, viewport }, use) => {
    const contexts: { close: () => Promise<void> }[] = [];
    await use(async (who, options = {}) => {
      const context = await browser.newContext({
        baseURL: demo.facts.console_url,
        locale,
        timezoneId,
        viewport,
        ...options,
      });
      contexts.push(context);
      await context.addCookies([await loginCookie(demo, who)]);
      const page = await context.newPage();
      watch(page);
      return new Console(page);
    });
    for (const context of contexts) await context.close();
  },

  phone: async ({ browser, demo, watch, locale, timezoneId }, use) => {
    const viewport = { width: 390, height: 844 };
    const context = await browser.newContext({ locale, timezoneId, viewport });
    const page = await context.newPage();
    watch(page);
    await use(new Phone(page, demo.facts.phone_url));
    await context.close();
  },

  customer: async ({ demo, admin, sim }, use) => {
    await use(async (text) => {
      const appId = demo.facts.wechat.app_id;
      const openid = await sim.addFollower(appId, "Customer");
      await sim.write(appId, openid, text);
      return { appId, openid, conversation: await admin.conversationWith(text) };
    });
  },
});

export { expect };

export function signIn(demo: Demo, who: Person): Promise<Desk> {
  const login = demo.facts.logins.find((one) => one.email === people[who]);
  if (!login) throw new Error(`the demo has no login for ${who}`);
  return Desk.signIn(demo.facts.console_url, login.email, login.password);
}

async function loginCookie(demo: Demo, who: Person) {
  const [name = "", value = ""] = (await signIn(demo, who)).cookie.split("=");
  return { name, value, url: demo.facts.console_url };
}
