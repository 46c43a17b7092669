import { subscribe } from "node:diagnostics_channel";
import { mkdirSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { join } from "node:path";
import { getHeapSpaceStatistics, getHeapStatistics } from "node:v8";
import type { Host } from "../../../src/index.ts";
import { ISOLATES, type IsolateMade } from "../../../src/isolate/isolate-channel.ts";
import type { ControlActions } from "./control-server.ts";

const INTERVAL_US = 200;
/** Isolates of which is told. */
const MOST_ISOLATES = 100;

/**
 * Commands that profile a server: `profile-start`, and `profile-stop?folder=…`, which writes `host.cpuprofile` and
 * `heap.json`. Isolates that live in this process are in it with V8's own figures. There are no CPU profiles of isolates:
 * under isolated-vm's profiler some stand still, and its inspector ends the process.
 */
export function profilingActions(host: Host): ControlActions {
  let session: Session | null = null;
  let listens = false;
  const isolates: IsolateMade["isolate"][] = [];
  return {
    "profile-start": async () => {
      if (!listens)
        subscribe(ISOLATES, (made) => {
          if (isolates.length < MOST_ISOLATES) isolates.push((made as IsolateMade).isolate);
        });
      listens = true;
      session = new Session();
      session.connect();
      await session.post("Profiler.enable");
      await session.post("Profiler.setSamplingInterval", { interval: INTERVAL_US });
      await session.post("Profiler.start");
    },
    "profile-stop": async (query) => {
      const folder = query.get("folder") ?? "";
      mkdirSync(folder, { recursive: true });
      if (session === null) throw new Error("no profile was started");
      const { profile } = await session.post("Profiler.stop");
      session.disconnect();
      session = null;
      write(folder, "host.cpuprofile", profile);
      const there = isolates.filter(({ isDisposed }) => !isDisposed);
      const { warm, rssBytes, cellRssBytes, cells, workers } = await host.stats();
      write(folder, "heap.json", {
        host: { heap: getHeapStatistics(), spaces: getHeapSpaceStatistics(), rssBytes },
        cells: { rssBytes: cellRssBytes, all: cells },
        warm,
        workers: workers.filter(({ isolates: count }) => count > 0),
        isolates: await Promise.all(there.map(async (isolate) => await isolate.getHeapStatistics())),
      });
    },
  };
}

function write(folder: string, name: string, value: unknown): void {
  writeFileSync(join(folder, name), JSON.stringify(value));
}
