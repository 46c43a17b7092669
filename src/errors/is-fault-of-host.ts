import { SkerryError } from "./skerry-error.ts";

/** Beside codes of these families. */
const FAULTS: ReadonlySet<string> = new Set([
  "CELL_FAILED",
  "SECRETS_DAMAGED",
  "SECRETS_KEY_MISSING",
  "VERSION_CORRUPT",
  "VERSION_GONE",
  "HOST_CLOSING",
  "NO_CELL",
  "NO_PLACE",
  "TRANSFORMER_CLOSED",
]);
const FAMILIES = /^(?:STORAGE|SQLITE|TRANSFORMER)_/;

/**
 * Whether an error tells of the host's own trouble, and not of what it was asked for: clients hear that there is some, and
 * the operator what.
 */
export function isFaultOfHost(error: unknown): boolean {
  return !(error instanceof SkerryError) || FAULTS.has(error.code) || FAMILIES.test(error.code);
}
