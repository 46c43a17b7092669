import { TypeErrorOf } from "../primordials/errors.ts";

let constructing = false;

/** `navigator`: says what libraries look for to know that they run in a worker on the edge. */
export class Navigator {
  #userAgent = "Cloudflare-Workers";

  constructor() {
    if (!constructing) throw new TypeErrorOf("Illegal constructor");
  }
  get userAgent(): string {
    return this.#userAgent;
  }
}

constructing = true;
/** The only instance. */
export const navigator: Navigator = new Navigator();
constructing = false;
