import { isUtf8 } from "node:buffer";
import { CHUNK_BYTES, SOCKET_TEXT_UNITS } from "../../runtime-api/contract/bounds.ts";
import { isCloseCode, SocketCode } from "../../runtime-api/contract/sockets.ts";
import { ByteQueue } from "./byte-queue.ts";
import { Opcode } from "./frame-writer.ts";
import { maskBytes } from "./mask.ts";

/** What a {@link FrameReader} finds. */
export interface FrameSink {
  /** Whether a message, or its next part, may be taken now. Control frames come whatever this says. */
  readonly takes: boolean;
  message(data: string | Uint8Array): void;
  part(isText: boolean, isLast: boolean, bytes: Uint8Array): void;
  /** A frame that brings no data came: a control frame or an empty fragment. Gives false if there are too many. */
  idle(): boolean;
  ping(payload: Uint8Array): void;
  pong(): void;
  /** A close frame; nothing is read after it. @param code 1005 where it has none */
  close(code: number, reason: string): void;
  /** The peer broke the protocol; nothing is read after it. @param code to close with */
  broken(code: number, problem: string): void;
}

interface Frame {
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly mask: Uint8Array | null;
  /** Bytes of the payload that have not been read. */
  leftBytes: number;
}

/** A message that is under way. */
interface Message {
  readonly isText: boolean;
  /** Checks text that comes in parts. */
  readonly decoder: TextDecoder | null;
  sizeBytes: number;
  /** Whether some of it has been handed over. */
  begun: boolean;
}

/**
 * Reads the frames of a peer (RFC 6455, section 5) and hands messages over in pieces of at most `CHUNK_BYTES`, so
 * that what lies here is bounded however long a message is.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #expectsMask: boolean | "either";
  readonly #maxMessageBytes: number;
  readonly #bytes = new ByteQueue();
  #frame: Frame | null = null;
  #message: Message | null = null;
  #isOver = false;

  /** @param expectsMask Whether the peer is a client; `either` takes a client's frames whether masked or not. */
  constructor(
    sink: FrameSink,
    options: { readonly expectsMask: boolean | "either"; readonly maxMessageBytes: number },
  ) {
    this.#sink = sink;
    this.#expectsMask = options.expectsMask;
    this.#maxMessageBytes = options.maxMessageBytes;
  }

  /** Bytes that came and were not read. */
  get waitingBytes(): number {
    return this.#bytes.length;
  }

  push(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#bytes.push(bytes);
    this.read();
  }

  /** Reads on: the sink takes something again. */
  read(): void {
    while (!this.#isOver) {
      this.#frame ??= this.#head();
      if (this.#frame === null || !this.#payload(this.#frame)) return;
    }
  }

  /** The head of the next frame, or null if it is not there yet or wrong. */
  #head(): Frame | null {
    const start = this.#bytes.peek(2);
    if (start === null) return null;
    const first = start[0]!;
    const second = start[1]!;
    const short = second & 0x7f;
    const lengthBytes = short < 126 ? 0 : short === 126 ? 2 : 8;
    const masked = (second & 0x80) !== 0;
    const opcode = first & 0x0f;
    const isFinal = (first & 0x80) !== 0;
    const problem = this.#problemOf(first, masked, opcode, isFinal, short);
    if (problem !== null) return this.#broken(SocketCode.protocolError, problem);
    const size = 2 + lengthBytes + (masked ? 4 : 0);
    const head = this.#bytes.take(size);
    if (head === null) return null;
    const view = new DataView(head.buffer);
    const length =
      lengthBytes === 0 ? short : lengthBytes === 2 ? view.getUint16(2) : Number(view.getBigUint64(2));
    const isData = opcode < Opcode.close;
    if (isData && (this.#message?.sizeBytes ?? 0) + length > this.#maxMessageBytes)
      return this.#broken(SocketCode.tooBig, "the message is too long");
    if (isData) this.#begin(opcode, isFinal, length);
    return { opcode, isFinal, mask: masked ? head.subarray(size - 4) : null, leftBytes: length };
  }

  #problemOf(first: number, masked: boolean, opcode: number, isFinal: boolean, short: number): string | null {
    if ((first & 0x70) !== 0) return "a reserved bit is set";
    if (this.#expectsMask !== "either" && masked !== this.#expectsMask)
      return "a frame is masked and should not be, or the other way round";
    if (opcode >= Opcode.close) {
      if (opcode > Opcode.pong) return "an unknown opcode";
      return isFinal && short <= 125 ? null : "a control frame is fragmented or too long";
    }
    if (opcode > Opcode.binary) return "an unknown opcode";
    if (opcode === Opcode.continuation) return this.#message === null ? "a continuation of nothing" : null;
    return this.#message === null ? null : "a message amid another";
  }

  #begin(opcode: number, isFinal: boolean, length: number): void {
    if (this.#message !== null) {
      this.#message.sizeBytes += length;
      return;
    }
    const isText = opcode === Opcode.text;
    const inParts = !isFinal || length > CHUNK_BYTES;
    const decoder = isText && inParts ? new TextDecoder("utf-8", { fatal: true }) : null;
    this.#message = { isText, decoder, sizeBytes: length, begun: false };
  }

  /** Reads the payload, or a piece of it. Gives false if there is nothing to go on with. */
  #payload(frame: Frame): boolean {
    const isData = frame.opcode < Opcode.close;
    if (isData && !this.#sink.takes) return false;
    const size = Math.min(frame.leftBytes, CHUNK_BYTES);
    const bytes = this.#bytes.take(size);
    if (bytes === null) return false;
    // Pieces are multiples of four, so each begins where the mask does.
    if (frame.mask !== null) maskBytes(bytes, frame.mask);
    frame.leftBytes -= size;
    if (frame.leftBytes === 0) this.#frame = null;
    if (isData) this.#data(bytes, frame.leftBytes === 0 && frame.isFinal);
    else this.#control(frame.opcode, bytes);
    return true;
  }

  #data(bytes: Uint8Array, isLast: boolean): void {
    const message = this.#message!;
    if (isLast) this.#message = null;
    if (message.isText && !isGoodText(bytes, message.decoder, isLast))
      return void this.#broken(SocketCode.notUtf8, "text that is not UTF-8");
    const isWhole = isLast && !message.begun;
    if (isWhole && !message.isText) return this.#sink.message(bytes);
    if (isWhole && bytes.length <= SOCKET_TEXT_UNITS)
      return this.#sink.message(Buffer.from(bytes.buffer).toString());
    // An empty fragment says nothing, unless it is the end.
    if (bytes.length === 0 && !isLast) return this.#idle();
    message.begun = true;
    this.#sink.part(message.isText, isLast, bytes);
  }

  #control(opcode: number, bytes: Uint8Array): void {
    this.#idle();
    if (this.#isOver) return;
    if (opcode === Opcode.ping) this.#sink.ping(bytes);
    else if (opcode === Opcode.pong) this.#sink.pong();
    else this.#close(bytes);
  }

  #idle(): void {
    if (!this.#sink.idle()) this.#broken(SocketCode.policy, "too many frames without data");
  }

  #close(bytes: Uint8Array): void {
    if (bytes.length === 1) return void this.#broken(SocketCode.protocolError, "half a close code");
    const code = bytes.length === 0 ? SocketCode.none : (bytes[0]! << 8) | bytes[1]!;
    const reason = bytes.subarray(2);
    if (bytes.length > 0 && !isCloseCode(code))
      return void this.#broken(SocketCode.protocolError, `close code ${code}`);
    if (!isUtf8(reason)) return void this.#broken(SocketCode.notUtf8, "a reason that is not UTF-8");
    this.#isOver = true;
    this.#sink.close(code, Buffer.from(reason).toString());
  }

  #broken(code: number, problem: string): null {
    this.#isOver = true;
    this.#sink.broken(code, problem);
    return null;
  }
}

function isGoodText(bytes: Uint8Array, decoder: TextDecoder | null, isLast: boolean): boolean {
  if (decoder === null) return isUtf8(bytes);
  try {
    decoder.decode(bytes, { stream: !isLast });
    return true;
  } catch {
    return false;
  }
}
