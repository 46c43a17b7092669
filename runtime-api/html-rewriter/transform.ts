import { CHUNK_BYTES } from "../contract/bounds.ts";
import { bytesOf, bytesSubarray, typedLength } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { promiseHandled } from "../primordials/promise.ts";
import { mathMin } from "../primordials/values.ts";
import type { ByteController } from "../streams/bytes-stream.ts";
import type { Engine } from "./engine.ts";
import type { EnginePool } from "./engine-pool.ts";
import type { HandlerSet } from "./handler-set.ts";
import type { ImageTools, RewriterSource, StreamSource } from "./image-tools.ts";
import { Rewriting } from "./rewriting.ts";

/**
 * The source of a stream that reads a document and gives it rewritten. It reads no further than it is read, and
 * runs no handler before.
 */
export class Transform implements StreamSource {
  readonly #tools: ImageTools;
  readonly #pool: EnginePool;
  readonly #source: RewriterSource;
  readonly #handlers: readonly HandlerSet[];
  #engine: Engine | undefined;
  #rewriting: Rewriting | undefined;
  /** Bytes that were read and not parsed yet. */
  #left: Uint8Array | undefined;
  #isRead = false;
  #isParsing = false;
  #isOver = false;

  constructor(tools: ImageTools, pool: EnginePool, source: RewriterSource, handlers: readonly HandlerSet[]) {
    this.#tools = tools;
    this.#pool = pool;
    this.#source = source;
    this.#handlers = handlers;
  }

  /** Goes on until something came out, or the document is over. */
  async pull(controller: ByteController): Promise<void> {
    try {
      const rewriting = this.#begin();
      for (;;) {
        const bytes = await this.#next();
        if (this.#isOver) return;
        this.#isParsing = true;
        const parsing = bytes === undefined ? rewriting.end() : rewriting.write(bytes);
        if (parsing !== undefined) await parsing;
        this.#isParsing = false;
        if (this.#isOver) return this.#release();
        const failure = (this.#engine as Engine).failure;
        if (failure !== undefined) throw failure.reason;
        const output = rewriting.take();
        if (output !== undefined) controller.enqueue(output);
        if (bytes === undefined) {
          this.#isOver = true;
          this.#release();
          return this.#tools.closeStream(controller);
        }
        if (output !== undefined) return;
      }
    } catch (error) {
      if (this.#isOver) return;
      this.#isOver = true;
      // A handler's own error says more than what the parser made of it.
      const failure = this.#engine?.failure;
      const reason = failure === undefined ? error : failure.reason;
      promiseHandled(this.#source.cancel(reason));
      throw reason;
    }
  }

  async cancel(reason: unknown): Promise<void> {
    this.#isOver = true;
    // A handler may cancel the very stream that it is called for: then the parser is left first.
    if (!this.#isParsing) this.#release();
    else if (this.#engine?.isSuspended === true) this.#abandon();
    await this.#source.cancel(reason);
  }

  #begin(): Rewriting {
    if (this.#rewriting === undefined) {
      this.#engine = this.#pool.take();
      this.#rewriting = new Rewriting(this.#engine, this.#handlers);
    }
    return this.#rewriting;
  }

  #release(): void {
    const engine = this.#engine;
    if (engine === undefined || engine.isBroken) return;
    this.#rewriting?.free();
    this.#pool.giveBack(engine);
    this.#engine = this.#rewriting = undefined;
  }

  /** Takes the engine from a handler that it waits for. */
  #abandon(): void {
    const engine = this.#engine;
    this.#engine = this.#rewriting = undefined;
    if (engine === undefined || engine.isBroken) return;
    engine.abandon();
    this.#pool.giveBack(engine);
  }

  /** The next bytes to parse, not too many at once; undefined at the end. */
  async #next(): Promise<Uint8Array | undefined> {
    const { decode } = this.#source;
    if (this.#left === undefined) {
      if (this.#isRead) return undefined;
      const { done, value } = await this.#source.read();
      if (done) {
        this.#isRead = true;
        // Half a character at the end of the body comes out now.
        const rest = decode === undefined ? "" : decode(undefined);
        return rest === "" ? undefined : this.#tools.utf8Encode(rest);
      }
      const bytes = bytesOf(value);
      if (bytes === undefined)
        throw new TypeErrorOf("HTMLRewriter got a body whose stream gives something else than bytes");
      this.#left = bytes;
    }
    const size = typedLength(this.#left);
    const end = mathMin(CHUNK_BYTES, size);
    const bytes = bytesSubarray(this.#left, 0, end);
    this.#left = end === size ? undefined : bytesSubarray(this.#left, end);
    return decode === undefined ? bytes : this.#tools.utf8Encode(decode(bytes));
  }
}
