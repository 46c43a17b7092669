import type { Flat } from "../../runtime-api/contract/flat.ts";
import { BodyKind } from "../../runtime-api/contract/flat.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import { type Binding, CallError, type CallContext, type IsolateScope } from "../bindings/binding.ts";
import { IdTable } from "../ids/id-table.ts";
import type { Version } from "../versions/version.ts";
import type { EventSockets } from "./event-sockets.ts";
import type { InboundStreams } from "./inbound-streams.ts";
import type { OutboundStreams } from "./outbound-streams.ts";

const TOO_MANY = "Too many subrequests by single Worker invocation.";

interface CallsOptions {
  readonly event: number;
  readonly version: Version;
  readonly isolate: IsolateScope;
  /** How many workers the event's request has come through already. */
  readonly depth: number;
  readonly inbound: InboundStreams;
  readonly outbound: OutboundStreams;
  readonly sockets: () => EventSockets;
  readonly send: (message: InMessage) => void;
  readonly progress: () => void;
  /** Told of errors that are Skerry's and not the worker's. */
  readonly internal: (error: unknown) => void;
}

/** The calls of one event on their way to bindings, and their replies on the way back. */
export class Calls {
  readonly #options: CallsOptions;
  /** Made with the first call: many events have none. */
  #pending: IdTable<AbortController> | undefined;
  /** Subrequests made so far: calls, but for those that their binding does not count. */
  count = 0;
  /** Whether any call was begun that may have changed something. */
  wrote = false;
  /** Of these, those that do not count any more. */
  #before = 0;

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  start(call: number, slot: number, op: string, args: readonly Flat[]): void {
    const { version, event } = this.#options;
    const binding = version.bindings[slot];
    if (binding?.isSubrequest?.(op) ?? true) this.count++;
    if (this.count - this.#before > version.limits.subrequests) return this.#fail(call, "Error", TOO_MANY);
    if (binding === undefined) return this.#fail(call, "Error", `no binding in slot ${slot}`);
    this.wrote ||= binding.writes?.(op, args) ?? true;
    const controller = new AbortController();
    (this.#pending ??= new IdTable()).set(call, controller);
    void this.#run(binding, op, args, controller).then(
      (values) => {
        if (!this.#settle(call)) return;
        this.#options.send({ type: In.reply, event, call, ok: true, values });
      },
      (error: unknown) => {
        if (!this.#settle(call)) return;
        if (error instanceof CallError) return this.#fail(call, error.errorName, error.message);
        this.#options.internal(error);
        this.#fail(call, "Error", "internal error");
      },
    );
  }

  /** From now on the event may make as many subrequests as a new one. */
  refresh(): void {
    this.#before = this.count;
  }

  /** The worker does not want the answer any more. */
  cancel(call: number): void {
    const controller = this.#pending?.get(call);
    this.#pending?.delete(call);
    controller?.abort(new DOMException("the worker withdrew the call", "AbortError"));
  }

  cancelAll(): void {
    for (const call of this.#pending?.keys() ?? []) this.cancel(call);
  }

  async #run(
    binding: Binding,
    op: string,
    args: readonly Flat[],
    controller: AbortController,
  ): Promise<readonly Flat[]> {
    return await binding.call(op, args, this.#context(controller.signal));
  }

  #settle(call: number): boolean {
    this.#options.progress();
    return this.#pending?.delete(call) ?? false;
  }

  #fail(call: number, name: string, message: string): void {
    this.#options.send({
      type: In.reply,
      event: this.#options.event,
      call,
      ok: false,
      values: [name, message],
    });
  }

  #context(signal: AbortSignal): CallContext {
    const { version, event, isolate, inbound, outbound, sockets, depth, send } = this.#options;
    return {
      event: this,
      depth,
      account: version.account,
      worker: version.worker,
      versionId: version.id,
      limits: version.limits,
      isolate,
      signal,
      charge: (cpuUs) => send({ type: In.charge, event, cpuUs }),
      // Nobody would ever let go of what is opened once the event is over.
      openStream: (source) => {
        if (!signal.aborted) return inbound.open(source);
        source.cancel(signal.reason).catch(() => {}); // the source's own failure
        throw withdrawn();
      },
      openSocket: (connection) => {
        if (!signal.aborted) return sockets().open(connection);
        connection.terminate();
        throw withdrawn();
      },
      readBody: (kind, value) => readBody(kind, value, inbound, outbound),
    };
  }
}

function withdrawn(): CallError {
  return new CallError("Error", "The call was withdrawn");
}

function readBody(
  kind: Flat | undefined,
  value: Flat | undefined,
  inbound: InboundStreams,
  outbound: OutboundStreams,
): string | Uint8Array | ReadableStream<Uint8Array> | null {
  if (kind === BodyKind.none) return null;
  if (kind === BodyKind.text && typeof value === "string") return value;
  if (kind === BodyKind.bytes && value instanceof Uint8Array) return value;
  if (kind === BodyKind.stream && typeof value === "number") return outbound.open(value, () => {});
  let taken: ReadableStream<Uint8Array> | null = null;
  if (kind === BodyKind.ref && typeof value === "number") taken = inbound.take(value);
  // The worker may wait for the call before it reads the rest: the call fails then, and it can go on.
  if (kind === BodyKind.copy && typeof value === "number") taken = inbound.copy(value, "reader");
  if (taken === null) throw new CallError("TypeError", "This body has been used already.");
  return taken;
}
