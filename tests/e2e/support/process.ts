// Starts real servers for tests: the built binary with the built app, on a free port and a data
// directory of its own.

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../../..");
const binary = process.env.SLIPWAY_SERVER ?? join(root, "target/server/slipway");
const app = process.env.SLIPWAY_APP ?? join(root, "target/dist");

export interface ServerOptions {
  /** A project file or a folder of them; the demo project without it. */
  project?: string;
  /** An existing data directory, which is left in place; a new one, removed at the end, without it. */
  dataDir?: string;
  /** `HOST:PORT`; a free port of the loopback address without it. */
  listen?: string;
  /** Further arguments of `slipway serve`. */
  args?: string[];
  /** Further environment variables. */
  env?: Record<string, string>;
}

/** A running `slipway serve`. */
export class Server {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** The one-time sign-in link, where one was printed. */
  readonly signInUrl: string;
  /** The admin token. */
  readonly token: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  readonly #ownsData: boolean;
  readonly #output: () => string;

  private constructor(
    process: ChildProcess,
    token: string,
    dataDir: string,
    ownsData: boolean,
    url: string,
    signInUrl: string,
    output: () => string,
  ) {
    this.process = process;
    this.token = token;
    this.dataDir = dataDir;
    this.url = url;
    this.signInUrl = signInUrl;
    this.#ownsData = ownsData;
    this.#output = output;
  }

  /** Everything the server has printed so far. */
  get output(): string {
    return this.#output();
  }

  static async start(options: ServerOptions = {}): Promise<Server> {
    for (const file of [binary, join(app, "index.html")]) {
      if (!existsSync(file)) throw new Error(`${file} is not built; \`cargo xtask test --only browser\` builds it.`);
    }
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "slipway-test-")));
    const token = `admin-${crypto.randomUUID()}`;
    const project = options.project ? ["--project", options.project] : ["--demo"];
    const args = ["serve", "--listen", options.listen ?? "127.0.0.1:0", "--data", dataDir, ...project];
    const child = spawn(binary, [...args, "--app", app, ...(options.args ?? [])], {
      env: { ...process.env, SLIPWAY_ADMIN_TOKEN: token, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });

    let output = "";
    const wantsLink = project[0] === "--demo";
    const { url, signInUrl } = await new Promise<{ url: string; signInUrl: string }>((ready, failed) => {
      const fail = (why: string) => {
        child.kill("SIGKILL");
        failed(new Error(`\`slipway ${args.join(" ")}\` ${why}. It printed:\n${output}`));
      };
      const tooLong = setTimeout(() => fail("did not say where it listens within 30 s"), 30_000);
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        const url = /^listening on (http:\/\/\S+?)\/?$/m.exec(output)?.[1];
        const signInUrl = /^sign in at (http:\/\/\S+#\S+)$/m.exec(output)?.[1];
        if (url && (signInUrl || !wantsLink)) {
          clearTimeout(tooLong);
          ready({ url, signInUrl: signInUrl ?? "" });
        }
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("error", (error) => fail(`could not be started: ${error.message}`));
      child.once("exit", (code, signal) => {
        clearTimeout(tooLong);
        fail(`ended before it listened (${signal ?? code})`);
      });
    });
    return new Server(child, token, dataDir, options.dataDir === undefined, url, signInUrl, () => output);
  }

  /** A request with the admin token, or with another one. */
  fetch(path: string, init: RequestInit & { token?: string } = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${init.token ?? this.token}`);
    if (typeof init.body === "string" && !headers.has("content-type")) {
      headers.set("content-type", "application/json");
    }
    return fetch(this.url + path, { ...init, headers });
  }

  /** A new token for somebody of this name, made as an administrator would. */
  newToken(name: string, role: string): string {
    const args = ["token", "create", "--name", name, "--role", role, "--data", this.dataDir];
    return execFileSync(binary, args, { encoding: "utf8", stdio: "pipe" }).trim().split(/\s+/).at(-1)!;
  }

  /** Ends the server, kindly at first, and removes the data directory if it was made here. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
    if (this.#ownsData) await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Ends the server as a crash would and keeps the data directory, for a start on the same data. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { process: child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    const tooLong = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(tooLong);
  }
}
