import type { StreamPair } from "../streams/stream-pair.ts";
import { codecStreams } from "./codec-streams.ts";
import { type Format, formatOf } from "./formats.ts";

const MODES = { gzip: "gunzip", deflate: "inflate", "deflate-raw": "inflate-raw" } as const;

/** Decompresses a stream of bytes in the cell, as the Compression standard says. */
export class DecompressionStream {
  readonly #streams: StreamPair;

  constructor(_format: Format) {
    this.#streams = codecStreams(MODES[formatOf(arguments as unknown as unknown[], "DecompressionStream")]);
  }

  get readable(): object {
    return this.#streams.readable;
  }
  get writable(): object {
    return this.#streams.writable;
  }
}
