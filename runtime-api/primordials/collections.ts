import { uncurry } from "./uncurry.ts";

export const MapOf = Map;
export const SetOf = Set;
export const WeakMapOf = WeakMap;
export const mapGet = uncurry(Map.prototype.get) as <K, V>(self: Map<K, V>, key: K) => V | undefined;
export const mapSet = uncurry(Map.prototype.set) as <K, V>(self: Map<K, V>, key: K, value: V) => Map<K, V>;
export const mapHas = uncurry(Map.prototype.has) as <K, V>(self: Map<K, V>, key: K) => boolean;
export const mapDelete = uncurry(Map.prototype.delete) as <K, V>(self: Map<K, V>, key: K) => boolean;
export const mapForEach = uncurry(Map.prototype.forEach) as <K, V>(
  self: Map<K, V>,
  visit: (value: V, key: K) => void,
) => void;
/** How many entries; a TypeError if `self` is no Map. */
export const mapSize = uncurry(
  Reflect.getOwnPropertyDescriptor(Map.prototype, "size")?.get as () => number,
) as <K, V>(self: Map<K, V>) => number;

export const setAdd = uncurry(Set.prototype.add) as <T>(self: Set<T>, value: T) => Set<T>;
export const setHas = uncurry(Set.prototype.has) as <T>(self: Set<T>, value: T) => boolean;
export const setDelete = uncurry(Set.prototype.delete) as <T>(self: Set<T>, value: T) => boolean;
export const setForEach = uncurry(Set.prototype.forEach) as <T>(
  self: Set<T>,
  visit: (value: T) => void,
) => void;
/** How many members; a TypeError if `self` is no Set. */
export const setSize = uncurry(
  Reflect.getOwnPropertyDescriptor(Set.prototype, "size")?.get as () => number,
) as <T>(self: Set<T>) => number;

export const weakMapGet = uncurry(WeakMap.prototype.get) as <K extends WeakKey, V>(
  self: WeakMap<K, V>,
  key: K,
) => V | undefined;
export const weakMapSet = uncurry(WeakMap.prototype.set) as <K extends WeakKey, V>(
  self: WeakMap<K, V>,
  key: K,
  value: V,
) => WeakMap<K, V>;
export const WeakRefOf = WeakRef;
export const weakRefDeref = uncurry(WeakRef.prototype.deref) as <T extends WeakKey>(
  self: WeakRef<T>,
) => T | undefined;
