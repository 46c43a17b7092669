import { join } from "node:path";
import { tmpdir } from "node:os";
import { RUNTIME_SLOT } from "../../runtime-api/contract/boot.ts";
import { BodyKind, type FlatBody } from "../../runtime-api/contract/flat.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import { Out, type OutMessage } from "../../runtime-api/contract/out.ts";
import type {
  Catastrophe,
  Cell,
  CellDeath,
  CellListener,
  EventCost,
  IsolateLimits,
  IsolateLoss,
  LoadResult,
} from "../../src/cell/cell.ts";
import type { CellOptions } from "../../src/cell/cell-options.ts";
import { createCell } from "../../src/cell/create-cell.ts";
import type { VersionValue } from "../../src/cell/version-code.ts";

export const KINDS = ["in-process", "process"] as const;
/** Wide where a test says nothing: a machine that stands still may charge that time to whoever runs. */
export const LIMITS: IsolateLimits = { memoryMb: 64, cpuMs: 10_000, startupCpuMs: 10_000 };
/** Shared by all runs of one user, so that the image is made once. */
const CACHE = join(tmpdir(), `skerry-test-cache-${process.getuid?.() ?? 0}`);

/** How an event ended, as the harness saw it. */
export interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
  readonly ok: boolean;
  readonly exception: string;
  readonly logs: readonly string[];
  readonly cpuUs: number;
  readonly loss: IsolateLoss | undefined;
}

interface Waiting {
  readonly messages: OutMessage[];
  cpuUs: number;
  readonly settle: (loss: IsolateLoss | undefined) => void;
}

/** The script of a version with one ES module whose default export is `handlers`. */
export function esm(handlers: string, before = ""): string {
  return `[["main.js","esm",[],[],false,function*(imports,meta,dyn,define){"use strict";define({default:()=>d});yield;${before};const d=${handlers};}]]`;
}

/** A cell with a host around it that is just enough to ask workers things. */
export class Harness implements CellListener, AsyncDisposable {
  readonly cell: Cell;
  readonly losses = new Map<number, IsolateLoss>();
  readonly catastrophes: Catastrophe[] = [];
  readonly deaths: CellDeath[] = [];
  /** Deaths and losses as they were told. */
  readonly order: string[] = [];
  readonly all: { isolate: number; messages: readonly OutMessage[]; costs: readonly EventCost[] }[] = [];
  /** Bytes that are left of the stream that an event's request brings. */
  readonly uploads = new Map<number, number>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #events = new Map<number, number>();
  #nextIsolate = 1;

  constructor(options: CellOptions) {
    this.cell = createCell(
      { cacheFolder: CACHE, spares: 1, spareMemoryMb: LIMITS.memoryMb, ...options },
      this,
    );
  }

  /** Loads a version and gives its isolate. */
  async load(
    script: string,
    limits: Partial<IsolateLimits> = {},
    values: readonly VersionValue[] = [],
  ): Promise<number> {
    const { isolate, result } = await this.tryLoad(script, limits, values);
    if (!result.ok) throw new Error(`load failed: ${result.reason} ${result.error.message}`);
    return isolate;
  }

  async tryLoad(
    script: string,
    limits: Partial<IsolateLimits> = {},
    values: readonly VersionValue[] = [],
    codeCache?: Uint8Array,
    share: { readonly account: number; readonly weight: number } = { account: 1, weight: 1 },
  ): Promise<{ isolate: number; result: LoadResult }> {
    const isolate = this.#nextIsolate++;
    const versionKey = `v${isolate}`;
    this.cell.putCode(versionKey, { script, codeCache, values });
    const configJson = JSON.stringify({
      main: "main.js",
      env: [],
      liveClock: false,
      wasmCompile: false,
      bodyBytes: 1024 * 1024,
      memoryMb: 128,
    });
    const result = await this.cell.load({
      isolate,
      versionKey,
      limits: { ...LIMITS, ...limits },
      ...share,
      configJson,
    });
    return { isolate, result };
  }

  /** Sends a request, and waits for the event's end or the isolate's loss. */
  fetch(isolate: number, url = "http://a.test/", body: FlatBody = [BodyKind.none, null]): Promise<Answer> {
    const event = this.nextEvent(isolate);
    const answer = this.watch(isolate, event);
    const method = body[0] === BodyKind.none ? "GET" : "POST";
    this.send(isolate, { type: In.fetch, event, method, url, headers: "", body, cfJson: "{}" });
    return answer;
  }

  nextEvent(isolate: number): number {
    const event = (this.#events.get(isolate) ?? 0) + 1;
    this.#events.set(isolate, event);
    return event;
  }

  send(isolate: number, ...messages: InMessage[]): void {
    this.cell.deliver(isolate, messages);
  }

  /** Resolves when the event has ended, however. */
  watch(isolate: number, event: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.losses.has(isolate)) {
        reject(new Error(`isolate ${isolate} is lost: ${this.losses.get(isolate)?.message}`));
        return;
      }
      const messages: OutMessage[] = [];
      const waiting: Waiting = {
        messages,
        cpuUs: 0,
        settle: (loss) => {
          this.#waiting.delete(`${isolate}:${event}`);
          resolve(answerOf(messages, waiting.cpuUs, loss));
        },
      };
      this.#waiting.set(`${isolate}:${event}`, waiting);
    });
  }

  messages(isolate: number, messages: readonly OutMessage[], costs: readonly EventCost[]): void {
    this.all.push({ isolate, messages, costs });
    for (const { event, cpuUs } of costs) {
      const waiting = this.#waiting.get(`${isolate}:${event}`);
      if (waiting !== undefined) waiting.cpuUs = cpuUs;
    }
    for (const message of messages) {
      const waiting = this.#waiting.get(`${isolate}:${message.event}`);
      waiting?.messages.push(message);
      if (message.type === Out.call && message.slot === RUNTIME_SLOT) this.#call(isolate, message);
      if (message.type === Out.chunk) {
        const { event, stream, bytes } = message;
        this.send(isolate, { type: In.credit, event, stream, bytes: bytes.length });
      }
      if (message.type === Out.credit) this.#upload(isolate, message);
      if (message.type === Out.end) waiting?.settle(undefined);
    }
  }

  lost(isolate: number, loss: IsolateLoss): void {
    this.losses.set(isolate, loss);
    this.order.push(`lost ${isolate}`);
    for (const [key, waiting] of this.#waiting) if (key.startsWith(`${isolate}:`)) waiting.settle(loss);
  }

  catastrophic(report: Catastrophe): void {
    this.catastrophes.push(report);
  }

  died(death: CellDeath): void {
    this.deaths.push(death);
    this.order.push("died");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cell.close();
  }

  /** Sends of {@link uploads} what the credit allows, and the stream's end. */
  #upload(isolate: number, { event, stream, bytes }: OutMessage & { type: typeof Out.credit }): void {
    const left = this.uploads.get(event) ?? 0;
    const now = Math.min(left, bytes);
    for (let at = 0; at < now; at += 65_536) {
      const chunk = new Uint8Array(Math.min(65_536, now - at)).fill(97);
      this.send(isolate, { type: In.chunk, event, stream, bytes: chunk });
    }
    this.uploads.set(event, left - now);
    if (left === now) this.send(isolate, { type: In.close, event, stream });
  }

  /** Outbound fetches are answered with their URL, after a turn of the loop. */
  #call(isolate: number, { event, call, args }: OutMessage & { type: typeof Out.call }): void {
    const url = String(args[1]);
    const values = [200, "", "", BodyKind.text, `from ${url}`, url, false];
    setImmediate(() => this.send(isolate, { type: In.reply, event, call, ok: true, values }));
  }
}

function answerOf(messages: readonly OutMessage[], cpuUs: number, loss: IsolateLoss | undefined): Answer {
  let status = 0;
  let headers = "";
  let body = "";
  let ok = false;
  let exception = "";
  const logs: string[] = [];
  const decoder = new TextDecoder();
  for (const message of messages) {
    if (message.type === Out.head) {
      ({ status, headers } = message);
      const [kind, value] = message.body;
      if (kind === BodyKind.text) body += value;
      if (kind === BodyKind.bytes) body += decoder.decode(value);
    } else if (message.type === Out.chunk) body += decoder.decode(message.bytes, { stream: true });
    else if (message.type === Out.log) logs.push(message.text);
    else if (message.type === Out.exception) exception = `${message.name}: ${message.message}`;
    else if (message.type === Out.end) ok = message.ok;
  }
  return { status, headers, body, ok, exception, logs, cpuUs, loss };
}

/** A promise that is not waited for longer than `ms`. */
export async function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
