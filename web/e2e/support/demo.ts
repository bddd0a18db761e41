/** A `kefu demo` of one's own: started as a child, on free ports, with data of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

export interface DemoFacts {
  console_url: string;
  phone_url: string;
  callback_url: string;
  logins: { email: string; password: string; role: string }[];
  wechat: { app_id: string; secret: string; original_id: string };
  channel_id: string;
}

const web = resolve(import.meta.dirname, "../..");
const binary = process.env.KEFU_BIN ?? resolve(web, "../target/debug/kefu");
const log = resolve(web, "e2e/results/kefu.log");

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (!address || typeof address === "string") throw new Error("the port has no number");
  return address.port;
}

export class Demo {
  private child: ChildProcess | null = null;
  private ready: DemoFacts | null = null;

  private constructor(
    private readonly dataDir: string,
    private readonly ports: { desk: number; sim: number },
  ) {}

  static async start(): Promise<Demo> {
    const dataDir = mkdtempSync(join(tmpdir(), "kefu-e2e-"));
    const demo = new Demo(dataDir, { desk: await freePort(), sim: await freePort() });
    await demo.start();
    return demo;
  }

  get facts(): DemoFacts {
    if (!this.ready) throw new Error("the demo is not running");
    return this.ready;
  }

  /** Starts it, again on the same ports with the same data after `halt`. */
  async start(): Promise<void> {
    const listen = ["--listen", `127.0.0.1:${this.ports.desk}`];
    const simListen = ["--sim-listen", `127.0.0.1:${this.ports.sim}`];
    const child = spawn(
      binary,
      ["demo", "--json", ...listen, ...simListen, "--data-dir", this.dataDir],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    this.child = child;
    keepLog(child);
    this.ready = JSON.parse(await firstLine(child)) as DemoFacts;
  }

  /** Stops the program as an operator would, and keeps its data. */
  async halt(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  }

  async remove(): Promise<void> {
    await this.halt();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** What the desk says on stderr, for when a test fails. */
function keepLog(child: ChildProcess): void {
  mkdirSync(resolve(log, ".."), { recursive: true });
  writeFileSync(log, "", { flag: "a" });
  child.stderr?.on("data", (text: Buffer) => appendFileSync(log, text));
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("the demo has no output");
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, "line").then(([line]) => String(line)),
    once(child, "exit").then(([code]) => `exit ${code}`),
    once(child, "error").then(([error]) => `error: ${String(error)}`),
  ]);
  if (!first.startsWith("{")) throw new Error(`${binary} did not get ready (${first}), see ${log}`);
  return first;
}
