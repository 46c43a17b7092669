import type { Flat } from "../../../runtime-api/contract/flat.ts";
import {
  PART_KEY,
  PLAIN_DEPTH,
  PLAIN_JSON_UNITS,
  PLAIN_PARTS,
  PLAIN_PARTS_BYTES,
  PLAIN_VALUES,
} from "../../../runtime-api/contract/plain.ts";
import { CallError } from "../binding.ts";

/** Arguments of a call, and what they took to send. */
export interface DecodedArgs {
  readonly args: readonly unknown[];
  readonly sizeBytes: number;
}

/**
 * Reads the arguments of a method, which come from an isolate: nothing about them is sure.
 * @throws CallError for what an honest runtime does not send
 */
export function decodeArgs(json: Flat | undefined, parts: readonly Flat[]): DecodedArgs {
  if (typeof json !== "string" || json.length > PLAIN_JSON_UNITS || parts.length > PLAIN_PARTS)
    throw malformed();
  let sizeBytes = json.length;
  for (const part of parts) {
    if (!(part instanceof Uint8Array)) throw malformed();
    sizeBytes += part.length;
  }
  if (sizeBytes - json.length > PLAIN_PARTS_BYTES) throw malformed();
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw malformed();
  }
  if (!Array.isArray(value)) throw malformed();
  return { args: new Reviver(parts as readonly Uint8Array[]).list(value, 0), sizeBytes };
}

class Reviver {
  readonly #parts: readonly Uint8Array[];
  readonly #used = new Set<number>();
  #values = 0;

  constructor(parts: readonly Uint8Array[]) {
    this.#parts = parts;
  }

  list(values: unknown[], depth: number): unknown[] {
    for (const [index, value] of values.entries()) values[index] = this.#revive(value, depth + 1);
    return values;
  }

  #revive(value: unknown, depth: number): unknown {
    // An array of arguments is one level that its sender does not count.
    if (depth > PLAIN_DEPTH + 1 || ++this.#values > PLAIN_VALUES + 1) throw malformed();
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return this.list(value, depth);
    const fields = value as Record<string, unknown>;
    for (const [key, field] of Object.entries(fields)) {
      if (key === PART_KEY) return this.#part(field, fields);
      // A handler that copies fields would change the prototype of its copy.
      if (key === "__proto__" || key.startsWith(PART_KEY)) throw malformed();
      fields[key] = this.#revive(field, depth + 1);
    }
    return fields;
  }

  /** Each part is named once: a short JSON text stands for no more than was sent. */
  #part(place: unknown, fields: object): unknown {
    if (!Array.isArray(place) || Object.keys(fields).length !== 1) throw malformed();
    const [index, isText] = place as unknown[];
    const part = typeof index === "number" ? this.#parts[index] : undefined;
    if (part === undefined || this.#used.has(index as number)) throw malformed();
    this.#used.add(index as number);
    return isText === 1 ? new TextDecoder().decode(part) : part;
  }
}

function malformed(): CallError {
  return new CallError("TypeError", "The arguments of the binding's method are malformed");
}
