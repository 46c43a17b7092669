import { arrayIncludes, arrayPush, arraySort } from "../../primordials/array.ts";
import { MapOf, mapGet, mapSet, SetOf, setAdd, setHas } from "../../primordials/collections.ts";
import { objectDefineProperty, objectKeys } from "../../primordials/object.ts";
import { symbolToStringTag } from "../../primordials/values.ts";
import type { ExportGetter, ModuleRecord, Reexport } from "./module-record.ts";

const { preventExtensions } = Object;

/** All names that a module exports, through its stars too. `default` never comes through a star. */
function exportedNames(module: ModuleRecord, seen: Set<ModuleRecord>): string[] {
  if (setHas(seen, module)) return [];
  setAdd(seen, module);
  const names = objectKeys(module.exports);
  const stars = module.definition?.[3] ?? [];
  for (let i = 0; i < stars.length; i++) {
    const inner = exportedNames(module.requested[stars[i] as number] as ModuleRecord, seen);
    for (let j = 0; j < inner.length; j++) {
      const name = inner[j] as string;
      if (name !== "default" && !arrayIncludes(names, name)) arrayPush(names, name);
    }
  }
  return names;
}

/** The getter behind a name; undefined if there is none, `"ambiguous"` if two stars bring different ones. */
function resolveExport(
  module: ModuleRecord,
  name: string,
  path: Set<string>,
): ExportGetter | "ambiguous" | undefined {
  const visit = `${module.name}\n${name}`;
  if (setHas(path, visit)) return undefined;
  setAdd(path, visit);
  const own = module.exports[name];
  if (typeof own === "function") return own;
  if (own !== undefined) return resolveReexport(module, own, path);
  if (name === "default") return undefined;
  let found: ExportGetter | undefined;
  const stars = module.definition?.[3] ?? [];
  for (let i = 0; i < stars.length; i++) {
    const getter = resolveExport(module.requested[stars[i] as number] as ModuleRecord, name, path);
    if (getter === "ambiguous") return getter;
    if (getter === undefined) continue;
    if (found !== undefined && found !== getter) return "ambiguous";
    found = getter;
  }
  return found;
}

function resolveReexport(
  module: ModuleRecord,
  own: Reexport,
  path: Set<string>,
): ExportGetter | "ambiguous" | undefined {
  const from = module.requested[own[0]] as ModuleRecord;
  const name = own[1];
  if (name === undefined) return from.whole;
  const found = resolveExport(from, name, path);
  if (found !== undefined || from.kind === "esm") return found;
  return (from.late[name] ??= () => from.namespace[name]);
}

/** Fills the namespace of a linked module: sorted, without ambiguous names, closed to changes. */
export function fillNamespace(module: ModuleRecord): void {
  const names = arraySort(exportedNames(module, new SetOf()));
  const getters: Map<string, ExportGetter> = new MapOf();
  for (let i = 0; i < names.length; i++) {
    const getter = resolveExport(module, names[i] as string, new SetOf());
    if (typeof getter === "function") mapSet(getters, names[i] as string, getter);
  }
  for (let i = 0; i < names.length; i++) {
    const getter = mapGet(getters, names[i] as string);
    if (getter !== undefined) defineExport(module, names[i] as string, getter, false);
  }
  if (module.kind !== "cjs") closeNamespace(module);
}

/**
 * Adds the names that a CommonJS module has put on `module.exports` by the end of its run, and closes
 * its namespace.
 */
export function fillFromExports(module: ModuleRecord): void {
  const cjs = module.cjs as { exports: unknown };
  const value = cjs.exports;
  if ((typeof value === "object" && value !== null) || typeof value === "function") {
    const names = arraySort(objectKeys(value));
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      if (name === "default") continue;
      const getter = (): unknown => (cjs.exports as Record<string, unknown>)[name];
      module.exports[name] = getter;
      defineExport(module, name, getter, false);
    }
  }
  closeNamespace(module);
}

function defineExport(module: ModuleRecord, name: string, get: ExportGetter, configurable: boolean): void {
  objectDefineProperty(module.namespace, name, {
    __proto__: null,
    get,
    enumerable: true,
    configurable,
  } as PropertyDescriptor);
}

function closeNamespace(module: ModuleRecord): void {
  objectDefineProperty(module.namespace, symbolToStringTag, {
    __proto__: null,
    value: "Module",
    enumerable: false,
    writable: false,
    configurable: false,
  } as PropertyDescriptor);
  preventExtensions(module.namespace);
}
