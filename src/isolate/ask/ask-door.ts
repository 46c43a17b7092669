import { Mark, MARK_WORDS } from "../../../runtime-api/contract/boot.ts";
import { Ask } from "../../../runtime-api/contract/sync.ts";
import { answer } from "./answer.ts";
import type { PartScripts } from "./part.ts";
import { sharedPart } from "./shared-parts.ts";

/** Questions that one slice may ask. Beyond it code does nothing but ask, and ignores refusals. */
const QUESTIONS_PER_SLICE = 100_000;
/** CPU of handing one question over and back, beside answering it, in microseconds. */
const HANDOVER_US = 3;

/** Gives the module of the HTML rewriter. `prepare` does what takes time once in a process. */
export interface RewriterModule {
  prepare(): void;
  take(): object | null;
}

/** The synchronous way from one isolate to its cell, with its account. */
export class AskDoor {
  readonly marks: Float64Array = new Float64Array(new SharedArrayBuffer(MARK_WORDS * 8));
  /** CPU of all questions so far, in microseconds; isolated-vm's own counter leaves it out. */
  usedUs = 0;
  /** Called when a slice asks too much. */
  onFlood: () => void = () => {};
  readonly #parts: PartScripts;
  readonly #rewriter: RewriterModule | undefined;
  #slice = -1;
  #count = 0;

  /** @param parts scripts that the isolate may ask for */
  constructor(parts: PartScripts = {}, rewriter?: RewriterModule) {
    this.#parts = parts;
    this.#rewriter = rewriter;
  }

  /** The function that the isolate calls. Arguments are copies of primitives and byte arrays. */
  readonly ask = (op: unknown, ...args: unknown[]): string | Uint8Array | object | null => {
    const slice = this.marks[Mark.slice] as number;
    if (slice !== this.#slice) {
      this.#slice = slice;
      this.#count = 0;
    }
    if (++this.#count > QUESTIONS_PER_SLICE) {
      if (this.#count === QUESTIONS_PER_SLICE + 1) this.onFlood();
      return null;
    }
    const rewriter = op === Ask.htmlRewriter ? this.#rewriter : undefined;
    // Compiling it is nobody's doing.
    rewriter?.prepare();
    const startMs = performance.now();
    const answered = rewriter === undefined ? this.#answer(op, args) : rewriter.take();
    this.usedUs += (performance.now() - startMs) * 1_000 + HANDOVER_US;
    return answered;
  };

  #answer(op: unknown, args: readonly unknown[]): string | Uint8Array | object | null {
    return op === Ask.part ? sharedPart(args[0], this.#parts) : answer(op, args);
  }
}
