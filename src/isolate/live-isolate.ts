import { Mark } from "../../runtime-api/contract/boot.ts";
import type { IsolateLimits, LoadRequest } from "../cell/cell.ts";
import type { Entry } from "./entry.ts";
import { forgetAtProcessEnd, stopAtProcessEnd } from "./process-end.ts";
import type { Runnable } from "./run-queue.ts";
import type { Spare } from "./spare.ts";

/** What an isolate can be asked to do besides a turn, when it is free. */
export type Job = () => Promise<void>;

/** How an isolate ended that nobody asked to end. */
export interface End {
  readonly cause: "exceededCpu" | "exceededMemory" | "internalError";
  readonly event: number;
  readonly message: string;
}

/** One isolate with a version in it, or about to have one. */
export class LiveIsolate implements Runnable {
  readonly id: number;
  readonly versionKey: string;
  readonly limits: IsolateLimits;
  readonly account: number;
  readonly weight: number;
  readonly spare: Spare;
  /** CPU counted so far, bounded by what the process really used, in microseconds. */
  boundedUs = 0;
  /** What the counters showed at the last look, in microseconds. */
  seenUs = 0;
  seenAskUs = 0;
  /** How far {@link boundedUs} may be too high, for what was counted since the entry began. */
  doubtUs = 0;
  /** The same for what was counted of late, as long as the system may show that all of it was used. */
  lateDoubtUs = 0;
  /** What was left out of {@link boundedUs} of late, as the system did not show that anybody used it. */
  cutUs = 0;
  /** CPU of a turn that is over, while nobody was told of it: its event pays if the isolate ends now. */
  unpaidUs = 0;
  /** CPU of turns of many slices, until it has a clock that tells those apart; Infinity from then on. */
  sharedUs = 0;
  /** CPU used while nothing ran in it, at one go. */
  idleUs = 0;
  /** What the process grew by while the entry that runs has run, as far as it may be this one's doing. */
  grownBytes = 0;
  /** What {@link boundedUs} was when growth was put down to isolates last. */
  weighedUs = 0;
  heapBytes = 0;
  externalBytes = 0;
  /** What counts for its limit: heap and buffers, garbage included. */
  heldBytes = 0;
  heapSeenMs: number = -Infinity;
  /** What {@link boundedUs} was when its heap was looked at last. */
  heapSeenUs = 0;
  /** Settles when the last look at the heap is over. */
  heapLook: Promise<void> = Promise.resolve();
  /** The version's script, for its code cache. */
  readonly script: string;
  /** CPU that its next turn should take at most, in microseconds; its pace says so. */
  turnUs: number = Infinity;
  /** The top level has run. */
  loaded = false;
  gone = false;
  wantsTurn = false;
  /** Stands in the run queue, or runs. */
  queued = false;
  readonly jobs: Job[] = [];
  /** What runs in it now. */
  entry: Entry | undefined;
  /** Calls into the isolate that have not settled. */
  pending = 0;

  /** Hears of the end, also of one that was asked for (undefined). */
  onEnd: (end: End | undefined) => void = () => {};
  /** Jobs that have to be given up when it ends. */
  readonly waiters: Set<() => void> = new Set();
  readonly #run: (live: LiveIsolate) => Promise<void>;

  constructor(
    request: Pick<LoadRequest, "isolate" | "versionKey" | "limits" | "account" | "weight">,
    spare: Spare,
    run: (live: LiveIsolate) => Promise<void>,
    script = "",
  ) {
    const { isolate: id, versionKey, limits, account, weight } = request;
    this.#run = run;
    this.script = script;
    this.id = id;
    this.versionKey = versionKey;
    this.limits = limits;
    this.account = account;
    this.weight = weight;
    this.spare = spare;
    this.seenUs = this.counterUs();
    stopAtProcessEnd(this);
  }

  run(): Promise<void> {
    return this.#run(this);
  }

  /** Something begins to run in it: what was noted of what ran before says nothing of that. */
  countAnew(): void {
    this.seenUs = this.counterUs();
    this.idleUs = 0;
    this.grownBytes = 0;
    this.weighedUs = this.boundedUs;
    this.doubtUs = this.lateDoubtUs = 0;
    this.cutUs = 0;
  }

  /** Time inside the isolate, in microseconds; what was seen last if it is disposed. */
  counterUs(): number {
    try {
      return Number(this.spare.isolate.cpuTime) / 1_000;
    } catch {
      return this.seenUs;
    }
  }

  /** The event that runs, as far as it is known; -1 otherwise. */
  get markedEvent(): number {
    return this.entry?.event ?? -1;
  }

  /** What its WebAssembly memories take, as it says itself; never more than they may. */
  get wasmBytes(): number {
    const bytes = this.spare.ask.marks[Mark.wasmBytes] as number;
    return bytes > 0 ? Math.min(bytes, this.limits.memoryMb * 1024 * 1024) : 0;
  }

  /** Counts a call into the isolate until it settles. */
  track<T>(call: Promise<T>): Promise<T> {
    this.pending++;
    const settled = (): void => {
      this.pending--;
    };
    call.then(settled, settled);
    return call;
  }

  /** It has ended, or nothing can end it: nobody asks anything of it any more. */
  leave(): void {
    this.gone = true;
    forgetAtProcessEnd(this);
  }

  /** Stops what runs in it, as the process ends. */
  [Symbol.dispose](): void {
    if (this.pending > 0 && !this.spare.isolate.isDisposed) this.spare.isolate.dispose();
  }
}
