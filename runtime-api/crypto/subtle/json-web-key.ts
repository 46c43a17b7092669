import { TypeErrorOf } from "../../primordials/errors.ts";
import { dataDescriptor, objectCreate, objectDefineProperty } from "../../primordials/object.ts";
import { jsonStringify } from "../../primordials/values.ts";
import { isObject } from "../../webidl/arguments.ts";
import { toSequence, toText } from "../../webidl/convert.ts";

/** Members of `JsonWebKey` in the order in which Web IDL reads them. */
const MEMBERS = [
  "alg",
  "crv",
  "d",
  "dp",
  "dq",
  "e",
  "ext",
  "k",
  "key_ops",
  "kty",
  "n",
  "oth",
  "p",
  "q",
  "qi",
  "use",
  "x",
  "y",
];
const OTHER_PRIME = ["d", "r", "t"];

/**
 * A `JsonWebKey` as JSON text, its members converted as Web IDL does.
 * @throws TypeError for members of the wrong type
 * @see https://w3c.github.io/webcrypto/#JsonWebKey-dictionary
 */
export function jsonWebKeyText(value: unknown): string {
  const key = objectCreate(null) as object;
  if (value !== undefined && value !== null) {
    for (let i = 0; i < MEMBERS.length; i++) {
      const name = MEMBERS[i] as string;
      const member = (value as Record<string, unknown>)[name];
      if (member === undefined) continue;
      put(key, name, convert(name, member));
    }
  }
  return jsonStringify(key) as string;
}

function convert(name: string, value: unknown): unknown {
  if (name === "ext") return !!value;
  if (name === "key_ops") return sequence(value, toText);
  if (name === "oth") return sequence(value, otherPrime);
  return toText(value);
}

function otherPrime(value: unknown): object {
  const prime = objectCreate(null) as object;
  if (value === undefined || value === null) return prime;
  if (!isObject(value)) throw new TypeErrorOf('A member of "oth" is not an object.');
  for (let i = 0; i < OTHER_PRIME.length; i++) {
    const name = OTHER_PRIME[i] as string;
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) put(prime, name, toText(member));
  }
  return prime;
}

function sequence(value: unknown, convertItem: (item: unknown) => unknown): unknown[] {
  const items = toSequence(value, "A member of the JSON Web Key");
  for (let i = 0; i < items.length; i++) items[i] = convertItem(items[i]);
  return items;
}

function put(object: object, name: string, value: unknown): void {
  objectDefineProperty(object, name, dataDescriptor(value, true));
}
