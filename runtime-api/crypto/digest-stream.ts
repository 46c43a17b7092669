import { RUNTIME_SLOT } from "../contract/boot.ts";
import { Op } from "../contract/calls.ts";
import { utf8Encode } from "../encoding/utf8.ts";
import { shapeInterface } from "../globals/define.ts";
import { io } from "../io/io.ts";
import {
  Bytes,
  bytesCopy,
  bytesOf,
  bytesSet,
  bytesSubarray,
  typedBuffer,
  typedLength,
} from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { promiseHandled, promiseWithResolvers } from "../primordials/promise.ts";
import { BigIntOf, mathMin } from "../primordials/values.ts";
import { isObject } from "../webidl/arguments.ts";
import { toText } from "../webidl/convert.ts";
import { WritableStream } from "../streams/stream-classes.ts";
import { digestStreamPart } from "./crypto-parts.ts";
import { digestName } from "./subtle-crypto.ts";
import { DigestUnderWay } from "./subtle/digest-pieces.ts";

/** Bytes that are gathered before they are sent on. */
const PIECE_BYTES = 64 * 1024;

/** What one stream gathers, and the digest that it feeds. */
class Sink {
  readonly #name: string;
  readonly #result = promiseWithResolvers<ArrayBuffer>();
  readonly #buffer = new Bytes(PIECE_BYTES);
  #filled = 0;
  #digest: DigestUnderWay | undefined;
  written = 0;

  constructor(name: string) {
    this.#name = name;
    promiseHandled(this.#result.promise);
  }

  get digest(): Promise<ArrayBuffer> {
    return this.#result.promise;
  }

  async write(chunk: unknown): Promise<void> {
    const bytes = typeof chunk === "string" ? utf8Encode(chunk) : bytesOf(chunk);
    if (bytes === undefined) {
      const error = new TypeErrorOf(
        "DigestStream is a byte stream but received an object of non-ArrayBuffer/ArrayBufferView/string type on its writable side.",
      );
      this.#result.reject(error);
      throw error;
    }
    const size = typedLength(bytes);
    this.written += size;
    let at = 0;
    while (at < size) {
      if (this.#filled === PIECE_BYTES) await this.#send();
      const count = mathMin(size - at, PIECE_BYTES - this.#filled);
      bytesSet(this.#buffer, bytesSubarray(bytes, at, at + count), this.#filled);
      this.#filled += count;
      at += count;
    }
  }

  async close(): Promise<void> {
    try {
      const rest = bytesCopy(this.#buffer, 0, this.#filled);
      // What fits one piece needs nothing that the host would have to keep.
      if (this.#digest !== undefined) this.#result.resolve(await this.#digest.end(rest));
      else {
        const values = await io.call(RUNTIME_SLOT, Op.digest, [this.#name, rest]).promise;
        this.#result.resolve(typedBuffer(values[0] as Uint8Array) as ArrayBuffer);
      }
    } catch (error) {
      this.#result.reject(error);
      throw error;
    }
  }

  abort(reason: unknown): void {
    this.#result.reject(reason);
  }

  async #send(): Promise<void> {
    this.#digest ??= new DigestUnderWay(this.#name);
    try {
      await this.#digest.add(bytesCopy(this.#buffer, 0, this.#filled));
    } catch (error) {
      this.#result.reject(error);
      throw error;
    }
    this.#filled = 0;
  }
}

/**
 * Cloudflare's addition to Web Crypto: a writable stream that keeps nothing of what is written but its digest.
 * Texts count as UTF-8.
 *
 * @throws NotSupportedError for an unknown algorithm
 * @example
 * const stream = new crypto.DigestStream("SHA-256");
 * await response.body.pipeTo(stream);
 * const digest = await stream.digest;
 * @see https://developers.cloudflare.com/workers/runtime-apis/web-crypto/#digeststream
 */
export class DigestStream extends WritableStream<unknown> {
  readonly #sink: Sink;

  constructor(algorithm: object | string) {
    const sink = new Sink(digestName(isObject(algorithm) ? algorithm : toText(algorithm)));
    super({
      write: (chunk) => sink.write(chunk),
      close: () => sink.close(),
      abort: (reason) => sink.abort(reason),
    });
    this.#sink = sink;
  }

  /** The digest; settles when the stream is closed or fails. */
  get digest(): Promise<ArrayBuffer> {
    return this.#sink.digest;
  }

  /** Bytes written so far. */
  get bytesWritten(): bigint {
    return BigIntOf(this.#sink.written);
  }
}

shapeInterface(DigestStream, "DigestStream");
digestStreamPart.provide({ DigestStream });
