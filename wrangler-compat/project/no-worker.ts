import { SkerryError } from "../../src/errors/skerry-error.ts";

/** There is no worker at a path, or it is not clear which one. */
export class NoWorker extends SkerryError {
  constructor(message: string) {
    super("NO_WORKER", message);
  }
}
