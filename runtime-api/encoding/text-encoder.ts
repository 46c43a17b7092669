import { bytesOf, bytesSet, typedArrayKind, typedLength } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { scalarAt, utf8Encode, utf8Width, utf8Write } from "./utf8.ts";

/** From this length on it is faster to encode the whole text and copy it, where it fits. */
const WHOLE_FROM = 4_096;

/** Turns text into UTF-8, as the Encoding standard says. */
export class TextEncoder {
  #brand = true;

  get encoding(): string {
    void this.#brand;
    return "utf-8";
  }
  encode(input: string | undefined = ""): Uint8Array<ArrayBuffer> {
    void this.#brand;
    return utf8Encode(`${input}`);
  }
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number } {
    void this.#brand;
    const text = `${source}`;
    if (typedArrayKind(destination) !== "Uint8Array") {
      throw new TypeErrorOf(
        "Failed to execute 'encodeInto' on 'TextEncoder': parameter 2 is not of type 'Uint8Array'.",
      );
    }
    const into = bytesOf(destination) as Uint8Array;
    const room = typedLength(into);
    if (text.length > WHOLE_FROM && text.length <= room) {
      const whole = utf8Encode(text);
      if (typedLength(whole) <= room) {
        bytesSet(into, whole);
        return { read: text.length, written: typedLength(whole) };
      }
    }
    let read = 0;
    let written = 0;
    while (read < text.length) {
      const codePoint = scalarAt(text, read);
      if (written + utf8Width(codePoint) > room) break;
      written = utf8Write(into, written, codePoint);
      read += codePoint > 0xffff ? 2 : 1;
    }
    return { read, written };
  }
}
