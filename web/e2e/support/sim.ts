/** The simulator's control API. */

export interface TimelineItem {
  direction: "sent" | "received" | "system";
  type: string;
  text: string | null;
  media_id: string | null;
  state: "delivering" | "delivered" | "failed" | null;
}

export interface Delivery {
  event: string | null;
  acknowledged: boolean;
  attempts: { http_status: number | null; outcome: string }[];
}

export interface ApiCall {
  path: string;
  errcode: number | null;
  took_effect: boolean;
  body: unknown;
}

const SEND = "/cgi-bin/message/custom/send";

export class Sim {
  private readonly base: string;

  constructor(readonly phoneUrl: string) {
    this.base = new URL("sim/v1", phoneUrl).href;
  }

  async addFollower(appId: string, name: string): Promise<string> {
    const path = `/accounts/${appId}/followers`;
    return (await this.call<{ openid: string }>("POST", path, { name })).openid;
  }

  /** The follower writes; answers when the desk has taken it. */
  async write(appId: string, openid: string, content: string): Promise<void> {
    const path = `/accounts/${appId}/followers/${openid}/messages?wait=true`;
    const body = { type: "text", content };
    const { acknowledged } = await this.call<{ acknowledged: boolean }>("POST", path, body);
    if (!acknowledged) throw new Error(`the desk did not take: ${content}`);
  }

  /** The follower sends any message, in the simulator's words; answers when the desk has taken it. */
  async send(appId: string, openid: string, message: Record<string, unknown>): Promise<void> {
    const path = `/accounts/${appId}/followers/${openid}/messages?wait=true`;
    const { acknowledged } = await this.call<{ acknowledged: boolean }>("POST", path, message);
    if (!acknowledged) throw new Error(`the desk did not take: ${JSON.stringify(message)}`);
  }

  /** What the account's owner set up in WeChat's own console. */
  setConsole(appId: string, console: Record<string, unknown>): Promise<unknown> {
    return this.call("PUT", `/accounts/${appId}/console`, console);
  }

  changeAccount(appId: string, change: Record<string, unknown>): Promise<unknown> {
    return this.call("PATCH", `/accounts/${appId}`, change);
  }

  /** What this phone shows. */
  async timeline(appId: string, openid: string): Promise<TimelineItem[]> {
    const path = `/accounts/${appId}/followers/${openid}/timeline`;
    return (await this.call<{ items: TimelineItem[] }>("GET", path)).items;
  }

  /** What this phone did and how it was pushed, oldest first. */
  async deliveries(appId: string, openid: string): Promise<Delivery[]> {
    const path = `/accounts/${appId}/deliveries?openid=${openid}`;
    return (await this.call<{ items: Delivery[] }>("GET", path)).items;
  }

  async faults(): Promise<unknown[]> {
    return (await this.call<{ items: unknown[] }>("GET", "/faults")).items;
  }

  clearFaults(): Promise<unknown> {
    return this.call("DELETE", "/faults");
  }

  async media(mediaId: string): Promise<Buffer> {
    const answer = await fetch(`${this.base}/media/${mediaId}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** Texts that this phone received from the account. */
  async received(appId: string, openid: string): Promise<string[]> {
    const items = await this.timeline(appId, openid);
    return items.filter((one) => one.direction === "received").map((one) => one.text ?? one.type);
  }

  /** Calls of custom/send that were meant for this follower. */
  async sends(openid: string): Promise<ApiCall[]> {
    const { items } = await this.call<{ items: ApiCall[] }>("GET", `/calls?path=${SEND}`);
    return items.filter((one) => JSON.stringify(one.body).includes(openid));
  }

  /** The next `times` replies to this follower meet a fault. */
  failSends(openid: string, fault: Record<string, unknown>, times = 1): Promise<unknown> {
    return this.call("POST", "/faults", { on: "api", path: SEND, openid, times, ...fault });
  }

  advance(seconds: number): Promise<unknown> {
    return this.call("POST", "/clock", { advance_seconds: seconds });
  }

  createAccount(account: Record<string, unknown>): Promise<unknown> {
    return this.call("POST", "/accounts", account);
  }

  verifyUrl(appId: string): Promise<{ ok: boolean; error: string | null }> {
    return this.call("POST", `/accounts/${appId}/verify-url`, {});
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.base + path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}
