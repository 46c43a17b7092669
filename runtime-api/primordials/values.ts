import { uncurry } from "./uncurry.ts";

export const jsonParse: (text: string) => unknown = JSON.parse;
export const jsonStringify: (value: unknown, replacer?: null, space?: string | number) => string | undefined =
  JSON.stringify;
export const { floor: mathFloor, min: mathMin, max: mathMax, trunc: mathTrunc, random: mathRandom } = Math;
export const NumberOf = Number;
export const { isInteger: numberIsInteger, isFinite: numberIsFinite, isNaN: numberIsNaN } = Number;
export const numberToString = uncurry(Number.prototype.toString) as (self: number, radix?: number) => string;
export const BigIntOf = BigInt;
export const symbolIterator: typeof Symbol.iterator = Symbol.iterator;
export const symbolAsyncIterator: typeof Symbol.asyncIterator = Symbol.asyncIterator;
export const symbolToStringTag: typeof Symbol.toStringTag = Symbol.toStringTag;
export const symbolToString = uncurry(Symbol.prototype.toString) as (self: symbol) => string;
export const functionToString = uncurry(Function.prototype.toString) as (self: Function) => string;
export const DateOf = Date;
export const dateGetTime = uncurry(Date.prototype.getTime) as (self: Date) => number;
export const dateToISOString = uncurry(Date.prototype.toISOString) as (self: Date) => string;
