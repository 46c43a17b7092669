import type { LiveIsolate } from "./live-isolate.ts";
import { type Resident, ResidentMemory } from "./resident-memory.ts";

const MIB = 1024 * 1024;
/**
 * What the process may grow by while an isolate runs, beyond that isolate's limit: V8's young generation, the
 * copy that a growing array or a collection makes, code and stacks.
 */
const SLACK_BYTES = 96 * MIB;
/** Room for compiling, for each unit of a version's script. */
const COMPILE_BYTES = 8;
/** Part of the cell's memory from which isolates that grow are ended, whatever they may take. */
const SOFT_SHARE = 0.9;
/** Growth that makes an isolate a suspect when the cell is short of memory. */
const SUSPECT_BYTES = 16 * MIB;
/** How long an isolate that was ended may take to give its memory back before another is looked at, in ms. */
const PATIENCE_MS = 50;
/** The same when the cell is over its limit: what grows now grows fast. */
const LAST_PATIENCE_MS = 10;
/** How long what goes on in an isolate that was ended counts as the reason of all growth, in ms. */
const AFTERMATH_MS = 2_000;

export interface MemoryWatchOptions {
  /** What the process may hold, in bytes. */
  readonly capBytes: number;
  /** Whether the process holds nothing but the cell. */
  readonly ownProcess: boolean;
  /** Isolates in which an entry runs. */
  readonly running: ReadonlySet<LiveIsolate>;
  /** The isolate takes what it may not; it has to be ended. */
  readonly onOver: (live: LiveIsolate, evidence: string) => void;
  /** The process is over its limit, and ending isolates does not help. */
  readonly onLost: (suspect: LiveIsolate | undefined, message: string) => void;
  /** @default this process */
  readonly resident?: { read(): Resident };
  /** Monotonic, in ms. @default that of this process */
  readonly nowMs?: () => number;
}

/**
 * Holds the memory of the process within bounds that V8 does not keep: it grants a gigabyte beyond an isolate's
 * limit before it stops anything, and counts neither WebAssembly nor what libraries take. No figure of an isolate
 * can be had while it runs; so what the process grows by is put down to those that ran meanwhile, by their CPU. Where
 * native code goes on in isolates that were ended for what they did, it is put down to those alone.
 */
export class MemoryWatch {
  readonly #options: MemoryWatchOptions;
  readonly #resident: { read(): Resident };
  readonly #nowMs: () => number;
  #seenBytes: number;
  /** Isolates that were ended for what they did and have not settled, and when that was. */
  readonly #ended = new Map<LiveIsolate, number>();
  #victim: LiveIsolate | undefined;
  #victimMs = 0;
  #lost = false;

  constructor(options: MemoryWatchOptions) {
    this.#options = options;
    this.#resident = options.resident ?? new ResidentMemory();
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#seenBytes = this.#resident.read().apartBytes;
  }

  /** Begins anew after a pause in which nothing ran. */
  restart(): void {
    this.#seenBytes = this.#resident.read().apartBytes;
  }

  /** An isolate was ended for what it did; it may go on in native code. */
  ended(live: LiveIsolate): void {
    if (live.pending > 0) this.#ended.set(live, this.#nowMs());
  }

  /** To be called every few ms while anything runs, and now and then otherwise. */
  tick(): void {
    const { capBytes, ownProcess, running } = this.#options;
    const { bytes, apartBytes } = this.#resident.read();
    this.#spread(apartBytes - this.#seenBytes);
    this.#seenBytes = apartBytes;
    let worst: LiveIsolate | undefined;
    let over: LiveIsolate | undefined;
    for (const live of running) {
      if (live.grownBytes > (worst?.grownBytes ?? 0)) worst = live;
      if (live.grownBytes > allowance(live) && live.grownBytes > (over?.grownBytes ?? 0)) over = live;
    }
    // An embedder's own heap is none of the cell's.
    const held = ownProcess ? bytes : apartBytes;
    const short = held > capBytes * SOFT_SHARE;
    if (!short) this.#lost = false;
    if (this.#isWaiting(held > capBytes ? LAST_PATIENCE_MS : PATIENCE_MS)) return;
    if (over !== undefined) this.#end(over);
    else if (short && worst !== undefined && worst.grownBytes > Math.max(SUSPECT_BYTES, this.#guilty().grown))
      this.#end(worst);
    else if (held > capBytes && !this.#lost) this.#giveUp(held);
  }

  /** Puts growth down to those that may have caused it; what the process gives back, to all alike. */
  #spread(bytes: number): void {
    const { running } = this.#options;
    const nowMs = this.#nowMs();
    for (const [live, sinceMs] of this.#ended)
      if (live.pending === 0 || nowMs - sinceMs > AFTERMATH_MS) this.#ended.delete(live);
    const guilty: Iterable<LiveIsolate> = bytes > 0 && this.#ended.size > 0 ? this.#ended.keys() : running;
    const shares = [...guilty].map((live) => [live, live.boundedUs - live.weighedUs] as const);
    const all = shares.reduce((sum, [, gainUs]) => sum + gainUs, 0);
    for (const [live, gainUs] of shares) {
      const part = bytes > 0 && all > 0 ? gainUs / all : 1 / shares.length;
      live.grownBytes = Math.max(0, live.grownBytes + bytes * part);
    }
    for (const live of running) live.weighedUs = live.boundedUs;
  }

  /** The one among the ended that go on which has grown most, if that says anything. */
  #guilty(): { readonly live?: LiveIsolate; readonly grown: number } {
    const [live] = [...this.#ended.keys()].sort((a, b) => b.grownBytes - a.grownBytes);
    return live !== undefined && live.grownBytes > SUSPECT_BYTES
      ? { live, grown: live.grownBytes }
      : { grown: 0 };
  }

  /** Whether the one that was ended last may still be giving its memory back. */
  #isWaiting(patienceMs: number): boolean {
    return (
      this.#victim !== undefined && this.#victim.pending > 0 && this.#nowMs() - this.#victimMs < patienceMs
    );
  }

  #end(live: LiveIsolate): void {
    this.#victim = live;
    this.#victimMs = this.#nowMs();
    this.#options.onOver(live, `the process grew by ${megabytes(live.grownBytes)} while it ran`);
  }

  #giveUp(held: number): void {
    this.#lost = true;
    const suspect = this.#guilty().live ?? (this.#victim?.pending === 0 ? undefined : this.#victim);
    const { capBytes } = this.#options;
    this.#options.onLost(
      suspect,
      `the cell holds ${megabytes(held)} of memory, more than its ${megabytes(capBytes)}` +
        (suspect === undefined
          ? ""
          : `; the process grew by ${megabytes(suspect.grownBytes)} while the worker ran`),
    );
  }
}

function allowance(live: LiveIsolate): number {
  const compiling = live.loaded ? 0 : live.script.length * COMPILE_BYTES;
  return live.limits.memoryMb * MIB + live.wasmBytes + SLACK_BYTES + compiling;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / MIB)} MB`;
}
