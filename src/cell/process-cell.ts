import type { Flat } from "../../runtime-api/contract/flat.ts";
import type { InMessage } from "../../runtime-api/contract/in.ts";
import type { AccountPace, Cell, CellListener, CellStats, LoadRequest, LoadResult } from "./cell.ts";
import type { CellChild, ChildEnd } from "./cell-child.ts";
import type { CellNursery } from "./cell-nursery.ts";
import { CellFailed } from "./cell-failed.ts";
import { lostLoad } from "./lost-load.ts";
import { encodeCode } from "./protocol/code-frame.ts";
import { Frame } from "./protocol/frame.ts";
import { encodeIn } from "./protocol/in-codec.ts";
import { Violation } from "./protocol/violation.ts";
import { RemoteIsolates } from "./remote-isolates.ts";
import type { VersionCode } from "./version-code.ts";

/** Starts in a row that may fail before the cell gives up, and the pause after the first failure. */
const MAX_FAILED_STARTS = 5;
const FIRST_PAUSE_MS = 100;
/** What a cell says that has no child to load in. */
const CLOSED = "the cell is closed";
const BROKEN = "the cell waits before it tries again to start a process";
const EMPTY: CellStats = { rssBytes: 0, spares: 0, isolates: [] };

/** A load that waits for a child, with what was sent to its isolate meanwhile. */
interface WaitingLoad {
  readonly request: LoadRequest;
  readonly messages: InMessage[];
  readonly resolve: (result: LoadResult) => void;
}

/**
 * A cell in a child process. When something in it cannot be stopped, or it dies, all its isolates are
 * lost, and another child takes its place at once.
 */
export class ProcessCell implements Cell {
  readonly kind = "process";
  readonly #nursery: CellNursery;
  readonly #listener: CellListener;
  readonly #codes = new Map<string, VersionCode>();
  readonly #stats = new Map<number, (stats: CellStats) => void>();
  readonly #caches = new Map<number, (bytes: Uint8Array | null) => void>();
  readonly #ready = Promise.withResolvers<void>();
  /** Loads that wait for the next child, by isolate. */
  readonly #waiting = new Map<number, WaitingLoad>();
  /** Isolates that the child expects, and that were not loaded. */
  readonly #expected = new Set<number>();
  #isolates: RemoteIsolates;
  #child: CellChild | undefined;
  #restart: NodeJS.Timeout | undefined;
  #failedStarts = 0;
  #nextRequest = 1;
  #closed = false;

  readonly #ownsNursery: boolean;

  /**
   * @param nursery gives the cell its children
   * @param ownsNursery whether it is closed with the cell, as no other shares it
   */
  constructor(nursery: CellNursery, listener: CellListener, ownsNursery = false) {
    this.#nursery = nursery;
    this.#ownsNursery = ownsNursery;
    this.#listener = listener;
    this.#ready.promise.catch(() => {});
    this.#isolates = this.#start();
  }

  /** Process id of the child that serves now; for operators. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get cpuMs(): number {
    return this.#child?.cpuMs ?? 0;
  }

  ready(): Promise<void> {
    return this.#ready.promise;
  }

  putCode(versionKey: string, code: VersionCode): void {
    this.#codes.set(versionKey, code);
    this.#child?.send(Frame.putCode, encodeCode(versionKey, code));
  }

  dropCode(versionKey: string): void {
    this.#codes.delete(versionKey);
    this.#child?.send(Frame.dropCode, [versionKey]);
  }

  expect(isolate: number, memoryMb: number): void {
    const child = this.#child;
    if (child === undefined) return;
    this.#expected.add(isolate);
    child.send(Frame.expect, [isolate, memoryMb]);
    // What is still to be read before the load would keep it from leaving.
    child.flush();
  }

  load(request: LoadRequest): Promise<LoadResult> {
    this.#expected.delete(request.isolate);
    if (this.#child !== undefined) return this.#isolates.load(request);
    if (this.#closed || this.#failedStarts >= MAX_FAILED_STARTS)
      return Promise.resolve(lostLoad(this.#closed ? CLOSED : BROKEN));
    return new Promise((resolve) => this.#waiting.set(request.isolate, { request, messages: [], resolve }));
  }

  deliver(isolate: number, messages: readonly InMessage[]): void {
    if (messages.length === 0) return;
    if (!this.#isolates.delivers(isolate, messages)) {
      this.#waiting.get(isolate)?.messages.push(...messages);
      return;
    }
    const flat: Flat[] = [isolate];
    for (const message of messages) {
      flat.push(message.event);
      encodeIn(flat, message, true);
    }
    this.#child?.send(Frame.deliver, flat);
  }

  dispose(isolate: number): void {
    if (this.#isolates.dispose(isolate) || this.#expected.delete(isolate))
      this.#child?.send(Frame.dispose, [isolate]);
    else if (this.#waiting.size > 0) {
      this.#waiting.get(isolate)?.resolve(lostLoad("the isolate was disposed while it waited"));
      this.#waiting.delete(isolate);
    }
  }

  pace(paces: readonly AccountPace[]): void {
    const flat: Flat[] = [];
    for (const { account, usPerMs } of paces) flat.push(account, usPerMs);
    this.#child?.send(Frame.pace, flat);
  }

  makeCodeCache(isolate: number): Promise<Uint8Array | null> {
    const child = this.#child;
    if (child === undefined || !this.#isolates.has(isolate)) return Promise.resolve(null);
    const request = this.#nextRequest++;
    child.send(Frame.makeCodeCache, [request, isolate]);
    return new Promise((resolve) => this.#caches.set(request, resolve));
  }

  stats(): Promise<CellStats> {
    const child = this.#child;
    if (child === undefined) return Promise.resolve(EMPTY);
    const request = this.#nextRequest++;
    child.send(Frame.stats, [request]);
    return new Promise((resolve) => this.#stats.set(request, resolve));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    this.#child = undefined;
    this.#giveUpRequests();
    this.#giveUpLoads(CLOSED);
    this.#ready.reject(new CellFailed("it was closed before it was ready"));
    this.#isolates.closeAll();
    await child?.close();
    if (this.#ownsNursery) await this.#nursery.close();
  }

  #start(): RemoteIsolates {
    const isolates = new RemoteIsolates({
      listener: this.#listener,
      send: (type, values) => this.#child?.send(type, values),
      kill: (reason, message) => child.kill(reason, message),
      ready: () => {
        this.#failedStarts = 0;
        this.#ready.resolve();
      },
      stats: (request, stats) => settle(this.#stats, request, stats),
      codeCache: (request, bytes) => settle(this.#caches, request, bytes),
    });
    const child = this.#nursery.take({
      frame: (type, values) => isolates.frame(type, values),
      gone: (end) => this.#gone(isolates, end),
    });
    this.#child = child;
    for (const [versionKey, code] of this.#codes) child.send(Frame.putCode, encodeCode(versionKey, code));
    this.#isolates = isolates;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { request, messages, resolve } of waiting) {
      void isolates.load(request).then(resolve);
      this.deliver(request.isolate, messages);
    }
    return isolates;
  }

  /** The child is dead. Its successor is started before anybody hears of the losses. */
  #gone(isolates: RemoteIsolates, end: ChildEnd): void {
    if (this.#closed) return;
    this.#child = undefined;
    this.#expected.clear();
    this.#giveUpRequests();
    if (!isolates.wasReady) this.#failedStarts++;
    if (this.#failedStarts >= MAX_FAILED_STARTS) {
      this.#ready.reject(new CellFailed(end.message));
      this.#giveUpLoads(BROKEN);
    }
    // One that dies while it boots may have been hit by chance.
    if (this.#failedStarts <= 1) this.#isolates = this.#start();
    else {
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.#failedStarts, 10_000);
      this.#restart = setTimeout(() => (this.#isolates = this.#start()), pauseMs);
    }
    isolates.loseAll(end);
  }

  #giveUpLoads(message: string): void {
    for (const { resolve } of this.#waiting.values()) resolve(lostLoad(message));
    this.#waiting.clear();
  }

  #giveUpRequests(): void {
    for (const resolve of this.#stats.values()) resolve(EMPTY);
    for (const resolve of this.#caches.values()) resolve(null);
    this.#stats.clear();
    this.#caches.clear();
  }
}

/** @throws Violation for an answer that nobody waits for */
function settle<T>(waiting: Map<number, (value: T) => void>, request: number, value: T): void {
  const resolve = waiting.get(request);
  if (resolve === undefined) throw new Violation("an answer to what was not asked");
  waiting.delete(request);
  resolve(value);
}
