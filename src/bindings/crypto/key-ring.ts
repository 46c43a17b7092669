import { CallError } from "../binding.ts";
import { type KeyFacts, keyWeight } from "./key-facts.ts";

/** Keys and digests of one isolate at once. */
export const KEYS_PER_ISOLATE = 16_384;
/** What they may take together, by estimate. */
export const KEY_BYTES_PER_ISOLATE: number = 24 * 1024 * 1024;
/** Operations of one isolate that wait or run at once, and the bytes of their arguments. */
export const OPERATIONS_PER_ISOLATE = 2_000;
export const OPERATION_BYTES_PER_ISOLATE: number = 64 * 1024 * 1024;
/** What a digest under way takes. */
export const DIGEST_WEIGHT = 1_024;

/** A key of the isolate, or a digest under way. */
export interface Held {
  /** What the thread knows it by. */
  readonly handle: number;
  /** Name of a digest under way; undefined for a key. */
  readonly digest?: string | undefined;
  /** Of a key; undefined for a digest. */
  readonly facts: KeyFacts | undefined;
  /** Gives its place among the keys of the host back. */
  readonly release?: () => void;
}

/** What the host keeps for one isolate: its keys by number. No number means anything to another isolate. */
export class KeyRing {
  readonly #held = new Map<number, Held>();
  #last = 0;
  #bytes = 0;
  /** Keys that are being made, and what they will take. */
  #coming = 0;
  #comingBytes = 0;
  #operations = 0;
  #operationBytes = 0;
  /** The isolate is gone: nothing is added any more. */
  gone = false;

  /** Whether it holds neither keys nor digests. */
  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  /** Notes an operation that begins. @throws CallError if there are too many */
  enter(bytes: number): void {
    if (
      this.#operations >= OPERATIONS_PER_ISOLATE ||
      this.#operationBytes + bytes > OPERATION_BYTES_PER_ISOLATE
    )
      throw new CallError("OperationError", "Too many cryptographic operations at once.");
    this.#operations++;
    this.#operationBytes += bytes;
  }

  /** Notes that it ended. */
  leave(bytes: number): void {
    this.#operations--;
    this.#operationBytes -= bytes;
  }

  /**
   * Keeps room for keys that are about to be made; the last of them may go beyond the bytes that there are.
   * @param facts Of each, as far as they are known; undefined for a digest.
   * @returns gives the room back, for the keys themselves or because there are none; to be called once
   * @throws CallError if no further key may be made
   */
  reserve(facts: readonly (KeyFacts | undefined)[]): () => void {
    if (
      this.#held.size + this.#coming >= KEYS_PER_ISOLATE ||
      this.#bytes + this.#comingBytes >= KEY_BYTES_PER_ISOLATE
    )
      throw new CallError("OperationError", "Too many keys: this worker holds all that it may.");
    const bytes = facts.reduce((sum, of) => sum + weigh(of), 0);
    this.#coming += facts.length;
    this.#comingBytes += bytes;
    return () => {
      this.#coming -= facts.length;
      this.#comingBytes -= bytes;
    };
  }

  /** Keeps something and gives its number. */
  add(held: Held): number {
    const number = ++this.#last;
    this.#held.set(number, held);
    this.#bytes += weigh(held.facts);
    return number;
  }

  /** @throws CallError if the number means no key */
  key(number: number): Held & { readonly facts: KeyFacts } {
    const held = this.#held.get(number);
    if (held?.facts === undefined) throw new CallError("OperationError", "The key does not exist any more.");
    return held as Held & { readonly facts: KeyFacts };
  }

  /** @throws CallError if the number means no digest under way */
  digest(number: number): Held {
    const held = this.#held.get(number);
    if (held === undefined || held.facts !== undefined)
      throw new CallError("OperationError", "The digest does not exist any more.");
    return held;
  }

  /** Forgets something and gives its handle, undefined if there is none. */
  remove(number: number): number | undefined {
    const held = this.#held.get(number);
    if (held === undefined) return undefined;
    this.#held.delete(number);
    this.#bytes -= weigh(held.facts);
    held.release?.();
    return held.handle;
  }

  /** Forgets everything and gives the handles. */
  clear(): number[] {
    const handles = [...this.#held.values()].map(({ handle }) => handle);
    for (const { release } of this.#held.values()) release?.();
    this.#held.clear();
    this.#bytes = 0;
    return handles;
  }
}

function weigh(facts: KeyFacts | undefined): number {
  return facts === undefined ? DIGEST_WEIGHT : keyWeight(facts);
}
