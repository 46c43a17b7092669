import { defineBuiltin, replaceConstructor } from "../globals/wrap.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { reflectConstruct } from "../primordials/object.ts";
import { makeInstance } from "./budget.ts";
import { compile, takeSource } from "./compile.ts";
import { nativeWasm } from "./native.ts";

const { Module: NativeModule, Instance: NativeInstance } = nativeWasm;

/**
 * Makes an instance of a module, counting its memories.
 * @throws what V8 throws, and a RangeError where its memory would be too much
 */
export function instantiate(module: unknown, imports: unknown, newTarget: Function = NativeInstance): object {
  return makeInstance(() => reflectConstruct(NativeInstance, [module, imports], newTarget) as object);
}

/** Replaces `WebAssembly.Module` and `WebAssembly.Instance` by constructors that keep to the limits. */
export function replaceModuleAndInstance(): void {
  function Module(source: unknown, options: unknown): object {
    if (new.target === undefined) throw new TypeErrorOf("WebAssembly.Module must be invoked with 'new'");
    return compile("Module", takeSource("Module", source), options, new.target);
  }
  function Instance(module: unknown, imports: unknown): object {
    if (new.target === undefined) throw new TypeErrorOf("WebAssembly.Instance must be invoked with 'new'");
    return instantiate(module, imports, new.target);
  }
  replaceConstructor(NativeModule, Module);
  replaceConstructor(NativeInstance, Instance);
  defineBuiltin(nativeWasm, "Module", Module);
  defineBuiltin(nativeWasm, "Instance", Instance);
}
