import { EgressError } from "./egress-error.ts";
import type { HeldBytes } from "./held-bytes.ts";

/** What honest content packs to at most, once it is more than a little. */
const MAX_RATIO = 256;
/** What a decoder holds of what it gave out, at most: its window. */
const WINDOW_BYTES: Readonly<Record<string, number>> = { br: 16 * 1024 * 1024, zstd: 8 * 1024 * 1024 };
const SMALL_WINDOW_BYTES = 64 * 1024;
const STEP_BYTES = 1024 * 1024;

/** What a body may become while it is decoded. */
export interface DecodeBounds {
  /** Bytes that may come out in all. */
  readonly maxBytes: number;
  /** Bytes that may come out however few went in. */
  readonly freeBytes: number;
  /** Counts what decoders hold. */
  readonly held: HeldBytes;
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
    return new DecodeLayer(this, this.#bounds.held, WINDOW_BYTES[encoding] ?? SMALL_WINDOW_BYTES);
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
  #outBytes = 0;
  #heldBytes = 0;
  #isOver = false;

  constructor(guard: DecodeGuard, held: HeldBytes, windowBytes: number) {
    this.#guard = guard;
    this.#held = held;
    this.#windowBytes = windowBytes;
  }

  /** So much has come out of it. @throws {EgressError} if that is too much */
  gave(bytes: number): void {
    this.#outBytes += bytes;
    this.#guard.check(this.#outBytes);
    if (this.#isOver || this.#outBytes <= this.#heldBytes || this.#heldBytes >= this.#windowBytes) return;
    const step = Math.min(STEP_BYTES, this.#windowBytes - this.#heldBytes);
    this.#held.take(step);
    this.#heldBytes += step;
  }

  /** It holds nothing any more. */
  over(): void {
    this.#isOver = true;
    this.#held.give(this.#heldBytes);
    this.#heldBytes = 0;
  }
}

/** The error of a body beyond the limit `egressResponseBytes`. */
export function tooLarge(maxBytes: number): EgressError {
  return new EgressError(
    "TypeError",
    `The response's body is larger than the ${maxBytes} bytes that it may have`,
  );
}
