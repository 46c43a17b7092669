import { KEY_FORMATS, KEY_USAGES, type KeyFormat } from "../../contract/crypto.ts";
import { arrayIncludes, arrayJoin, arrayPush } from "../../primordials/array.ts";
import { bytesOf } from "../../primordials/bytes.ts";
import { TypeErrorOf } from "../../primordials/errors.ts";
import { stringSlice } from "../../primordials/string.ts";
import { mathTrunc, numberIsFinite } from "../../primordials/values.ts";
import { toSequence, toText } from "../../webidl/convert.ts";

/** The bytes of a `BufferSource` without a copy. @throws TypeError for anything else */
export function toBytes(value: unknown, what: string): Uint8Array {
  const bytes = bytesOf(value);
  if (bytes === undefined) throw new TypeErrorOf(`${what} is not an ArrayBuffer or a view on one.`);
  return bytes;
}

/** An integer from 0 to `most`, as Web IDL's `[EnforceRange]` has it. @throws TypeError out of range */
export function toInteger(value: unknown, most: number, what: string): number {
  const number = +(value as number);
  const whole = mathTrunc(number);
  if (!numberIsFinite(number) || whole < 0 || whole > most)
    throw new TypeErrorOf(`${what} is not a number from 0 to ${most}.`);
  return whole + 0;
}

/** `sequence<KeyUsage>` as the usages joined by commas, each once. @throws TypeError for what is none */
export function toUsages(value: unknown): string {
  const items = toSequence(value, "The key usages");
  const usages: string[] = [];
  for (let i = 0; i < items.length; i++) {
    const usage = toText(items[i]);
    if (!arrayIncludes(KEY_USAGES, usage as (typeof KEY_USAGES)[number]))
      throw new TypeErrorOf(`"${stringSlice(usage, 0, 100)}" is not a key usage.`);
    if (!arrayIncludes(usages, usage)) arrayPush(usages, usage);
  }
  return arrayJoin(usages, ",");
}

/** @throws TypeError for what is no `KeyFormat` */
export function toFormat(value: unknown): KeyFormat {
  const format = toText(value);
  if (!arrayIncludes(KEY_FORMATS, format as KeyFormat))
    throw new TypeErrorOf(`"${stringSlice(format, 0, 100)}" is not a key format.`);
  return format as KeyFormat;
}
