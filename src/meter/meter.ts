import type { Outcome } from "../outcome/outcome.ts";
import type { EventRecord, LogRecord } from "./event-record.ts";
import type { EventSource } from "./event-source.ts";
import { LogRate } from "./log-rate.ts";
import { workerKey } from "../ids/worker-key.ts";

/** What one worker has used since the host started. */
export interface WorkerUsage {
  readonly requests: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  readonly coldStarts: number;
  readonly warmHits: number;
  readonly cpuMs: number;
  readonly subrequests: number;
  readonly logLines: number;
}

/** Where records go. A sink must not throw; what it throws is swallowed so that no request suffers. */
export interface MeterSink {
  readonly onEvent?: (record: EventRecord, source: EventSource) => void;
  readonly onLog?: (record: LogRecord) => void;
}

interface Tally {
  requests: number;
  outcomes: Partial<Record<Outcome, number>>;
  coldStarts: number;
  warmHits: number;
  cpuMs: number;
  subrequests: number;
  logLines: number;
}

interface Kept {
  readonly account: string;
  readonly worker: string;
  readonly tally: Tally;
}

/** Tallies from which on those of workers that are not there any more are looked for. */
const SWEEP_AT = 1_000;

/** Counts what events cost, by worker, and passes their records on. */
export class Meter {
  readonly #tallies = new Map<string, Kept>();
  readonly #sink: MeterSink;
  readonly #logRate: LogRate;
  readonly #isThere: (account: string, worker: string) => boolean;
  #sweepAt = SWEEP_AT;

  /**
   * @param logLinesPerS lines that an account may log in a second
   * @param isThere whether a worker is deployed: what the last events of others cost is not kept for ever
   */
  constructor(
    sink: MeterSink,
    logLinesPerS: number = Infinity,
    isThere: (account: string, worker: string) => boolean = () => true,
  ) {
    this.#sink = sink;
    this.#isThere = isThere;
    this.#logRate = new LogRate(logLinesPerS, (record) => this.#pass(record));
  }

  event(record: EventRecord, source: EventSource): void {
    const tally = this.#tally(record.account, record.worker);
    tally.requests++;
    tally.outcomes[record.outcome] = (tally.outcomes[record.outcome] ?? 0) + 1;
    if (record.cold) tally.coldStarts++;
    else if (record.isAsset !== true) tally.warmHits++;
    tally.cpuMs += record.cpuMs;
    tally.subrequests += record.subrequests;
    quietly(() => this.#sink.onEvent?.(record, source));
  }

  /** @param finish makes the text of a line that is passed on: what is dropped costs nothing more */
  log(record: LogRecord, finish: (text: string) => string = (text) => text): void {
    if (this.#logRate.passes(record)) this.#pass({ ...record, text: finish(record.text) });
  }

  #pass(record: LogRecord): void {
    this.#tally(record.account, record.worker).logLines++;
    quietly(() => this.#sink.onLog?.(record));
  }

  usage(account: string, worker: string): WorkerUsage {
    return structuredClone(this.#tallies.get(workerKey(account, worker))?.tally ?? emptyTally());
  }

  forget(account: string, worker: string): void {
    this.#tallies.delete(workerKey(account, worker));
  }

  #tally(account: string, worker: string): Tally {
    const key = workerKey(account, worker);
    const kept = this.#tallies.get(key);
    if (kept !== undefined) return kept.tally;
    if (this.#tallies.size >= this.#sweepAt) this.#sweep();
    const tally = emptyTally();
    this.#tallies.set(key, { account, worker, tally });
    return tally;
  }

  #sweep(): void {
    for (const [key, { account, worker }] of this.#tallies)
      if (!this.#isThere(account, worker)) this.#tallies.delete(key);
    this.#sweepAt = Math.max(SWEEP_AT, this.#tallies.size * 2);
  }
}

function emptyTally(): Tally {
  return {
    requests: 0,
    outcomes: {},
    coldStarts: 0,
    warmHits: 0,
    cpuMs: 0,
    subrequests: 0,
    logLines: 0,
  };
}

function quietly(send: () => void): void {
  try {
    send();
  } catch {
    // A sink is the embedder's code: its failure is not the request's.
  }
}
