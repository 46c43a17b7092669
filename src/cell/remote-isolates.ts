import type { Flat } from "../../runtime-api/contract/flat.ts";
import { In, type InMessage, opensEvent } from "../../runtime-api/contract/in.ts";
import { Out, type OutMessage } from "../../runtime-api/contract/out.ts";
import type {
  Catastrophe,
  CellListener,
  CellStats,
  EventCost,
  IsolateLoss,
  IsolateStats,
  LoadRequest,
  LoadResult,
} from "./cell.ts";
import type { ChildEnd } from "./cell-child.ts";
import { IdTable } from "../ids/id-table.ts";
import { lostLoad } from "./lost-load.ts";
import { CostLedger } from "./protocol/cost-ledger.ts";
import { MAX_HOST_TEXT, MAX_ID } from "./protocol/field-bounds.ts";
import { FlatReader } from "./protocol/flat-reader.ts";
import { Frame } from "./protocol/frame.ts";
import { readFailed, readLoaded } from "./protocol/load-answer.ts";
import { IsolateLedger } from "./protocol/isolate-ledger.ts";
import { decodeRecords } from "./protocol/out-codec.ts";
import { TurnParts } from "./protocol/turn-parts.ts";
import { Violation } from "./protocol/violation.ts";
import { oneOf, shortText } from "./protocol/words.ts";
import type { EntryMark } from "./supervision/entry-table.ts";
import { monotonicMs } from "./supervision/monotonic.ts";
import { Suspects } from "./supervision/suspects.ts";

const CAUSES: readonly string[] = [
  "exceededCpu",
  "exceededMemory",
  "protocolError",
  "internalError",
] satisfies IsolateLoss["cause"][];
/** Records that stay inside a cell. */
const CELL_ONLY: ReadonlySet<number> = new Set([
  Out.timerSet,
  Out.timerClear,
  Out.loaded,
  Out.loadFailed,
  Out.slice,
]);
/** Isolates that the host disposed, of which frames may still be under way. */
const REMEMBERED = 10_000;
/** Events that are over here of which a frame may still speak, beside those that live: twice what a host runs at once. */
const MAX_LATE_EVENTS = 20_000;

export interface RemoteOptions {
  readonly listener: CellListener;
  readonly send: (type: number, values: readonly Flat[]) => void;
  /** The child must go; `loseAll` follows. */
  readonly kill: (reason: Catastrophe["reason"], message: string) => void;
  readonly ready: () => void;
  readonly stats: (request: number, stats: CellStats) => void;
  readonly codeCache: (request: number, bytes: Uint8Array | null) => void;
}

interface Remote {
  readonly versionKey: string;
  /** Set while it loads. */
  loading: ((result: LoadResult) => void) | undefined;
  /** Events that have begun and not ended, and whether a slice of them ran. */
  readonly begun: IdTable<boolean>;
  /** What the cell has checked is checked again: it may be in the hands of a tenant. */
  readonly ledger: IsolateLedger;
  readonly costs: CostLedger;
}

/** What the host knows of the isolates in one child, and how the child's frames change it. */
export class RemoteIsolates {
  readonly #options: RemoteOptions;
  readonly #isolates = new Map<number, Remote>();
  /** Isolates that are gone, with their versions. */
  readonly #former = new Map<number, string>();
  readonly #suspects = new Suspects();
  readonly #parts = new TurnParts();
  /** The isolate that the child reported as one that cannot be stopped; -1 if that was none with a version. */
  #reported: number | undefined;
  wasReady = false;

  constructor(options: RemoteOptions) {
    this.#options = options;
  }

  has(isolate: number): boolean {
    return this.#isolates.has(isolate);
  }

  load(request: LoadRequest): Promise<LoadResult> {
    const { isolate, versionKey, limits, account, weight, configJson } = request;
    if (this.#isolates.has(isolate) || this.#former.has(isolate)) {
      return Promise.resolve(lostLoad(`isolate ${isolate} was loaded before`));
    }
    this.#options.send(Frame.load, [
      isolate,
      versionKey,
      limits.memoryMb,
      limits.cpuMs,
      limits.startupCpuMs,
      account,
      weight,
      configJson,
    ]);
    return new Promise((loading) => {
      this.#isolates.set(isolate, {
        versionKey,
        loading,
        begun: new IdTable(),
        ledger: new IsolateLedger(true),
        costs: new CostLedger(),
      });
    });
  }

  /** Notes what is sent to an isolate. Gives false if it is not known. */
  delivers(isolate: number, messages: readonly InMessage[]): boolean {
    const remote = this.#isolates.get(isolate);
    if (remote === undefined) return false;
    for (const message of messages) {
      const { type, event } = message;
      // What is late for an honest cell may go to it: it drops that itself.
      remote.ledger.inbound(message);
      if (opensEvent(type)) {
        remote.begun.set(event, false);
        remote.costs.begin(event);
      } else if (type === In.drop) over(remote, event);
      else if (type === In.charge) remote.costs.charge(event, message.cpuUs);
    }
    return true;
  }

  /** Forgets an isolate. Gives false if it is not known. */
  dispose(isolate: number): boolean {
    const remote = this.#isolates.get(isolate);
    if (remote === undefined) return false;
    this.#forget(isolate);
    remote.loading?.(lostLoad("the isolate was disposed while it loaded"));
    return true;
  }

  /** Ends all loads; for a cell that closes. */
  closeAll(): void {
    for (const isolate of this.#isolates.keys()) this.dispose(isolate);
  }

  /**
   * The child is dead: reports its death, with the isolate that caused it if only one can have, and then every
   * isolate in it.
   */
  loseAll({ marks, isolate: named, ...end }: ChildEnd): void {
    const { listener } = this.#options;
    const lost = [...this.#isolates];
    const reported = this.#reported ?? (named >= 0 ? named : undefined);
    for (const mark of marks) this.#believe(mark);
    const suspects = this.#suspects.list(reported ?? null, monotonicMs());
    // What the child had not read may be anybody's: who ran meanwhile did not keep it from reading.
    const found =
      end.reason === "backlog"
        ? undefined
        : suspects.find(({ isolate }) =>
            reported === undefined ? suspects.length === 1 : isolate === reported,
          );
    this.#isolates.clear();
    const message = `The process in which the isolate lived was lost: ${end.message}`;
    listener.died({ ...end, suspects, culprit: found?.isolate ?? null });
    if (found !== undefined && this.#reported === undefined)
      listener.catastrophic({
        reason: end.reason === "memory" ? "memory" : "unstoppable",
        isolate: found.isolate,
        versionKey: found.versionKey,
        message,
      });
    for (const [isolate, { loading, begun }] of lost) {
      // Events may have gone along with the load, and have run.
      loading?.(lostLoad(message));
      if (loading !== undefined && begun.keys().length === 0) continue;
      const event = found?.isolate === isolate ? found.event : -1;
      const started = begun
        .entries()
        .filter(([, ran]) => ran)
        .map(([id]) => id);
      listener.lost(isolate, { cause: "cellLost", event, started, message });
    }
  }

  /** Takes a mark that the child left behind for what it says, if the isolate was in this child. */
  #believe({ isolate, events, eventCount, enteredMs }: EntryMark): void {
    const remote = this.#isolates.get(isolate);
    const versionKey = remote?.versionKey ?? this.#former.get(isolate);
    if (versionKey === undefined) return;
    this.#suspects.entered(isolate, versionKey, eventCount === 1 ? events : [], enteredMs);
    // Of a long list the end is missing: then any event may have run.
    if (remote !== undefined) start(remote, eventCount > events.length ? remote.begun.keys() : events);
  }

  /** Handles one frame. @throws Violation if the child must not have sent it */
  frame(type: number, values: readonly Flat[]): void {
    const reader = new FlatReader(values);
    if (type !== Frame.output && type !== Frame.leave) this.#parts.none();
    switch (type) {
      case Frame.ready:
        if (this.wasReady) throw new Violation("a child that is ready twice");
        this.wasReady = true;
        return this.#options.ready();
      case Frame.loaded:
        return this.#settleLoad(id(reader), readLoaded(reader));
      case Frame.failed:
        return this.#settleLoad(id(reader), readFailed(reader));
      case Frame.enter:
        return this.#enter(id(reader), reader);
      case Frame.output:
        return this.#output(id(reader), values, reader);
      case Frame.leave:
        return this.#leave(id(reader), reader);
      case Frame.charged:
        return this.#charged(id(reader), reader);
      case Frame.lost:
        return this.#lost(id(reader), reader);
      case Frame.catastrophic:
        return this.#catastrophic(reader);
      case Frame.statsAnswer:
        return this.#options.stats(id(reader), readStats(reader));
      case Frame.codeCache: {
        const request = id(reader);
        const bytes = reader.flat("code cache");
        return this.#options.codeCache(request, bytes instanceof Uint8Array ? bytes : null);
      }
      default:
        throw new Violation(`unknown frame type ${type} from the child`);
    }
  }

  #settleLoad(isolate: number, result: LoadResult): void {
    const remote = this.#find(isolate);
    if (remote === undefined) return;
    if (remote.loading === undefined) throw new Violation("a load that ends twice");
    const { loading } = remote;
    remote.loading = undefined;
    if (result.ok) this.#suspects.left(isolate);
    else this.#forget(isolate);
    loading(result);
  }

  #enter(isolate: number, reader: FlatReader): void {
    const remote = this.#find(isolate);
    if (remote === undefined) return;
    const events = readEvents(reader, remote);
    // Of several nobody knows which one ran: they are not worth keeping.
    const only = events.length === 1 ? events : [];
    this.#suspects.entered(isolate, remote.versionKey, only, monotonicMs());
    start(remote, events);
  }

  #output(isolate: number, values: readonly Flat[], reader: FlatReader): void {
    if (this.#find(isolate) === undefined) this.#parts.forget(isolate);
    else this.#parts.add(isolate, values, readMessages(reader));
  }

  #leave(isolate: number, reader: FlatReader): void {
    const remote = this.#find(isolate);
    if (remote === undefined) return this.#parts.forget(isolate);
    const count = reader.int("costs", 0, mostEvents(remote));
    const said: EventCost[] = [];
    for (let i = 0; i < count; i++) said.push(readCost(reader));
    const all = this.#parts.end(isolate, readMessages(reader));
    if (count > 0 || all.some(({ event }) => event !== 0)) mustBeLoaded(remote);
    const messages: OutMessage[] = [];
    for (const message of all) if (remote.ledger.outbound(message)) messages.push(message);
    if (remote.loading === undefined) this.#suspects.left(isolate);
    const costs = remote.costs.report(said);
    for (const { event } of costs) if (remote.begun.get(event) === false) remote.begun.set(event, true);
    for (const message of messages) if (message.type === Out.end) over(remote, message.event);
    this.#options.listener.messages(isolate, messages, costs);
  }

  #charged(isolate: number, reader: FlatReader): void {
    const remote = this.#find(isolate);
    if (remote === undefined) return;
    mustBeLoaded(remote);
    const said: EventCost[] = [];
    for (let left = mostEvents(remote); !reader.done; left--) {
      if (left === 0) throw new Violation("costs of more events than there are");
      said.push(readCost(reader));
    }
    this.#options.listener.messages(isolate, [], remote.costs.report(said));
  }

  #lost(isolate: number, reader: FlatReader): void {
    const remote = this.#find(isolate);
    if (remote === undefined) return;
    mustBeLoaded(remote);
    const cause = oneOf(reader, CAUSES) as IsolateLoss["cause"];
    const event = reader.int("event", -1, MAX_ID);
    const message = shortText(reader);
    const started = readEvents(reader, remote);
    this.#forget(isolate);
    this.#options.listener.lost(isolate, { cause, event, started, message });
  }

  #catastrophic(reader: FlatReader): void {
    const reason = oneOf(reader, ["unstoppable", "memory"]) as Catastrophe["reason"];
    const isolate = reader.int("isolate", -1, MAX_ID);
    reader.text("version key", MAX_HOST_TEXT);
    const message = shortText(reader);
    // One report is the last word.
    if (this.#reported !== undefined) return;
    // The child's word for it is not taken: it would let one blame any worker.
    const versionKey = this.#isolates.get(isolate)?.versionKey ?? this.#former.get(isolate);
    if (versionKey === undefined && isolate >= 0) throw new Violation("a report on an isolate of others");
    this.#reported = isolate;
    this.#options.kill(reason, message);
    this.#options.listener.catastrophic({ reason, isolate, versionKey: versionKey ?? "", message });
  }

  #find(isolate: number): Remote | undefined {
    const remote = this.#isolates.get(isolate);
    if (remote === undefined && !this.#former.has(isolate))
      throw new Violation("an isolate that nobody asked for");
    return remote;
  }

  #forget(isolate: number): void {
    const versionKey = this.#isolates.get(isolate)?.versionKey ?? "";
    this.#isolates.delete(isolate);
    this.#suspects.forget(isolate);
    this.#former.set(isolate, versionKey);
    if (this.#former.size <= REMEMBERED) return;
    for (const oldest of this.#former.keys()) {
      this.#former.delete(oldest);
      return;
    }
  }
}

function id(reader: FlatReader): number {
  return reader.int("id", 0, MAX_ID);
}

/** The end of the load comes before all that is said of the isolate's events. @throws Violation */
function mustBeLoaded({ loading }: Remote): void {
  if (loading !== undefined) throw new Violation("an event runs before its isolate is loaded");
}

/** Nothing more is to come of the event. */
function over({ begun, costs }: Remote, event: number): void {
  begun.delete(event);
  costs.end(event);
}

/** Events that one frame may speak of. */
function mostEvents({ begun }: Remote): number {
  return begun.size + MAX_LATE_EVENTS;
}

/** All events that are left in a frame. @throws Violation if they are more than there can be */
function readEvents(reader: FlatReader, remote: Remote): number[] {
  const events: number[] = [];
  for (let left = mostEvents(remote); !reader.done; left--) {
    if (left === 0) throw new Violation("more events than there are");
    events.push(id(reader));
  }
  return events;
}

/** A slice of each of these events has run, or may have. */
function start({ begun }: Remote, events: readonly number[]): void {
  for (const event of events) if (begun.has(event)) begun.set(event, true);
}

function readCost(reader: FlatReader): EventCost {
  return { event: id(reader), cpuUs: reader.int("cpuUs", 0, MAX_ID) };
}

function readMessages(reader: FlatReader): OutMessage[] {
  const messages = decodeRecords(reader);
  for (const { type } of messages)
    if (CELL_ONLY.has(type)) throw new Violation(`a record of type ${type} from a child`);
  return messages;
}

function readStats(reader: FlatReader): CellStats {
  const rssBytes = reader.amount("rss");
  const spares = reader.int("spares", 0, MAX_ID);
  const isolates: IsolateStats[] = [];
  while (!reader.done) {
    const isolate = id(reader);
    const heapBytes = reader.amount("heap");
    const externalBytes = reader.amount("external");
    isolates.push({ isolate, heapBytes, externalBytes, cpuMs: reader.amount("cpu") });
  }
  return { rssBytes, spares, isolates };
}
