import { Kind, kindOf } from "../clone/kinds.ts";
import {
  PART_KEY,
  PART_TEXT_UNITS,
  PLAIN_DEPTH,
  PLAIN_JSON_UNITS,
  PLAIN_PARTS,
  PLAIN_PARTS_BYTES,
  PLAIN_VALUES,
} from "../contract/plain.ts";
import { emails } from "../email/late-email.ts";
import { utf8Encode } from "../encoding/utf8.ts";
import { blobBytes } from "../form-data/late-forms.ts";
import { arrayIsArray, arrayJoin, arrayPush } from "../primordials/array.ts";
import { bytesCopy, bytesOf, typedArrayKind, typedByteLength, typedLength } from "../primordials/bytes.ts";
import { RangeErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { objectKeys, reflectApply } from "../primordials/object.ts";
import { stringStartsWith } from "../primordials/string.ts";
import { jsonStringify, numberIsFinite } from "../primordials/values.ts";
import { readAll } from "../streams/read-all.ts";
import { type ByteStream, isReadableStream } from "../streams/stream-state.ts";

/** Plain data on its way out: see `contract/plain.ts`. */
export interface EncodedPlain {
  readonly json: string;
  readonly parts: readonly Uint8Array[];
  /** Settles when streams among the values have been read into their parts; undefined where there are none. */
  readonly ready: Promise<void> | undefined;
}

/**
 * Writes values as plain data. What has a `toJSON` method is what that gives; streams are read whole.
 * @throws TypeError for what cannot travel, RangeError for too much
 */
export function encodePlain(values: readonly unknown[]): EncodedPlain {
  const encoder = new Encoder();
  const items: string[] = [];
  for (let i = 0; i < values.length; i++) arrayPush(items, encoder.write(values[i], 0));
  const json = `[${arrayJoin(items, ",")}]`;
  if (json.length > PLAIN_JSON_UNITS)
    throw new RangeErrorOf(
      `The arguments have more than ${PLAIN_JSON_UNITS} characters as JSON, long texts and bytes not counted`,
    );
  return { json, parts: encoder.parts, ready: encoder.ready };
}

class Encoder {
  readonly parts: Uint8Array[] = [];
  ready: Promise<void> | undefined;
  #bytes = 0;
  #values = 0;

  write(value: unknown, depth: number): string {
    if (depth > PLAIN_DEPTH)
      throw new RangeErrorOf(`The arguments are nested more than ${PLAIN_DEPTH} deep, or go in a circle`);
    if (++this.#values > PLAIN_VALUES)
      throw new RangeErrorOf(`The arguments have more than ${PLAIN_VALUES} values`);
    switch (typeof value) {
      case "undefined":
        return "null";
      case "boolean":
        return value ? "true" : "false";
      case "number":
        if (!numberIsFinite(value)) throw new TypeErrorOf(`The number ${value} cannot travel to a binding`);
        return jsonStringify(value) as string;
      case "string":
        return value.length > PART_TEXT_UNITS
          ? this.#part(utf8Encode(value), true)
          : (jsonStringify(value) as string);
      case "object":
        return value === null ? "null" : this.#object(value, depth);
      default:
        throw new TypeErrorOf(`A ${typeof value} cannot travel to a binding`);
    }
  }

  #object(value: object, depth: number): string {
    if (arrayIsArray(value)) return this.#list(value, depth);
    const kind = typedArrayKind(value);
    if (kind === "Float32Array" || kind === "Float64Array")
      return this.#list(value as unknown as ArrayLike<unknown>, depth);
    const bytes = bytesOf(value) ?? blobBytes(value);
    if (bytes !== undefined) return this.#part(bytesCopy(bytes), false);
    if (isReadableStream(value)) return this.#stream(value);
    const email = emails.peek()?.read(value);
    if (email !== undefined)
      return this.#fields({ __proto__: null, from: email.from, to: email.to, raw: email.raw }, depth);
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === "function") return this.write(reflectApply(toJSON, value, [""]), depth + 1);
    const sort = kindOf(value);
    if (sort !== Kind.plain && sort !== Kind.error)
      throw new TypeErrorOf("An object that is neither plain data nor bytes cannot travel to a binding");
    return this.#fields(value as Record<string, unknown>, depth);
  }

  #list(value: ArrayLike<unknown>, depth: number): string {
    const items: string[] = [];
    const length = arrayIsArray(value) ? value.length : typedLength(value as unknown as Uint8Array);
    for (let i = 0; i < length; i++) arrayPush(items, this.write(value[i], depth + 1));
    return `[${arrayJoin(items, ",")}]`;
  }

  #fields(value: object, depth: number): string {
    const fields: string[] = [];
    const keys = objectKeys(value);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      const field = (value as Record<string, unknown>)[key];
      if (field === undefined || typeof field === "function") continue;
      if (stringStartsWith(key, PART_KEY) || key === "__proto__")
        throw new TypeErrorOf(`A field of the name ${jsonStringify(key)} cannot travel to a binding`);
      arrayPush(fields, `${jsonStringify(key)}:${this.write(field, depth + 1)}`);
    }
    return `{${arrayJoin(fields, ",")}}`;
  }

  /** @param bytes exact, and nobody else's */
  #part(bytes: Uint8Array, isText: boolean): string {
    this.#count(bytes);
    if (this.parts.length >= PLAIN_PARTS)
      throw new RangeErrorOf(`The arguments have more than ${PLAIN_PARTS} long texts and bytes`);
    const index = arrayPush(this.parts, bytes) - 1;
    return `{"\\u0000":[${index}${isText ? ",1" : ""}]}`;
  }

  #stream(stream: ByteStream): string {
    const index = this.parts.length;
    const place = this.#part(new Uint8Array(0), false);
    const before = this.ready;
    const read = async (): Promise<void> => {
      await before;
      const bytes = await readAll(stream, PLAIN_PARTS_BYTES);
      this.#count(bytes);
      this.parts[index] = bytes;
    };
    this.ready = read();
    return place;
  }

  #count(bytes: Uint8Array): void {
    this.#bytes += typedByteLength(bytes);
    if (this.#bytes > PLAIN_PARTS_BYTES)
      throw new RangeErrorOf(
        `The arguments have more than ${PLAIN_PARTS_BYTES} bytes of long texts and bytes`,
      );
  }
}
