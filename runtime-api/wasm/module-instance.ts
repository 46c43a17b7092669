import { defineFunction } from "../globals/define.ts";
import { defineBuiltin, replaceConstructor } from "../globals/wrap.ts";
import { arrayPush } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import {
  objectDefineProperty,
  objectGetOwnPropertyDescriptor,
  objectGetPrototypeOf,
  objectSetPrototypeOf,
  reflectApply,
  reflectConstruct,
} from "../primordials/object.ts";
import { isHiddenExport, makeInstance, shownExportsOf } from "./budget.ts";
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

/** Makes modules and instances keep to themselves what is exported for the runtime only. */
function hideExports(): void {
  const listOf = NativeModule.exports;
  const { exports } = {
    exports(module: unknown): { name: string }[] {
      const all = reflectApply(listOf, NativeModule, [module]) as { name: string }[];
      const shown: { name: string }[] = [];
      for (let i = 0; i < all.length; i++) {
        const entry = all[i] as { name: string };
        if (!isHiddenExport(entry.name)) arrayPush(shown, entry);
      }
      return shown;
    },
  };
  defineFunction(NativeModule, "exports", exports);
  const shown = {
    get exports(): object {
      return shownExportsOf(this);
    },
  };
  objectDefineProperty(
    NativeInstance.prototype as object,
    "exports",
    objectGetOwnPropertyDescriptor(shown, "exports") as PropertyDescriptor,
  );
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
  hideExports();
  replaceConstructor(NativeModule, Module);
  replaceConstructor(NativeInstance, Instance);
  // V8's class of what modules come from: of source phase imports it is there, though nothing can be imported so.
  objectSetPrototypeOf(Module, objectGetPrototypeOf(NativeModule) as object);
  defineBuiltin(nativeWasm, "Module", Module);
  defineBuiltin(nativeWasm, "Instance", Instance);
}
