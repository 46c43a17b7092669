import { fork } from "node:child_process";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import type { ClientJob, ClientReport } from "./client-job.ts";

const ENTRY = fileURLToPath(new URL("client.ts", import.meta.url));
const ORIGIN = fileURLToPath(new URL("origin-process.ts", import.meta.url));
const BYSTANDER = fileURLToPath(new URL("bystander.ts", import.meta.url));
/** Clients of the noise, and where it fetches from, would be on other machines: here they give way to what is measured. */
const NOISE_PRIORITY = 10;

/** A client in a process of its own. */
export interface ClientProcess {
  /** Ends it and gives what it saw. */
  stop(): Promise<ClientReport>;
}

/** Starts a client with its job; resolves when it has begun. */
export async function startClient(job: ClientJob): Promise<ClientProcess> {
  const child = fork(ENTRY, { execArgv: [] });
  if (job.type !== "victim" && child.pid !== undefined) setPriority(child.pid, NOISE_PRIORITY);
  child.send(job);
  await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("error", reject);
  });
  return {
    stop: () =>
      new Promise((resolve, reject) => {
        child.once("message", (report) => resolve(report as ClientReport));
        child.once("exit", (code) => reject(new Error(`a client ended by itself, with ${code}`)));
        child.send("stop");
      }),
  };
}

/** Starts the plain server that stands beside the host; gives its port. */
export async function startBystander(): Promise<{ readonly port: number } & Disposable> {
  const { said, ...child } = await startServer(BYSTANDER);
  return { port: said as number, ...child };
}

/** Starts an origin for the noise, in a process of its own; gives its URL. */
export async function startNoiseOrigin(): Promise<{ readonly url: string } & Disposable> {
  const { pid, said, ...child } = await startServer(ORIGIN);
  setPriority(pid, NOISE_PRIORITY);
  return { url: said as string, ...child };
}

async function startServer(
  entry: string,
): Promise<{ readonly pid: number; readonly said: unknown } & Disposable> {
  const child = fork(entry, { execArgv: [] });
  const said = await new Promise<unknown>((resolve, reject) => {
    child.once("message", resolve);
    child.once("error", reject);
  });
  return { pid: child.pid!, said, [Symbol.dispose]: () => void child.kill() };
}
