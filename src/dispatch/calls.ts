import type { Flat } from "../../runtime-api/contract/flat.ts";
import { In } from "../../runtime-api/contract/in.ts";
import { type Binding, CallError } from "../bindings/binding.ts";
import { IdTable } from "../ids/id-table.ts";
import { type CallScope, RunningCall } from "./running-call.ts";

const TOO_MANY = "Too many subrequests by single Worker invocation.";

interface CallsOptions extends CallScope {
  readonly progress: () => void;
  /** Told of errors that are Skerry's and not the worker's. */
  readonly internal: (error: unknown) => void;
}

/** The calls of one event on their way to bindings, and their replies on the way back. */
export class Calls {
  readonly #options: CallsOptions;
  /** Made with the first call: many events have none. */
  #pending: IdTable<RunningCall> | undefined;
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
    const running = new RunningCall(this.#options, this);
    (this.#pending ??= new IdTable()).set(call, running);
    void run(binding, op, args, running).then(
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
    const running = this.#pending?.get(call);
    this.#pending?.delete(call);
    running?.withdraw();
  }

  cancelAll(): void {
    for (const call of this.#pending?.keys() ?? []) this.cancel(call);
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
}

/** Whatever a binding throws is a failure of its call. */
function run(
  binding: Binding,
  op: string,
  args: readonly Flat[],
  call: RunningCall,
): Promise<readonly Flat[]> {
  try {
    return binding.call(op, args, call);
  } catch (error) {
    return Promise.reject(error);
  }
}
