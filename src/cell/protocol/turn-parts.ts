import {
  OUTPUT_BYTES_OF_ALL_PER_TURN,
  RECORDS_OF_ALL_PER_TURN,
} from "../../../runtime-api/contract/bounds.ts";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import type { OutMessage } from "../../../runtime-api/contract/out.ts";
import { Violation } from "./violation.ts";

/** Over what one turn may put out: what events that were stopped say last. */
const SLACK = 3;
const MAX_RECORDS = RECORDS_OF_ALL_PER_TURN * SLACK;
const MAX_BYTES = OUTPUT_BYTES_OF_ALL_PER_TURN * SLACK;

/**
 * The output of the one turn whose frames are coming in: a child sends all of them without another frame between, so
 * that no more than one turn waits in the host.
 */
export class TurnParts {
  #isolate = -1;
  #messages: OutMessage[] = [];
  #bytes = 0;

  /** Takes a part of a turn. @throws Violation if it cannot belong to that turn */
  add(isolate: number, values: readonly Flat[], messages: readonly OutMessage[]): void {
    if (this.#messages.length > 0 && isolate !== this.#isolate) this.none();
    this.#isolate = isolate;
    for (const value of values)
      this.#bytes += typeof value === "string" || value instanceof Uint8Array ? value.length : 0;
    for (const message of messages) this.#messages.push(message);
    if (this.#messages.length > MAX_RECORDS || this.#bytes > MAX_BYTES)
      throw new Violation("a turn that puts out more than any may");
  }

  /** The turn is over: gives all of it, the last part added. @throws Violation if it is another isolate's */
  end(isolate: number, last: readonly OutMessage[]): readonly OutMessage[] {
    if (this.#messages.length === 0) return last;
    if (isolate !== this.#isolate) this.none();
    const all = this.#messages;
    for (const message of last) all.push(message);
    this.#messages = [];
    this.#bytes = 0;
    return all;
  }

  /** The isolate is gone: what is left of its turn is for nobody. @throws Violation if what waits is another's */
  forget(isolate: number): void {
    if (isolate !== this.#isolate) this.none();
    this.#messages = [];
    this.#bytes = 0;
  }

  /** Nothing may be waiting now. @throws Violation if something is */
  none(): void {
    if (this.#messages.length > 0) throw new Violation("a frame between the parts of a turn");
  }
}
