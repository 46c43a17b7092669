import type { ErrorText, LoadFailure } from "../cell/cell.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import type { Outcome } from "../outcome/outcome.ts";

const OUTCOMES: Readonly<Record<LoadFailure, Exclude<Outcome, "ok">>> = {
  exception: "exception",
  hung: "exception",
  exceededCpu: "exceededCpu",
  exceededMemory: "exceededMemory",
  isolateLost: "isolateLost",
};

/** A version's top level did not come to its end. */
export class LoadRefused extends SkerryError {
  readonly reason: LoadFailure;
  readonly outcome: Exclude<Outcome, "ok">;
  /** The worker's error, with the worker's own positions. */
  readonly error: ErrorText;

  constructor(reason: LoadFailure, error: ErrorText) {
    super("LOAD_REFUSED", `${error.name}: ${error.message}`);
    this.reason = reason;
    this.outcome = OUTCOMES[reason];
    this.error = error;
  }
}

/** An event waited for a place in an isolate until it had no more use. */
export class NoPlace extends SkerryError {
  constructor() {
    super("NO_PLACE", "no isolate of the version had a place for the event in time");
  }
}

/** There is no process for a worker that must not share one. */
export class NoCell extends SkerryError {
  constructor(maxCells: number) {
    super(
      "NO_CELL",
      `all ${maxCells} cells that may be made on demand are in use; the option maxCells allows more`,
    );
  }
}

/** The host is closing: nothing starts any more. */
export class HostClosing extends SkerryError {
  constructor() {
    super("HOST_CLOSING", "the host is closing and starts no more events");
  }
}
