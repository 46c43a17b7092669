import { CODEC_INPUT_BYTES } from "../contract/bounds.ts";
import { RUNTIME_SLOT } from "../contract/boot.ts";
import { type CodecMode, Op } from "../contract/calls.ts";
import { io } from "../io/io.ts";
import { Bytes, bytesCopy, typedLength } from "../primordials/bytes.ts";
import { promiseHandled } from "../primordials/promise.ts";
import { mathMin } from "../primordials/values.ts";

/** Ids are never used twice in the isolate's life. */
let lastId = 0;

/** A codec in the cell, of the event that feeds it first. It is opened by its first step. */
export class Codec {
  readonly #mode: CodecMode;
  readonly #id = ++lastId;
  #owner: unknown;
  #state: "new" | "open" | "gone" = "new";

  constructor(mode: CodecMode) {
    this.#mode = mode;
  }

  /** Makes the running event the one that the codec belongs to. Throws where it is another's, or none runs. */
  claim(): void {
    this.#owner = io.requireEvent(this.#owner);
  }

  /**
   * Feeds bytes, cut to steps, and hands over what comes out, piece by piece. `room` is awaited before each step,
   * so nothing is unpacked that nobody has room for. The array is kept until all of it was taken.
   *
   * @throws TypeError where the bytes are malformed; Error in the global scope and in another event's slice
   */
  async feed(
    bytes: Uint8Array,
    finish: boolean,
    room: () => Promise<void>,
    take: (bytes: Uint8Array) => void,
  ): Promise<void> {
    const end = typedLength(bytes);
    const whole = end <= CODEC_INPUT_BYTES;
    let at = 0;
    do {
      const next = mathMin(at + CODEC_INPUT_BYTES, end);
      await this.#step(whole ? bytes : bytesCopy(bytes, at, next), finish && next === end, room, take);
      at = next;
    } while (at < end);
    if (finish) this.#state = "gone";
  }

  /** Gives it up. What it was asked before may still be answered. */
  close(): void {
    const isOpen = this.#state === "open";
    this.#state = "gone";
    if (!isOpen) return;
    try {
      io.requireEvent(this.#owner);
      promiseHandled(io.call(RUNTIME_SLOT, Op.codecClose, [this.#id]).promise);
    } catch {
      // Not its event's slice: it goes with its event.
    }
  }

  async #step(
    input: Uint8Array,
    finish: boolean,
    room: () => Promise<void>,
    take: (bytes: Uint8Array) => void,
  ): Promise<void> {
    let bytes = input;
    for (;;) {
      await room();
      this.claim();
      this.#state = "open";
      const { promise } = io.call(RUNTIME_SLOT, Op.codec, [this.#id, this.#mode, bytes, finish]);
      const values = await promise;
      const output = values[0] as Uint8Array;
      if (typedLength(output) > 0) take(output);
      if (values[1] !== true) return;
      bytes = new Bytes(0);
    }
  }
}
