import { createHash } from "node:crypto";
import type { CronRecord } from "../../storage/cron-store.ts";
import type { Clock } from "../../clock/clock.ts";
import { type CronExpression, minuteOf, parseCron } from "./cron-expression.ts";

const MINUTE_MS = 60_000;
/** Triggers of one minute are spread over so much of it, so that a thousand of them do not start at once. */
const SPREAD_MS = 10_000;
/** A clock that is set back further was wrong before: its old time is not waited for. */
const MAX_BACK_MS = 3_600_000;
/** Triggers are looked at for so long at a time; expressions that are new take a while each. */
const SLICE_MS = 5;

export interface CronTickerOptions {
  readonly clock: Clock;
  /** All triggers there are, asked for each minute. */
  readonly triggers: () => Iterable<CronRecord>;
  /** Fires one. */
  readonly fire: (trigger: CronRecord, scheduledTimeMs: number) => void;
  /** @default 10000 */
  readonly spreadMs?: number;
}

interface Due {
  /** null: it was stored by a Skerry that could read it, and this one cannot. */
  readonly expression: CronExpression | null;
  atMs: number;
}

/**
 * Fires cron triggers, each once in its minute. A minute in which the host did not run is not made up for; a clock
 * that is set back by less than an hour fires nothing twice. A trigger that cannot be read or fired harms no other.
 */
export class CronTicker {
  readonly #options: CronTickerOptions;
  /** When each expression that is in use fires next. */
  readonly #due = new Map<string, Due>();
  readonly #pending = new Set<NodeJS.Timeout>();
  #timer: NodeJS.Timeout | undefined;
  #lastMinuteMs: number;

  constructor(options: CronTickerOptions) {
    this.#options = options;
    this.#lastMinuteMs = minuteOf(options.clock.now());
    this.#arm();
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const timer of this.#pending) clearTimeout(timer);
  }

  /** Fires what is due, in slices. Called by itself at the begin of each minute. */
  tick(): void {
    const minuteMs = minuteOf(this.#options.clock.now());
    if (minuteMs < this.#lastMinuteMs - MAX_BACK_MS) this.#due.clear();
    else if (minuteMs <= this.#lastMinuteMs) return;
    this.#lastMinuteMs = minuteMs;
    const triggers = this.#list();
    const used = new Set(triggers.map(({ cron }) => cron));
    for (const cron of this.#due.keys()) if (!used.has(cron)) this.#due.delete(cron);
    this.#fireFrom(triggers, 0, minuteMs);
  }

  #list(): CronRecord[] {
    try {
      return [...this.#options.triggers()];
    } catch {
      // A store that cannot be read now may be read in the next minute.
      return [];
    }
  }

  #fireFrom(triggers: readonly CronRecord[], first: number, minuteMs: number): void {
    const endMs = performance.now() + SLICE_MS;
    for (let index = first; index < triggers.length; index++) {
      if (index > first && performance.now() > endMs) {
        this.#soon(0, () => this.#fireFrom(triggers, index, minuteMs));
        return;
      }
      const trigger = triggers[index]!;
      if (this.#dueOf(trigger.cron, minuteMs) === minuteMs)
        this.#soon(spreadShare(trigger) * (this.#options.spreadMs ?? SPREAD_MS), () =>
          this.#fire(trigger, minuteMs),
        );
    }
  }

  #fire(trigger: CronRecord, minuteMs: number): void {
    try {
      this.#options.fire(trigger, minuteMs);
    } catch {
      // An exception in a timer would end the host.
    }
  }

  #arm(): void {
    const untilNext = MINUTE_MS - (this.#options.clock.now() % MINUTE_MS);
    this.#timer = setTimeout(() => {
      this.tick();
      this.#arm();
    }, untilNext);
    this.#timer.unref();
  }

  #soon(inMs: number, job: () => void): void {
    const timer = setTimeout(() => {
      this.#pending.delete(timer);
      job();
    }, inMs);
    this.#pending.add(timer);
    timer.unref();
  }

  /** When an expression fires next, from `minuteMs` on; Infinity if it never does, or cannot be read. */
  #dueOf(cron: string, minuteMs: number): number {
    let due = this.#due.get(cron);
    if (due === undefined) this.#due.set(cron, (due = { expression: readable(cron), atMs: -Infinity }));
    // Looked for once each time that it has fired, or was missed: it is the costly part.
    if (due.atMs < minuteMs) due.atMs = due.expression?.next(minuteMs) ?? Infinity;
    return due.atMs;
  }
}

function readable(cron: string): CronExpression | null {
  try {
    return parseCron(cron);
  } catch {
    return null;
  }
}

/** A number from 0 to 1 that is a trigger's own: when in the time over which they are spread it fires. */
export function spreadShare({ account, worker, cron }: CronRecord): number {
  const digest = createHash("sha256").update(`${account}\n${worker}\n${cron}`).digest();
  return digest.readUInt32LE(0) / 2 ** 32;
}
