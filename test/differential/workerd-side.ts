import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import {
  DATES,
  deployedName,
  hostOf,
  type Answer,
  type CaseRequest,
  type CompatDate,
  type DifferentialWorker,
  type Side,
} from "./differential-case.ts";
import { sendRequest } from "./send-request.ts";
import { writeWorkerdConfig } from "./workerd-config.ts";

/** What a tail worker is told of one event. */
interface TailItem {
  readonly outcome: string;
  readonly exceptions: readonly { readonly name: string; readonly message: string }[];
  readonly logs: readonly { readonly level: string; readonly message: readonly unknown[] }[];
  readonly event?: { readonly request?: { readonly url: string } } | null;
}

/** Time that an event may take to be told of after its answer came. */
const TAIL_MS = 3_000;

/** Starts one workerd with all workers at all their dates. */
export async function startWorkerd(workers: readonly DifferentialWorker[]): Promise<Side> {
  const items = new Map<string, TailItem[]>();
  const collector = createServer((request, response) => {
    void text(request).then((body) => {
      for (const item of JSON.parse(body) as TailItem[]) {
        const url = item.event?.request?.url ?? "";
        items.set(url, [...(items.get(url) ?? []), item]);
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "skerry-differential-"));
  const path = writeWorkerdConfig(folder, workers, (collector.address() as AddressInfo).port);
  const child = spawn("workerd", ["serve", "--control-fd=3", path], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] },
  });
  let errors = "";
  child.stderr!.setEncoding("utf8").on("data", (part: string) => (errors = (errors + part).slice(-20_000)));
  const wanted = workers.reduce((sum, { dates = DATES }) => sum + dates.length, 0);
  const ports = new Map<string, number>();
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`workerd ended: ${errors}`)));
    createInterface({ input: child.stdio[3] as Readable }).on("line", (line) => {
      const { event, socket, port } = JSON.parse(line) as { event: string; socket: string; port: number };
      if (event === "listen") ports.set(socket, port);
      if (ports.size === wanted) resolve();
    });
  });
  child.removeAllListeners("exit");

  return {
    async ask(worker: string, date: CompatDate, request: CaseRequest): Promise<Answer> {
      const host = hostOf(worker, date);
      const raw = await sendRequest(ports.get(deployedName(worker, date))!, host, request);
      const url = new URL(request.path ?? `/${encodeURIComponent(request.name)}`, `http://${host}`).href;
      const item = await takeItem(items, url);
      return {
        ...raw,
        outcome: item?.outcome ?? "none",
        exceptions: (item?.exceptions ?? []).map(({ name, message }) => ({ name, message })),
        logs: (item?.logs ?? []).map(({ level, message }) => ({
          level,
          text: message.map(lineOf).join(" "),
        })),
      };
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      collector.closeAllConnections();
      await new Promise((resolve) => collector.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function lineOf(message: unknown): string {
  return typeof message === "string" ? message : JSON.stringify(message);
}

async function takeItem(items: Map<string, TailItem[]>, url: string): Promise<TailItem | undefined> {
  for (let waitedMs = 0; waitedMs < TAIL_MS; waitedMs += 5) {
    const [item, ...rest] = items.get(url) ?? [];
    if (item) {
      items.set(url, rest);
      return item;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return undefined;
}
