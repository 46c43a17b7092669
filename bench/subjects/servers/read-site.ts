import type { Site } from "../site.ts";

/** The site that a server's process was told to serve, and its folder. */
export interface ServerTask {
  readonly site: Site;
  readonly folder: string;
}

/** Reads it from the environment, which is the same for Node, Deno and Bun. */
export function readSite(): ServerTask {
  return JSON.parse(process.env["BENCH_TASK"] ?? "") as ServerTask;
}

/** Says where it listens, and where for commands, to whoever started the process. */
export function sayPort(port: number, controlPort?: number): void {
  console.log(JSON.stringify({ port, controlPort }));
}
