import { EgressError } from "./egress-error.ts";

/** Counts bytes that are held in the host's memory for somebody, within a bound of his own and one of all. */
export class HeldBytes {
  readonly #maxBytes: number;
  readonly #all: HeldBytes | null;
  #bytes = 0;

  constructor(maxBytes: number, all: HeldBytes | null) {
    this.#maxBytes = maxBytes;
    this.#all = all;
  }

  /** What is held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws {EgressError} if it would be too much; nothing is counted then */
  take(bytes: number): void {
    if (this.#bytes + bytes > this.#maxBytes)
      throw new EgressError(
        "TypeError",
        "Cannot fetch: the bodies of too many responses are held to be decoded or checked",
      );
    this.#all?.take(bytes);
    this.#bytes += bytes;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
    this.#all?.give(bytes);
  }
}
