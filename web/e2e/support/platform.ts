/** WeChat's own API, as a second program of the account's owner calls it. */
interface Answer {
  errcode?: number;
  errmsg?: string;
}

export class Platform {
  private token: string | null = null;

  constructor(
    private readonly base: string,
    private readonly account: { app_id: string; secret: string },
  ) {}

  /** A call that must succeed. */
  async call<T = unknown>(path: string, body: unknown): Promise<T> {
    const address = new URL(`cgi-bin/${path}`, this.base);
    address.searchParams.set("access_token", await this.accessToken());
    return this.answer<T>(
      path,
      await fetch(address, { method: "POST", body: JSON.stringify(body) }),
    );
  }

  /** Sends one message to one follower, past the desk. */
  send(touser: string, msgtype: string, content: unknown): Promise<unknown> {
    return this.call("message/custom/send", { touser, msgtype, [msgtype]: content });
  }

  async uploadPicture(picture: {
    name: string;
    mimeType: string;
    buffer: Buffer;
  }): Promise<string> {
    const address = new URL("cgi-bin/media/upload?type=image", this.base);
    address.searchParams.set("access_token", await this.accessToken());
    const form = new FormData();
    const bytes = new Uint8Array(picture.buffer);
    form.append("media", new Blob([bytes], { type: picture.mimeType }), picture.name);
    const answer = await fetch(address, { method: "POST", body: form });
    return (await this.answer<{ media_id: string }>("media/upload", answer)).media_id;
  }

  /** The stable token, which the desk uses too: neither takes it from the other. */
  private async accessToken(): Promise<string> {
    if (this.token) return this.token;
    const body = JSON.stringify({
      grant_type: "client_credential",
      appid: this.account.app_id,
      secret: this.account.secret,
    });
    const answer = await fetch(new URL("cgi-bin/stable_token", this.base), {
      method: "POST",
      body,
    });
    const { access_token } = await this.answer<{ access_token: string }>("stable_token", answer);
    this.token = access_token;
    return access_token;
  }

  private async answer<T>(path: string, response: Response): Promise<T> {
    const answer = (await response.json()) as Answer & T;
    if (answer.errcode) throw new Error(`${path}: ${answer.errcode} ${answer.errmsg}`);
    return answer;
  }
}
