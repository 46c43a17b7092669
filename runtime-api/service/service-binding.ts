import { fetchThrough } from "../fetch/fetch.ts";
import type { Request } from "../fetch/request.ts";
import type { RequestInit } from "../fetch/request-init.ts";
import type { Response } from "../fetch/response.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { symbolToStringTag } from "../primordials/values.ts";

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

/** The binding behind a slot. */
export function serviceBinding(slot: number): Fetcher {
  constructing = slot;
  try {
    return new Fetcher();
  } finally {
    constructing = 0;
  }
}
