import type { Flat } from "../../../runtime-api/contract/flat.ts";
import {
  PART_KEY,
  PART_TEXT_UNITS,
  PLAIN_DEPTH,
  PLAIN_PARTS,
  PLAIN_PARTS_BYTES,
  PLAIN_VALUES,
} from "../../../runtime-api/contract/plain.ts";

/** Answers may have more structure than arguments: vectors, rows. */
const ANSWER_VALUES = 10 * PLAIN_VALUES;
/** Longest JSON text, in UTF-16 units. */
const ANSWER_JSON_UNITS = PLAIN_PARTS_BYTES;

/** An answer that a plug-in may not give. */
export class BadAnswer extends Error {}

/**
 * Writes an answer as `json, ...parts`, see `plain.ts`. What has a `toJSON` is what that gives.
 * @throws BadAnswer for what cannot travel, or too much of it
 */
export function encodeAnswer(answer: unknown): Flat[] {
  if (answer === undefined) return [""];
  const writer = new Writer();
  // Not a text where a `toJSON` gave undefined.
  const json = JSON.stringify(writer.plain(answer, 0)) as string | undefined;
  // What had to be escaped is longer than what was counted.
  if (json !== undefined && json.length > ANSWER_JSON_UNITS) throw tooLong();
  return [json ?? "", ...writer.parts];
}

class Writer {
  readonly parts: Uint8Array[] = [];
  #bytes = 0;
  /** Of short strings and of keys, as they are before they are escaped. */
  #units = 0;
  #values = 0;

  plain(value: unknown, depth: number): unknown {
    if (depth > PLAIN_DEPTH) throw new BadAnswer(`it is nested more than ${PLAIN_DEPTH} deep`);
    if (++this.#values > ANSWER_VALUES) throw new BadAnswer(`it has more than ${ANSWER_VALUES} values`);
    if (typeof value === "string" && value.length > PART_TEXT_UNITS)
      return { [PART_KEY]: [this.#part(new TextEncoder().encode(value)), 1] };
    if (typeof value === "string") this.#count(value);
    if (typeof value !== "object" || value === null) {
      if (["function", "symbol", "bigint"].includes(typeof value))
        throw new BadAnswer(`it has a ${typeof value}`);
      return value;
    }
    if (value instanceof ArrayBuffer) return { [PART_KEY]: [this.#part(new Uint8Array(value))] };
    if (ArrayBuffer.isView(value))
      return {
        [PART_KEY]: [this.#part(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))],
      };
    // Places that hold nothing are values too: they are written as null.
    if (Array.isArray(value)) return Array.from(value, (item: unknown) => this.plain(item, depth + 1));
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === "function")
      return this.plain((value as { toJSON: (key: string) => unknown }).toJSON(""), depth + 1);
    const fields: [string, unknown][] = [];
    for (const [key, field] of Object.entries(value)) {
      if (field === undefined) continue;
      if (key === "__proto__" || key.startsWith(PART_KEY))
        throw new BadAnswer(`it has the field ${JSON.stringify(key)}`);
      this.#count(key);
      fields.push([key, this.plain(field, depth + 1)]);
    }
    return Object.fromEntries(fields);
  }

  #count({ length }: string): void {
    this.#units += length;
    if (this.#units > ANSWER_JSON_UNITS) throw tooLong();
  }

  #part(bytes: Uint8Array): number {
    this.#bytes += bytes.length;
    if (this.#bytes > PLAIN_PARTS_BYTES) throw new BadAnswer(`it has more than ${PLAIN_PARTS_BYTES} bytes`);
    if (this.parts.length >= PLAIN_PARTS) throw new BadAnswer(`it has more than ${PLAIN_PARTS} parts`);
    // What crosses is never a view on a larger buffer, nor memory that the plug-in goes on to use.
    return this.parts.push(bytes.slice()) - 1;
  }
}

function tooLong(): BadAnswer {
  return new BadAnswer(
    `it has more than ${ANSWER_JSON_UNITS} characters as JSON, long texts and bytes not counted`,
  );
}
