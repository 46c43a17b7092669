import { arrayPush } from "../primordials/array.ts";
import { weakRefDeref } from "../primordials/collections.ts";
import { RangeErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { objectKeys, reflectConstruct } from "../primordials/object.ts";
import { promiseReject, promiseResolve } from "../primordials/promise.ts";
import { bufferByteLength } from "../primordials/bytes.ts";
import { mathMin } from "../primordials/values.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { defineBuiltin, guardMethod, replaceConstructor } from "./wrap.ts";

const PAGE_BYTES = 65_536;
const MB = 1024 * 1024;
/** Entries of one table. */
const TABLE_ENTRIES = 1_000_000;
/** Memories that may be alive at once. */
const LIVE_MEMORIES = 1_000;

type Constructor = new (...args: unknown[]) => object;
interface Wasm {
  Module: Constructor & { exports(module: unknown): unknown };
  Instance: Constructor;
  Memory: Constructor;
  Table: Constructor;
  CompileError: new (message: string) => Error;
  [name: string]: unknown;
}

let memoryMb = 128;

/** Says how much memory the isolate has, in MB. Before any of the worker's code runs. */
export function setWasmMemory(mb: number): void {
  memoryMb = mb;
}

/**
 * Leaves of WebAssembly what runs modules of the upload: nothing compiles bytes at run time, and
 * memories and tables stay within the isolate's memory, which V8 does not see to.
 */
export function limitWasm(global: object): void {
  const wasm = (global as { WebAssembly?: Wasm }).WebAssembly;
  if (wasm === undefined) return;
  const budget = makeBudget(wasm);
  refuseCompiling(wasm, budget);
  limitMemory(wasm, budget);
  limitTable(wasm);
}

/** What the memories that are alive take; V8 does not count it. */
interface Budget {
  /** Throws a RangeError if `bytes` more are too many. */
  require(bytes: number): void;
  add(memory: object): void;
  isMemory(value: unknown): boolean;
}

function makeBudget(wasm: Wasm): Budget {
  const bufferOf = uncurry(
    Reflect.getOwnPropertyDescriptor(wasm.Memory.prototype, "buffer")?.get as () => ArrayBuffer,
  );
  const WeakRefOf = WeakRef;
  let live: WeakRef<object>[] = [];
  return {
    require(bytes) {
      let total = bytes;
      const still: WeakRef<object>[] = [];
      for (let i = 0; i < live.length; i++) {
        const memory = weakRefDeref(live[i] as WeakRef<object>);
        if (memory === undefined) continue;
        arrayPush(still, live[i] as WeakRef<object>);
        total += bufferByteLength(bufferOf(memory));
      }
      live = still;
      if (total > memoryMb * MB || live.length >= LIVE_MEMORIES) {
        throw new RangeErrorOf(`WebAssembly memories would take more than the isolate's ${memoryMb} MB`);
      }
    },
    add(memory) {
      arrayPush(live, new WeakRefOf(memory));
    },
    isMemory(value) {
      try {
        bufferOf(value);
        return true;
      } catch {
        return false;
      }
    },
  };
}

function refuseCompiling(wasm: Wasm, budget: Budget): void {
  const { Module: NativeModule, Instance: NativeInstance, CompileError } = wasm;
  const moduleExports = NativeModule.exports;
  const refusal = (name: string): Error =>
    new CompileError(`WebAssembly.${name}(): Wasm code generation disallowed by embedder`);
  const isModule = (value: unknown): boolean => {
    try {
      moduleExports(value);
      return true;
    } catch {
      return false;
    }
  };
  function Module(): never {
    if (new.target === undefined) throw new TypeErrorOf("WebAssembly.Module must be invoked with 'new'");
    throw refusal("Module");
  }
  function Instance(module: unknown, imports: unknown): object {
    if (new.target === undefined) throw new TypeErrorOf("WebAssembly.Instance must be invoked with 'new'");
    budget.require(0);
    const instance = reflectConstruct(NativeInstance, [module, imports]) as {
      exports: Record<string, unknown>;
    };
    const names = objectKeys(instance.exports);
    for (let i = 0; i < names.length; i++) {
      const value = instance.exports[names[i] as string];
      if (typeof value === "object" && value !== null && budget.isMemory(value)) budget.add(value);
    }
    return instance;
  }
  replaceConstructor(NativeModule, Module);
  replaceConstructor(NativeInstance, Instance);
  defineBuiltin(wasm, "Module", Module);
  defineBuiltin(wasm, "Instance", Instance);
  // Made without V8's own promise: it is settled by a platform task, which an isolate may never get.
  defineBuiltin(
    wasm,
    "instantiate",
    {
      instantiate(source: unknown, imports: unknown): Promise<object> {
        if (!isModule(source)) return promiseReject(refusal("instantiate"));
        try {
          return promiseResolve(reflectConstruct(Instance, [source, imports]) as object);
        } catch (error) {
          return promiseReject(error);
        }
      },
    }.instantiate,
  );
  defineBuiltin(
    wasm,
    "compile",
    { compile: (_bytes: unknown): Promise<never> => promiseReject(refusal("compile")) }.compile,
  );
  delete wasm["compileStreaming"];
  delete wasm["instantiateStreaming"];
}

function limitMemory(wasm: Wasm, budget: Budget): void {
  const Native = wasm.Memory;
  function Memory(descriptor: {
    initial?: unknown;
    minimum?: unknown;
    maximum?: unknown;
    shared?: unknown;
    address?: unknown;
  }): object {
    if (new.target === undefined) throw new TypeErrorOf("WebAssembly.Memory must be invoked with 'new'");
    if (typeof descriptor !== "object" || descriptor === null)
      throw new TypeErrorOf("WebAssembly.Memory(): Argument 0 must be a memory descriptor");
    const { maximum, shared, address } = descriptor;
    const initial = +(descriptor.initial ?? descriptor.minimum ?? 0);
    const mostPages = (memoryMb * MB) / PAGE_BYTES;
    if (shared) throw new TypeErrorOf("WebAssembly.Memory(): shared memories are not available here");
    if (address !== undefined && address !== "i32")
      throw new TypeErrorOf("WebAssembly.Memory(): only memories addressed by i32 are available here");
    if (initial > mostPages)
      throw new RangeErrorOf(
        `WebAssembly.Memory(): 'initial' is ${initial} pages, the isolate's memory has ${mostPages}`,
      );
    budget.require(initial * PAGE_BYTES);
    const memory = reflectConstruct(Native, [
      { initial, maximum: maximum === undefined ? mostPages : mathMin(+(maximum as number), mostPages) },
    ]) as object;
    budget.add(memory);
    return memory;
  }
  replaceConstructor(Native, Memory);
  defineBuiltin(wasm, "Memory", Memory);
  guardMethod(Native.prototype as object, "grow", (_self, args) =>
    budget.require(+(args[0] as number) * PAGE_BYTES),
  );
  delete (Native.prototype as { toResizableBuffer?: unknown }).toResizableBuffer;
}

function limitTable(wasm: Wasm): void {
  const Native = wasm.Table;
  const lengthOf = uncurry(Reflect.getOwnPropertyDescriptor(Native.prototype, "length")?.get as () => number);
  function Table(
    descriptor: { element: unknown; initial?: unknown; minimum?: unknown; maximum?: unknown },
    ...value: unknown[]
  ): object {
    if (new.target === undefined) throw new TypeErrorOf("WebAssembly.Table must be invoked with 'new'");
    if (typeof descriptor !== "object" || descriptor === null)
      throw new TypeErrorOf("WebAssembly.Table(): Argument 0 must be a table descriptor");
    const { element, maximum } = descriptor;
    const initial = +(descriptor.initial ?? descriptor.minimum ?? 0);
    if (initial > TABLE_ENTRIES)
      throw new RangeErrorOf(
        `WebAssembly.Table(): 'initial' is ${initial}, a table has at most ${TABLE_ENTRIES} entries`,
      );
    const bounded = {
      element,
      initial,
      maximum: maximum === undefined ? TABLE_ENTRIES : mathMin(+(maximum as number), TABLE_ENTRIES),
    };
    return reflectConstruct(Native, value.length > 0 ? [bounded, value[0]] : [bounded]) as object;
  }
  replaceConstructor(Native, Table);
  defineBuiltin(wasm, "Table", Table);
  guardMethod(Native.prototype as object, "grow", (self, args) => {
    if ((lengthOf(self) as number) + +(args[0] as number) > TABLE_ENTRIES) {
      throw new RangeErrorOf(`WebAssembly.Table.grow(): a table has at most ${TABLE_ENTRIES} entries`);
    }
  });
}
