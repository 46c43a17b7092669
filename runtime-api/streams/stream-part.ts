import {
  objectGetOwnPropertyDescriptor,
  objectGetPrototypeOf,
  reflectOwnKeys,
} from "../primordials/object.ts";
import { uncurry } from "../primordials/uncurry.ts";
import type { ByteReader, ByteStream, StreamPart } from "./stream-state.ts";

/** What the library keeps on a stream and gives no other access to. */
interface Insides {
  _disturbed: boolean;
  _state: "readable" | "closed" | "errored";
  _storedError: unknown;
  _readableStreamController: {
    /** Only controllers of byte streams have it. */
    _pendingPullIntos?: unknown;
    [pullSteps: symbol]: (request: LibraryRequest) => void;
  };
}

/** The library's own form of a read. */
interface LibraryRequest {
  _chunkSteps(chunk: unknown): void;
  _closeSteps(): void;
  _errorSteps(reason: unknown): void;
}

/** The symbol under which both kinds of controllers keep the method that answers a read. */
function pullStepsOf(stream: ByteStream): symbol {
  const prototype = objectGetPrototypeOf(insides(stream)._readableStreamController) as object;
  const keys = reflectOwnKeys(prototype);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string | symbol;
    if (typeof key === "symbol" && key.description === "[[PullSteps]]") return key;
  }
  throw new Error("The stream library has no [[PullSteps]]");
}

function insides(stream: ByteStream): Insides {
  return stream as unknown as Insides;
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
  const pullSteps = pullStepsOf(new Stream({}, {}));
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
    isDisturbed: (stream) => insides(stream)._disturbed,
    isUntouched(stream) {
      const { _disturbed, _state } = stream as unknown as Insides;
      return !_disturbed && _state === "readable" && !lockedOf(stream);
    },
    isOfBytes: (stream) => insides(stream)._readableStreamController._pendingPullIntos !== undefined,
    failure(stream) {
      const { _state, _storedError } = insides(stream);
      return _state === "errored" ? { reason: _storedError } : undefined;
    },
    markRead(stream) {
      reader(stream);
      insides(stream)._disturbed = true;
    },
    reader,
    tee: uncurry(prototype.tee) as unknown as StreamPart["tee"],
    cancel: uncurry(prototype.cancel) as unknown as StreamPart["cancel"],
    closed: uncurry(
      objectGetOwnPropertyDescriptor(readerClass.prototype, "closed")?.get as () => Promise<unknown>,
    ) as unknown as StreamPart["closed"],
    readInto(from, steps) {
      const stream = insides((from as unknown as { _ownerReadableStream: ByteStream })._ownerReadableStream);
      stream._disturbed = true;
      if (stream._state === "closed") steps.close();
      else if (stream._state === "errored") steps.error(stream._storedError);
      else
        (stream._readableStreamController[pullSteps] as (request: LibraryRequest) => void)({
          _chunkSteps: (chunk) => steps.chunk(chunk),
          _closeSteps: () => steps.close(),
          _errorSteps: (reason) => steps.error(reason),
        });
    },
    read: uncurry(readerClass.prototype.read) as unknown as StreamPart["read"],
    cancelReader: uncurry(readerClass.prototype.cancel) as unknown as StreamPart["cancelReader"],
  };
}
