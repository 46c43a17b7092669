import { Op } from "../contract/calls.ts";
import { nameConstructor } from "../globals/define.ts";
import { io } from "../io/io.ts";
import { arrayJoin, arrayPush } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { objectKeys } from "../primordials/object.ts";
import { symbolToStringTag } from "../primordials/values.ts";
import { rateLimits } from "./late-rate-limit.ts";

let constructing = 0;

/** The worker's face of a rate limit: it counts keys. Windows and limits are the host's. */
export class RateLimit {
  readonly #slot: number;

  constructor() {
    if (constructing === 0) throw new TypeErrorOf("Illegal constructor");
    this.#slot = constructing;
  }

  /** Counts the key, and says whether it may go on. */
  async limit(options: { key: string }): Promise<{ success: boolean }> {
    const { promise } = io.call(this.#slot, Op.rateLimit, [keyOf(options)]);
    return { success: (await promise)[0] === true };
  }

  get [symbolToStringTag](): string {
    return "RateLimit";
  }
}
nameConstructor(RateLimit, "RateLimit");

function keyOf(options: unknown): string {
  if (typeof options !== "object" || options === null)
    throw new TypeErrorOf("limit() needs an object with a key, such as { key: clientAddress }");
  const names = objectKeys(options);
  const unknown: string[] = [];
  for (let i = 0; i < names.length; i++) if (names[i] !== "key") arrayPush(unknown, names[i] as string);
  if (unknown.length > 0) throw new TypeErrorOf(`limit() has no option ${arrayJoin(unknown, ", ")}`);
  const { key } = options as { key?: unknown };
  if (typeof key !== "string")
    throw new TypeErrorOf(`The key of limit() must be a string, not ${typeof key}`);
  return key;
}

rateLimits.provide({
  make(slot) {
    constructing = slot;
    try {
      return new RateLimit();
    } finally {
      constructing = 0;
    }
  },
});
