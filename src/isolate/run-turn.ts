import type { Flat } from "../../runtime-api/contract/flat.ts";
import type { FloatingError, Slice } from "../cell/core/isolates.ts";
import type { LiveIsolate } from "./live-isolate.ts";
import { errorText } from "./error-text.ts";

/** What the entries of a turn gave. */
export interface Entered {
  readonly output: unknown;
  readonly floating: readonly FloatingError[];
  /** Whether slices did not run since what they bring had no place in the isolate. */
  readonly hadNoPlace: boolean;
  /** Why there is no output though the isolate lives. */
  readonly failure: string | undefined;
  /** The turn was one slice, which nobody has closed. */
  readonly isOpen: boolean;
}

/** Slices that travel together, and what one of them may hold: bytes and long texts travel alone. */
const GROUP = 64;
const LIGHT_FIELDS = 64;
const LIGHT_UNITS = 8 * 1024;

/** What V8 says when bytes that are copied in are more than the isolate may hold. */
const NO_PLACE = "Array buffer allocation failed";

const COPY_ARGUMENTS = { arguments: { copy: true } } as const;
const COPY_RESULT = { result: { copy: true } } as const;
const COPY_BOTH = { ...COPY_ARGUMENTS, ...COPY_RESULT } as const;
const NONE: readonly FloatingError[] = [];
const READY = Promise.resolve();

/**
 * Enters an isolate for a turn. One slice is one entry, which gives what it put out.
 */
export async function runTurn(live: LiveIsolate, slices: readonly Slice[]): Promise<Entered> {
  // isolated-vm takes down the stack of each call into an isolate: from here on it is short.
  await READY;
  if (slices.length > 1) return runSlices(live, slices);
  const { event, flat } = slices[0]!;
  const call = live.spare.doors.turn.apply(undefined, [flat], COPY_BOTH) as Promise<unknown>;
  live.pending++;
  try {
    const output = await call;
    return { output, floating: NONE, hadNoPlace: false, failure: undefined, isOpen: true };
  } catch {
    // What it put out has not arrived.
    return settleTurn(live, [call], [event], collect(live));
  } finally {
    live.pending--;
  }
}

/** Closes the slice of a turn that was one, of whose output `arrived` values have come. */
export function closeTurn(live: LiveIsolate, arrived: number): Promise<Entered> {
  return settleTurn(live, [], [], collect(live, arrived));
}

/**
 * Queues an entry for each slice and one that collects, all at once, and waits for them. An entry that
 * rejects in an isolate that lives is a rejection that floated in its slice.
 */
function runSlices(live: LiveIsolate, slices: readonly Slice[]): Promise<Entered> {
  const { deliver } = live.spare.doors;
  const calls: Promise<unknown>[] = [];
  for (let at = 0; at < slices.length;) {
    const end = groupEnd(slices, at);
    const args: unknown[] = [slices[at]!.flat];
    if (end > at + 1) args.push(slices.slice(at + 1, end).map((slice) => slice.flat));
    calls.push(deliver.apply(undefined, args, COPY_ARGUMENTS) as Promise<unknown>);
    // The slices that came with the first one are copied already: each takes its entry only.
    while (++at < end) calls.push(deliver.apply() as Promise<unknown>);
  }
  return settleTurn(
    live,
    calls,
    slices.map((slice) => slice.event),
    collect(live),
  );
}

/** Asks for everything that the entries before it put out, but for what has arrived already. */
export function collect(live: LiveIsolate, arrived = 0): Promise<unknown> {
  return live.spare.doors.collect.apply(undefined, [arrived], COPY_RESULT) as Promise<unknown>;
}

/** Waits for the calls of a turn, which count as pending until then. */
export function settleTurn(
  live: LiveIsolate,
  calls: readonly Promise<unknown>[],
  events: readonly number[],
  collected: Promise<unknown>,
): Promise<Entered> {
  return new Promise((resolve) => {
    const floating: FloatingError[] = [];
    let output: unknown;
    let failure: string | undefined;
    let left = calls.length + 1;
    live.pending += left;
    const settled = (): void => {
      live.pending--;
      if (--left > 0) return;
      const ran = live.entry?.slicesRun ?? calls.length;
      const hadNoPlace = ran < calls.length && floating.some(({ error }) => error.message === NO_PLACE);
      resolve({ output, floating, hadNoPlace, failure, isOpen: false });
    };
    for (let i = 0; i < calls.length; i++) {
      calls[i]!.then(settled, (error: unknown) => {
        floating.push({ event: events[i]!, error: errorText(error) });
        settled();
      });
    }
    collected.then(
      (value) => {
        output = value;
        settled();
      },
      (error: unknown) => {
        failure = errorText(error).message;
        settled();
      },
    );
  });
}

/** The end of the slices that may travel with the one at `start`. */
function groupEnd(slices: readonly Slice[], start: number): number {
  const most = Math.min(slices.length, start + GROUP);
  let end = start;
  while (end < most && isLight(slices[end]!.flat)) end++;
  return Math.max(end, start + 1);
}

function isLight(flat: readonly Flat[]): boolean {
  if (flat.length > LIGHT_FIELDS) return false;
  let units = 0;
  for (const value of flat) {
    if (typeof value === "string") units += value.length;
    else if (typeof value === "object" && value !== null) return false;
  }
  return units <= LIGHT_UNITS;
}
