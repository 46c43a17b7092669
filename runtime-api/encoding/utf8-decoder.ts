import { CarriedBytes } from "./carried-bytes.ts";
import type { StreamDecoder } from "./stream-decoder.ts";
import { utf8Decode, utf8DecodeFatal, utf8IncompleteTail } from "./utf8.ts";

/** UTF-8, piece by piece. */
export class Utf8Decoder implements StreamDecoder {
  readonly #fatal: boolean;
  readonly #carried = new CarriedBytes();

  constructor(fatal: boolean) {
    this.#fatal = fatal;
  }

  decode(next: Uint8Array<ArrayBuffer>, stream: boolean): string | null {
    let bytes = this.#carried.before(next);
    if (stream) bytes = this.#carried.cut(bytes, utf8IncompleteTail(bytes));
    const text = this.#fatal ? utf8DecodeFatal(bytes) : utf8Decode(bytes);
    if (text === null) this.#carried.before(bytes);
    return text;
  }
}
