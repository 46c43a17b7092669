import { objectGetOwnPropertyDescriptor } from "../primordials/object.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { ReadableStream, streamClasses } from "./stream-classes.ts";

/** A stream of bytes as the runtime passes it on. */
export type ByteStream = ReadableStream<Uint8Array>;

/** A reader, used only by the functions of this file. */
export type ByteReader = InstanceType<typeof streamClasses.ReadableStreamDefaultReader<Uint8Array>>;

/** What the library keeps on a stream and gives no other access to. */
interface Insides {
  _disturbed: boolean;
  _state: "readable" | "closed" | "errored";
}

const readerPrototype = streamClasses.ReadableStreamDefaultReader.prototype;
const lockedOf = uncurry(
  objectGetOwnPropertyDescriptor(ReadableStream.prototype, "locked")?.get as () => boolean,
) as (self: unknown) => boolean;

export const streamReader = uncurry(ReadableStream.prototype.getReader) as unknown as (
  self: ReadableStream,
) => ByteReader;
export const streamTee = uncurry(ReadableStream.prototype.tee) as unknown as (
  self: ReadableStream,
) => [ByteStream, ByteStream];
export const streamCancel = uncurry(ReadableStream.prototype.cancel) as unknown as (
  self: ReadableStream,
  reason: unknown,
) => Promise<void>;
export const readerRead = uncurry(readerPrototype.read) as unknown as (
  self: ByteReader,
) => Promise<{ done: boolean; value: unknown }>;
export const readerCancel = uncurry(readerPrototype.cancel) as unknown as (
  self: ByteReader,
  reason: unknown,
) => Promise<void>;

/** Whether the value is a ReadableStream, by its brand. */
export function isReadableStream(value: unknown): value is ByteStream {
  if (typeof value !== "object" || value === null) return false;
  try {
    lockedOf(value);
    return true;
  } catch {
    return false;
  }
}

/** Whether a reader holds the stream. */
export function isLocked(stream: ReadableStream): boolean {
  return lockedOf(stream);
}

/** Whether the stream was ever read from or cancelled. */
export function isDisturbed(stream: ReadableStream): boolean {
  return (stream as unknown as Insides)._disturbed;
}

/** Whether nothing has happened to the stream yet: not read, closed, failed or locked. */
export function isUntouched(stream: ReadableStream): boolean {
  const { _disturbed, _state } = stream as unknown as Insides;
  return !_disturbed && _state === "readable" && !lockedOf(stream);
}

/** Locks the stream and marks it as read, for a body that is taken by another way. */
export function markRead(stream: ReadableStream): void {
  streamReader(stream);
  (stream as unknown as Insides)._disturbed = true;
}
