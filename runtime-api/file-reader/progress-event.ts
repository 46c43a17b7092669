import { Event, type EventInit } from "../events/event.ts";
import { mathTrunc, numberIsFinite } from "../primordials/values.ts";
import { dictionary, requireConstructorArguments } from "../webidl/arguments.ts";

export interface ProgressEventInit extends EventInit {
  lengthComputable?: boolean;
  loaded?: number;
  total?: number;
}

/** Converts to an unsigned long long as far as numbers carry it: 2^64 and more wrap around. */
function toCount(value: unknown): number {
  const number = +(value as number);
  if (!numberIsFinite(number)) return 0;
  const wrapped = mathTrunc(number) % 2 ** 64;
  return wrapped < 0 ? wrapped + 2 ** 64 : wrapped + 0;
}

/** Tells how far something is. XMLHttpRequest standard, 5. */
export class ProgressEvent extends Event {
  #lengthComputable: boolean;
  #loaded: number;
  #total: number;
  constructor(type: string, init: ProgressEventInit = {}) {
    requireConstructorArguments("ProgressEvent", arguments.length, 1);
    super(type, init);
    const given = dictionary(init, "The second argument of 'ProgressEvent'");
    this.#lengthComputable = Boolean(given.lengthComputable);
    const { loaded } = given;
    this.#loaded = loaded === undefined ? 0 : toCount(loaded);
    const { total } = given;
    this.#total = total === undefined ? 0 : toCount(total);
  }
  get lengthComputable(): boolean {
    return this.#lengthComputable;
  }
  get loaded(): number {
    return this.#loaded;
  }
  get total(): number {
    return this.#total;
  }
}
