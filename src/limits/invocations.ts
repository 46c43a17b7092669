/** Workers that one request may have called in all, by service bindings: as many as on Cloudflare. */
export const MAX_INVOCATIONS = 32;

/**
 * Counts the workers that a request has called, over all workers that it came through: each of them may call others, and without a
 * common count one request could become a power of them.
 */
export class Invocations {
  #count = 0;

  /** Counts one more. @returns false where that would be too many. */
  take(): boolean {
    return ++this.#count <= MAX_INVOCATIONS;
  }
}
