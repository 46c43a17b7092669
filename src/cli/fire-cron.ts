import type { Host } from "../index.ts";
import type { LiveWorker } from "./live-worker.ts";

/**
 * Answers requests that fire a cron handler by hand, as wrangler has them: `?cron=0+3+*+*+MON&time=<ms>`, and `worker`
 * where several run. The first of the worker's triggers is the default.
 */
export function fireCron(
  host: Host,
  workers: readonly LiveWorker[],
): (request: Request) => Promise<Response> {
  return async (request) => {
    const query = new URL(request.url).searchParams;
    const name = query.get("worker") ?? workers[0]?.name ?? "";
    const worker = host.worker(name);
    if (worker === undefined) return new Response(`There is no worker "${name}".\n`, { status: 404 });
    const cron = query.get("cron") ?? crons(workers, name)[0] ?? "";
    const time = Number(query.get("time") ?? Date.now());
    if (!Number.isSafeInteger(time))
      return new Response("time must be a whole number of milliseconds since 1970.\n", { status: 400 });
    const outcome = await worker.scheduled({ cron, scheduledTime: time });
    return new Response(outcome, { status: outcome === "ok" ? 200 : 500 });
  };
}

function crons(workers: readonly LiveWorker[], name: string): readonly string[] {
  return workers.find((worker) => worker.name === name)?.loaded.upload.crons ?? [];
}
