import { fetchThrough } from "../fetch/fetch.ts";
import type { Request } from "../fetch/request.ts";
import type { RequestInit } from "../fetch/request-init.ts";
import type { Response } from "../fetch/response.ts";
import { nameConstructor } from "../globals/define.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { objectCreate, objectSetPrototypeOf, reflectGet } from "../primordials/object.ts";
import { promiseReject } from "../primordials/promise.ts";
import { symbolToStringTag } from "../primordials/values.ts";

const ProxyOf = Proxy;

let constructing = 0;

/** A worker of the same account, as `env` shows it. */
export class Fetcher {
  readonly #slot: number;

  constructor() {
    if (constructing === 0) throw new TypeErrorOf("Illegal constructor");
    this.#slot = constructing;
  }

  /** Asks the worker. The request's host name means nothing: the binding says who is asked. */
  async fetch(input: Request | string, init?: RequestInit): Promise<Response> {
    if (arguments.length === 0) throw new TypeErrorOf("Cannot fetch: 1 argument required, 0 given");
    return await fetchThrough(this.#slot, input, init);
  }

  get [symbolToStringTag](): string {
    return "Fetcher";
  }
}
nameConstructor(Fetcher, "Fetcher");

let refusesMethods = false;

/** Lets any other name of a binding be a method that says that there are no method calls, as the other worker may have it. */
function refuseMethods(): void {
  refusesMethods = true;
  const handler = objectCreate(null) as ProxyHandler<object>;
  handler.get = (target, name, receiver) => {
    // A promise that resolves with a binding looks for `then`, and JSON for `toJSON`.
    if (typeof name !== "string" || name === "then" || name === "toJSON" || name in target)
      return reflectGet(target, name, receiver) as unknown;
    return () =>
      promiseReject(
        new TypeErrorOf(
          `"${name}" cannot be called: method calls (RPC) through a service binding are not supported by this host yet, only fetch() is.`,
        ),
      );
  };
  objectSetPrototypeOf(Fetcher.prototype, new ProxyOf({}, handler));
}

/** The binding behind a slot. */
export function serviceBinding(slot: number): Fetcher {
  if (!refusesMethods) refuseMethods();
  constructing = slot;
  try {
    return new Fetcher();
  } finally {
    constructing = 0;
  }
}
