import { stringCharCodeAt, stringSlice } from "../primordials/string.ts";
import { TransformStream } from "../streams/stream-classes.ts";
import type { Enqueues, StreamPair } from "../streams/stream-pair.ts";
import { utf8Encode } from "./utf8.ts";

/** Encodes a stream of text into a stream of UTF-8, as the Encoding standard says: pairs may be cut in two. */
export class TextEncoderStream {
  readonly #transform: StreamPair;

  constructor() {
    /** The first half of a pair, whose second half may come with the next chunk. */
    let lead = "";
    this.#transform = new TransformStream({
      __proto__: null,
      transform(chunk: unknown, controller: Enqueues<Uint8Array>) {
        const given = `${chunk as string}`;
        if (given === "") return;
        let text = lead + given;
        const last = stringCharCodeAt(text, text.length - 1);
        lead = last >= 0xd800 && last < 0xdc00 ? stringSlice(text, text.length - 1) : "";
        if (lead !== "") text = stringSlice(text, 0, text.length - 1);
        if (text !== "") controller.enqueue(utf8Encode(text));
      },
      flush(controller: Enqueues<Uint8Array>) {
        if (lead !== "") controller.enqueue(utf8Encode(lead));
      },
    } as object);
  }

  get encoding(): string {
    void this.#transform;
    return "utf-8";
  }
  get readable(): object {
    return this.#transform.readable;
  }
  get writable(): object {
    return this.#transform.writable;
  }
}
