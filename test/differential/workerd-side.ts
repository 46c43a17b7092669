import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Arrivals } from "./arrivals.ts";
import {
  DATES,
  deployedName,
  hostOf,
  triggerTimeMs,
  type Answer,
  type CaseRequest,
  type CompatDate,
  type DifferentialWorker,
  type Side,
} from "./differential-case.ts";
import { sendRequest, type RawAnswer } from "./send-request.ts";
import { TRIGGER_SOCKET, writeWorkerdConfig } from "./workerd-config.ts";
import { startWorkerdProcess } from "./workerd-process.ts";

/** What a tail worker is told of one event. */
interface TailItem {
  readonly outcome: string;
  readonly exceptions: readonly { readonly name: string; readonly message: string }[];
  readonly logs: readonly { readonly level: string; readonly message: readonly unknown[] }[];
  readonly event?: {
    readonly request?: { readonly url: string };
    readonly scheduledTime?: string | number;
  } | null;
}

/** Starts one workerd with all workers at all their dates. */
export async function startWorkerd(workers: readonly DifferentialWorker[]): Promise<Side> {
  const items = new Arrivals<TailItem>();
  const collector = createServer((request, response) => {
    void text(request).then((body) => {
      for (const item of JSON.parse(body) as TailItem[]) items.add(keyOf(item), item);
      response.end();
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "skerry-differential-"));
  const path = writeWorkerdConfig(folder, workers, (collector.address() as AddressInfo).port);
  const sockets = workers.reduce((sum, { dates = DATES }) => sum + dates.length, 1);
  const workerd = await startWorkerdProcess(path, sockets, ["--experimental"]);

  return {
    async ask(worker: string, date: CompatDate, request: CaseRequest): Promise<Answer> {
      const host = hostOf(worker, date);
      const name = deployedName(worker, date);
      const timeMs = triggerTimeMs(worker, date, request);
      const { cron } = request;
      const raw =
        cron === undefined
          ? await sendRequest(workerd.ports.get(name)!, host, request)
          : await trigger(workerd.ports.get(TRIGGER_SOCKET)!, { name, cron, timeMs });
      const url = new URL(request.path ?? `/${encodeURIComponent(request.name)}`, `http://${host}`).href;
      const item = await items.take(cron === undefined ? url : String(timeMs));
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
      workerd[Symbol.dispose]();
      collector.closeAllConnections();
      await new Promise((resolve) => collector.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function keyOf({ event }: TailItem): string {
  const time = event?.scheduledTime;
  return event?.request?.url ?? (time === undefined ? "" : String(Number(new Date(time))));
}

/** Triggers a worker: its outcome is the status. */
async function trigger(
  port: number,
  about: { readonly name: string; readonly cron: string; readonly timeMs: number },
): Promise<RawAnswer> {
  const answer = await sendRequest(port, "trigger", {
    ...{ name: "trigger", path: "/", method: "POST" },
    body: JSON.stringify(about),
  });
  return { status: answer.body, headers: [], body: "" };
}

function lineOf(message: unknown): string {
  return typeof message === "string" ? message : JSON.stringify(message);
}
