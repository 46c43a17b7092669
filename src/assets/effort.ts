/** Matching a path with a tenant's rules took more than it may. */
export class EffortSpent extends Error {}

/** How much work the rules of a site may cause for one request. Rules are tenants' own, and run in the host. */
export class Effort {
  #left: number;
  #tookMs = 0;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** Time that `timed` work took in the host's loop, in ms. */
  get tookMs(): number {
    return this.#tookMs;
  }

  /** Does work that is over when it returns, and counts the time it takes: what it cost is the site's account to pay. */
  timed<T>(work: () => T): T {
    const startMs = performance.now();
    try {
      return work();
    } finally {
      this.#tookMs += performance.now() - startMs;
    }
  }

  /** @throws EffortSpent */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new EffortSpent("the rules of the site take too long for this path");
  }
}
