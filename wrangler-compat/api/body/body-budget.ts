import { ApiError, Code } from "../api-error.ts";

/** Bodies that are held at once, in bytes: each is in memory more than once. */
const ALL_BYTES = 256 * 1024 * 1024;

/** Bounds the memory that the bodies of all requests take together. */
export class BodyBudget {
  #leftBytes = ALL_BYTES;

  open(): BodyShare {
    let heldBytes = 0;
    return {
      add: (sizeBytes) => {
        if (sizeBytes > this.#leftBytes)
          throw new ApiError(429, Code.rateLimited, "Too many uploads at once; try again in a few seconds");
        this.#leftBytes -= sizeBytes;
        heldBytes += sizeBytes;
      },
      close: () => {
        this.#leftBytes += heldBytes;
        heldBytes = 0;
      },
    };
  }
}

/** What one request holds. */
export interface BodyShare {
  /** Counts what came. @throws ApiError 429 if all requests hold too much together */
  add(sizeBytes: number): void;
  /** Gives all of it back. */
  close(): void;
}
