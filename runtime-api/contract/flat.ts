/**
 * The only values that cross between an isolate and its cell, or between a cell and the host.
 * A byte array is always an exact-size `Uint8Array`, never a Node `Buffer` and never a view on a
 * larger buffer: isolated-vm copies the whole buffer behind a view.
 */
export type Flat = string | number | boolean | null | Uint8Array;

/**
 * How a body travels, as two neighbouring values `kind, value` of a record:
 * `none` null · `text` string · `bytes` Uint8Array · `stream` id of a stream that the sender opens ·
 * `ref` id of a stream that the receiver opened itself (a body passed on untouched) ·
 * `copy` the same, but the sender keeps the stream, and the receiver takes a copy of it ·
 * `socket` id of a WebSocket, in place of a body where the status is 101: odd where the isolate opens it,
 * even where the host did, be it that it opens it now or that the isolate passes it on untouched.
 */
export const BodyKind = { none: 0, text: 1, bytes: 2, stream: 3, ref: 4, socket: 5, copy: 6 } as const;
export type BodyKind = (typeof BodyKind)[keyof typeof BodyKind];

/** A body as the two values of a record. See {@link BodyKind}. */
export type FlatBody =
  | readonly [kind: typeof BodyKind.none, value: null]
  | readonly [kind: typeof BodyKind.text, value: string]
  | readonly [kind: typeof BodyKind.bytes, value: Uint8Array]
  | readonly [
      kind: typeof BodyKind.stream | typeof BodyKind.ref | typeof BodyKind.copy | typeof BodyKind.socket,
      value: number,
    ];

/**
 * Headers travel as one string, `name\nvalue\nname\nvalue`, in the order of the wire and not
 * parsed until somebody reads one. A header value can hold no line feed, so nothing is escaped;
 * each character stands for one byte (isomorphic encoding). No headers is the empty string.
 */
export type FlatHeaders = string;
