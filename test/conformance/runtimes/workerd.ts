import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAIN_NAME, TEST_NAME, type WrappedTest } from "../wrap-test.ts";
import { type ConformanceRuntime, parseResult, type UnitResult } from "./runtime.ts";

/** Newest behaviour, and loopback may be fetched from. */
const CONFIG = (socket: string): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [
        (name = "${MAIN_NAME}", esModule = embed "${MAIN_NAME}"),
        (name = "${TEST_NAME}", commonJsModule = embed "${TEST_NAME}"),
      ],
      compatibilityDate = "2026-11-17",
      globalOutbound = "internet",
    )),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "${socket}", http = (), service = "main")],
);
`;

/** Cloudflare's runtime, one process per unit. */
export class WorkerdRuntime implements ConformanceRuntime {
  readonly name = "workerd";

  async run(test: WrappedTest, limitMs: number): Promise<UnitResult> {
    const folder = mkdtempSync(join(tmpdir(), "skerry-conformance-"));
    writeFileSync(join(folder, MAIN_NAME), test.main);
    writeFileSync(join(folder, TEST_NAME), test.test);
    writeFileSync(join(folder, "config.capnp"), CONFIG("127.0.0.1:0"));
    const child = spawn("workerd", ["serve", "--control-fd=3", join(folder, "config.capnp")], {
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    });
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors = (errors + text).slice(-2_000)));
    try {
      const port = await portOf(child.stdio[3] as NodeJS.ReadableStream, child);
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        signal: AbortSignal.timeout(limitMs + 5_000),
      });
      const text = await response.text();
      return response.ok
        ? parseResult(text)
        : { ended: `status ${response.status}: ${errors.slice(-300)}`, results: [] };
    } catch (error) {
      return { ended: `crash: ${String(error)} ${errors.slice(-300)}`, results: [] };
    } finally {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** The port that workerd took, as it tells on its control pipe. */
function portOf(pipe: NodeJS.ReadableStream, child: NodeJS.EventEmitter): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = "";
    pipe.setEncoding("utf8");
    pipe.on("data", (part: string) => {
      text += part;
      const match = /"event":\s*"listen".*"port":\s*(\d+)/.exec(text);
      if (match !== null) resolve(Number(match[1]));
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error("workerd ended")));
  });
}
