import { BodyKind } from "../contract/flat.ts";
import type { HostBody } from "../io/io.ts";
import { arrayIndexOf, arrayPush, arraySplice } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { type ByteStream, streamTee } from "../streams/stream-state.ts";

/** A body of the host, and its clones that are still to be read or passed on. */
interface Family {
  readonly host: HostBody;
  readonly left: TwinBody[];
}

/**
 * One of the bodies that clones make of a body of the host that nobody has read. As long as none is read in the
 * isolate, nothing enters it: whichever leaves goes as a copy, and the last as the body itself. When one is read,
 * the stream is split between all that are left.
 */
class TwinBody implements HostBody {
  readonly #family: Family;
  /** Its part of a stream that was split in the isolate. */
  #part: ByteStream | undefined;
  #taken = false;

  constructor(family: Family) {
    this.#family = family;
    arrayPush(family.left, this);
  }

  get id(): number {
    return this.#family.host.id;
  }

  get taken(): boolean {
    return this.#taken;
  }

  open(): ReadableStream<Uint8Array> {
    this.#take();
    let stream = this.#part;
    if (stream === undefined) {
      const { host, left } = this.#family;
      stream = host.open() as unknown as ByteStream;
      for (let i = 0; i < left.length; i++) {
        const parts = streamTee(stream);
        stream = parts[0];
        (left[i] as TwinBody).#part = parts[1];
      }
    }
    return stream as unknown as ReadableStream<Uint8Array>;
  }

  pass(): number {
    throw new TypeErrorOf("A clone is passed on by passBody.");
  }

  copy(): number {
    throw new TypeErrorOf("A clone is passed on by passBody.");
  }

  #take(): void {
    if (this.#taken) throw new TypeErrorOf("This body has been read or passed on already.");
    this.#taken = true;
    const { left } = this.#family;
    arraySplice(left, arrayIndexOf(left, this), 1);
  }

  static twins(host: HostBody): readonly [HostBody, HostBody] {
    if (!(#family in host)) {
      const family: Family = { host, left: [] };
      return [new TwinBody(family), new TwinBody(family)];
    }
    const twin = host as TwinBody;
    twin.#take();
    return [new TwinBody(twin.#family), new TwinBody(twin.#family)];
  }

  static pass(host: HostBody): readonly [kind: number, id: number] {
    if (!(#family in host)) return [BodyKind.ref, host.pass()];
    const twin = host as TwinBody;
    twin.#take();
    const family = twin.#family;
    return family.left.length > 0 ? [BodyKind.copy, family.host.copy()] : [BodyKind.ref, family.host.pass()];
  }

  static takePart(host: HostBody): ByteStream | undefined {
    if (!(#family in host) || (host as TwinBody).#part === undefined) return undefined;
    return (host as TwinBody).open() as unknown as ByteStream;
  }
}

/** Makes two bodies of one that nobody has read and that is used up by that. Not for one whose part {@link takePart} gives. */
export const twinBodies: (host: HostBody) => readonly [HostBody, HostBody] = TwinBody.twins;

/** Passes a body of the host on, as the two values of a record. Throws if it is taken or of another event. */
export const passBody: (host: HostBody) => readonly [kind: number, id: number] = TwinBody.pass;

/** The stream of a clone whose body was split in the isolate, taken; undefined for any other body. */
export const takePart: (host: HostBody) => ByteStream | undefined = TwinBody.takePart;
