import type { Spare } from "./spare.ts";

/** Isolates that may be expected at once; a host starts fewer. */
const MOST = 64;

/** A spare, and whether it was there before it was asked for. */
export interface Claimed {
  readonly spare: Spare;
  readonly waiting: boolean;
}

interface Expected {
  readonly memoryMb: number;
  readonly claimed: Promise<Claimed>;
}

/**
 * Spares that were taken for isolates whose load is on its way. Each is entered once: its thread, what it has in the
 * cores' caches and the code by which the loop enters isolates are awake when the load comes.
 */
export class ExpectedSpares {
  readonly #expected = new Map<number, Expected>();

  /** Isolates that are expected. */
  get size(): number {
    return this.#expected.size;
  }

  add(isolate: number, memoryMb: number, claim: () => Promise<Claimed>): void {
    if (this.#expected.has(isolate) || this.#expected.size >= MOST) return;
    const claimed = claim();
    claimed.then(
      ({ spare }) => enter(spare),
      () => {},
    );
    this.#expected.set(isolate, { memoryMb, claimed });
  }

  /** What was taken for an isolate; undefined where nothing was, or another heap limit than it shall have. */
  async take(isolate: number, memoryMb: number): Promise<Claimed | undefined> {
    const expected = this.#expected.get(isolate);
    if (expected === undefined) return undefined;
    if (expected.memoryMb !== memoryMb) {
      this.drop(isolate);
      return undefined;
    }
    this.#expected.delete(isolate);
    const claimed = await expected.claimed;
    return claimed.spare.isolate.isDisposed ? undefined : claimed;
  }

  /** The isolate does not come. */
  drop(isolate: number): void {
    const expected = this.#expected.get(isolate);
    this.#expected.delete(isolate);
    expected?.claimed.then(
      ({ spare }) => dispose(spare),
      () => {},
    );
  }

  /** None of them comes. */
  close(): void {
    for (const isolate of this.#expected.keys()) this.drop(isolate);
  }
}

/** Runs nothing and collects nothing: what follows finds a thread that is awake and code that ran a moment ago. */
function enter({ isolate, context, doors }: Spare): void {
  if (isolate.isDisposed) return;
  for (const entry of [context.eval("0"), doors.collect.apply(undefined, [0], { result: { copy: true } })])
    (entry as Promise<unknown>).catch(() => {});
}

function dispose({ isolate }: Spare): void {
  if (!isolate.isDisposed) isolate.dispose();
}
