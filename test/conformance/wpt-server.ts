import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The checkout's own server, on loopback. */
export class WptServer implements AsyncDisposable {
  readonly origin: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(origin: string, child: ChildProcess, folder: string) {
    this.origin = origin;
    this.#child = child;
    this.#folder = folder;
  }

  /**
   * Starts `wpt serve` and waits until it answers.
   * @throws Error with what it printed, where it does not start
   */
  static async start(checkout: string): Promise<WptServer> {
    const folder = mkdtempSync(join(tmpdir(), "skerry-wpt-"));
    const [http, other, ws] = [await freePort(), await freePort(), await freePort()];
    const config = join(folder, "config.json");
    writeFileSync(
      config,
      JSON.stringify({
        browser_host: "localhost",
        alternate_hosts: { alt: "127.0.0.1" },
        server_host: "127.0.0.1",
        check_subdomains: false,
        ports: { http: [http, other], https: ["auto", "auto"], h2: ["auto"], ws: [ws], wss: ["auto"] },
        logging: { level: "error" },
      }),
    );
    const child = spawn("python3", ["wpt", "serve", "--config", config], {
      cwd: checkout,
      // A group of its own: each port is served by a process.
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    let over = false;
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_000)));
    child.once("error", (error) => {
      said += error.message;
      over = true;
    });
    child.once("exit", () => (over = true));
    const server = new WptServer(`http://localhost:${http}`, child, folder);
    for (let tries = 0; tries < 300 && !over; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      const response = await fetch(`${server.origin}/resources/testharness.js`).catch(() => undefined);
      await response?.body?.cancel();
      if (response?.ok) return server;
    }
    await server[Symbol.asyncDispose]();
    throw new Error(`the server of the checkout did not start (it needs python3): ${said}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid, exitCode } = this.#child;
    if (pid !== undefined && exitCode === null) {
      const gone = new Promise((resolve) => this.#child.once("exit", resolve));
      try {
        process.kill(-pid, "SIGTERM");
      } catch {
        // Gone already.
      }
      const hard = setTimeout(() => process.kill(-pid, "SIGKILL"), 3_000);
      await gone;
      clearTimeout(hard);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
