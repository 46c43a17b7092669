import type { ModuleDefinition } from "../../contract/boot.ts";
import { objectCreate } from "../../primordials/object.ts";

export type ModuleKind = ModuleDefinition[1] | "value" | "builtin";
export type ExportGetter = () => unknown;
/** `export { name } from` the module of that request, or, without a name, `export * as … from`. */
export type Reexport = readonly [request: number, name?: string];

export type ModuleStatus = "new" | "linking" | "linked" | "evaluating" | "evaluating-async" | "evaluated";

/** One module: the fields of the language's Cyclic Module Record, named as there where it helps. */
export class ModuleRecord {
  readonly name: string;
  readonly kind: ModuleKind;
  readonly definition: ModuleDefinition | undefined;
  /** Object whose getters are the exports. Made empty, filled when the module is linked. */
  readonly namespace: Record<string, unknown> = objectCreate(null) as Record<string, unknown>;
  /** What the module's own exports are, `export { x } from` included. */
  exports: Record<string, ExportGetter | Reexport> = objectCreate(null) as Record<
    string,
    ExportGetter | Reexport
  >;
  /** The getter behind `export * as ns`: one per module, so that two such exports are one binding. */
  readonly whole: ExportGetter = () => this.namespace;
  /** Getters of names that are only known when the module has run, as of CommonJS. */
  late: Record<string, ExportGetter> = objectCreate(null) as Record<string, ExportGetter>;
  /** The modules of `requests`, in that order. */
  requested: ModuleRecord[] = [];
  /** The iterator of an `esm` body, stopped after its hoisting step. */
  iterator: Iterator<unknown> | AsyncIterator<unknown> | undefined = undefined;
  status: ModuleStatus = "new";
  failed = false;
  error: unknown = undefined;
  dfsIndex = 0;
  dfsAncestor = 0;
  cycleRoot: ModuleRecord | undefined = undefined;
  /** Order in which the module began to evaluate asynchronously; 0 if it did not. */
  asyncOrder = 0;
  pendingAsync = 0;
  asyncParents: ModuleRecord[] = [];
  capability: PromiseWithResolvers<void> | undefined = undefined;
  /** CommonJS: `module`, whose `exports` is the value. */
  cjs: { exports: unknown } | undefined = undefined;

  constructor(name: string, kind: ModuleKind, definition: ModuleDefinition | undefined) {
    this.name = name;
    this.kind = kind;
    this.definition = definition;
  }

  get hasAwait(): boolean {
    return this.kind === "esm" && this.definition?.[4] === true;
  }
}
