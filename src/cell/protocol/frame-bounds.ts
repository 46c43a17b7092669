import type { FrameBounds } from "./frame-reader.ts";

/** What a host may send to a child: code of up to 64 MiB, in two bytes a unit, with its cache. */
export const FROM_HOST: FrameBounds = { frameBytes: 512 * 1024 * 1024, values: 10_000_000 };
/** What a child may send to its host, which must not be overwhelmed. */
export const FROM_CHILD: FrameBounds = { frameBytes: 128 * 1024 * 1024, values: 1_000_000 };
/** Values and bytes after which a child begins another frame for the output of one turn. */
export const OUTPUT_PART: { readonly values: number; readonly bytes: number } = {
  values: 100_000,
  bytes: 4 * 1024 * 1024,
};
