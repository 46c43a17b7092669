import type { Socket } from "node:net";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import type { InMessage } from "../../../runtime-api/contract/in.ts";
import type { OutMessage } from "../../../runtime-api/contract/out.ts";
import type { AccountPace, EventCost, LoadRequest, LoadResult } from "../cell.ts";
import { CellCore } from "../core/cell-core.ts";
import type { Isolates } from "../core/isolates.ts";
import { decodeCode } from "../protocol/code-frame.ts";
import { MAX_HOST_TEXT, MAX_ID } from "../protocol/field-bounds.ts";
import { FlatReader } from "../protocol/flat-reader.ts";
import { Frame } from "../protocol/frame.ts";
import { FROM_HOST, OUTPUT_PART } from "../protocol/frame-bounds.ts";
import { decodeIn } from "../protocol/in-codec.ts";
import { encodeOut } from "../protocol/out-codec.ts";
import { Pipe } from "../protocol/pipe.ts";
import { Violation } from "../protocol/violation.ts";
import { EntryMarks } from "./entry-marks.ts";

/** Output that may wait for the host before the isolates begin no more turns, in bytes. */
const BACKLOG_BYTES = 16 * 1024 * 1024;
const MAX_MB = 1_000_000;
const MAX_MS = 2 ** 40;
const MAX_WEIGHT = 1_000_000;
const MAX_US_PER_MS = 1_000_000;

/** The child's half of a process cell: frames of the host become calls, what comes back becomes frames. */
export class ChildCell {
  readonly #isolates: Isolates;
  readonly #core: CellCore;
  readonly #pipe: Pipe;
  readonly #marks: EntryMarks | undefined;
  #paused = false;

  /**
   * @param entryFd descriptor of the file for what is entered, if the host has one
   * @param die called when the host is gone or sends nonsense: nothing is left to live for
   */
  constructor(
    socket: Socket,
    isolates: Isolates,
    entryFd: number | undefined,
    die: (error?: unknown) => void,
  ) {
    this.#isolates = isolates;
    if (entryFd !== undefined) this.#marks = new EntryMarks(entryFd);
    this.#pipe = new Pipe(socket, {
      bounds: FROM_HOST,
      onFrame: (type, values) => this.#frame(type, new FlatReader(values)),
      onEnd: die,
      onDrain: () => this.#relieve(),
    });
    this.#core = new CellCore(isolates, {
      enter: (isolate, events, limitMs) => this.#enter(isolate, events, limitMs),
      left: (isolate) => this.#marks?.leave(isolate),
      messages: (isolate, messages, costs) => this.#messages(isolate, messages, costs),
      charged: (isolate, costs) => this.#send(Frame.charged, [isolate, ...flatCosts(costs)]),
      lost: (isolate, { cause, event, started, message }) =>
        this.#send(Frame.lost, [isolate, cause, event, message, ...started]),
      catastrophic: ({ reason, isolate, versionKey, message }) => {
        if (reason === "unstoppable") this.#marks?.stuck(isolate);
        this.#send(Frame.catastrophic, [reason, isolate, versionKey, message]);
        this.#pipe.flush();
      },
    });
    this.#core.ready().then(() => this.#send(Frame.ready, []), die);
  }

  #frame(type: number, reader: FlatReader): void {
    switch (type) {
      case Frame.putCode: {
        const { versionKey, code } = decodeCode(reader);
        return this.#core.putCode(versionKey, code);
      }
      case Frame.dropCode:
        return this.#core.dropCode(reader.text("version key", MAX_HOST_TEXT));
      case Frame.expect:
        return this.#core.expect(id(reader), reader.int("memoryMb", 1, MAX_MB));
      case Frame.load:
        return this.#load(readLoad(reader));
      case Frame.deliver: {
        const isolate = id(reader);
        const messages: InMessage[] = [];
        while (!reader.done) messages.push(decodeIn(reader, id(reader)));
        return this.#core.deliver(isolate, messages);
      }
      case Frame.pace:
        return this.#core.pace(readPaces(reader));
      case Frame.dispose:
        return this.#core.dispose(id(reader));
      case Frame.stats:
        return void this.#stats(id(reader));
      case Frame.makeCodeCache:
        return void this.#codeCache(id(reader), id(reader));
      case Frame.ping:
        return this.#send(Frame.pong, [id(reader)]);
      default:
        throw new Violation(`unknown frame type ${type} from the host`);
    }
  }

  #load(request: LoadRequest): void {
    void this.#core.load(request, (result) => this.#loadEnded(request.isolate, result));
  }

  #loadEnded(isolate: number, result: LoadResult): void {
    if (result.ok) {
      const { claimMs, compileMs, evaluateMs, cpuMs, spare } = result.phases;
      this.#send(Frame.loaded, [
        isolate,
        spare,
        claimMs,
        compileMs,
        evaluateMs,
        cpuMs,
        result.codeCache,
        ...result.handlers,
      ]);
    } else {
      const { name, message, stack } = result.error;
      this.#send(Frame.failed, [isolate, result.reason, name, message, stack]);
    }
  }

  async #stats(request: number): Promise<void> {
    const { rssBytes, spares, isolates } = await this.#core.stats();
    const flat: Flat[] = [request, rssBytes, spares];
    for (const { isolate, heapBytes, externalBytes, cpuMs } of isolates)
      flat.push(isolate, heapBytes, externalBytes, cpuMs);
    this.#send(Frame.statsAnswer, flat);
  }

  async #codeCache(request: number, isolate: number): Promise<void> {
    this.#send(Frame.codeCache, [request, await this.#core.makeCodeCache(isolate)]);
  }

  #enter(isolate: number, events: readonly number[], limitMs: number): void {
    if (this.#marks?.enter(isolate, events, limitMs) === true || events[0] === -1) return;
    // The host is told instead, and what it is told has left before the entry begins.
    this.#send(Frame.enter, [isolate, ...events]);
    this.#pipe.flush();
  }

  #messages(isolate: number, messages: readonly OutMessage[], costs: readonly EventCost[]): void {
    let part: Flat[] = [];
    let bytes = 0;
    for (const message of messages) {
      const from = part.length;
      encodeOut(part, message);
      for (let i = from; i < part.length; i++) {
        const value = part[i];
        if (typeof value === "string" || value instanceof Uint8Array) bytes += value.length;
      }
      if (part.length < OUTPUT_PART.values && bytes < OUTPUT_PART.bytes) continue;
      this.#send(Frame.output, [isolate, ...part]);
      part = [];
      bytes = 0;
    }
    this.#send(Frame.leave, [isolate, costs.length, ...flatCosts(costs), ...part]);
  }

  #send(type: number, values: readonly Flat[]): void {
    this.#pipe.send(type, values);
    if (this.#paused || this.#pipe.queuedBytes < BACKLOG_BYTES) return;
    this.#paused = true;
    this.#isolates.pause();
  }

  #relieve(): void {
    if (!this.#paused || this.#pipe.queuedBytes >= BACKLOG_BYTES) return;
    this.#paused = false;
    this.#isolates.resume();
  }
}

function flatCosts(costs: readonly EventCost[]): number[] {
  return costs.flatMap(({ event, cpuUs }) => [event, cpuUs]);
}

function id(reader: FlatReader): number {
  return reader.int("id", 0, MAX_ID);
}

function readPaces(reader: FlatReader): AccountPace[] {
  const paces: AccountPace[] = [];
  while (!reader.done) paces.push({ account: id(reader), usPerMs: reader.int("usPerMs", 1, MAX_US_PER_MS) });
  return paces;
}

function readLoad(reader: FlatReader): LoadRequest {
  const isolate = id(reader);
  const versionKey = reader.text("version key", MAX_HOST_TEXT);
  const memoryMb = reader.int("memoryMb", 1, MAX_MB);
  const cpuMs = reader.int("cpuMs", 0, MAX_MS);
  const limits = { memoryMb, cpuMs, startupCpuMs: reader.int("startupCpuMs", 0, MAX_MS) };
  const account = id(reader);
  const weight = reader.int("weight", 1, MAX_WEIGHT);
  return { isolate, versionKey, limits, account, weight, configJson: reader.text("config", 2 ** 30) };
}
