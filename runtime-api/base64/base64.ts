import { DOMException } from "../dom-exception/dom-exception.ts";
import { latin1 } from "../encoding/latin1.ts";
import { Bytes } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { stringCharCodeAt } from "../primordials/string.ts";
import { uncurry } from "../primordials/uncurry.ts";

type Base64Bytes = { fromBase64(text: string): Uint8Array<ArrayBuffer>; prototype: { toBase64(): string } };
const decodeBase64 = (Bytes as unknown as Base64Bytes).fromBase64.bind(Bytes);
const encodeBase64 = uncurry((Bytes as unknown as Base64Bytes).prototype.toBase64) as (
  self: Uint8Array,
) => string;

/** Base64 of a string of bytes. Throws InvalidCharacterError where a character is above U+00FF. */
export function btoa(data: string): string {
  if (arguments.length === 0)
    throw new TypeErrorOf("Failed to execute 'btoa': 1 argument required, but only 0 present.");
  const text = `${data}`;
  const bytes = new Bytes(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = stringCharCodeAt(text, i);
    if (unit > 0xff) {
      throw new DOMException(
        "Failed to execute 'btoa': the string has characters outside of the Latin1 range.",
        "InvalidCharacterError",
      );
    }
    bytes[i] = unit;
  }
  return encodeBase64(bytes);
}

/** The string of bytes that some base64 stands for. Throws InvalidCharacterError if it is malformed. */
export function atob(data: string): string {
  if (arguments.length === 0)
    throw new TypeErrorOf("Failed to execute 'atob': 1 argument required, but only 0 present.");
  const encoded = `${data}`;
  let bytes: Uint8Array;
  try {
    bytes = decodeBase64(encoded);
  } catch {
    throw new DOMException(
      "Failed to execute 'atob': the string is not correctly encoded.",
      "InvalidCharacterError",
    );
  }
  return latin1(bytes);
}
