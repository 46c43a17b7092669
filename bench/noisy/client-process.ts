import { fork } from "node:child_process";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import type { ClientJob, ClientReport } from "./client-job.ts";

const ENTRY = fileURLToPath(new URL("client.ts", import.meta.url));
const BYSTANDER = fileURLToPath(new URL("bystander.ts", import.meta.url));
/** Clients of the noise would be on other machines: here they give way to what is measured. */
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
export async function startBystander(): Promise<{ readonly port: number; stop(): void }> {
  const child = fork(BYSTANDER, { execArgv: [] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve(message as number));
    child.once("error", reject);
  });
  return { port, stop: () => void child.kill() };
}
