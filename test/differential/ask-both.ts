import { areaWorkers } from "./areas.ts";
import {
  DATES,
  type Answer,
  type CompatDate,
  type DifferentialWorker,
  type Side,
} from "./differential-case.ts";
import type { Asked } from "./judge.ts";
import { startOrigin } from "./origin.ts";
import { startSkerry } from "./skerry-side.ts";
import { startWorkerd } from "./workerd-side.ts";
import { WORKERS } from "./workers.ts";
import type { HostOptions } from "../../src/index.ts";

/** Workers that are asked at once: more would run into the limits of a host. */
const AT_ONCE = 4;

/**
 * Asks both sides all there is to ask. Requests of one worker go out in their order.
 * @param words Keep workers and areas of these names alone; none keeps all.
 */
export async function askBoth(words: readonly string[] = [], options: HostOptions = {}): Promise<Asked[]> {
  await using origin = await startOrigin();
  const workers = [...(await areaWorkers(origin.url)), ...WORKERS].filter(
    ({ name, area }) => words.length === 0 || words.some((word) => word === name || word === area),
  );
  if (workers.length === 0) return [];
  // They start side by side; whichever fails takes the other along.
  const starting = startWorkerd(workers);
  starting.catch(() => {});
  await using skerry = await startSkerry(workers, options);
  await using workerd = await starting;
  const queue = [...workers];
  const asked: Asked[][] = [];
  const askOn = async (): Promise<void> => {
    for (let worker = queue.shift(); worker; worker = queue.shift())
      asked.push(await askWorker(worker, skerry, workerd));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askOn));
  return asked.flat();
}

async function askWorker(worker: DifferentialWorker, skerry: Side, workerd: Side): Promise<Asked[]> {
  const all: Asked[] = [];
  const { area, name, requests, dates = DATES } = worker;
  for (const request of requests) {
    const answers = new Map<CompatDate, { skerry: Answer; workerd: Answer }>();
    const ask = async (date: CompatDate): Promise<void> => {
      const [ours, theirs] = await Promise.all([
        skerry.ask(name, date, request),
        workerd.ask(name, date, request),
      ]);
      answers.set(date, { skerry: ours, workerd: theirs });
    };
    await Promise.all(dates.map(ask));
    all.push({ area, worker: name, request: request.name, answers });
  }
  return all;
}
