import {
  createDeflate,
  createDeflateRaw,
  createGunzip,
  createGzip,
  createInflate,
  createInflateRaw,
  type ZlibOptions,
} from "node:zlib";
import { CODEC_OUTPUT_BYTES } from "../../../runtime-api/contract/bounds.ts";
import type { CodecMode } from "../../../runtime-api/contract/calls.ts";
import { joinBytes } from "../protocol/join-bytes.ts";

const KB = 1024;
/** What zlib fills at once. */
const PIECE_BYTES = 32 * KB;
/** Output that may wait in the stream, and what zlib and Node hold beside it. */
const PACKER_BYTES = CODEC_OUTPUT_BYTES + PIECE_BYTES + 268 * KB;
const UNPACKER_BYTES = CODEC_OUTPUT_BYTES + PIECE_BYTES + 48 * KB;
const OPTIONS = {
  chunkSize: PIECE_BYTES,
  readableHighWaterMark: CODEC_OUTPUT_BYTES,
  // As the Compression standard asks: bytes after the end are an error. Node knows it, its types do not.
  rejectGarbageAfterEnd: true,
} as ZlibOptions;

type ZlibStream = ReturnType<typeof createGzip> | ReturnType<typeof createInflate>;

/** What the mode's work costs, from all bytes in and out so far, in microseconds. */
type Cost = (bytesIn: number, bytesOut: number) => number;

interface Mode {
  make(): ZlibStream;
  /** What one codec holds in the cell. */
  readonly heldBytes: number;
  /** Of ordinary bytes. Matches are cheap, literals are not: so output tells what input did. */
  readonly usualUs: Cost;
  /** Of bytes that were made to be slow. */
  readonly worstUs: Cost;
}

const PACKER = {
  heldBytes: PACKER_BYTES,
  usualUs: (bytesIn: number, bytesOut: number) =>
    Math.min(bytesIn * 0.021, bytesIn * 0.002 + bytesOut * 0.08),
  worstUs: (bytesIn: number) => bytesIn * 0.2,
} as const;
const UNPACKER = {
  heldBytes: UNPACKER_BYTES,
  usualUs: (bytesIn: number, bytesOut: number) =>
    Math.min(bytesOut * 0.003, bytesOut * 0.000_5 + bytesIn * 0.01),
  worstUs: (bytesIn: number, bytesOut: number) => bytesOut * 0.006 + bytesIn * 0.1,
} as const;

const MODES: Readonly<Record<CodecMode, Mode>> = {
  gzip: { make: () => createGzip(OPTIONS), ...PACKER },
  deflate: { make: () => createDeflate(OPTIONS), ...PACKER },
  "deflate-raw": { make: () => createDeflateRaw(OPTIONS), ...PACKER },
  gunzip: { make: () => createGunzip(OPTIONS), ...UNPACKER },
  inflate: { make: () => createInflate(OPTIONS), ...UNPACKER },
  "inflate-raw": { make: () => createInflateRaw(OPTIONS), ...UNPACKER },
};

/** What has passed, from any beginning, in microseconds. */
export interface WorkTimes {
  readonly passedUs: number;
  /** CPU of the whole process. */
  readonly cpuUs: number;
}

function processTimes(): WorkTimes {
  const { user, system } = process.cpuUsage();
  return { passedUs: performance.now() * 1_000, cpuUs: user + system };
}

/** What a step gave. */
export interface CodecStep {
  readonly bytes: Uint8Array;
  /** More output waits for the next step. */
  readonly more: boolean;
}

/** Bytes that a codec of a mode may hold in the cell. */
export function codecBytes(mode: CodecMode): number {
  return MODES[mode].heldBytes;
}

/** One stream of zlib, driven step by step; it works on Node's thread pool, and no further ahead than its buffer. */
export class Codec {
  readonly mode: CodecMode;
  readonly #stream: ZlibStream;
  #waiting: { resolve(step: CodecStep): void; reject(error: unknown): void } | undefined;
  #pieces: Uint8Array[] = [];
  #collected = 0;
  /** The input of the step was taken whole. */
  #consumed = true;
  #finishing = false;
  #ended = false;
  #failure: Error | undefined;
  #checking = false;
  #produced = 0;
  /** Time that passed in steps, no more than the CPU that the whole process used meanwhile. */
  #workedUs = 0;
  readonly #times: () => WorkTimes;
  #begun: WorkTimes = { passedUs: 0, cpuUs: 0 };
  #charged = 0;

  /** @param times what is read before and after each step. @default those of this process */
  constructor(mode: CodecMode, times: () => WorkTimes = processTimes) {
    this.mode = mode;
    this.#times = times;
    this.#stream = MODES[mode].make();
    this.#stream.on("readable", () => this.#check());
    this.#stream.on("end", () => {
      this.#ended = true;
      this.#check();
    });
    this.#stream.on("error", (error) => this.#fail(error));
  }

  /** Whether it may be given more input: all that it was given before was taken. */
  get hungry(): boolean {
    return this.#consumed && !this.#finishing;
  }

  /**
   * Feeds `input` and takes what came out, at most `CODEC_OUTPUT_BYTES`. Rejects where the bytes are malformed.
   * One step at a time, and with input only while it is `hungry`.
   */
  step(input: Uint8Array, finish: boolean): Promise<CodecStep> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#waiting = { resolve, reject };
      this.#begun = this.#times();
      if (this.hungry && finish) {
        this.#finishing = true;
        this.#stream.end(input);
      } else if (this.hungry && input.length > 0) {
        this.#consumed = false;
        this.#stream.write(input, () => {
          this.#consumed = true;
          // The event that tells of an error comes later.
          this.#failure ??= this.#stream.errored ?? undefined;
          this.#check();
        });
      }
      this.#check();
    });
  }

  /**
   * CPU since the last call, in microseconds. The thread that works cannot be asked, so bytes are charged at what
   * they usually cost. Bytes that take more than twice that are charged half of the time that passed, since the
   * process may be busy with others, but no more than the slowest bytes would cost.
   */
  takeCost(): number {
    const { usualUs, worstUs } = MODES[this.mode];
    const bytesIn = this.#stream.bytesWritten;
    const usual = usualUs(bytesIn, this.#produced);
    const worst = worstUs(bytesIn, this.#produced);
    const cost = Math.max(usual, Math.min(worst, this.#workedUs / 2), this.#charged);
    const due = cost - this.#charged;
    this.#charged = cost;
    return due;
  }

  /** Ends it at once; a step under way rejects. */
  close(): void {
    this.#fail(new Error("the codec was closed"));
    this.#stream.destroy();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#check();
  }

  /** Takes what is there, and answers the step if it is enough or all. */
  #check(): void {
    // Reading can call back before it returns.
    if (this.#checking || this.#waiting === undefined) return;
    this.#checking = true;
    this.#collect();
    this.#checking = false;
    const waiting = this.#waiting;
    const more = !this.#idle();
    if (this.#failure === undefined && more && this.#collected < CODEC_OUTPUT_BYTES) return;
    this.#waiting = undefined;
    const { passedUs, cpuUs } = this.#times();
    this.#workedUs += Math.min(passedUs - this.#begun.passedUs, cpuUs - this.#begun.cpuUs);
    if (this.#failure !== undefined) return waiting.reject(this.#failure);
    const bytes = joinBytes(this.#pieces, this.#collected);
    this.#pieces = [];
    this.#collected = 0;
    waiting.resolve({ bytes, more });
  }

  #collect(): void {
    const stream = this.#stream;
    while (this.#failure === undefined && !this.#idle() && this.#collected < CODEC_OUTPUT_BYTES) {
      const count = Math.min(stream.readableLength, CODEC_OUTPUT_BYTES - this.#collected);
      const piece = stream.read(count) as Uint8Array | null;
      if (piece === null) return;
      this.#pieces.push(piece);
      this.#collected += piece.length;
      this.#produced += piece.length;
    }
  }

  /** Whether nothing more comes out without more input. */
  #idle(): boolean {
    return this.#stream.readableLength === 0 && (this.#finishing ? this.#ended : this.#consumed);
  }
}
