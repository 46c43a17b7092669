import { SkerryError } from "../errors/skerry-error.ts";

/** A cell could not be started. */
export class CellFailed extends SkerryError {
  constructor(reason: string) {
    super("CELL_FAILED", `Cannot start a process for isolates: ${reason}`);
  }
}
