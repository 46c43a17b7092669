import type { Duplex } from "node:stream";
import { CHUNK_BYTES } from "../../runtime-api/contract/bounds.ts";
import { SocketCode, socketCost } from "../../runtime-api/contract/sockets.ts";
import { FrameReader, type FrameSink } from "./frame-reader.ts";
import { closePayload, Opcode, writeFrame } from "./frame-writer.ts";
import type { MessageSocket, SocketHandler } from "./message-socket.ts";

/** Bytes that lie here unread before the connection is paused: enough that small control frames are seen. */
const READ_AHEAD_BYTES = CHUNK_BYTES;
/** A peer that takes nothing gets no answers to its pings beyond so many waiting bytes. */
const PONG_ROOM_BYTES = 64 * 1024;

/** Frames without data (pings, pongs, empty fragments) that a peer may send at one go, and in a second. */
const IDLE_FRAMES = 1_000;
const IDLE_FRAMES_PER_S = 200;

/** How often a peer is written to while it is not read. */
const PAUSED_PING_MS = 2_000;
/** How long a peer may take to hang up once all is said. */
const LINGER_MS = 2_000;

export interface WireOptions {
  /** Whether this host is the server of the connection. */
  readonly isServer: boolean;
  /** Whether frames of a client may come unmasked, which RFC 6455 forbids (section 5.1). @default false */
  readonly takesUnmasked?: boolean;
  /** Bytes that came with the handshake, behind it. */
  readonly head: Uint8Array;
  /** Longest message that the peer may send. */
  readonly maxMessageBytes: number;
  /** How often a silent peer is asked for a sign of life; after two times without one the connection is cut. @default 30000 */
  readonly pingMs?: number;
  /** How long the peer may take for its part of the closing handshake. @default 10000 */
  readonly closeTimeoutMs?: number;
}

/** A WebSocket over a stream of bytes whose handshake is done (RFC 6455), without extensions. */
export class WireSocket implements MessageSocket {
  readonly #stream: Duplex;
  readonly #masks: boolean;
  readonly #reader: FrameReader;
  readonly #closeTimeoutMs: number;
  readonly #pingTimer: NodeJS.Timeout;
  readonly #head: Uint8Array;
  #handler: SocketHandler | null = null;
  #credit = 0;
  #isOver = false;
  /** A close frame has been sent: only the peer's is waited for. */
  #closeSent = false;
  /** The peer's close frame. */
  #peerClose: { readonly code: number; readonly reason: string } | null = null;
  #closeTimer: NodeJS.Timeout | null = null;
  #pausedTimer: NodeJS.Timeout | null = null;
  /** Whether a message's parts are being sent. */
  #amid = false;
  #corked = false;
  #idleFrames = IDLE_FRAMES;
  #idleAtMs = 0;
  /** Times that the peer was asked for a sign of life since its last one. */
  #silentTicks = 0;

  constructor(stream: Duplex, options: WireOptions) {
    const {
      isServer,
      takesUnmasked = false,
      maxMessageBytes,
      head,
      pingMs = 30_000,
      closeTimeoutMs = 10_000,
    } = options;
    this.#stream = stream;
    this.#masks = !isServer;
    this.#closeTimeoutMs = closeTimeoutMs;
    this.#head = head;
    const expectsMask = isServer && takesUnmasked ? "either" : isServer;
    this.#reader = new FrameReader(this.#sink(), { expectsMask, maxMessageBytes });
    this.#pingTimer = setInterval(() => this.#tick(), pingMs);
    this.#pingTimer.unref();
    stream.on("error", () => {}); // the stream's close tells all that there is to tell
    stream.on("close", () => this.#finish());
  }

  start(handler: SocketHandler): void {
    this.#handler = handler;
    queueMicrotask(() => {
      if (this.#isOver) return this.#tellEnd();
      this.#stream.on("data", (bytes: Uint8Array) => this.#received(bytes));
      this.#stream.on("end", () => this.#endStream());
      this.#received(this.#head);
      // The end of a connection on which nothing lies is told even where nobody reads.
      if (this.#stream.readableEnded) this.#endStream();
    });
  }

  grant(credit: number): void {
    this.#credit += credit;
    this.#readOn();
  }

  send(data: string | Uint8Array): void {
    const isText = typeof data === "string";
    const payload = isText ? new TextEncoder().encode(data) : data;
    this.#write(isText ? Opcode.text : Opcode.binary, true, payload, socketCost(data.length));
  }

  sendPart(isText: boolean, isLast: boolean, bytes: Uint8Array): void {
    const opcode = this.#amid ? Opcode.continuation : isText ? Opcode.text : Opcode.binary;
    this.#amid = !isLast;
    this.#write(opcode, isLast, bytes, socketCost(bytes.length));
  }

  close(code: number, reason: string): void {
    if (this.#isOver || this.#closeSent) return;
    this.#sendClose(code, reason);
    // Whatever the peer still sends is thrown away, on the way to its close frame.
    this.#readOn();
  }

  terminate(): void {
    this.#stream.destroy();
  }

  #sink(): FrameSink {
    const takes = (): boolean => this.#closeSent || this.#credit > 0;
    return {
      get takes() {
        return takes();
      },
      message: (data) => {
        if (this.#closeSent) return;
        this.#credit -= socketCost(data.length);
        this.#handler?.message(data);
      },
      part: (isText, isLast, bytes) => {
        if (this.#closeSent) return;
        this.#credit -= socketCost(bytes.length);
        this.#handler?.part(isText, isLast, bytes);
      },
      idle: () => this.#mayIdle(),
      ping: (payload) => {
        if (this.#stream.writableLength <= PONG_ROOM_BYTES) this.#write(Opcode.pong, true, payload, 0);
      },
      pong: () => {},
      close: (code, reason) => {
        this.#peerClose = { code, reason };
        if (!this.#closeSent) this.#sendClose(code === SocketCode.none ? 0 : code, reason);
        this.#endStream();
      },
      broken: (code, problem) => {
        if (!this.#closeSent) this.#sendClose(code, problem);
        this.#endStream();
      },
    };
  }

  /** They cost no credit, so what bounds them is time. */
  #mayIdle(): boolean {
    const nowMs = performance.now();
    const filled = ((nowMs - this.#idleAtMs) / 1_000) * IDLE_FRAMES_PER_S;
    this.#idleFrames = Math.min(IDLE_FRAMES, this.#idleFrames + filled) - 1;
    this.#idleAtMs = nowMs;
    return this.#idleFrames >= 0;
  }

  #received(bytes: Uint8Array): void {
    this.#silentTicks = 0;
    this.#reader.push(bytes);
    if (this.#reader.waitingBytes > READ_AHEAD_BYTES) this.#pause();
  }

  /** Reads no further. That the peer is gone shows only when something is written then. */
  #pause(): void {
    this.#stream.pause();
    this.#pausedTimer ??= setInterval(() => this.#askForLife(), PAUSED_PING_MS);
  }

  #readOn(): void {
    this.#reader.read();
    if (this.#stream.isPaused() && this.#reader.waitingBytes <= READ_AHEAD_BYTES) this.#resume();
  }

  #resume(): void {
    this.#stream.resume();
    if (this.#pausedTimer !== null) clearInterval(this.#pausedTimer);
    this.#pausedTimer = null;
  }

  #write(opcode: Opcode, isFinal: boolean, payload: Uint8Array, cost: number): void {
    if (this.#isOver || this.#closeSent) return;
    this.#put(writeFrame(opcode, isFinal, payload, this.#masks), cost);
  }

  #sendClose(code: number, reason: string): void {
    this.#put(writeFrame(Opcode.close, true, closePayload(code, reason), this.#masks), 0);
    this.#closeSent = true;
    this.#closeTimer ??= setTimeout(() => this.#stream.destroy(), this.#closeTimeoutMs);
  }

  /** Writes all frames of one go at once. */
  #put(pieces: readonly Uint8Array[], cost: number): void {
    if (!this.#stream.writable) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#stream.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#stream.uncork();
      });
    }
    const last = pieces.length - 1;
    for (let i = 0; i < last; i++) this.#stream.write(pieces[i]);
    this.#stream.write(pieces[last], (error) => {
      if (!error && cost > 0 && !this.#isOver) this.#handler?.sent(cost);
    });
  }

  /** No more from this side; the connection ends once the other side ends too, or soon. */
  #endStream(): void {
    this.#stream.end();
    this.#resume();
    if (this.#closeTimer !== null) clearTimeout(this.#closeTimer);
    this.#closeTimer = setTimeout(() => this.#stream.destroy(), LINGER_MS);
  }

  #tick(): void {
    // Where this host does not read, a sign of life cannot be seen.
    if (this.#stream.isPaused()) this.#silentTicks = 0;
    else if (++this.#silentTicks > 2) return this.terminate();
    this.#askForLife();
  }

  #askForLife(): void {
    if (this.#stream.writableLength <= PONG_ROOM_BYTES) this.#write(Opcode.ping, true, new Uint8Array(0), 0);
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#pingTimer);
    if (this.#pausedTimer !== null) clearInterval(this.#pausedTimer);
    if (this.#closeTimer !== null) clearTimeout(this.#closeTimer);
    if (this.#handler !== null) this.#tellEnd();
  }

  #tellEnd(): void {
    const { code, reason } = this.#peerClose ?? { code: SocketCode.lost, reason: "" };
    this.#handler?.closed(code, reason, this.#peerClose !== null);
  }
}
