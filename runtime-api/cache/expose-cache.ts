import { defineInterface } from "../globals/define.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { Cache } from "./cache.ts";
import { CacheStorage, caches } from "./cache-storage.ts";

let shaped = false;

/** Defines the interfaces of the Cache API. */
export function exposeCacheInterfaces(global: object): void {
  defineInterface(global, "Cache", Cache);
  defineInterface(global, "CacheStorage", CacheStorage);
  shaped = true;
}

/** Defines `caches`. */
export function exposeCaches(global: object): void {
  // Its interfaces get their shape even where nobody asks for them by name.
  if (!shaped) exposeCacheInterfaces({});
  objectDefineProperty(global, "caches", dataDescriptor(caches, true));
}
