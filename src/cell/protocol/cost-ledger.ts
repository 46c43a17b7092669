import { availableParallelism } from "node:os";
import { IdTable } from "../../ids/id-table.ts";
import type { EventCost } from "../cell.ts";
import { Violation } from "./violation.ts";

/** CPU that an isolate may report later than it was used: work beside its turns, and turns while the host stood still. */
const LATE_MS = 10_000;

interface Cost {
  saidUs: number;
  believedUs: number;
  /** What the host charged the event and the cell did not report yet: no other event's cost. */
  chargedUs: number;
}

/**
 * What the events of one isolate have cost, as the host believes it. Costs count up. What they count up by is no more
 * than all cores can have done since the isolate last reported, and than the host itself has charged the event: the rest is not
 * believed until there has been time for it, since a cell that was taken over could spend the budget of any account in it.
 */
export class CostLedger {
  readonly #nowMs: () => number;
  readonly #cores: number;
  readonly #events = new IdTable<Cost>();
  #reportedMs: number;
  /** What may be believed yet, but for what the host charged. */
  #leftUs = LATE_MS * 1_000;

  /** @param nowMs monotonic @param cores cores of the machine */
  constructor(nowMs: () => number = () => performance.now(), cores: number = availableParallelism()) {
    this.#nowMs = nowMs;
    this.#cores = cores;
    this.#reportedMs = nowMs();
  }

  begin(event: number): void {
    this.#events.set(event, { saidUs: 0, believedUs: 0, chargedUs: 0 });
  }

  end(event: number): void {
    this.#events.delete(event);
  }

  /** The host charges an event: the cell will report that as its cost. */
  charge(event: number, cpuUs: number): void {
    const known = this.#events.get(event);
    if (known !== undefined) known.chargedUs += cpuUs;
  }

  /**
   * What is believed of the costs that a cell reports; those of events that are over are left out.
   * @throws Violation if an event costs less than before
   */
  report(costs: readonly EventCost[]): EventCost[] {
    const believed: EventCost[] = [];
    if (costs.length === 0) return believed;
    const nowMs = this.#nowMs();
    const elapsedMs = Math.max(0, nowMs - this.#reportedMs);
    this.#reportedMs = nowMs;
    this.#leftUs = Math.min(this.#leftUs, LATE_MS * 1_000) + elapsedMs * this.#cores * 1_000;
    for (const { event, cpuUs } of costs) {
      const known = this.#events.get(event);
      if (known === undefined) continue;
      if (cpuUs < known.saidUs) throw new Violation("an event costs less than before");
      known.saidUs = cpuUs;
      const stepUs = Math.min(cpuUs - known.believedUs, Math.floor(this.#leftUs + known.chargedUs));
      const ofChargedUs = Math.min(stepUs, known.chargedUs);
      known.believedUs += stepUs;
      known.chargedUs -= ofChargedUs;
      this.#leftUs -= stepUs - ofChargedUs;
      believed.push({ event, cpuUs: known.believedUs });
    }
    return believed;
  }
}
