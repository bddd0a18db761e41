/** `kefu serve` on an empty database, with an administrator and a simulator that knows no account yet. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort } from "./demo";
import { printedLink } from "./empty";
import { Sim } from "./sim";

const web = resolve(import.meta.dirname, "../..");
const binary = process.env.KEFU_BIN ?? resolve(web, "../target/debug/kefu");
const PATIENCE_MS = 30_000;

export const administrator = {
  email: "admin@example.co.jp",
  name: "管理 花子",
  password: "correct horse battery",
} as const;

export class EmptyDesk {
  private constructor(
    private readonly dataDir: string,
    private readonly children: ChildProcess[],
    readonly url: string,
    readonly sim: Sim,
    /** The one-time link, where nobody administers the desk yet. */
    readonly link: string,
  ) {}

  static start = () => EmptyDesk.begin(true);
  static startWithoutAdministrator = () => EmptyDesk.begin(false);

  private static async begin(administered: boolean): Promise<EmptyDesk> {
    const dataDir = mkdtempSync(join(tmpdir(), "kefu-empty-"));
    const url = `http://127.0.0.1:${await freePort()}`;
    const simUrl = `http://127.0.0.1:${await freePort()}`;
    const settings = {
      KEFU_DATA_DIR: join(dataDir, "desk"),
      KEFU_HTTP__LISTEN: new URL(url).host,
      KEFU_HTTP__PUBLIC_URL: url,
      KEFU_WECHAT__API_BASE_URL: simUrl,
    };
    if (administered) createAdministrator(settings);
    const sim = start(["sim", "--listen", new URL(simUrl).host], {});
    const serve = start(["serve"], settings, administered ? "log" : "pipe");
    const link = administered ? "" : await printedLink(serve);
    const desk = new EmptyDesk(dataDir, [sim, serve], url, new Sim(simUrl), link);
    await Promise.all([answers(`${simUrl}/sim/v1/clock`), answers(`${url}/readyz`)]).catch(
      async (error) => {
        await desk.remove();
        throw error;
      },
    );
    return desk;
  }

  async remove(): Promise<void> {
    for (const child of this.children) {
      if (child.exitCode !== null) continue;
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

function createAdministrator(settings: Record<string, string>): void {
  const { email, name, password } = administrator;
  const made = spawnSync(binary, ["admin", "create", "--email", email, "--name", name], {
    env: { ...process.env, ...settings },
    input: `${password}\n`,
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(`kefu admin create: ${made.stderr}`);
}

/** What the programs say is kept, for when a test fails. */
function start(
  args: string[],
  settings: Record<string, string>,
  errors: "log" | "pipe" = "log",
): ChildProcess {
  const results = resolve(web, "e2e/results");
  mkdirSync(results, { recursive: true });
  const log = openSync(join(results, "kefu.log"), "a");
  return spawn(binary, args, {
    env: { ...process.env, ...settings },
    stdio: ["ignore", log, errors === "log" ? log : "pipe"],
  });
}

async function answers(address: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error(`${address} does not answer`);
    await new Promise((again) => setTimeout(again, 50));
  }
}
