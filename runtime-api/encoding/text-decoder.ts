import { Bytes, bytesOf, bytesSet, bytesSubarray, typedLength } from "../primordials/bytes.ts";
import { RangeErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { stringCharCodeAt, stringSlice } from "../primordials/string.ts";
import { isUtf8Label } from "./labels.ts";
import { utf8Decode, utf8DecodeFatal, utf8IncompleteTail } from "./utf8.ts";

/** Turns UTF-8 into text, whole or piece by piece. Other encodings are not there yet. */
export class TextDecoder {
  #fatal: boolean;
  #ignoreBOM: boolean;
  /** Bytes of a sequence whose rest has not come yet. */
  #pending: Uint8Array<ArrayBuffer> | undefined;
  #bomSeen = false;

  constructor(label: string = "utf-8", options?: { fatal?: boolean; ignoreBOM?: boolean }) {
    const name = `${label}`;
    if (!isUtf8Label(name)) {
      throw new RangeErrorOf(
        `Failed to construct 'TextDecoder': the encoding label '${name}' is not supported, use 'utf-8'.`,
      );
    }
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
  }

  get encoding(): string {
    void this.#fatal;
    return "utf-8";
  }
  get fatal(): boolean {
    return this.#fatal;
  }
  get ignoreBOM(): boolean {
    return this.#ignoreBOM;
  }

  decode(input?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string {
    const stream = Boolean(options?.stream);
    let bytes = input === undefined ? new Bytes(0) : bytesOf(input);
    if (bytes === undefined) {
      throw new TypeErrorOf(
        "Failed to execute 'decode' on 'TextDecoder': parameter 1 is not an ArrayBuffer or a view on one.",
      );
    }
    const pending = this.#pending;
    if (pending !== undefined) {
      const joined = new Bytes(typedLength(pending) + typedLength(bytes));
      bytesSet(joined, pending);
      bytesSet(joined, bytes, typedLength(pending));
      bytes = joined;
      this.#pending = undefined;
    }
    if (stream) {
      const tail = utf8IncompleteTail(bytes);
      if (tail > 0) {
        const cut = typedLength(bytes) - tail;
        const kept = new Bytes(tail);
        bytesSet(kept, bytesSubarray(bytes, cut));
        this.#pending = kept;
        bytes = bytesSubarray(bytes, 0, cut);
      }
    }
    const text = this.#fatal ? utf8DecodeFatal(bytes) : utf8Decode(bytes);
    if (text === null) {
      this.#pending = undefined;
      this.#bomSeen = false;
      throw new TypeErrorOf("The encoded data was not valid for encoding utf-8");
    }
    return this.#withoutBom(text, stream);
  }

  #withoutBom(text: string, stream: boolean): string {
    const first = !this.#bomSeen && text.length > 0;
    this.#bomSeen = stream && (this.#bomSeen || text.length > 0);
    return first && !this.#ignoreBOM && stringCharCodeAt(text, 0) === 0xfeff ? stringSlice(text, 1) : text;
  }
}
