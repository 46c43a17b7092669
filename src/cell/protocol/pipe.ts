import type { Socket } from "node:net";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { FrameReader, type FrameBounds } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";

/** Bytes gathered in one turn of the loop after which they leave at once. */
const FLUSH_BYTES = 1024 * 1024;

export interface PipeOptions {
  readonly bounds: FrameBounds;
  /** A whole frame came. May throw, which ends the pipe as broken bytes do. */
  readonly onFrame: (type: number, values: Flat[], sizeBytes: number) => void;
  /** The other end went away (undefined), or sent what it must not. Called once. */
  readonly onEnd: (error: Error | undefined) => void;
  /** What was written has left, after `send` gave false. */
  readonly onDrain?: () => void;
}

/** Frames over a socket; those of one turn of the loop leave together. */
export class Pipe {
  readonly #socket: Socket;
  readonly #options: PipeOptions;
  readonly #writer = new FrameWriter();
  #scheduled = false;
  #ended = false;
  #rest: NodeJS.Timeout | undefined;

  constructor(socket: Socket, options: PipeOptions) {
    this.#socket = socket;
    this.#options = options;
    const reader = new FrameReader(options.bounds, options.onFrame);
    socket.on("data", (chunk: Buffer) => {
      if (this.#ended) return;
      try {
        reader.push(chunk);
      } catch (error) {
        this.#end(error instanceof Error ? error : new Error("unreadable frame"));
      }
    });
    socket.on("drain", () => options.onDrain?.());
    socket.on("error", () => this.#end(undefined));
    socket.on("close", () => this.#end(undefined));
    socket.on("end", () => this.#end(undefined));
  }

  /** Bytes that have not left yet. */
  get queuedBytes(): number {
    return this.#writer.size + this.#socket.writableLength;
  }

  send(type: number, values: readonly Flat[]): void {
    if (this.#ended) return;
    this.#writer.frame(type, values);
    if (this.#writer.size >= FLUSH_BYTES) return this.flush();
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Sends now what has gathered. */
  flush(): void {
    if (this.#writer.size === 0 || this.#ended) return;
    const pieces = this.#writer.take();
    const socket = this.#socket;
    if (pieces.length === 1) socket.write(pieces[0]!);
    else {
      // Corked, they leave in one call of the system.
      socket.cork();
      for (const piece of pieces) socket.write(piece);
      socket.uncork();
    }
    if (socket.writableLength === 0) this.#writer.reuse();
  }

  /**
   * Reads nothing more for so many ms, what has come already aside: the other end waits with what it writes.
   * Without effect while it rests.
   */
  rest(ms: number): void {
    if (this.#ended || this.#rest !== undefined) return;
    this.#socket.pause();
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      this.#socket.resume();
    }, ms);
  }

  /** Hears and says nothing more; `onEnd` is not called. */
  close(): void {
    this.#ended = true;
    clearTimeout(this.#rest);
    this.#socket.destroy();
  }

  #end(error: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#rest);
    this.#socket.destroy();
    this.#options.onEnd(error);
  }
}
