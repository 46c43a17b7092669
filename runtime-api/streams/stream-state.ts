import type { ReadableStream, ReadableStreamDefaultReader } from "web-streams-polyfill";
import { LatePart } from "../globals/late-part.ts";

/** A stream of bytes as the runtime passes it on. */
export type ByteStream = ReadableStream<Uint8Array>;

/** A reader, used only by the functions of this file. */
export type ByteReader = ReadableStreamDefaultReader<Uint8Array>;

/** What comes of one read, told without a promise: resolving one with an object looks for its `then`. */
export interface ReadSteps {
  chunk(value: unknown): void;
  close(): void;
  error(reason: unknown): void;
}

/**
 * What the runtime does with streams. The stream classes bring it along, and they are evaluated when the
 * first stream is made or a worker asks for one of them.
 */
export interface StreamPart {
  make(source: object, strategy: object): ByteStream;
  is(value: unknown): value is ByteStream;
  isLocked(stream: ByteStream): boolean;
  isDisturbed(stream: ByteStream): boolean;
  isUntouched(stream: ByteStream): boolean;
  isOfBytes(stream: ByteStream): boolean;
  failure(stream: ByteStream): { readonly reason: unknown } | undefined;
  markRead(stream: ByteStream): void;
  reader(stream: ByteStream): ByteReader;
  tee(stream: ByteStream): [ByteStream, ByteStream];
  cancel(stream: ByteStream, reason: unknown): Promise<void>;
  read(reader: ByteReader): Promise<{ done: boolean; value: unknown }>;
  closed(reader: ByteReader): Promise<unknown>;
  readInto(reader: ByteReader, steps: ReadSteps): void;
  cancelReader(reader: ByteReader, reason: unknown): Promise<void>;
}

/** The stream classes; `stream-classes.ts` has them. */
export const streams: LatePart<StreamPart> = new LatePart("Streams");

/** Makes a stream. A source of the runtime's own should have no prototype. */
export function makeStream(source: object, strategy: object): ByteStream {
  return streams.get().make(source, strategy);
}

/** Whether the value is a ReadableStream, by its brand. */
export function isReadableStream(value: unknown): value is ByteStream {
  const part = streams.peek();
  return part !== undefined && part.is(value);
}

/** Whether a reader holds the stream. */
export function isLocked(stream: ByteStream): boolean {
  return streams.get().isLocked(stream);
}

/** Whether the stream was ever read from or cancelled. */
export function isDisturbed(stream: ByteStream): boolean {
  return streams.get().isDisturbed(stream);
}

/** Whether nothing has happened to the stream yet: not read, closed, failed or locked. */
export function isUntouched(stream: ByteStream): boolean {
  return streams.get().isUntouched(stream);
}

/** Whether the stream is one of bytes: its chunks are nobody else's. */
export function isOfBytes(stream: ByteStream): boolean {
  return streams.get().isOfBytes(stream);
}

/** What the stream failed with; undefined where it did not. */
export function streamFailure(stream: ByteStream): { readonly reason: unknown } | undefined {
  return streams.get().failure(stream);
}

/** Locks the stream and marks it as read, for a body that is taken by another way. */
export function markRead(stream: ByteStream): void {
  streams.get().markRead(stream);
}

export function streamReader(stream: ByteStream): ByteReader {
  return streams.get().reader(stream);
}

export function streamTee(stream: ByteStream): [ByteStream, ByteStream] {
  return streams.get().tee(stream);
}

export function streamCancel(stream: ByteStream, reason: unknown): Promise<void> {
  return streams.get().cancel(stream, reason);
}

export function readerRead(reader: ByteReader): Promise<{ done: boolean; value: unknown }> {
  return streams.get().read(reader);
}

/** Resolves when the reader's stream has ended, rejects when it fails. */
export function readerClosed(reader: ByteReader): Promise<unknown> {
  return streams.get().closed(reader);
}

/** Reads one chunk. A step may be called before this returns. */
export function readerReadInto(reader: ByteReader, steps: ReadSteps): void {
  streams.get().readInto(reader, steps);
}

export function readerCancel(reader: ByteReader, reason: unknown): Promise<void> {
  return streams.get().cancelReader(reader, reason);
}
