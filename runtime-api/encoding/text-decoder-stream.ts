import { isBufferSource } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { TransformStream } from "../streams/stream-classes.ts";
import type { Enqueues, StreamPair } from "../streams/stream-pair.ts";
import { decodeWith, TextDecoder, type TextDecoderOptions } from "./text-decoder.ts";

const STREAM = { __proto__: null, stream: true } as unknown as { stream: true };

/** Decodes a stream of bytes into a stream of text, as the Encoding standard says. */
export class TextDecoderStream {
  readonly #decoder: TextDecoder;
  readonly #transform: StreamPair;

  constructor(label: string = "utf-8", options?: TextDecoderOptions) {
    const decoder = new TextDecoder(label, options);
    this.#decoder = decoder;
    this.#transform = new TransformStream({
      __proto__: null,
      transform(chunk: unknown, controller: Enqueues<string>) {
        if (!isBufferSource(chunk))
          throw new TypeErrorOf("TextDecoderStream: a chunk is not an ArrayBuffer or a view on one.");
        const text = decodeWith(decoder, chunk, STREAM);
        if (text !== "") controller.enqueue(text);
      },
      flush(controller: Enqueues<string>) {
        const text = decodeWith(decoder);
        if (text !== "") controller.enqueue(text);
      },
    } as object);
  }

  get encoding(): string {
    return this.#decoder.encoding;
  }
  get fatal(): boolean {
    return this.#decoder.fatal;
  }
  get ignoreBOM(): boolean {
    return this.#decoder.ignoreBOM;
  }
  get readable(): object {
    return this.#transform.readable;
  }
  get writable(): object {
    return this.#transform.writable;
  }
}
