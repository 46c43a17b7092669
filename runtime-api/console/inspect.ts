import { arrayIsArray, arrayIndexOf, arrayPop, arrayPush } from "../primordials/array.ts";
import { bufferByteLength, isArrayBuffer, typedArrayKind, typedLength } from "../primordials/bytes.ts";
import { mapForEach, mapSize, setForEach, setSize } from "../primordials/collections.ts";
import { isError } from "../primordials/errors.ts";
import {
  objectGetPrototypeOf,
  reflectGetOwnPropertyDescriptor,
  reflectOwnKeys,
} from "../primordials/object.ts";
import { StringOf, stringSlice } from "../primordials/string.ts";
import {
  dateGetTime,
  dateToISOString,
  jsonStringify,
  numberToString,
  symbolToString,
} from "../primordials/values.ts";
import { errorText } from "./error-text.ts";
import { boxedValue, describer, regexpText } from "./kinds.ts";

/** What one value may cost. The limits keep a log line of a huge object from eating the event's CPU. */
export interface InspectLimits {
  /** Levels of objects within objects. */
  readonly depth: number;
  /** Members shown of one object. */
  readonly entries: number;
  /** UTF-16 units in all. */
  readonly chars: number;
}

export const INSPECT_LIMITS: InspectLimits = { depth: 4, entries: 100, chars: 64 * 1024 };

/**
 * Shows a value as text for a log line. Never throws and calls no getter; a tenant's proxy may run its
 * traps, a bounded number of times.
 */
export function inspect(value: unknown, limits: InspectLimits = INSPECT_LIMITS): string {
  return new Inspector(limits).value(value, 0);
}

class Inspector {
  readonly #limits: InspectLimits;
  readonly #path: object[] = [];
  #left: number;

  constructor(limits: InspectLimits) {
    this.#limits = limits;
    this.#left = limits.chars;
  }

  value(value: unknown, depth: number): string {
    const text = this.#anything(value, depth);
    if (text.length <= this.#left) return text;
    return `${stringSlice(text, 0, this.#left)}…`;
  }

  #anything(value: unknown, depth: number): string {
    switch (typeof value) {
      case "string":
        return depth === 0 ? value : quote(stringSlice(value, 0, this.#left));
      case "number":
        return value === 0 && 1 / value < 0 ? "-0" : numberToString(value);
      case "bigint":
        return `${this.#bigint(value)}n`;
      case "symbol":
        return symbolToString(value);
      case "object":
      case "function":
        return value === null ? "null" : this.#guarded(value, depth);
      default:
        return StringOf(value);
    }
  }

  /** A huge number costs quadratic time to print. */
  #bigint(value: bigint): string {
    return value > 10n ** 1_000n || value < -(10n ** 1_000n) ? "[huge BigInt]" : StringOf(value);
  }

  #guarded(value: object, depth: number): string {
    if (arrayIndexOf(this.#path, value) >= 0) return "[Circular]";
    arrayPush(this.#path, value);
    try {
      return this.#object(value, depth);
    } catch {
      // A proxy that throws, or one that was revoked.
      return "[object that cannot be inspected]";
    } finally {
      arrayPop(this.#path);
    }
  }

  #object(value: object, depth: number): string {
    if (typeof value === "function") return functionText(value);
    if (isError(value)) return this.#error(value, depth);
    const name = className(value);
    const describe = describer(value);
    if (describe !== undefined) {
      const shown = describe(value);
      return typeof shown === "string" ? shown : `${name} ${this.#members(shown, depth, "{", "}")}`;
    }
    if (arrayIsArray(value))
      return this.#list(name === "Array" ? "" : `${name} `, value, value.length, depth);
    const typed = typedArrayKind(value);
    if (typed !== undefined)
      return this.#list(
        `${typed}(${typedLength(value as Uint8Array)}) `,
        value as Uint8Array,
        typedLength(value as Uint8Array),
        depth,
      );
    if (isArrayBuffer(value)) return `ArrayBuffer { byteLength: ${bufferByteLength(value)} }`;
    const special = this.#special(value, name, depth);
    if (special !== undefined) return special;
    return (name === "Object" ? "" : `${name} `) + this.#members(value, depth, "{", "}");
  }

  /** Kinds with slots of their own; their brand decides, so a class that merely has the name is shown as an object. */
  #special(value: object, name: string, depth: number): string | undefined {
    if (name === "Object") return undefined;
    try {
      return this.#map(value as Map<unknown, unknown>, name, depth);
    } catch {}
    try {
      return this.#set(value as Set<unknown>, name, depth);
    } catch {}
    try {
      const time = dateGetTime(value as Date);
      return time === time ? dateToISOString(value as Date) : "Invalid Date";
    } catch {}
    try {
      return regexpText(value);
    } catch {}
    const boxed = boxedValue(value);
    if (boxed !== undefined) return `[${name}: ${this.#anything(boxed.value, depth + 1)}]`;
    return undefined;
  }

  #map(value: Map<unknown, unknown>, name: string, depth: number): string {
    const size = mapSize(value);
    const head = `${name}(${size}) `;
    if (depth >= this.#limits.depth) return `[${name}]`;
    const parts: string[] = [];
    let seen = 0;
    mapForEach(value, (inner, key) => {
      if (seen++ >= this.#limits.entries || this.#left <= 0) return;
      this.#take(parts, `${this.#nested(key, depth)} => ${this.#nested(inner, depth)}`);
    });
    return head + this.#braces(parts, size - parts.length, "{", "}");
  }

  #set(value: Set<unknown>, name: string, depth: number): string {
    const size = setSize(value);
    if (depth >= this.#limits.depth) return `[${name}]`;
    const parts: string[] = [];
    let seen = 0;
    setForEach(value, (inner) => {
      if (seen++ >= this.#limits.entries || this.#left <= 0) return;
      this.#take(parts, this.#nested(inner, depth));
    });
    return `${name}(${size}) ${this.#braces(parts, size - parts.length, "{", "}")}`;
  }

  #list(head: string, value: ArrayLike<unknown>, length: number, depth: number): string {
    if (depth >= this.#limits.depth) return "[Array]";
    const parts: string[] = [];
    for (let i = 0; i < length && i < this.#limits.entries && this.#left > 0; i++) {
      const descriptor = reflectGetOwnPropertyDescriptor(value, i);
      this.#take(parts, descriptor === undefined ? "<empty>" : this.#member(descriptor, depth));
    }
    return head + this.#braces(parts, length - parts.length, "[", "]");
  }

  #members(value: object, depth: number, open: string, close: string): string {
    if (depth >= this.#limits.depth) return "[Object]";
    const keys = reflectOwnKeys(value);
    const parts: string[] = [];
    let shown = 0;
    let i = 0;
    for (; i < keys.length && shown < this.#limits.entries && this.#left > 0; i++) {
      const key = keys[i] as string | symbol;
      const descriptor = reflectGetOwnPropertyDescriptor(value, key);
      if (descriptor === undefined || descriptor.enumerable !== true) continue;
      shown++;
      this.#take(parts, `${keyText(key)}: ${this.#member(descriptor, depth)}`);
    }
    return this.#braces(parts, keys.length - i, open, close);
  }

  #member(descriptor: PropertyDescriptor, depth: number): string {
    if (descriptor.get !== undefined) return descriptor.set === undefined ? "[Getter]" : "[Getter/Setter]";
    return descriptor.set === undefined ? this.#nested(descriptor.value, depth) : "[Setter]";
  }

  #nested(value: unknown, depth: number): string {
    return this.value(value, depth + 1);
  }

  /** Keeps a member and charges for it; what it holds was not charged yet. */
  #take(parts: string[], text: string): void {
    const kept = text.length > this.#left ? stringSlice(text, 0, this.#left) : text;
    arrayPush(parts, kept);
    this.#left -= kept.length;
  }

  #error(error: Error, depth: number): string {
    const text = errorText(error);
    if (depth >= this.#limits.depth) return `[${text}]`;
    const cause = reflectGetOwnPropertyDescriptor(error, "cause");
    const extra = this.#members(error, depth, "{", "}");
    const shown = extra === "{}" ? text : `${text} ${extra}`;
    return cause === undefined || !("value" in cause)
      ? shown
      : `${shown}\n  [cause]: ${this.#nested(cause.value, depth)}`;
  }

  #braces(parts: string[], more: number, open: string, close: string): string {
    if (more > 0) arrayPush(parts, `… ${more} more`);
    if (parts.length === 0) return open + close;
    let text = open;
    let width = 0;
    for (let i = 0; i < parts.length; i++) width += (parts[i] as string).length + 2;
    const separator = width > 76 ? "\n" : " ";
    for (let i = 0; i < parts.length; i++) {
      text += `${i > 0 ? "," : ""}${separator === " " ? (open === "[" && i === 0 ? "" : " ") : `\n${indent(this.#path.length)}`}${parts[i] as string}`;
    }
    return (
      text + (separator === " " ? (open === "[" ? "" : " ") : `\n${indent(this.#path.length - 1)}`) + close
    );
  }
}

function indent(levels: number): string {
  let text = "";
  for (let i = 0; i < levels; i++) text += "  ";
  return text;
}

function quote(text: string): string {
  return jsonStringify(text) as string;
}

function keyText(key: string | symbol): string {
  if (typeof key === "symbol") return `[${symbolToString(key)}]`;
  if (key.length === 0 || key.length > 100) return quote(stringSlice(key, 0, 100));
  for (let i = 0; i < key.length; i++) {
    const unit = key[i] as string;
    if (
      !(
        (unit >= "a" && unit <= "z") ||
        (unit >= "A" && unit <= "Z") ||
        unit === "_" ||
        unit === "$" ||
        (unit >= "0" && unit <= "9")
      )
    )
      return quote(key);
  }
  return key;
}

/** The name of the constructor, found without a getter. */
function className(value: object): string {
  let prototype = objectGetPrototypeOf(value) as object | null;
  if (prototype === null) return "[Object: null prototype]";
  for (let hops = 0; prototype !== null && hops < 20; hops++) {
    const constructor: unknown = reflectGetOwnPropertyDescriptor(prototype, "constructor")?.value;
    if (typeof constructor === "function") {
      const name: unknown = reflectGetOwnPropertyDescriptor(constructor, "name")?.value;
      return typeof name === "string" && name !== "" ? stringSlice(name, 0, 100) : "Object";
    }
    prototype = objectGetPrototypeOf(prototype) as object | null;
  }
  return "Object";
}

function functionText(value: Function): string {
  const name: unknown = reflectGetOwnPropertyDescriptor(value, "name")?.value;
  return typeof name === "string" && name !== ""
    ? `[Function: ${stringSlice(name, 0, 100)}]`
    : "[Function (anonymous)]";
}
