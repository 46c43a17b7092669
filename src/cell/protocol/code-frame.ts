import type { Flat } from "../../../runtime-api/contract/flat.ts";
import type { VersionCode, VersionValue } from "../version-code.ts";
import { MAX_HOST_TEXT } from "./field-bounds.ts";
import type { FlatReader } from "./flat-reader.ts";
import { Violation } from "./violation.ts";

const MAX_UNITS = 2 ** 30;

/** The values of a `putCode` frame. */
export function encodeCode(versionKey: string, code: VersionCode): Flat[] {
  const flat: Flat[] = [versionKey, code.script, code.codeCache ?? null, code.values.length];
  for (const { name, kind, value } of code.values) flat.push(name, kind, value);
  return flat;
}

/** Reads the values of a `putCode` frame. @throws Violation if they are none */
export function decodeCode(reader: FlatReader): { versionKey: string; code: VersionCode } {
  const versionKey = reader.text("version key", MAX_HOST_TEXT);
  const script = reader.text("script", MAX_UNITS);
  const cache = reader.flat("code cache");
  const count = reader.int("values", 0, 1_000_000);
  const values: VersionValue[] = [];
  for (let i = 0; i < count; i++) {
    const name = reader.text("name of a value", MAX_HOST_TEXT);
    const kind = reader.text("kind of a value", 8);
    if (kind === "text" || kind === "json")
      values.push({ name, kind, value: reader.text("value", MAX_UNITS) });
    else if (kind === "data" || kind === "wasm")
      values.push({ name, kind, value: reader.bytes("value", MAX_UNITS) });
    else throw new Violation(`a value of kind "${kind}"`);
  }
  return { versionKey, code: { script, codeCache: cache instanceof Uint8Array ? cache : undefined, values } };
}
