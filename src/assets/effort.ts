/** Matching a path with a tenant's rules took more than it may. */
export class EffortSpent extends Error {}

/** How much work the rules of a site may cause for one request. Rules are tenants' own, and run in the host. */
export class Effort {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** @throws EffortSpent */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new EffortSpent("the rules of the site take too long for this path");
  }
}
