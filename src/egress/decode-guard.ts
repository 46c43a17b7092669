import { EgressError } from "./egress-error.ts";
import type { HeldBytes } from "./held-bytes.ts";

/** What honest content packs to at most, once it is more than a little. */
const MAX_RATIO = 256;
/** What a decoder holds of what it gave out, at most: its window. */
const WINDOW_BYTES: Readonly<Record<string, number>> = { br: 16 * 1024 * 1024, zstd: 8 * 1024 * 1024 };
const SMALL_WINDOW_BYTES = 64 * 1024;
const STEP_BYTES = 1024 * 1024;
/** What decoding costs, in microseconds for each byte: matches are cheap and literals are not, so input tells what output did. */
const OUT_US = 0.003;
const MATCHED_US = 0.000_5;
const IN_US = 0.01;
/** How many times that a coding takes. */
const DEARER: Readonly<Record<string, number>> = { br: 2 };
/** Cost after which somebody is told, in microseconds. */
const TOLD_US = 1_000;

/** What a body may become while it is decoded. */
export interface DecodeBounds {
  /** Bytes that may come out in all. */
  readonly maxBytes: number;
  /** Bytes that may come out however few went in. */
  readonly freeBytes: number;
  /** Counts what decoders hold. */
  readonly held: HeldBytes;
  /** Hears what decoding costs the threads of the process, by bytes: these cannot be asked. */
  readonly spent?: (cpuUs: number) => void;
}

/** Watches one body: what comes out of its decoders has to be in proportion to what came over the wire. */
export class DecodeGuard {
  readonly #bounds: DecodeBounds;
  #wireBytes = 0;

  constructor(bounds: DecodeBounds) {
    this.#bounds = bounds;
  }

  /** So much came over the wire. */
  received(bytes: number): void {
    this.#wireBytes += bytes;
  }

  /** Begins to watch one decoder of the body. */
  layer(encoding: string): DecodeLayer {
    return new DecodeLayer(this, this.#bounds, encoding);
  }

  /** @throws {EgressError} if a decoder must not give out so much */
  check(outBytes: number): void {
    const { maxBytes, freeBytes } = this.#bounds;
    if (outBytes > maxBytes) throw tooLarge(maxBytes);
    if (outBytes > freeBytes + this.#wireBytes * MAX_RATIO)
      throw new EgressError("TypeError", "The response's body grows out of all proportion as it is decoded");
  }
}

/** One decoder of a body. */
export class DecodeLayer {
  readonly #guard: DecodeGuard;
  readonly #held: HeldBytes;
  readonly #windowBytes: number;
  readonly #spent: ((cpuUs: number) => void) | undefined;
  readonly #dearer: number;
  #toldUs = 0;
  #inBytes = 0;
  #outBytes = 0;
  #heldBytes = 0;
  #isOver = false;

  constructor(guard: DecodeGuard, { held, spent }: DecodeBounds, encoding: string) {
    this.#guard = guard;
    this.#held = held;
    this.#spent = spent;
    this.#windowBytes = WINDOW_BYTES[encoding] ?? SMALL_WINDOW_BYTES;
    this.#dearer = DEARER[encoding] ?? 1;
  }

  /** So much went into it. */
  took(bytes: number): void {
    this.#inBytes += bytes;
  }

  /** So much has come out of it. @throws {EgressError} if that is too much */
  gave(bytes: number): void {
    this.#outBytes += bytes;
    this.#tell(TOLD_US);
    this.#guard.check(this.#outBytes);
    if (this.#isOver || this.#outBytes <= this.#heldBytes || this.#heldBytes >= this.#windowBytes) return;
    const step = Math.min(STEP_BYTES, this.#windowBytes - this.#heldBytes);
    this.#held.take(step);
    this.#heldBytes += step;
  }

  /** It holds nothing any more. */
  over(): void {
    this.#isOver = true;
    this.#tell(1);
    this.#held.give(this.#heldBytes);
    this.#heldBytes = 0;
  }

  /** Tells what is due, if it is that much. */
  #tell(leastUs: number): void {
    const literalUs = this.#outBytes * MATCHED_US + this.#inBytes * IN_US;
    const costUs = Math.min(this.#outBytes * OUT_US, literalUs) * this.#dearer;
    const dueUs = Math.floor(costUs - this.#toldUs);
    if (dueUs < leastUs) return;
    this.#toldUs += dueUs;
    this.#spent?.(dueUs);
  }
}

/** The error of a body beyond the limit `egressResponseBytes`. */
export function tooLarge(maxBytes: number): EgressError {
  return new EgressError(
    "TypeError",
    `The response's body is larger than the ${maxBytes} bytes that it may have`,
  );
}
