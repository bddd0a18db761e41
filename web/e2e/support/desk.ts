/** The desk's HTTP API, as one agent. */

import type { Agent, Conversation, Message, Page } from "../../src/api/types";

export type { Agent, Conversation };

export class Desk {
  private constructor(
    private readonly base: string,
    readonly cookie: string,
  ) {}

  static async signIn(consoleUrl: string, email: string, password: string): Promise<Desk> {
    const base = new URL("api/v1", consoleUrl).href;
    const answer = await fetch(`${base}/login`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-kefu-request": "1" },
      body: JSON.stringify({ email, password }),
    });
    const cookie = answer.headers.get("set-cookie")?.split(";")[0];
    if (!answer.ok || !cookie) throw new Error(`sign-in of ${email}: ${answer.status}`);
    return new Desk(base, cookie);
  }

  get = <T>(path: string) => this.call<T>("GET", path);
  post = <T>(path: string, body: unknown = {}) => this.call<T>("POST", path, body);
  put = <T>(path: string, body: unknown) => this.call<T>("PUT", path, body);
  patch = <T>(path: string, body: unknown) => this.call<T>("PATCH", path, body);
  delete = (path: string) => this.call<void>("DELETE", path);

  async conversationWith(text: string): Promise<Conversation> {
    const page = await this.get<Page<Conversation>>("/conversations?view=all&limit=200");
    const found = page.items.find((one) => one.last_message?.text === text);
    if (!found) throw new Error(`no conversation ends with ${text}`);
    return found;
  }

  async messages(conversationId: string): Promise<Message[]> {
    const path = `/conversations/${conversationId}/messages?limit=200`;
    return (await this.get<Page<Message>>(path)).items;
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.base + path, {
      method,
      headers: {
        cookie: this.cookie,
        "x-kefu-request": "1",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}
