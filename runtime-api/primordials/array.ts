import { uncurry } from "./uncurry.ts";

const proto = Array.prototype;

export const arrayIsArray: (value: unknown) => value is unknown[] = Array.isArray;
export const arrayPush = uncurry(proto.push) as <T>(self: T[], ...items: T[]) => number;
export const arrayPop = uncurry(proto.pop) as <T>(self: T[]) => T | undefined;
export const arraySlice = uncurry(proto.slice) as <T>(
  self: readonly T[],
  start?: number,
  end?: number,
) => T[];
export const arraySplice = uncurry(proto.splice) as <T>(
  self: T[],
  start: number,
  count: number,
  ...items: T[]
) => T[];
export const arrayJoin = uncurry(proto.join) as (self: readonly unknown[], separator?: string) => string;
export const arrayIndexOf = uncurry(proto.indexOf) as <T>(
  self: readonly T[],
  item: T,
  from?: number,
) => number;
export const arrayIncludes = uncurry(proto.includes) as <T>(self: readonly T[], item: T) => boolean;
export const arraySort = uncurry(proto.sort) as <T>(self: T[], compare?: (a: T, b: T) => number) => T[];
/** The values of an array as an iterator whose `next` a tenant can patch: for tenants' eyes only. */
export const arrayValues = uncurry(proto.values) as <T>(self: readonly T[]) => ArrayIterator<T>;
