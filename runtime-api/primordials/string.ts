import { uncurry } from "./uncurry.ts";

const proto = String.prototype;

export const StringOf: (value: unknown) => string = String;
export const stringFromCharCode: (...codes: number[]) => string = String.fromCharCode;
export const stringCharCodeAt = uncurry(proto.charCodeAt) as (self: string, index: number) => number;
export const stringCodePointAt = uncurry(proto.codePointAt) as (
  self: string,
  index: number,
) => number | undefined;
export const stringSlice = uncurry(proto.slice) as (self: string, start: number, end?: number) => string;
export const stringIndexOf = uncurry(proto.indexOf) as (
  self: string,
  search: string,
  from?: number,
) => number;
export const stringLastIndexOf = uncurry(proto.lastIndexOf) as (
  self: string,
  search: string,
  from?: number,
) => number;
export const stringIncludes = uncurry(proto.includes) as (
  self: string,
  search: string,
  from?: number,
) => boolean;
export const stringStartsWith = uncurry(proto.startsWith) as (
  self: string,
  search: string,
  at?: number,
) => boolean;
export const stringEndsWith = uncurry(proto.endsWith) as (self: string, search: string) => boolean;
export const stringToLowerCase = uncurry(proto.toLowerCase) as (self: string) => string;
export const stringToUpperCase = uncurry(proto.toUpperCase) as (self: string) => string;
export const stringTrim = uncurry(proto.trim) as (self: string) => string;
export const stringPadStart = uncurry(proto.padStart) as (
  self: string,
  length: number,
  fill?: string,
) => string;
/** Splits at a string only: with an object V8 would look for `Symbol.split` on it. */
export const stringSplit = uncurry(proto.split) as (
  self: string,
  separator: string,
  limit?: number,
) => string[];
export const stringIsWellFormed = uncurry(proto.isWellFormed) as (self: string) => boolean;
export const stringToWellFormed = uncurry(proto.toWellFormed) as (self: string) => string;
