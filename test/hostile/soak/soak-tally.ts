import type { EventRecord } from "../../../src/index.ts";
import type { HostileCase } from "../hostile-case.ts";
import type { MixedCase, MixKind } from "./mix.ts";

/** What the events of a soak came to. */
export class SoakTally {
  /** Outcomes by case. */
  readonly outcomes = new Map<string, Map<string, number>>();
  /** CPU charged beyond the limit, and time to the end beyond it, of events that were stopped for CPU; in ms. */
  readonly overCpuMs: Readonly<Record<MixKind, number[]>> = { prompt: [], cpu: [], memory: [], kill: [] };
  readonly overWallMs: Readonly<Record<MixKind, number[]>> = { prompt: [], cpu: [], memory: [], kill: [] };
  /** What no case may come to. */
  readonly broken: string[] = [];
  runs = 0;

  /** Counts the events of one run; `answer` is what the client read of the first. */
  add({ kind, one }: MixedCase, events: readonly EventRecord[], answer: string): void {
    this.runs++;
    const counts = this.outcomes.get(one.name) ?? new Map<string, number>();
    this.outcomes.set(one.name, counts);
    for (const { outcome, cpuMs, wallMs } of events) {
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      if (outcome === "exceededCpu") {
        const limitMs = one.limits?.cpuMs ?? 0;
        this.overCpuMs[kind].push(cpuMs - limitMs);
        this.overWallMs[kind].push(wallMs - limitMs);
      }
      if (!allowed(one, outcome)) this.broken.push(`${one.number}. ${one.name}: ${outcome}`);
    }
    if (events.every(({ outcome }) => outcome === "ok") && !answeredWell(one, answer))
      this.broken.push(`${one.number}. ${one.name}: it answered ${answer.slice(0, 200)}`);
  }
}

const OUTCOMES: Readonly<Record<string, HostileCase["ends"]>> = {
  ok: ["OK", "THROW"],
  exception: ["EXCEPTION"],
  exceededCpu: ["TERM-CPU", "KILL"],
  exceededMemory: ["TERM-MEM", "KILL"],
  exceededWallTime: ["TERM-WALL"],
  exceededQuota: ["TERM-QUOTA"],
};

/** A hostile event may lose its isolate to another hostile event beside it, or be refused; a smaller limit may end it. */
function allowed({ ends }: HostileCase, outcome: string): boolean {
  if (outcome === "isolateLost" || outcome === "overloaded" || outcome === "quarantined") return true;
  if (outcome === "exceededCpu" || outcome === "exceededMemory")
    return ends.some((ending) => ending.startsWith("TERM-") || ending === "KILL");
  return ends.some((ending) => OUTCOMES[outcome]?.includes(ending) === true);
}

function answeredWell({ ends, answers = "ok" }: HostileCase, answer: string): boolean {
  if (answer === "cut") return true;
  if (ends.includes("THROW") && answer.startsWith("threw ") && !answer.includes("stranger")) return true;
  return typeof answers === "string" ? answer === answers || !ends.includes("OK") : answers.test(answer);
}
