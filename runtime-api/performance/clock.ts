import { io } from "../io/io.ts";

/** The clock of the slice, in ms since the epoch; 0 before the turn loop is there. */
export function clockMs(): number {
  return io === undefined ? 0 : io.now();
}
