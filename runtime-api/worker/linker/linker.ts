import type { ModuleDefinition } from "../../contract/boot.ts";
import { typedBuffer, typedArrayKind } from "../../primordials/bytes.ts";
import { MapOf, mapGet, mapSet } from "../../primordials/collections.ts";
import { ErrorOf } from "../../primordials/errors.ts";
import { objectCreate, objectKeys, reflectApply } from "../../primordials/object.ts";
import { promiseHandled } from "../../primordials/promise.ts";
import { arrayPop, arrayPush } from "../../primordials/array.ts";
import { StringOf } from "../../primordials/string.ts";
import { jsonParse } from "../../primordials/values.ts";
import { evaluate, evaluateNow } from "./evaluate.ts";
import { type ExportGetter, ModuleRecord, type Reexport } from "./module-record.ts";
import { candidates, canonicalName, moduleUrl } from "./module-names.ts";
import { fillFromExports, fillNamespace } from "./namespace.ts";
import { shareGlobals } from "./script-globals.ts";

/**
 * Links and evaluates the modules of one version with the semantics of ES modules, from bodies that a
 * deploy has turned into functions (see `ModuleDefinition`). Only modules that are reached are run.
 */
export class Linker {
  readonly #modules: Map<string, ModuleRecord> = new MapOf();
  readonly #builtins: Map<string, ModuleRecord> = new MapOf();
  /** First steps of async bodies that were linked lately. */
  readonly #hoisting: Promise<unknown>[] = [];

  /**
   * @param definitions the modules that are code
   * @param values the other modules, as `name, kind, value, …`
   */
  constructor(definitions: readonly ModuleDefinition[], values: readonly unknown[]) {
    for (let i = 0; i < definitions.length; i++) {
      const definition = definitions[i] as ModuleDefinition;
      this.#add(new ModuleRecord(definition[0], definition[1], definition));
    }
    for (let i = 0; i < values.length; i += 3) {
      const [name, kind, value] = [values[i] as string, values[i + 1] as string, values[i + 2]];
      const module = new ModuleRecord(name, "value", undefined);
      const get = once(() => decode(kind, value));
      module.exports["default"] = get;
      this.#add(module);
    }
  }

  /** Adds a module that the runtime brings. */
  addBuiltin(name: string, exports: Record<string, ExportGetter>): ModuleRecord {
    const module = new ModuleRecord(name, "builtin", undefined);
    module.exports = exports;
    mapSet(this.#builtins, name, module);
    return module;
  }

  /** The module with this name. @throws Error "No such module" */
  get(name: string): ModuleRecord {
    const module = mapGet(this.#modules, canonicalName(name) ?? name);
    if (module === undefined) throw new ErrorOf(`No such module "${name}".`);
    return module;
  }

  /** Links and evaluates a module and all that it needs. Rejects with the error of the first that fails. */
  async run(module: ModuleRecord): Promise<void> {
    this.#link(module);
    // An async body is ready for its second step only when its first one has settled: without this
    // wait it would begin later than its siblings that do not await.
    while (this.#hoisting.length > 0) await arrayPop(this.#hoisting);
    await evaluate(module, this.#runOther);
  }

  #add(module: ModuleRecord): void {
    mapSet(this.#modules, canonicalName(module.name) ?? module.name, module);
  }

  #resolve(specifier: string, importer: ModuleRecord): ModuleRecord {
    const builtin = mapGet(this.#builtins, specifier);
    if (builtin !== undefined) return builtin;
    const names = candidates(specifier, canonicalName(importer.name) ?? importer.name);
    for (let i = 0; i < 2; i++) {
      const name = names[i as 0 | 1];
      const module = name === undefined ? undefined : mapGet(this.#modules, name);
      if (module !== undefined) return module;
    }
    throw new ErrorOf(`No such module "${names[0] ?? specifier}".\n  imported from "${importer.name}"`);
  }

  /** Links a module: resolves what it imports, hoists its functions, fills its namespace. */
  #link(root: ModuleRecord): void {
    const linked: ModuleRecord[] = [];
    try {
      this.#prepare(root, linked);
    } catch (error) {
      // Nothing ran: the next import of these modules tries again.
      for (let i = 0; i < linked.length; i++) (linked[i] as ModuleRecord).status = "new";
      throw error;
    }
    // Names come through stars, so every module must know its own before any namespace is filled.
    for (let i = 0; i < linked.length; i++) {
      const module = linked[i] as ModuleRecord;
      fillNamespace(module);
      module.status = "linked";
    }
  }

  #prepare(module: ModuleRecord, linked: ModuleRecord[]): void {
    if (module.status !== "new") return;
    module.status = "linking";
    arrayPush(linked, module);
    module.requested = [];
    const requests = module.kind === "esm" ? (module.definition?.[2] ?? []) : [];
    for (let i = 0; i < requests.length; i++) {
      const required = this.#resolve(requests[i] as string, module);
      arrayPush(module.requested, required);
      this.#prepare(required, linked);
    }
    if (module.kind === "cjs") {
      module.cjs = { exports: {} };
      module.exports["default"] ??= () => module.cjs?.exports;
    } else if (module.kind === "esm" && module.iterator === undefined) {
      this.#hoist(module);
    }
  }

  /** Takes the first step of an `esm` body: from here on its functions can be called. */
  #hoist(module: ModuleRecord): void {
    const imports: Record<string, unknown>[] = [];
    for (let i = 0; i < module.requested.length; i++)
      arrayPush(imports, (module.requested[i] as ModuleRecord).namespace);
    const meta = objectCreate(null) as { url: string };
    meta.url = moduleUrl(module.name);
    const dynamicImport = (specifier: unknown): Promise<unknown> => this.#import(specifier, module);
    const define = (exports: Record<string, ExportGetter | Reexport>): void => {
      const names = objectKeys(exports);
      for (let i = 0; i < names.length; i++) {
        const name = names[i] as string;
        module.exports[name] = exports[name] as ExportGetter | Reexport;
      }
    };
    const body = module.definition?.[5] as (...args: unknown[]) => Iterator<unknown> | AsyncIterator<unknown>;
    module.iterator = body(imports, meta, dynamicImport, define);
    const first: unknown = module.iterator.next();
    if (!module.hasAwait) return;
    promiseHandled(first as Promise<unknown>);
    arrayPush(this.#hoisting, first as Promise<unknown>);
  }

  async #import(specifier: unknown, importer: ModuleRecord): Promise<unknown> {
    const module = this.#resolve(StringOf(specifier), importer);
    await this.run(module);
    return module.namespace;
  }

  readonly #runOther = (module: ModuleRecord): void => {
    if (module.kind === "script") {
      reflectApply(module.definition?.[5] as Function, globalThis, [shareGlobals]);
    } else if (module.kind === "cjs") {
      this.#runCommonJs(module);
    }
  };

  #runCommonJs(module: ModuleRecord): void {
    const cjs = module.cjs as { exports: unknown };
    const require = (specifier: unknown): unknown => this.#require(StringOf(specifier), module);
    const dynamicImport = (specifier: unknown): Promise<unknown> => this.#import(specifier, module);
    reflectApply(module.definition?.[5] as Function, cjs.exports, [cjs, cjs.exports, require, dynamicImport]);
    fillFromExports(module);
  }

  #require(specifier: string, importer: ModuleRecord): unknown {
    const module = this.#resolve(specifier, importer);
    this.#link(module);
    evaluateNow(module, this.#runOther);
    if (module.kind === "cjs") return module.cjs?.exports;
    return module.kind === "value" ? module.namespace["default"] : module.namespace;
  }
}

/** The value of a module that is not code. */
function decode(kind: string, value: unknown): unknown {
  if (kind === "json") return jsonParse(value as string);
  if (kind === "data" && typedArrayKind(value) === "Uint8Array") return typedBuffer(value as Uint8Array);
  return value;
}

function once(make: () => unknown): ExportGetter {
  let made: { value: unknown } | undefined;
  return () => (made ??= { value: make() }).value;
}
