/** `kefu serve` on an empty data directory, started as an operator would: what it prints leads to the first run. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort } from "./demo";

const binary = process.env.KEFU_BIN ?? resolve(import.meta.dirname, "../../../target/debug/kefu");

export class EmptyServe {
  private constructor(
    private readonly child: ChildProcess,
    private readonly dataDir: string,
    readonly url: string,
    /** The one-time link it printed. */
    readonly link: string,
  ) {}

  static async start(): Promise<EmptyServe> {
    const dataDir = mkdtempSync(join(tmpdir(), "kefu-empty-"));
    const listen = `127.0.0.1:${await freePort()}`;
    const url = `http://${listen}`;
    const child = spawn(binary, ["serve"], {
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        ...process.env,
        KEFU_DATA_DIR: dataDir,
        KEFU_HTTP__LISTEN: listen,
        KEFU_HTTP__PUBLIC_URL: url,
        KEFU_WECHAT__API_BASE_URL: "http://127.0.0.1:9",
      },
    });
    const link = await printedLink(child);
    return new EmptyServe(child, dataDir, url, link);
  }

  async remove(): Promise<void> {
    this.child.kill("SIGTERM");
    if (this.child.exitCode === null) await once(this.child, "exit");
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** The one-time link that it prints. */
export async function printedLink(child: ChildProcess): Promise<string> {
  let said = "";
  for await (const text of child.stderr ?? []) {
    said += String(text);
    const link = /https?:\/\/\S+\/welcome\?token=\S+/.exec(said)?.[0];
    if (link) {
      child.stderr?.resume();
      return link;
    }
  }
  throw new Error(`kefu serve printed no link: ${said}`);
}
