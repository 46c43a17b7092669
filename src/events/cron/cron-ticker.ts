import { createHash } from "node:crypto";
import type { CronRecord } from "../../storage/cron-store.ts";
import type { Clock } from "../../clock/clock.ts";
import { type CronExpression, minuteOf, parseCron } from "./cron-expression.ts";

const MINUTE_MS = 60_000;
/** Triggers of one minute are spread over so much of it, so that a thousand of them do not start at once. */
const SPREAD_MS = 10_000;

export interface CronTickerOptions {
  readonly clock: Clock;
  /** All triggers there are, asked for each minute. */
  readonly triggers: () => Iterable<CronRecord>;
  /** Fires one. Must not throw. */
  readonly fire: (trigger: CronRecord, scheduledTimeMs: number) => void;
  /** @default 10000 */
  readonly spreadMs?: number;
}

interface Due {
  readonly expression: CronExpression;
  atMs: number;
}

/**
 * Fires cron triggers, each once in its minute. A minute in which the host did not run is not made up for; a clock
 * that is set back fires nothing twice.
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

  /** Fires what is due. Called by itself at the begin of each minute. */
  tick(): void {
    const minuteMs = minuteOf(this.#options.clock.now());
    if (minuteMs <= this.#lastMinuteMs) return;
    this.#lastMinuteMs = minuteMs;
    const used = new Set<string>();
    for (const trigger of this.#options.triggers()) {
      used.add(trigger.cron);
      if (this.#dueOf(trigger.cron, minuteMs).atMs === minuteMs) this.#later(trigger, minuteMs);
    }
    for (const cron of this.#due.keys()) if (!used.has(cron)) this.#due.delete(cron);
  }

  #arm(): void {
    const untilNext = MINUTE_MS - (this.#options.clock.now() % MINUTE_MS);
    this.#timer = setTimeout(() => {
      this.tick();
      this.#arm();
    }, untilNext);
    this.#timer.unref();
  }

  #later(trigger: CronRecord, minuteMs: number): void {
    const { fire, spreadMs = SPREAD_MS } = this.#options;
    const timer = setTimeout(
      () => {
        this.#pending.delete(timer);
        fire(trigger, minuteMs);
      },
      share(trigger) * spreadMs,
    );
    this.#pending.add(timer);
    timer.unref();
  }

  #dueOf(cron: string, minuteMs: number): Due {
    let due = this.#due.get(cron);
    if (due === undefined) this.#due.set(cron, (due = { expression: parseCron(cron), atMs: -Infinity }));
    // Looked for once each time that it has fired, or was missed: it is the costly part.
    if (due.atMs < minuteMs) due.atMs = due.expression.next(minuteMs) ?? Infinity;
    return due;
  }
}

/** A number from 0 to 1 that is a trigger's own. */
function share({ account, worker, cron }: CronRecord): number {
  const digest = createHash("sha256").update(`${account}\n${worker}\n${cron}`).digest();
  return digest.readUInt32LE(0) / 2 ** 32;
}
