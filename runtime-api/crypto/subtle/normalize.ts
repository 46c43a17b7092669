import type { Flat } from "../../contract/flat.ts";
import { DOMException } from "../../dom-exception/dom-exception.ts";
import { arrayPush } from "../../primordials/array.ts";
import { bytesCopy, typedArrayKind } from "../../primordials/bytes.ts";
import { TypeErrorOf } from "../../primordials/errors.ts";
import { stringCharCodeAt, stringIndexOf, stringSlice, stringToUpperCase } from "../../primordials/string.ts";
import { isObject } from "../../webidl/arguments.ts";
import { toText } from "../../webidl/convert.ts";
import { type HostObject, hostObjectOf, requireKey } from "../crypto-key.ts";
import { type Operation, OPERATIONS } from "./algorithms.ts";
import { toBytes, toInteger } from "./convert.ts";

/** An algorithm whose parameters are known to be right. */
export interface NormalizedAlgorithm {
  readonly name: string;
  /** As the host takes it: the count of members, then each with its value. See `contract/crypto.ts`. */
  readonly values: readonly Flat[];
  /** The key that the algorithm names, if it does. */
  readonly peer: HostObject | undefined;
}

/**
 * `AlgorithmIdentifier`: an object stays what it is, anything else becomes text.
 * @see https://w3c.github.io/webcrypto/#dom-algorithmidentifier
 */
export function toIdentifier(value: unknown): object | string {
  return isObject(value) ? value : toText(value);
}

/**
 * Normalizes an algorithm for an operation: its registered name, and the parameters that the operation takes, copied.
 *
 * @throws NotSupportedError for an algorithm that the operation does not have; TypeError for parameters that are
 * missing or of the wrong type
 * @see https://w3c.github.io/webcrypto/#algorithm-normalization-normalize-an-algorithm
 */
export function normalize(identifier: object | string, operation: Operation): NormalizedAlgorithm {
  const given = typeof identifier === "string" ? identifier : readName(identifier);
  const registry = OPERATIONS[operation];
  const name = findName(registry, given);
  if (name === undefined) {
    throw new DOMException(
      `Unrecognized or unimplemented algorithm "${stringSlice(given, 0, 100)}" for this operation.`,
      "NotSupportedError",
    );
  }
  const values: Flat[] = [1, "name", name];
  const members = registry[name] as readonly string[];
  let peer: HostObject | undefined;
  let hash: object | string | undefined;
  // Web IDL reads the whole dictionary again, its name first.
  if (typeof identifier === "object" || typeof identifier === "function") readName(identifier);
  for (let i = 0; i < members.length; i++) {
    const member = members[i] as string;
    const at = stringIndexOf(member, ":");
    const key = stringSlice(member, 0, at);
    const value = typeof identifier === "string" ? undefined : (identifier as Record<string, unknown>)[key];
    if (value === undefined) {
      if (member[member.length - 1] === "!") throw new TypeErrorOf(`The algorithm has no "${key}".`);
      continue;
    }
    let converted: Flat;
    if (key === "hash") {
      // Its turn comes when all members are converted.
      hash = toIdentifier(value);
      converted = "";
    } else if (key === "public") {
      peer = hostObjectOf(requireKey(value, '"public" of the algorithm')) as HostObject;
      converted = peer.number;
    } else converted = convert(stringSlice(member, at + 1), value, key);
    arrayPush<Flat>(values, key, converted);
    values[0] = (values[0] as number) + 1;
  }
  if (hash !== undefined) {
    const { name: hashName } = normalize(hash, "hash");
    for (let i = 1; i < values.length; i += 2) if (values[i] === "hash") values[i + 1] = hashName;
  }
  return { name, values, peer };
}

function readName(identifier: object): string {
  const { name } = identifier as { name?: unknown };
  if (name === undefined) throw new TypeErrorOf('The algorithm has no "name".');
  return toText(name);
}

/** Names are compared without regard to case, of ASCII letters only. */
function findName(registry: object, given: string): string | undefined {
  for (let i = 0; i < given.length; i++) if (stringCharCodeAt(given, i) > 127) return undefined;
  const wanted = stringToUpperCase(given);
  for (const name in registry) if (stringToUpperCase(name) === wanted) return name;
  return undefined;
}

function convert(typed: string, value: unknown, key: string): Flat {
  const what = `"${key}" of the algorithm`;
  switch (typed) {
    case "text!":
      return toText(value);
    case "bytes":
    case "bytes!":
      return bytesCopy(toBytes(value, what));
    case "integer!":
      if (typedArrayKind(value) !== "Uint8Array") throw new TypeErrorOf(`${what} is not a Uint8Array.`);
      return bytesCopy(value as Uint8Array);
    case "octet":
    case "octet!":
      return toInteger(value, 255, what);
    case "short!":
      return toInteger(value, 65_535, what);
    default:
      return toInteger(value, 4_294_967_295, what);
  }
}
