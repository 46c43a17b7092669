import { Bytes, bytesCopy, bytesSet, typedLength } from "../primordials/bytes.ts";
import { mathMax } from "../primordials/values.ts";
import type { Engine } from "./engine.ts";
import type { HandlerSet } from "./handler-set.ts";

/** Smallest buffer for the output, in bytes. */
const FIRST_BUFFER_BYTES = 16 * 1024;

/** One document on its way through the parser. */
export class Rewriting {
  readonly #engine: Engine;
  readonly #pointer: number;
  readonly #stack: number;
  #output: Uint8Array<ArrayBuffer> = new Bytes(0);
  #length = 0;

  /** @throws TypeError if a selector does not parse */
  constructor(engine: Engine, handlers: readonly HandlerSet[]) {
    this.#engine = engine;
    const { heap } = engine;
    const sink = (bytes: unknown): void => this.#put(bytes as Uint8Array);
    this.#pointer = heap.lend(sink, (index) => engine.call("htmlrewriter_new", index, 0));
    this.#stack = engine.call("htmlrewriter_asyncify_stack_ptr", this.#pointer);
    for (let i = 0; i < handlers.length; i++) {
      const { selector, callbacks } = handlers[i] as HandlerSet;
      const index = heap.add(callbacks(engine));
      if (selector === undefined) {
        engine.call("htmlrewriter_onDocument", this.#pointer, index);
        continue;
      }
      const { pointer, length } = engine.passText(selector);
      engine.call("htmlrewriter_on", this.#pointer, pointer, length, index);
    }
  }

  /** Parses some more. Gives a promise if a handler has to be waited for. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    const { pointer, length } = this.#engine.passBytes(bytes);
    return this.#engine.run(this.#stack, "htmlrewriter_write", this.#pointer, pointer, length);
  }

  /** Parses to the end. */
  end(): Promise<void> | undefined {
    return this.#engine.run(this.#stack, "htmlrewriter_end", this.#pointer);
  }

  /** What came out since the last call; undefined if nothing did. */
  take(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#length === 0) return undefined;
    const bytes = bytesCopy(this.#output, 0, this.#length);
    this.#length = 0;
    return bytes;
  }

  /** Lets go of what it has in the engine, which can then serve another. Not while a handler is waited for. */
  free(): void {
    this.#engine.call("__wbg_htmlrewriter_free", this.#pointer);
  }

  #put(bytes: Uint8Array): void {
    const end = this.#length + typedLength(bytes);
    if (end > typedLength(this.#output)) {
      const larger = new Bytes(mathMax(end, typedLength(this.#output) * 2, FIRST_BUFFER_BYTES));
      bytesSet(larger, bytesCopy(this.#output, 0, this.#length));
      this.#output = larger;
    }
    bytesSet(this.#output, bytes, this.#length);
    this.#length = end;
  }
}
