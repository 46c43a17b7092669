import { cloneChunks } from "./clone-chunks.ts";
import type { HostBody } from "../io/io.ts";
import { utf8Encode } from "../encoding/utf8.ts";
import { Bytes, typedArrayKind } from "../primordials/bytes.ts";
import { WeakMapOf, weakMapGet, weakMapSet } from "../primordials/collections.ts";
import { promiseHandled, promiseThen, promiseWithResolvers } from "../primordials/promise.ts";
import { bytesStream, closeByteStream, lazyByteStream } from "../streams/bytes-stream.ts";
import { readAllInto } from "../streams/read-all.ts";
import {
  isDisturbed,
  isLocked,
  isOfBytes,
  isUntouched,
  markRead,
  readerCancel,
  readerClosed,
  readerRead,
  streamCancel,
  streamFailure,
  streamReader,
  streamTee,
} from "../streams/stream-state.ts";
import type { ByteReader, ByteStream } from "../streams/stream-state.ts";
import { takePart, twinBodies } from "./twin-body.ts";

/** Where a body comes from, as long as no stream had to be made of it. */
export type BodySource = string | Uint8Array<ArrayBuffer> | HostBody;

/** The body of a request or response. */
export interface Body {
  /** What the body is; null where it is a stream of the worker's own. */
  source: BodySource | null;
  /** The stream, made when the worker asked for it, or given by it. */
  stream: ByteStream | null;
  /** Whether the body was consumed by another way than its stream. */
  used: boolean;
  /** Whether the bytes of `source` belong to others too, so that nobody may be given them to keep. */
  shared: boolean;
}

/** A body as it goes on to the host. */
export type TakenBody =
  | null
  | string
  | Uint8Array<ArrayBuffer>
  | { readonly stream: ByteStream }
  | { readonly ref: HostBody };

/** Bodies behind streams that were made of them: an untouched stream stands for its body. */
const bodiesOfStreams = new WeakMapOf<ByteStream, { source: BodySource; shared: boolean }>();

let bodyCapBytes = 100 * 1024 * 1024;

/** Sets how many bytes of a stream are read when a body is read whole. Reading more is a RangeError. */
export function setBodyCap(bytes: number): void {
  bodyCapBytes = bytes;
}

export function makeBody(source: BodySource, shared: boolean): Body {
  return { source, stream: null, used: false, shared };
}

export function streamBody(stream: ByteStream): Body {
  return { source: null, stream, used: false, shared: false };
}

/** Whether the body was read, even in part. */
export function isUsed(body: Body): boolean {
  return body.used || (body.stream !== null && isDisturbed(body.stream));
}

/** Whether the body can be read no more: it was read, or a reader holds its stream. */
export function isUnusable(body: Body): boolean {
  return isUsed(body) || (body.stream !== null && isLocked(body.stream));
}

function isHostBody(source: BodySource): source is HostBody {
  return typeof source === "object" && typedArrayKind(source) === undefined;
}

/** Opens a body of the host; the stream is one of ours, whatever the contract's type says. */
export function openHostBody(host: HostBody): ByteStream {
  return host.open() as unknown as ByteStream;
}

/**
 * A stream over a body of the host that opens it at the first read, so that it can still pass
 * untouched. `follow` is given what breaks the stream, and gives what takes that back.
 */
export function hostBodyStream(
  host: HostBody,
  follow?: (fail: (reason: unknown) => void) => () => void,
): ByteStream {
  let reader: ByteReader | undefined;
  let failed = false;
  let unfollow: (() => void) | undefined;
  return lazyByteStream({
    start(controller) {
      unfollow = follow?.((reason) => {
        failed = true;
        controller.error(reason);
        try {
          if (reader !== undefined) promiseHandled(readerCancel(reader, reason));
          else if (!host.taken) promiseHandled(streamCancel(openHostBody(host), reason));
        } catch {
          // The event that owns the body is over: the host has dropped it already.
        }
      });
    },
    async pull(controller) {
      if (reader === undefined) {
        reader = streamReader(openHostBody(host));
        // A body can fail while nobody reads.
        void promiseThen(readerClosed(reader), undefined, (reason) => {
          if (!failed) controller.error(reason);
        });
      }
      const { done, value } = await readerRead(reader);
      if (failed) return;
      if (!done) return controller.enqueue(value as Uint8Array);
      unfollow?.();
      closeByteStream(controller);
    },
    cancel(reason) {
      unfollow?.();
      reader ??= streamReader(openHostBody(host));
      return readerCancel(reader, reason);
    },
  });
}

/** Remembers what a stream was made of. */
export function rememberSource(stream: ByteStream, source: BodySource, shared: boolean): void {
  weakMapSet(bodiesOfStreams, stream, { source, shared });
}

/** The stream of a body, made now if there is none yet. */
export function bodyStream(body: Body): ByteStream {
  if (body.stream !== null) return body.stream;
  const { source } = body;
  if (source === null || body.used) {
    body.stream = bytesStream(() => new Bytes(0));
    markRead(body.stream);
  } else if (isHostBody(source)) {
    body.stream = hostBodyStream(source);
    rememberSource(body.stream, source, false);
  } else {
    body.stream = bytesStream(() => (typeof source === "string" ? utf8Encode(source) : source));
    rememberSource(body.stream, source, true);
  }
  return body.stream;
}

/**
 * Uses the body up and gives what it is. A stream that nobody touched gives the body that it was
 * made of, so that a worker that only hands `response.body` on costs no copy. A body of the host
 * behind a stream that was given is named only where it leaves (`toHost`): inside the isolate the
 * stream itself must be read, since a signal may break it.
 */
export function takeBody(
  body: Body,
  toHost: boolean,
): { source: BodySource | null; stream: ByteStream | null; shared: boolean } {
  const { source, stream } = body;
  body.used = true;
  if (stream === null) return body;
  const origin = weakMapGet(bodiesOfStreams, stream);
  if (
    origin === undefined ||
    !isUntouched(stream) ||
    (!toHost && source === null && isHostBody(origin.source))
  ) {
    return { source: null, stream, shared: false };
  }
  markRead(stream);
  return { source: origin.source, stream: null, shared: origin.shared };
}

/** Uses the body up and gives it for the host. */
export function sendBody(body: Body | null): TakenBody {
  if (body === null) return null;
  const { source, stream } = takeBody(body, true);
  if (stream !== null) return { stream };
  if (source === null) return null;
  if (isHostBody(source)) {
    const part = takePart(source);
    return part === undefined ? { ref: source } : { stream: part };
  }
  return source;
}

/** A body that is being read whole. */
export interface WholeBody {
  /** What the body is; once `later` has resolved, where there is one. */
  data: string | Uint8Array<ArrayBuffer>;
  readonly later: Promise<void> | undefined;
  /** Whether the bytes belong to others too. */
  readonly shared: boolean;
}

/**
 * Uses the body up and reads it whole. `later` rejects with a RangeError where it exceeds the cap.
 *
 * @throws TypeError where it was read before or a reader holds it
 */
export function readBody(body: Body): WholeBody {
  if (isUnusable(body)) {
    throw new TypeError(
      "Body has already been used. It can only be used once. Use tee() first if you need to read it twice.",
    );
  }
  // A body that failed says so at once, each time: nothing of it was ever read.
  const failure = body.stream === null ? undefined : streamFailure(body.stream);
  if (failure !== undefined) throw failure.reason;
  const { source, stream, shared } = takeBody(body, false);
  if (stream !== null) return readLater(stream);
  if (source === null) return { data: "", later: undefined, shared };
  return isHostBody(source) ? readLater(openHostBody(source)) : { data: source, later: undefined, shared };
}

function readLater(stream: ByteStream): WholeBody {
  const { promise, resolve, reject } = promiseWithResolvers<void>();
  const whole: WholeBody = { data: "", later: promise, shared: false };
  readAllInto(
    stream,
    bodyCapBytes,
    (bytes) => {
      whole.data = bytes;
      resolve();
    },
    reject,
  );
  return whole;
}

/** Makes a second body of one that was not read. Text and bytes are shared, streams are split. */
export function cloneBody(body: Body): Body {
  const { source, stream, shared } = takeBody(body, false);
  body.used = false;
  if (stream === null && source !== null && !isHostBody(source)) {
    // The stream that the worker may hold is used up by now: the body makes another when asked.
    body.source = source;
    body.stream = null;
    body.shared = true;
    return makeBody(source, true);
  }
  const whole = stream ?? takePart(source as HostBody);
  if (whole === undefined) {
    const twins = twinBodies(source as HostBody);
    body.source = twins[0];
    body.stream = null;
    return makeBody(twins[1], false);
  }
  const branches = streamTee(whole);
  body.source = null;
  body.stream = branches[0];
  body.shared = shared;
  // Chunks of a byte stream are copied by its tee; any other chunk would be the same object twice.
  return streamBody(isOfBytes(whole) ? branches[1] : cloneChunks(branches[1]));
}

/** Moves the body into a new one; the old one is used up. */
export function moveBody(body: Body): Body {
  const { source, stream, shared } = takeBody(body, false);
  return { source, stream, used: false, shared };
}
