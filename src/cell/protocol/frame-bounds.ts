import type { FrameBounds } from "./frame-reader.ts";

/** What a host may send to a child: code of up to 64 MiB, in two bytes a unit, with its cache. */
export const FROM_HOST: FrameBounds = { frameBytes: 512 * 1024 * 1024, values: 10_000_000 };
/** What a child may send to its host, which must not be overwhelmed: a part of a turn and the longest record. */
export const FROM_CHILD: FrameBounds = { frameBytes: 128 * 1024 * 1024, values: 250_000 };
/** The largest code cache of any script, and what one may have beside a multiple of its script, in bytes. */
const MAX_CODE_CACHE = 16 * 1024 * 1024;
const SMALL_CODE_CACHE = 1024 * 1024;

/**
 * Bytes of the largest code cache of a script that a cell hands over and the host keeps. V8 makes them 4 to 14 times as
 * long as the script: of a huge one it would fit in no frame, and push out what is kept of many others.
 */
export function mostCodeCacheBytes(script: string): number {
  return Math.min(MAX_CODE_CACHE, SMALL_CODE_CACHE + 16 * script.length);
}

/** Values and bytes after which a child begins another frame for the output of one turn. */
export const OUTPUT_PART: { readonly values: number; readonly bytes: number } = {
  values: 100_000,
  bytes: 4 * 1024 * 1024,
};
