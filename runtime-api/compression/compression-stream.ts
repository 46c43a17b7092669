import type { StreamPair } from "../streams/stream-pair.ts";
import { codecStreams } from "./codec-streams.ts";
import { type Format, formatOf } from "./formats.ts";

/** Compresses a stream of bytes in the cell, as the Compression standard says. */
export class CompressionStream {
  readonly #streams: StreamPair;

  constructor(_format: Format) {
    this.#streams = codecStreams(formatOf(arguments as unknown as unknown[], "CompressionStream"));
  }

  get readable(): object {
    return this.#streams.readable;
  }
  get writable(): object {
    return this.#streams.writable;
  }
}
