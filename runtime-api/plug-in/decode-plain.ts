import { PART_KEY } from "../contract/plain.ts";
import { utf8Decode } from "../encoding/utf8.ts";
import { arrayIsArray } from "../primordials/array.ts";
import { objectHasOwn, objectKeys } from "../primordials/object.ts";
import { jsonParse } from "../primordials/values.ts";

/** Reads plain data that the host wrote, see `contract/plain.ts`; the empty text is undefined. */
export function decodePlain(json: string, parts: readonly unknown[]): unknown {
  return json === "" ? undefined : revive(jsonParse(json), parts);
}

function revive(value: unknown, parts: readonly unknown[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (arrayIsArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = revive(value[i], parts);
    return value;
  }
  const fields = value as Record<string, unknown>;
  if (objectHasOwn(fields, PART_KEY)) {
    const place = fields[PART_KEY] as [index: number, isText?: number];
    const bytes = parts[place[0]] as Uint8Array;
    return place[1] === 1 ? utf8Decode(bytes) : bytes;
  }
  const keys = objectKeys(fields);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    fields[key] = revive(fields[key], parts);
  }
  return fields;
}
