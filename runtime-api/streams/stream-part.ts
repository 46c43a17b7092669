import { objectGetOwnPropertyDescriptor } from "../primordials/object.ts";
import { uncurry } from "../primordials/uncurry.ts";
import type { ByteReader, ByteStream, StreamPart } from "./stream-state.ts";

/** What the library keeps on a stream and gives no other access to. */
interface Insides {
  _disturbed: boolean;
  _state: "readable" | "closed" | "errored";
}

type Class<T> = (new (...args: never[]) => T) & { readonly prototype: T };

/** Makes what the runtime needs of the stream classes: their methods, captured as they are now. */
export function makeStreamPart(streamClass: Class<ByteStream>, readerClass: Class<ByteReader>): StreamPart {
  const { prototype } = streamClass;
  const lockedOf = uncurry(objectGetOwnPropertyDescriptor(prototype, "locked")?.get as () => boolean) as (
    self: unknown,
  ) => boolean;
  const reader = uncurry(prototype.getReader) as unknown as StreamPart["reader"];
  const Stream = streamClass as unknown as new (source: object, strategy: object) => ByteStream;
  return {
    make: (source, strategy) => new Stream(source, strategy),
    is(value): value is ByteStream {
      if (typeof value !== "object" || value === null) return false;
      try {
        lockedOf(value);
        return true;
      } catch {
        return false;
      }
    },
    isLocked: lockedOf,
    isDisturbed: (stream) => (stream as unknown as Insides)._disturbed,
    isUntouched(stream) {
      const { _disturbed, _state } = stream as unknown as Insides;
      return !_disturbed && _state === "readable" && !lockedOf(stream);
    },
    markRead(stream) {
      reader(stream);
      (stream as unknown as Insides)._disturbed = true;
    },
    reader,
    tee: uncurry(prototype.tee) as unknown as StreamPart["tee"],
    cancel: uncurry(prototype.cancel) as unknown as StreamPart["cancel"],
    read: uncurry(readerClass.prototype.read) as unknown as StreamPart["read"],
    cancelReader: uncurry(readerClass.prototype.cancel) as unknown as StreamPart["cancelReader"],
  };
}
