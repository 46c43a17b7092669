import { Lately } from "../clock/lately.ts";
import type { AccountLoad } from "./account-load.ts";
import { workOutPaces } from "./work-out-paces.ts";

/** An account that has used nothing for so long is not there any more. */
const ACTIVE_MS = 1_000;
/** The least that an account may use beside others: 2 % of a core, in microseconds for each ms. */
const LEAST_US_PER_MS = 20;

/** What accounts may use, in microseconds for each ms. Who is not named has no pace. */
export interface FoundPaces {
  /** In all cells together. */
  readonly inCells: ReadonlyMap<string, number>;
  /** Of the host's loop. */
  readonly inHost: ReadonlyMap<string, number>;
}

export interface PacerOptions {
  /** Cores of the machine. */
  readonly cores: number;
  /** Part of their CPU that is kept free for accounts that use little, from 0 to 1. */
  readonly reserve: number;
  /** CPU that this host and its cells have used since they began, in microseconds. */
  readonly usedUs: () => number;
  /** Hears of the paces at each look while there are any, and once when there are none any more. */
  readonly pace: (paces: FoundPaces, nowMs: number) => void;
}

/**
 * Keeps some CPU free for accounts that use little: while more than one is active, those that use most are held to a pace at
 * which all of them together leave the reserve unused. How long something waits follows from how busy the cores are, and
 * an answer waits for one several times, so that fair turns alone do not keep it prompt.
 *
 * What accounts are charged is less than what host and cells use for them: what is nobody's is put down to all in proportion.
 */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #used: Lately;
  #seenUs: number;
  #isPacing = false;

  constructor(options: PacerOptions, nowMs: number) {
    this.#options = options;
    this.#used = new Lately(nowMs);
    this.#seenUs = options.usedUs();
  }

  /** Sets the paces by what accounts used of late. */
  look(loads: Iterable<AccountLoad>, nowMs: number): void {
    const { cores, reserve, usedUs, pace } = this.#options;
    const seenUs = usedUs();
    // A cell that is gone takes its figure along.
    this.#used.add(Math.max(0, seenUs - this.#seenUs), nowMs);
    this.#seenUs = seenUs;
    const active: AccountLoad[] = [];
    let chargedUs = 0;
    for (const load of loads) {
      chargedUs += load.latelyUs(nowMs);
      if (nowMs - load.spentMs < ACTIVE_MS) active.push(load);
      else load.paceUs = Infinity;
    }
    const perCharged = Math.max(1, this.#used.at(nowMs) / Math.max(1, chargedUs));
    const budgetUs = (cores * 1_000_000 * (1 - reserve)) / perCharged;
    const uses = active.map((load) => ({
      weight: load.weight,
      usedUs: load.latelyUs(nowMs),
      paceUs: load.paceUs,
    }));
    const inCells = new Map<string, number>();
    const inHost = new Map<string, number>();
    for (const [i, paceUs] of workOutPaces(uses, budgetUs).entries()) {
      const load = active[i]!;
      load.paceUs = paceUs;
      if (paceUs === Infinity) continue;
      const usPerMs = paceUs / 1_000;
      const part = load.partInCells(nowMs);
      inCells.set(load.name, Math.max(LEAST_US_PER_MS, usPerMs * part));
      inHost.set(load.name, Math.max(LEAST_US_PER_MS, usPerMs * (1 - part)));
    }
    if (inCells.size > 0 || this.#isPacing) pace({ inCells, inHost }, nowMs);
    this.#isPacing = inCells.size > 0;
  }
}
