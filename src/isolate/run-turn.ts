import type { FloatingError, Slice } from "../cell/core/isolates.ts";
import type { LiveIsolate } from "./live-isolate.ts";
import { errorText } from "./error-text.ts";

/** What the entries of a turn gave. */
export interface Entered {
  readonly output: unknown;
  readonly floating: readonly FloatingError[];
  /** Why there is no output though the isolate lives. */
  readonly failure: string | undefined;
}

/**
 * Queues an entry for each slice and one that collects, all at once, and waits for them. An entry that
 * rejects in an isolate that lives is a rejection that floated in its slice.
 */
export async function runTurn(live: LiveIsolate, slices: readonly Slice[]): Promise<Entered> {
  const { doors } = live.spare;
  const calls = slices.map((slice) =>
    live.track(
      doors.deliver.apply(undefined, [slice.flat], { arguments: { copy: true } }) as Promise<unknown>,
    ),
  );
  return settleTurn(
    calls,
    slices.map((slice) => slice.event),
    collect(live),
  );
}

/** Asks for everything that the entries before it put out. */
export function collect(live: LiveIsolate): Promise<unknown> {
  return live.track(
    live.spare.doors.collect.apply(undefined, [], { result: { copy: true } }) as Promise<unknown>,
  );
}

export async function settleTurn(
  calls: readonly Promise<unknown>[],
  events: readonly number[],
  collected: Promise<unknown>,
): Promise<Entered> {
  const [output, ...entries] = await Promise.allSettled([collected, ...calls]);
  const floating: FloatingError[] = [];
  for (const [at, entry] of entries.entries()) {
    if (entry.status === "rejected") floating.push({ event: events[at]!, error: errorText(entry.reason) });
  }
  if (output.status === "fulfilled") return { output: output.value, floating, failure: undefined };
  return { output: undefined, floating, failure: errorText(output.reason).message };
}
