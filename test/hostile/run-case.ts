import type { EventRecord, Worker } from "../../src/index.ts";
import { type Ending, type HostileCase, uploadOf } from "./hostile-case.ts";
import { type Rig, until } from "./rig.ts";

/** What became of one case. */
export interface CaseResult {
  readonly ending: Ending;
  /** What the client read, and its status. */
  readonly answer: string;
  readonly status: number;
  /** From the request to the end of the event, in ms. */
  readonly tookMs: number;
  /** CPU that the event was charged, in ms. */
  readonly cpuMs: number;
  /** The longest that the host's event loop stood still while the machine did not, in ms. */
  readonly standstillMs: number;
  /** The most that the cells held over what they held before, in MB. */
  readonly peakMb: number;
  /** The most that one cell held at all, in MB. */
  readonly largestMb: number;
  readonly neighbourErrors: readonly string[];
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  exception: "EXCEPTION",
  exceededCpu: "TERM-CPU",
  exceededMemory: "TERM-MEM",
  exceededWallTime: "TERM-WALL",
  exceededQuota: "TERM-QUOTA",
  // The cell went, for its memory or because it died, before anybody could say that this event was it.
  isolateLost: "KILL",
};
const SAMPLE_MS = 15;
/** Status of an event that the host's load kept out. */
const REFUSED = 503;
/** After the last event, in ms: what is killed is killed by then. */
const AFTERMATH_MS = 600;

/**
 * Deploys the worker of a case, sends it its events, waits until all of them are over, and asks whether host, worker
 * and neighbour live. The worker is removed in the end.
 */
export async function runCase(rig: Rig, one: HostileCase, name: string): Promise<CaseResult> {
  const worker = await deployCase(rig, one, name);
  try {
    const result = await attack(rig, one, worker);
    if (!one.spoils) {
      await until("the worker serves again", async () => {
        const answer = await worker.fetch("http://bad.test/again");
        return (await answer.text()) === "again";
      });
    }
    return result;
  } finally {
    await rig.host.delete(worker.name, worker.account);
  }
}

/** Why a deploy fails that was right: a cell that is lost takes its trial start with it, and a slow machine its time. */
const IN_VAIN = /isolate was lost|could not be analysed within|had a place for the event in time/;

/** An operator would try again, and so do we. */
async function deployCase({ host }: Rig, one: HostileCase, name: string): Promise<Worker> {
  const upload = uploadOf(one, name, `hostile-${name}`);
  for (let attempt = 1; ; attempt++) {
    try {
      return await host.deploy(upload);
    } catch (error) {
      if (attempt === 3 || !IN_VAIN.test(String(error))) throw error;
    }
  }
}

async function attack(rig: Rig, one: HostileCase, worker: Worker): Promise<CaseResult> {
  const { neighbour, catastrophes } = rig;
  const killsBefore = catastrophes.length;
  const { times = 1, ends } = one;
  const mine = (): EventRecord[] => rig.events.filter(({ account }) => account === worker.account);
  const beforeMb = rig.cellMb();
  let topMb = beforeMb;
  let largestMb = 0;
  const sampler = setInterval(() => {
    topMb = Math.max(topMb, rig.cellMb());
    largestMb = Math.max(largestMb, rig.largestCellMb());
  }, SAMPLE_MS);
  rig.standstill.reset();
  const startMs = performance.now();
  try {
    const answers = await Promise.all(Array.from({ length: times }, async () => await ask(worker, one)));
    await until("all events are over", () => mine().length >= times);
    const tookMs = performance.now() - startMs;
    if (ends.includes("KILL"))
      await until(
        "a cell is given up",
        () => catastrophes.length > killsBefore || settled(mine(), answers[0]!.text, ends),
      );
    await new Promise((resolve) => setTimeout(resolve, ends.includes("KILL") ? AFTERMATH_MS : SAMPLE_MS));
    await neighbour.settle();
    const blamed = catastrophes.slice(killsBefore).map(({ account }) => account);
    const strangers = blamed.filter((account) => account?.startsWith("neighbour-"));
    if (strangers.length > 0) throw new Error(`${strangers.join()} was blamed for it`);
    // Nobody is named where the neighbour ran as well when the cell died.
    const killed = blamed.some((account) => account === null || account === worker.account);
    const { status, text } = answers.find((answer) => answer.status !== REFUSED) ?? answers[0]!;
    return {
      ending: killed ? "KILL" : endingOf(mine(), text),
      answer: text,
      status,
      tookMs,
      cpuMs: Math.max(...mine().map(({ cpuMs }) => cpuMs)),
      standstillMs: rig.standstill.maxMs,
      peakMb: topMb - beforeMb,
      largestMb,
      neighbourErrors: neighbour.errorsSince(startMs),
    };
  } finally {
    clearInterval(sampler);
  }
}

async function ask(worker: Worker, one: HostileCase): Promise<{ status: number; text: string }> {
  const answer = await worker.fetch("http://bad.test/", one.init);
  try {
    return { status: answer.status, text: await answer.text() };
  } catch {
    return { status: answer.status, text: "cut" };
  }
}

/** Whether events ended in a way that is right without the loss of a cell. */
function settled(events: readonly EventRecord[], answer: string, ends: readonly Ending[]): boolean {
  return ends.length > 1 && ends.includes(endingOf(events, answer));
}

/**
 * The worst of the events' outcomes: one event of many may be stopped while others are refused. A host that is slow, or
 * stood still, refuses some of many events that came at once.
 */
function endingOf(events: readonly EventRecord[], answer: string): Ending {
  const worst = events.map(({ outcome }) => ENDINGS[outcome]).find((ending) => ending !== undefined);
  if (worst !== undefined) return worst;
  const ran = events.filter(({ outcome }) => outcome !== "overloaded");
  const lost = ran.length === 0 ? events[0] : ran.find(({ outcome }) => outcome !== "ok");
  if (lost !== undefined) throw new Error(`an event ended with ${lost.outcome}`);
  return answer.startsWith("threw ") ? "THROW" : "OK";
}
