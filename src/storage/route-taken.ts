import { SkerryError } from "../errors/skerry-error.ts";

/** A route pattern belongs to another worker. Its name is told only within the same account. */
export class RouteTaken extends SkerryError {
  readonly pattern: string;

  constructor(pattern: string, owner: { readonly account: string; readonly worker: string }, asking: string) {
    const who = owner.account === asking ? `worker "${owner.worker}"` : "another account";
    super(
      "ROUTE_TAKEN",
      `route "${pattern}" belongs to ${who}. Remove it there first, or choose another pattern.`,
    );
    this.pattern = pattern;
  }
}
