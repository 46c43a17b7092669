import { getRandomValues } from "node:crypto";

const MAX_BYTES = 65_536;

/** Answers `random`: so many random bytes. */
export function random(count: unknown): Uint8Array | null {
  if (typeof count !== "number" || !Number.isInteger(count) || count < 0 || count > MAX_BYTES) return null;
  return getRandomValues(new Uint8Array(count));
}
