import { arrayPush } from "../primordials/array.ts";
import {
  bufferByteLength,
  Bytes,
  bytesCopy,
  bytesSet,
  DataViewOf,
  typedLength,
} from "../primordials/bytes.ts";
import { ErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { reflectApply } from "../primordials/object.ts";
import { StringOf } from "../primordials/string.ts";
import { Heap } from "./heap.ts";
import type { ImageTools, RewriterExports } from "./image-tools.ts";
import { viewInt32, viewSetInt32 } from "./memory-view.ts";

/** States of a binary that can be suspended (Binaryen's Asyncify). */
const UNWINDING = 1;
const REWINDING = 2;
/** Size of what a rewriter's stack is saved to, its own two words included. */
const STACK_START = 8;
const STACK_END = 1024;

/** Where bytes lie in the binary's memory. */
export interface Passed {
  readonly pointer: number;
  readonly length: number;
}

/**
 * What a handler or the sink of the output is to the binary. `token` is a pointer, or bytes for the sink. A promise
 * that it gives suspends the binary.
 */
export type Callback = (token: unknown) => Promise<void> | undefined | void;

/**
 * One instance of the rewriter's binary, with what it asks of JavaScript. An instance serves one rewriter at a time:
 * one that is suspended has parts of its stack in the instance's memory, which another would overwrite.
 */
export class Engine {
  #heap: Heap = new Heap();
  readonly tools: ImageTools;
  readonly #exports: RewriterExports;
  readonly #memory: () => ArrayBuffer;
  #bytes: Uint8Array<ArrayBuffer> = new Bytes(0);
  #view: DataView | undefined;
  /** What the binary threw on purpose; anything else that escapes from it means that it is broken. */
  #thrown: { readonly error: unknown } | undefined;
  #broken = false;
  #awaited: Promise<unknown> | undefined;
  #failure: { readonly reason: unknown } | undefined;
  /** Where the binary's own stack begins. */
  readonly #stackStart: number;
  #era = 0;

  constructor(tools: ImageTools) {
    this.tools = tools;
    const { exports, memory } = tools.instantiate({ __wbindgen_placeholder__: this.#imports() });
    this.#exports = exports;
    this.#memory = memory;
    this.#stackStart = this.call("__wbindgen_add_to_stack_pointer", 0);
  }

  /** The values that the binary holds. */
  get heap(): Heap {
    return this.#heap;
  }

  /** Whether nothing more can be done with it. */
  get isBroken(): boolean {
    return this.#broken;
  }

  /**
   * Counts the rewriters that were abandoned. What belongs to one of them, and knows another number, means nothing any
   * more: neither its tokens nor what it waits for.
   */
  get era(): number {
    return this.#era;
  }

  /** Whether a handler's promise is waited for. */
  get isSuspended(): boolean {
    return this.#awaited !== undefined;
  }

  /** What a handler threw, or its promise rejected with: the first of its rewriter. */
  get failure(): { readonly reason: unknown } | undefined {
    return this.#failure;
  }

  fail(reason: unknown): void {
    this.#failure ??= { reason };
  }

  get memoryBytes(): number {
    return bufferByteLength(this.#memory());
  }

  /** Calls an export. Throws what the binary throws, and an Error from then on where it broke. */
  call(name: string, ...args: number[]): number {
    return this.apply(name, args);
  }

  /** As {@link call}, with a list: spreading one asks its iterator, which the worker may have replaced. */
  apply(name: string, args: readonly number[]): number {
    if (this.#broken) throw new ErrorOf("HTMLRewriter cannot go on: its parser failed");
    const before = this.#thrown;
    this.#thrown = undefined;
    try {
      return reflectApply(this.#exports[name] as () => number, undefined, args);
    } catch (error) {
      const thrown = this.#thrown as { readonly error: unknown } | undefined;
      if (thrown !== undefined && thrown.error === error) throw error;
      // A trap (out of memory) or an exhausted stack.
      this.#broken = true;
      throw new ErrorOf("HTMLRewriter cannot go on: its parser failed, maybe for lack of memory");
    } finally {
      this.#thrown = before;
    }
  }

  /**
   * Calls an export that may be suspended by a handler's promise, which never rejects.
   * @returns a promise if it was
   */
  run(stack: number, name: string, ...args: number[]): Promise<void> | undefined {
    this.apply(name, args);
    return this.#isUnwinding() ? this.#resume(stack, name) : undefined;
  }

  /**
   * Forgets a rewriter that waits for a handler: it goes on no more. What it has of the binary's memory stays taken,
   * but the engine can serve another.
   */
  abandon(): void {
    this.#era++;
    this.#awaited = this.#failure = undefined;
    this.#heap = new Heap();
    const stack = this.call("__wbindgen_add_to_stack_pointer", 0);
    this.call("__wbindgen_add_to_stack_pointer", this.#stackStart - stack);
  }

  /** Puts a text into the binary's memory, which takes it over. */
  passText(text: string): Passed {
    return this.passBytes(this.tools.utf8Encode(text));
  }

  passBytes(bytes: Uint8Array): Passed {
    const length = typedLength(bytes);
    const pointer = this.call("__wbindgen_malloc", length);
    bytesSet(this.memory(), bytes, pointer);
    return { pointer, length };
  }

  /** Calls an export that gives a text. */
  text(name: string, pointer: number): string {
    const at = this.call("__wbindgen_add_to_stack_pointer", -16);
    this.call(name, at, pointer);
    const start = this.#word(at);
    const length = this.#word(at + 4);
    const text = this.#decode(start, length);
    this.call("__wbindgen_add_to_stack_pointer", 16);
    this.call("__wbindgen_free", start, length);
    return text;
  }

  /** The memory as bytes; a view that is good until the next call. */
  memory(): Uint8Array<ArrayBuffer> {
    const buffer = this.#memory();
    if (this.#view === undefined || typedLength(this.#bytes) !== bufferByteLength(buffer)) {
      this.#bytes = new Bytes(buffer);
      this.#view = new DataViewOf(buffer);
    }
    return this.#bytes;
  }

  #word(at: number): number {
    this.memory();
    return viewInt32(this.#view as DataView, at, true);
  }

  #setWord(at: number, value: number): void {
    this.memory();
    viewSetInt32(this.#view as DataView, at, value, true);
  }

  #decode(start: number, length: number): string {
    const at = start >>> 0;
    return this.tools.utf8Decode(bytesCopy(this.memory(), at, at + length));
  }

  #isUnwinding(): boolean {
    return this.call("asyncify_get_state") === UNWINDING;
  }

  async #resume(stack: number, name: string): Promise<void> {
    const era = this.#era;
    while (this.#isUnwinding()) {
      this.call("asyncify_stop_unwind");
      await this.#awaited;
      if (era !== this.#era) throw new ErrorOf("The document was abandoned");
      this.#awaited = undefined;
      this.call("asyncify_start_rewind", stack);
      this.call(name);
    }
  }

  #suspend(stack: number, promise: Promise<unknown>): void {
    if (this.call("asyncify_get_state") === REWINDING) {
      this.call("asyncify_stop_rewind");
      return;
    }
    this.#setWord(stack, stack + STACK_START);
    this.#setWord(stack + 4, stack + STACK_END);
    this.#awaited = promise;
    this.call("asyncify_start_unwind", stack);
  }

  #throw(error: unknown): never {
    this.#thrown = { error };
    throw error;
  }

  /** What the binary imports; the names are those that its compiler gave. */
  #imports(): Record<string, (...args: number[]) => unknown> {
    const property =
      (name: string) =>
      (index: number): number => {
        const value = (this.#heap.get(index) as Record<string, unknown>)[name];
        return value === undefined ? 0 : this.#heap.add(value);
      };
    const pointer = (at: number): number => this.#heap.add(at);
    return {
      __wbindgen_object_drop_ref: (index) => void this.#heap.take(index),
      __wbindgen_object_clone_ref: (index) => this.#heap.add(this.#heap.get(index)),
      __wbindgen_string_new: (start, length) => this.#heap.add(this.#decode(start, length)),
      // Content is HTML where an object is given for its options at all.
      __wbg_html_cd9a0f328493678b: () => 1,
      __wbg_enableEsiTags_de6b91cc61a25874: () => 0,
      __wbg_element_c38470ed972aea27: property("element"),
      __wbg_comments_ba86bc03331d9378: property("comments"),
      __wbg_comments_94d876f6c0502e82: property("comments"),
      __wbg_text_7800bf26cb443911: property("text"),
      __wbg_text_4606a16c30e4ae91: property("text"),
      __wbg_doctype_ac58c0964a59b61b: property("doctype"),
      __wbg_end_34efb9402eac8a4e: property("end"),
      // Tokens travel as their pointers: what a worker sees of them is made by the handlers' callbacks.
      __wbg_element_new: pointer,
      __wbg_comment_new: pointer,
      __wbg_textchunk_new: pointer,
      __wbg_doctype_new: pointer,
      __wbg_documentend_new: pointer,
      __wbg_endtag_new: pointer,
      __wbg_call_6c4ea719458624eb: (callback, _self, token) => {
        try {
          return this.#heap.add((this.#heap.get(callback) as Callback)(this.#heap.get(token)));
        } catch (error) {
          this.call("__wbindgen_exn_store", this.#heap.add(error));
          return 0;
        }
      },
      __wbg_instanceof_Promise_c6535fc791fcc4d2: (index) => (this.#heap.get(index) === undefined ? 0 : 1),
      __wbg_awaitPromise_39a1101fd8518869: (stack, index) =>
        this.#suspend(stack, this.#heap.get(index) as Promise<unknown>),
      __wbg_new_4fee7e2900033464: () => this.#heap.add([]),
      __wbg_push_ba9b5e3c25cff8f9: (list, item) =>
        arrayPush(this.#heap.get(list) as unknown[], this.#heap.get(item)),
      __wbg_new_917809a3e20a4b00: (start, length) =>
        this.#heap.add(new TypeErrorOf(this.#decode(start, length))),
      __wbindgen_memory: () => this.#heap.add(undefined),
      __wbg_buffer_89a8560ab6a3d9c6: () => this.#heap.add(undefined),
      // The sink copies at once, so a view on the memory will do.
      __wbg_newwithbyteoffsetandlength_e45d8b33c02dc3b5: (_buffer, start, length) =>
        this.#heap.add(new Bytes(this.#memory(), start >>> 0, length >>> 0)),
      __wbg_new_bd2e1d010adb8a1a: (index) => this.#heap.add(this.#heap.get(index)),
      __wbg_String_60c4ba333b5ca1c6: (at, index) => this.#returnText(at, StringOf(this.#heap.get(index))),
      __wbindgen_debug_string: (at, index) => this.#returnText(at, typeof this.#heap.get(index)),
      __wbindgen_throw: (start, length) => {
        throw new ErrorOf(this.#decode(start, length));
      },
      __wbindgen_rethrow: (index) => this.#throw(this.#heap.take(index)),
    };
  }

  #returnText(at: number, text: string): void {
    const { pointer, length } = this.passText(text);
    this.#setWord(at + 4, length);
    this.#setWord(at, pointer);
  }
}
