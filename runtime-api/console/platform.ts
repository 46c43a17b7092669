import { AbortSignal } from "../abort/abort-signal.ts";
import { Event } from "../events/event.ts";
import { URLSearchParams } from "../url/url-search-params.ts";
import { URL } from "../url/url.ts";
import {
  objectGetOwnPropertyDescriptor,
  objectGetPrototypeOf,
  objectHasOwn,
  reflectApply,
} from "../primordials/object.ts";
import { registerDescriber } from "./kinds.ts";

type Getter = () => unknown;

function read(prototype: object, key: string): (value: object) => unknown {
  let holder = prototype;
  while (!objectHasOwn(holder, key)) holder = objectGetPrototypeOf(holder) as object;
  const getter = objectGetOwnPropertyDescriptor(holder, key)?.get as Getter;
  return (value) => reflectApply(getter, value, []);
}

/** Shows objects of a class as the values of some of its accessors, captured now. */
export function describeBy(prototype: object, keys: readonly string[]): void {
  const readers: [string, (value: object) => unknown][] = [];
  for (const key of keys) readers.push([key, read(prototype, key)]);
  registerDescriber(prototype, (value) => {
    const shown: Record<string, unknown> = {};
    for (let i = 0; i < readers.length; i++) {
      const [key, reader] = readers[i] as [string, (value: object) => unknown];
      shown[key] = reader(value);
    }
    return shown;
  });
}

describeBy(URL.prototype, ["href", "origin", "pathname", "search", "hash"]);
describeBy(AbortSignal.prototype, ["aborted", "reason"]);
describeBy(Event.prototype, ["type", "defaultPrevented", "cancelable"]);
const paramsText = URLSearchParams.prototype.toString;
registerDescriber(
  URLSearchParams.prototype,
  (value) => `URLSearchParams { ${reflectApply(paramsText, value, []) as string} }`,
);
