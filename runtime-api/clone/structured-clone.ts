import { arrayIndexOf, arrayPush } from "../primordials/array.ts";
import { bufferDetached, bufferTransfer, isArrayBuffer } from "../primordials/bytes.ts";
import {
  mapForEach,
  mapGet,
  mapHas,
  MapOf,
  mapSet,
  setAdd,
  setForEach,
  SetOf,
} from "../primordials/collections.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { dataDescriptor, objectDefineProperty, objectHasOwn, objectKeys } from "../primordials/object.ts";
import { StringOf, stringSlice } from "../primordials/string.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { DateOf, dateGetTime, functionToString, symbolToString } from "../primordials/values.ts";
import { isObject } from "../webidl/arguments.ts";
import { cloneBuffer, cloneView, fillBuffer } from "./bytes.ts";
import { cloneError, dataCloneError } from "./errors.ts";
import { Kind, kindOf } from "./kinds.ts";
import { beginHandover, type Handover } from "./transfer.ts";

const ArrayOf = Array;
const ObjectOf = Object;
const RegExpOf = RegExp;
const regexpSource = uncurry(
  Reflect.getOwnPropertyDescriptor(RegExp.prototype, "source")?.get as () => string,
);
const regexpFlags = uncurry(Reflect.getOwnPropertyDescriptor(RegExp.prototype, "flags")?.get as () => string);
const booleanValue = uncurry(Boolean.prototype.valueOf);
const numberValue = uncurry(Number.prototype.valueOf);
const stringValue = uncurry(String.prototype.valueOf);
const bigintValue = uncurry(BigInt.prototype.valueOf);

/** One run of the algorithm: what was met so far, and what is handed over rather than copied. */
class Walk {
  readonly #seen = new MapOf<object, unknown>();
  readonly #transfer: readonly ArrayBuffer[];
  readonly #handovers: readonly Handover[];
  readonly #step = (inner: unknown): unknown => this.clone(inner);

  constructor({ buffers, objects, handovers }: TransferList) {
    this.#transfer = buffers;
    this.#handovers = handovers;
    for (let i = 0; i < handovers.length; i++)
      mapSet(this.#seen, objects[i] as object, (handovers[i] as Handover).copy);
  }

  clone(value: unknown): unknown {
    if (typeof value === "symbol") throw dataCloneError(`${symbolToString(value)} could not be cloned.`);
    if (typeof value === "function") {
      throw dataCloneError(`${stringSlice(functionToString(value), 0, 200)} could not be cloned.`);
    }
    if (typeof value !== "object" || value === null) return value;
    const seen = mapGet(this.#seen, value);
    if (seen !== undefined) return seen;
    const kind = kindOf(value);
    if (typeof kind === "function") return this.#remember(value, kind(value, this.#step));
    switch (kind) {
      case Kind.plain:
        return this.#properties(value, this.#remember(value, {}));
      case Kind.array:
        return this.#array(value as unknown[]);
      case Kind.view:
        return this.#remember(value, cloneView(value as ArrayBufferView, this.#step));
      case Kind.error:
        return cloneError(value as Error, this.#step, (copy) => this.#remember(value, copy));
      case Kind.refused:
        throw dataCloneError("#<Object> could not be cloned.");
      default:
        return this.#branded(value, kind);
    }
  }

  /** Copies what was handed over, then detaches it: only now can nothing fail any more. */
  finish(): void {
    for (let i = 0; i < this.#transfer.length; i++) {
      const buffer = this.#transfer[i] as ArrayBuffer;
      if (bufferDetached(buffer))
        throw dataCloneError("An ArrayBuffer is detached and could not be transferred.");
    }
    for (let i = 0; i < this.#handovers.length; i++) {
      if ((this.#handovers[i] as Handover).blocked())
        throw dataCloneError("An object is in use or was transferred before, and could not be transferred.");
    }
    for (let i = 0; i < this.#handovers.length; i++) (this.#handovers[i] as Handover).finish();
    for (let i = 0; i < this.#transfer.length; i++) {
      const buffer = this.#transfer[i] as ArrayBuffer;
      const copy = mapGet(this.#seen, buffer) as ArrayBuffer | undefined;
      if (copy !== undefined) fillBuffer(copy, buffer);
      bufferTransfer(buffer, 0);
    }
  }

  #remember<T>(value: object, copy: T): T {
    mapSet(this.#seen, value, copy);
    return copy;
  }

  /** A kind that a prototype only suggests; an object that lacks the slots is a plain one. */
  #branded(value: object, kind: Kind): unknown {
    let copy: unknown;
    try {
      copy = this.#copySlots(value, kind);
    } catch (error) {
      if (!(error instanceof TypeErrorOf)) throw error;
      return this.#properties(value, this.#remember(value, {}));
    }
    this.#remember(value, copy);
    if (kind === Kind.map) this.#mapEntries(value as Map<unknown, unknown>, copy as Map<unknown, unknown>);
    else if (kind === Kind.set) this.#setMembers(value as Set<unknown>, copy as Set<unknown>);
    return copy;
  }

  /** Throws a TypeError if the slots are not there. */
  #copySlots(value: object, kind: Kind): unknown {
    switch (kind) {
      case Kind.buffer:
        if (!isArrayBuffer(value)) throw new TypeErrorOf();
        return cloneBuffer(value, arrayIndexOf(this.#transfer, value) < 0);
      case Kind.map:
        mapHas(value as Map<unknown, unknown>, undefined);
        return new MapOf();
      case Kind.set:
        setForEach(value as Set<unknown>, nothing);
        return new SetOf();
      case Kind.date:
        return new DateOf(dateGetTime(value as Date));
      case Kind.regexp:
        return new RegExpOf(regexpSource(value), regexpFlags(value));
      case Kind.boolean:
        return ObjectOf(booleanValue(value));
      case Kind.number:
        return ObjectOf(numberValue(value));
      case Kind.string:
        return ObjectOf(stringValue(value));
      default:
        return ObjectOf(bigintValue(value));
    }
  }

  #mapEntries(source: Map<unknown, unknown>, copy: Map<unknown, unknown>): void {
    const flat: unknown[] = [];
    mapForEach(source, (value, key) => arrayPush(flat, key, value));
    for (let i = 0; i < flat.length; i += 2) mapSet(copy, this.clone(flat[i]), this.clone(flat[i + 1]));
  }

  #setMembers(source: Set<unknown>, copy: Set<unknown>): void {
    const flat: unknown[] = [];
    setForEach(source, (value) => arrayPush(flat, value));
    for (let i = 0; i < flat.length; i++) setAdd(copy, this.clone(flat[i]));
  }

  #array(source: unknown[]): unknown[] {
    const { length } = source;
    const keys = objectKeys(source);
    if (keys.length !== length || (length > 0 && keys[length - 1] !== StringOf(length - 1))) {
      const sparse = this.#remember(source, new ArrayOf<unknown>(length));
      return this.#properties(source, sparse, keys);
    }
    const copy: unknown[] = this.#remember(source, []);
    for (let i = 0; i < length; i++) {
      const item = source[i];
      arrayPush(
        copy,
        typeof item === "object" || typeof item === "function" || typeof item === "symbol"
          ? this.clone(item)
          : item,
      );
    }
    return copy;
  }

  #properties<T extends object>(source: object, copy: T, keys: readonly string[] = objectKeys(source)): T {
    const from = source as Record<string, unknown>;
    const to = copy as Record<string, unknown>;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      // A getter that ran before may have taken it away.
      if (i > 0 && !objectHasOwn(source, key)) continue;
      const value = this.clone(from[key]);
      if (key === "__proto__") objectDefineProperty(to, key, dataDescriptor(value, true));
      else to[key] = value;
    }
    return copy;
  }
}

function nothing(): void {}

/** What is handed over rather than copied, by how that is done. */
interface TransferList {
  readonly buffers: ArrayBuffer[];
  /** Platform objects, each with the handover of the same index. */
  readonly objects: object[];
  readonly handovers: Handover[];
}

const NO_OPTIONS = {};
const NOTHING: TransferList = { buffers: [], objects: [], handovers: [] };

/** A copy of a value, with the successors of the platform objects that were handed over. */
export interface Cloned {
  readonly copy: unknown;
  readonly received: readonly object[];
}

/**
 * Copies a value, handing over the objects of `transfer`: buffers, ports, streams.
 * @throws DOMException DataCloneError for what cannot be copied or handed over
 */
export function cloneWith(value: unknown, transfer: readonly object[] | undefined): Cloned {
  if (transfer === undefined) return { copy: new Walk(NOTHING).clone(value), received: NOTHING.objects };
  const list: TransferList = { buffers: [], objects: [], handovers: [] };
  for (let i = 0; i < transfer.length; i++) addTransferred(list, transfer[i] as object);
  const walk = new Walk(list);
  const copy = walk.clone(value);
  walk.finish();
  const received: object[] = [];
  for (let i = 0; i < list.handovers.length; i++) arrayPush(received, (list.handovers[i] as Handover).copy);
  return { copy, received };
}

/** Converts a transfer list as Web IDL's `sequence<object>` is. Throws a TypeError for anything else. */
export function sequenceOfObjects(value: unknown): object[] {
  if (!isObject(value)) throw new TypeErrorOf("The transfer list is not an object that can be iterated.");
  const items: object[] = [];
  // The iterator is the caller's own: whatever it does, it does to itself.
  for (const item of value as Iterable<unknown>) {
    if (!isObject(item)) throw new TypeErrorOf("A value of the transfer list is not an object.");
    arrayPush(items, item);
  }
  return items;
}

function addTransferred({ buffers, objects, handovers }: TransferList, item: object): void {
  if (isArrayBuffer(item)) {
    if (arrayIndexOf(buffers, item) >= 0) throw dataCloneError("An ArrayBuffer is twice in 'transfer'.");
    if (bufferDetached(item))
      throw dataCloneError("An ArrayBuffer is detached and could not be transferred.");
    arrayPush(buffers, item);
    return;
  }
  if (arrayIndexOf(objects, item) >= 0) throw dataCloneError("An object is twice in 'transfer'.");
  const handover = beginHandover(item);
  if (handover === undefined) throw dataCloneError("A value of 'transfer' is not transferable.");
  arrayPush(objects, item);
  arrayPush(handovers, handover);
}

/**
 * Copies a value by the structured clone algorithm. What stands in `options.transfer` is handed over:
 * buffers, ports and streams, which nobody can use afterwards. HTML, 2.7.
 * @throws DOMException DataCloneError for what cannot be copied
 */
export function structuredClone<T>(value: T, options: { transfer?: Iterable<object> } = NO_OPTIONS): T {
  if (arguments.length === 0)
    throw new TypeErrorOf("Failed to execute 'structuredClone': 1 argument required, but only 0 present.");
  if (options === NO_OPTIONS) return new Walk(NOTHING).clone(value) as T;
  if (options !== null && !isObject(options))
    throw new TypeErrorOf("Failed to execute 'structuredClone': the second argument is not an object.");
  const transfer = options?.transfer;
  return cloneWith(value, transfer === undefined ? undefined : sequenceOfObjects(transfer)).copy as T;
}
