import {
  OUTPUT_BYTES_OF_ALL_PER_TURN,
  OUTPUT_BYTES_PER_TURN,
  RECORDS_OF_ALL_PER_TURN,
  RECORDS_PER_TURN,
} from "../contract/bounds.ts";
import type { Flat } from "../contract/flat.ts";
import { Out } from "../contract/out.ts";
import type { EventContext } from "./event-context.ts";
import type { ErrorText } from "./error-text.ts";
import { forget, turn } from "./turn.ts";

/** Records and units kept back so that an event over its bound can still say so and end. */
const RESERVED_RECORDS = 4;
const RESERVED_UNITS = 64 * 1024;

/** What all events together have put out in the turn `number`. */
const all = { number: -1, records: 0, weight: 0 };

function append(record: readonly Flat[]): void {
  const out = turn.out;
  for (let i = 0; i < record.length; i++) out[out.length] = record[i] as Flat;
}

/**
 * Sends a record of an event. `weight` is its bytes and UTF-16 units.
 * @returns false if the event has ended, or ended right now because it put out too much
 */
export function put(event: EventContext, record: readonly Flat[], weight: number): boolean {
  if (event.ended) return false;
  if (event.turn !== turn.number) {
    event.turn = turn.number;
    event.records = 0;
    event.weight = 0;
  }
  if (all.number !== turn.number) {
    all.number = turn.number;
    all.records = all.weight = 0;
  }
  event.records++;
  event.weight += weight;
  const own =
    event.records > RECORDS_PER_TURN - RESERVED_RECORDS ||
    event.weight > OUTPUT_BYTES_PER_TURN - RESERVED_UNITS;
  if (own || all.records >= RECORDS_OF_ALL_PER_TURN || all.weight + weight > OUTPUT_BYTES_OF_ALL_PER_TURN) {
    overflow(event, own);
    return false;
  }
  all.records++;
  all.weight += weight;
  append(record);
  return true;
}

function overflow(event: EventContext, own: boolean): void {
  const message = !own
    ? "The Worker's requests together put out too much at once without waiting for any of it."
    : event.records > RECORDS_PER_TURN - RESERVED_RECORDS
      ? `The event did more than ${RECORDS_PER_TURN} operations (calls, timers, log lines, chunks) without waiting for any of them.`
      : `The event put out more than ${OUTPUT_BYTES_PER_TURN} bytes without waiting for any of them.`;
  const error: ErrorText = { name: "Error", message, stack: "" };
  if (event.kind === "global") return;
  append(exceptionRecord(event, error));
  append([Out.end, event.id, false]);
  forget(event);
}

export function exceptionRecord(event: EventContext, error: ErrorText): Flat[] {
  // What was thrown may be no error, and then has no name.
  return [Out.exception, event.id, error.name === "" ? "Error" : error.name, error.message, error.stack];
}

export function putException(event: EventContext, error: ErrorText): void {
  put(event, exceptionRecord(event, error), error.message.length + error.stack.length);
}

/** Sends a record that no bound of an event counts: the account of a slice, the end of a load. */
export function putUncounted(record: readonly Flat[]): void {
  append(record);
}
