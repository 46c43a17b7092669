import { Bytes, bytesOf } from "../primordials/bytes.ts";
import { RangeErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { stringCharCodeAt, stringSlice } from "../primordials/string.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { encodingOf } from "./labels.ts";
import { makeDecoder } from "./make-decoder.ts";
import type { StreamDecoder } from "./stream-decoder.ts";

export interface TextDecoderOptions {
  fatal?: boolean;
  ignoreBOM?: boolean;
}

/**
 * Turns bytes into text, whole or piece by piece, as the Encoding standard says, in all of its encodings. UTF-8,
 * UTF-16 and windows-1252 are in the image; the tables of the others are loaded when one of them is first used.
 */
export class TextDecoder {
  readonly #encoding: string;
  readonly #fatal: boolean;
  readonly #ignoreBOM: boolean;
  /** Made when it is first needed. */
  #decoder: StreamDecoder | undefined;
  #bomSeen = false;

  constructor(label: string = "utf-8", options?: TextDecoderOptions) {
    const name = `${label}`;
    const { fatal, ignoreBOM } = decoderOptions(options);
    const encoding = encodingOf(name);
    if (encoding === null || encoding === "replacement") {
      throw new RangeErrorOf(
        `Failed to construct 'TextDecoder': there is no encoding with the label '${name}' to decode.`,
      );
    }
    this.#encoding = encoding;
    this.#fatal = fatal;
    this.#ignoreBOM = ignoreBOM;
  }

  get encoding(): string {
    return this.#encoding;
  }
  get fatal(): boolean {
    return this.#fatal;
  }
  get ignoreBOM(): boolean {
    return this.#ignoreBOM;
  }

  /** Takes `(input?, options?)`; as rest parameters, so that the method's `length` is 0. */
  decode(...args: [input?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }]): string {
    void this.#encoding;
    const input = args[0];
    const bytes = input === undefined ? new Bytes(0) : bytesOf(input);
    if (bytes === undefined) {
      throw new TypeErrorOf(
        "Failed to execute 'decode' on 'TextDecoder': parameter 1 is not an ArrayBuffer or a view on one.",
      );
    }
    const stream = Boolean(dictionary(args[1], "'decode' on 'TextDecoder'")?.stream);
    this.#decoder ??= makeDecoder(this.#encoding, this.#fatal);
    const text = this.#decoder.decode(bytes, stream);
    if (text === null) {
      this.#bomSeen &&= stream;
      throw new TypeErrorOf(`The encoded data was not valid for encoding ${this.#encoding}`);
    }
    return this.#withoutBom(text, stream);
  }

  /** Only of UTF encodings does the first character tell the byte order; no other one decodes to U+FEFF there. */
  #withoutBom(text: string, stream: boolean): string {
    const first = !this.#bomSeen && text.length > 0;
    this.#bomSeen = stream && (this.#bomSeen || text.length > 0);
    if (!first || this.#ignoreBOM || stringCharCodeAt(text, 0) !== 0xfeff) return text;
    return isUtf(this.#encoding) ? stringSlice(text, 1) : text;
  }
}

/** `decode` of a decoder, whatever became of its prototype. */
export const decodeWith = uncurry(TextDecoder.prototype.decode) as (
  self: TextDecoder,
  input?: ArrayBuffer | ArrayBufferView,
  options?: { stream?: boolean },
) => string;

function isUtf(encoding: string): boolean {
  return encoding === "utf-8" || encoding === "utf-16le" || encoding === "utf-16be";
}

/** The members of `TextDecoderOptions`, in the order in which Web IDL reads them. */
function decoderOptions(options: TextDecoderOptions | undefined): Required<TextDecoderOptions> {
  const given = dictionary(options, "construct 'TextDecoder'");
  return { fatal: Boolean(given?.fatal), ignoreBOM: Boolean(given?.ignoreBOM) };
}

/** A dictionary argument as Web IDL takes it: an object, or nothing. */
function dictionary<T extends object>(value: T | null | undefined, what: string): T | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "object" || typeof value === "function") return value;
  throw new TypeErrorOf(`Failed to execute ${what}: the options are not an object.`);
}
