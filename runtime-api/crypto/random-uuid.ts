import { Bytes } from "../primordials/bytes.ts";
import { fillRandom } from "./random.ts";

const HEX = "0123456789abcdef";

/** A UUID of version 4. Throws in the global scope. */
export function randomUuid(): string {
  const bytes = new Bytes(16);
  fillRandom(bytes);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  let text = "";
  for (let i = 0; i < 16; i++) {
    const byte = bytes[i] as number;
    if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
    text += (HEX[byte >> 4] as string) + (HEX[byte & 15] as string);
  }
  return text;
}
