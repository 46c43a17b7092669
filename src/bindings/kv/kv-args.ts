import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { CallError } from "../binding.ts";

// The runtime that made the call shares its realm with hostile code: nothing about it is believed.

export function textArg(op: string, value: Flat | undefined): string {
  if (typeof value !== "string") throw malformed(op);
  return value;
}

export function optionalText(op: string, value: Flat | undefined): string | null {
  return value === null || value === undefined ? null : textArg(op, value);
}

export function optionalNumber(op: string, value: Flat | undefined): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "number") throw malformed(op);
  return value;
}

function malformed(op: string): CallError {
  return new CallError("TypeError", `KV ${op}: malformed call`);
}
