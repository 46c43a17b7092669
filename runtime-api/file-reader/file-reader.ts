import { type Blob, blobBytes, blobType } from "../blob/blob.ts";
import { DOMException } from "../dom-exception/dom-exception.ts";
import { dispatch, type EventListener, EventTarget, getHandler, setHandler } from "../events/event-target.ts";
import { io } from "../io/io.ts";
import { typedLength } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { requireArguments } from "../webidl/arguments.ts";
import { toText } from "../webidl/convert.ts";
import { ProgressEvent } from "./progress-event.ts";
import { type ReadKind, readResult } from "./read-result.ts";

const EMPTY = 0;
const LOADING = 1;
const DONE = 2;

/**
 * Reads a blob and tells of it by events, each in a task of its own. File API, 6.2. The bytes are here already:
 * libraries that were written for browsers want it, `blob.text()` and its like do the same.
 */
export class FileReader extends EventTarget {
  #state: typeof EMPTY | typeof LOADING | typeof DONE = EMPTY;
  #result: string | ArrayBuffer | null = null;
  #error: DOMException | null = null;
  /** Counts reads, so that the tasks of one that was aborted do nothing. */
  #read = 0;

  readAsArrayBuffer(blob: Blob): void {
    this.#start("readAsArrayBuffer", arguments.length, blob, "buffer", undefined);
  }

  readAsBinaryString(blob: Blob): void {
    this.#start("readAsBinaryString", arguments.length, blob, "binary", undefined);
  }

  readAsText(blob: Blob, encoding?: string): void {
    const label = encoding === undefined ? undefined : toText(encoding);
    this.#start("readAsText", arguments.length, blob, "text", label);
  }

  readAsDataURL(blob: Blob): void {
    this.#start("readAsDataURL", arguments.length, blob, "dataUrl", undefined);
  }

  abort(): void {
    const wasLoading = this.#state === LOADING;
    this.#result = null;
    if (!wasLoading) return;
    this.#state = DONE;
    this.#read++;
    const read = this.#read;
    this.#fire("abort", 0, 0);
    if (this.#read === read) this.#fire("loadend", 0, 0);
  }

  get readyState(): number {
    return this.#state;
  }

  get result(): string | ArrayBuffer | null {
    return this.#result;
  }

  get error(): DOMException | null {
    return this.#error;
  }

  get onloadstart(): EventListener | null {
    return this.#handler("loadstart");
  }
  set onloadstart(callback: EventListener | null) {
    this.#setHandler("loadstart", callback);
  }
  get onprogress(): EventListener | null {
    return this.#handler("progress");
  }
  set onprogress(callback: EventListener | null) {
    this.#setHandler("progress", callback);
  }
  get onload(): EventListener | null {
    return this.#handler("load");
  }
  set onload(callback: EventListener | null) {
    this.#setHandler("load", callback);
  }
  get onabort(): EventListener | null {
    return this.#handler("abort");
  }
  set onabort(callback: EventListener | null) {
    this.#setHandler("abort", callback);
  }
  get onerror(): EventListener | null {
    return this.#handler("error");
  }
  set onerror(callback: EventListener | null) {
    this.#setHandler("error", callback);
  }
  get onloadend(): EventListener | null {
    return this.#handler("loadend");
  }
  set onloadend(callback: EventListener | null) {
    this.#setHandler("loadend", callback);
  }

  #handler(type: string): EventListener | null {
    void this.#state;
    return getHandler(this, type);
  }

  #setHandler(type: string, callback: unknown): void {
    void this.#state;
    setHandler(this, type, callback);
  }

  #start(method: string, given: number, blob: unknown, kind: ReadKind, label: string | undefined): void {
    void this.#state;
    requireArguments(`'${method}' on 'FileReader'`, given, 1);
    const bytes = blobBytes(blob);
    if (bytes === undefined)
      throw new TypeErrorOf(`Failed to execute '${method}' on 'FileReader': the argument is not a Blob.`);
    if (this.#state === LOADING)
      throw new DOMException("The FileReader is already reading.", "InvalidStateError");
    this.#state = LOADING;
    this.#result = null;
    this.#error = null;
    const size = typedLength(bytes);
    const finish = (): void => {
      this.#state = DONE;
      try {
        this.#result = readResult(bytes, blobType(blob as Blob), kind, label);
      } catch (error) {
        // Too large for a string.
        this.#error = new DOMException(`The blob cannot be read: ${String(error)}`, "NotReadableError");
      }
      this.#fire(this.#error === null ? "load" : "error", size, size);
    };
    this.#inTasks(++this.#read, [
      () => this.#fire("loadstart", 0, size),
      () => {
        if (size > 0) this.#fire("progress", size, size);
      },
      finish,
      () => this.#fire("loadend", size, size),
    ]);
  }

  /** Takes steps in tasks one after another, as long as the read that they belong to is the current one. */
  #inTasks(read: number, steps: readonly (() => void)[], at = 0): void {
    if (at === steps.length) return;
    io.setTimer(() => {
      if (this.#read !== read) return;
      try {
        (steps[at] as () => void)();
      } finally {
        this.#inTasks(read, steps, at + 1);
      }
    }, 0);
  }

  #fire(type: string, loaded: number, total: number): void {
    dispatch(this, new ProgressEvent(type, { lengthComputable: total > 0, loaded, total }));
  }

  declare readonly EMPTY: 0;
  declare readonly LOADING: 1;
  declare readonly DONE: 2;
  declare static readonly EMPTY: 0;
  declare static readonly LOADING: 1;
  declare static readonly DONE: 2;

  static {
    const states = [
      ["EMPTY", EMPTY],
      ["LOADING", LOADING],
      ["DONE", DONE],
    ] as const;
    for (let i = 0; i < states.length; i++) {
      const { 0: name, 1: value } = states[i] as (typeof states)[number];
      objectDefineProperty(this, name, dataDescriptor(value, true, false, false));
      objectDefineProperty(this.prototype, name, dataDescriptor(value, true, false, false));
    }
  }
}
