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

/** Profiles that a server makes; each has a folder. */
export type ProfileName = "cold" | "warm";

/**
 * Commands that profile a server: `profile-start?name=cold` or `warm`, and `profile-stop`, which writes `host.cpuprofile`
 * and `heap.json` into a folder of that name. Everybody on the machine can give them: they do not say where that is, and
 * a server of which nobody wants profiles has none of them. Isolates that live in this process are in the profile with
 * V8's own figures. There are no CPU profiles of isolates: under isolated-vm's profiler some stand still, and its
 * inspector ends the process.
 *
 * @param folder where the folders are made; no commands where it is empty
 */
export function profilingActions(host: Pick<Host, "stats">, folder: string): ControlActions {
  if (folder === "") return {};
  let running: { readonly name: ProfileName; readonly session: Session } | null = null;
  let listens = false;
  const isolates: IsolateMade["isolate"][] = [];
  return {
    "profile-start": async (query) => {
      const name = nameOf(query);
      if (running !== null) throw new Error(`the profile ${running.name} is not over`);
      if (!listens)
        subscribe(ISOLATES, (made) => {
          if (isolates.length < MOST_ISOLATES) isolates.push((made as IsolateMade).isolate);
        });
      listens = true;
      const session = new Session();
      running = { name, session };
      session.connect();
      await session.post("Profiler.enable");
      await session.post("Profiler.setSamplingInterval", { interval: INTERVAL_US });
      await session.post("Profiler.start");
    },
    "profile-stop": async () => {
      if (running === null) throw new Error("no profile was started");
      const { name, session } = running;
      running = null;
      const { profile } = await session.post("Profiler.stop");
      session.disconnect();
      const to = join(folder, name);
      mkdirSync(to, { recursive: true });
      write(to, "host.cpuprofile", profile);
      const there = isolates.filter(({ isDisposed }) => !isDisposed);
      const { warm, rssBytes, cellRssBytes, cells, workers } = await host.stats();
      write(to, "heap.json", {
        host: { heap: getHeapStatistics(), spaces: getHeapSpaceStatistics(), rssBytes },
        cells: { rssBytes: cellRssBytes, all: cells },
        warm,
        workers: workers.filter(({ isolates: count }) => count > 0),
        isolates: await Promise.all(there.map(async (isolate) => await isolate.getHeapStatistics())),
      });
    },
  };
}

function nameOf(query: URLSearchParams): ProfileName {
  const name = query.get("name");
  if (name === "cold" || name === "warm") return name;
  throw new RangeError(`name is ${JSON.stringify(name)}; it must be cold or warm`);
}

function write(folder: string, name: string, value: unknown): void {
  writeFileSync(join(folder, name), JSON.stringify(value));
}
