import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { onProcessors } from "../load/on-processors.ts";
import { processTreeMemory } from "./process-tree-memory.ts";
import type { Served } from "./subject.ts";

/** How long a server may take until it answers, in ms: ten thousand tenants are read meanwhile. */
const START_MS = 120_000;
const LAST_WORDS = 2_000;

/**
 * Starts a server that prints a line of JSON with its `port` when it listens.
 *
 * @throws Error with its last words where it ends, or says nothing for two minutes.
 */
export async function startServer(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Served> {
  const child = spawn(...onProcessors("servers", command, args), {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-LAST_WORDS);
  });
  const { port, controlPort } = await portsOf(child, () => words).catch(async (error: unknown) => {
    await stop(child);
    throw error;
  });
  return {
    port,
    ...(controlPort !== undefined && {
      controlPort,
      control: async (path: string) => await control(controlPort, path),
    }),
    memoryBytes: async () => await processTreeMemory(child.pid!),
    [Symbol.asyncDispose]: async () => await stop(child),
  };
}

async function control(port: number, path: string): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}/${path}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the server cannot do ${path}: ${text}`);
  return JSON.parse(text);
}

async function portsOf(
  child: ChildProcess,
  words: () => string,
): Promise<{ port: number; controlPort: number | undefined }> {
  const listening = Promise.withResolvers<{ port: number; controlPort: number | undefined }>();
  const { resolve, reject } = listening;
  const timer = setTimeout(
    () => reject(new Error(`${child.spawnfile} does not listen: ${words()}`)),
    START_MS,
  );
  child.once("error", reject);
  child.once("exit", (code) => reject(new Error(`${child.spawnfile} ended with ${code}: ${words()}`)));
  createInterface(child.stdout!).on("line", (line) => {
    const port = /"port":\s*(\d+)/.exec(line)?.[1];
    if (port === undefined) return;
    const controlPort = /"controlPort":\s*(\d+)/.exec(line)?.[1];
    resolve({
      port: Number(port),
      controlPort: controlPort === undefined ? undefined : Number(controlPort),
    });
  });
  try {
    return await listening.promise;
  } finally {
    clearTimeout(timer);
  }
}

/** Ends a process, at once where it does not want to. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(timer);
}
