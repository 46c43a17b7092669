import type { Binding } from "../binding.ts";
import { bindingKind, missingPlugIn } from "./binding-kinds.ts";
import { CallGate } from "./call-gate.ts";
import type { BindingCaller, BindingPlugIns } from "./plug-in.ts";
import { createPlugInBinding } from "./plug-in-binding.ts";
import { type ReadyPlugIn, readyPlugIn } from "./ready-plug-in.ts";

/** What `env` shows of a binding. */
export interface PlugInFace {
  readonly methods: readonly string[];
  readonly oneWay: readonly string[];
  readonly fetches: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The plug-ins of a host. */
export class PlugIns {
  readonly #plugIns: ReadonlyMap<string, { readonly plugIn: ReadyPlugIn; readonly gate: CallGate }>;
  readonly #fault: (error: unknown) => void;

  /**
   * @param given was checked
   * @param fault told of errors of plug-ins that workers do not see
   */
  constructor(given: BindingPlugIns, fault: (error: unknown) => void) {
    this.#fault = fault;
    this.#plugIns = new Map(
      Object.entries(given).map(([type, one]) => {
        const plugIn = readyPlugIn(type, one);
        return [type, { plugIn, gate: new CallGate(plugIn.concurrency) }];
      }),
    );
  }

  /** Why a binding cannot be deployed; undefined if it can. */
  problem(caller: Omit<BindingCaller, "versionId">): string | undefined {
    const { binding, type } = caller;
    const found = this.#plugIns.get(type);
    if (found === undefined) return missingPlugIn(binding, type);
    try {
      const problem = found.plugIn.check?.(caller);
      return problem === undefined ? undefined : `binding "${binding}": ${problem}`;
    } catch (error) {
      this.#fault(error);
      return `binding "${binding}": the plug-in for "${type}" failed`;
    }
  }

  /** What an isolate that starts shows. @throws what the plug-in throws */
  face(caller: BindingCaller): PlugInFace {
    const plugIn = this.#plugIns.get(caller.type)?.plugIn;
    if (plugIn === undefined) {
      const { methods = [], oneWay = [] } = bindingKind(caller.type) ?? {};
      return { methods, oneWay, fetches: false, values: {} };
    }
    const { methods, oneWay } = plugIn;
    return { methods, oneWay, fetches: plugIn.fetch !== undefined, values: plugIn.values?.(caller) ?? {} };
  }

  /** The binding behind a slot. */
  bind(target: Omit<BindingCaller, "versionId" | "worker">): Binding {
    const found = this.#plugIns.get(target.type);
    return createPlugInBinding(target, found?.plugIn ?? null, found?.gate ?? new CallGate(1), this.#fault);
  }
}
