import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** A workerd that listens on all its sockets. */
export interface WorkerdProcess extends Disposable {
  /** Ports by the names of sockets. */
  readonly ports: ReadonlyMap<string, number>;
}

/**
 * Starts workerd with a config.
 * @param sockets How many sockets the config has.
 * @throws Error with its last words where it ends first.
 */
export async function startWorkerdProcess(
  config: string,
  sockets: number,
  flags: readonly string[] = [],
): Promise<WorkerdProcess> {
  const child = spawn("workerd", ["serve", ...flags, "--control-fd=3", config], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] },
  });
  let errors = "";
  child.stderr!.setEncoding("utf8").on("data", (part: string) => (errors = (errors + part).slice(-20_000)));
  const ports = new Map<string, number>();
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`workerd ended: ${errors}`)));
    createInterface({ input: child.stdio[3] as Readable }).on("line", (line) => {
      const { event, socket, port } = JSON.parse(line) as { event: string; socket: string; port: number };
      if (event === "listen") ports.set(socket, port);
      if (ports.size === sockets) resolve();
    });
  });
  child.removeAllListeners("exit");
  return { ports, [Symbol.dispose]: () => void child.kill("SIGKILL") };
}
