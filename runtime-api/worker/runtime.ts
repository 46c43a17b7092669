import type { ModuleDefinition, Runtime } from "../contract/boot.ts";
import { Mark } from "../contract/boot.ts";
import type { Flat } from "../contract/flat.ts";
import { Out } from "../contract/out.ts";
import { leastUs, monotonicUs, runFinalizers, setFineClock } from "../globals/harden.ts";
import { EventContext } from "./event-context.ts";
import { eventOf, handleRecords } from "./deliver.ts";
import { endIfHung, failHandler } from "./lifecycle.ts";
import { endLoadIfHung, load } from "./load.ts";
import { putUncounted } from "./output.ts";
import { ownArray, turn } from "./turn.ts";

/** Makes the doors of the isolate. `marks` is where a slice is noted while it runs. */
export function makeRuntime(marks: Float64Array): Runtime {
  /** Event of the open slice; -1 where none is. */
  let open = -1;
  let startUs = 0;
  /** Slices of the turn that came with an earlier one; each is taken by an entry of its own. */
  let waiting: readonly Flat[][] = [];
  let taken = 0;
  /** The turn was run by `turn`: its records are with the cell, unless that asks for them again. */
  let given = false;

  function renewOutput(): Flat[] {
    const out = turn.out;
    turn.out = ownArray();
    turn.number++;
    return out;
  }

  /** Another turn begins: what `turn` gave has arrived, and nothing more was to be said of its slice. */
  function letGo(): void {
    given = false;
    open = -1;
    turn.current = null;
    renewOutput();
  }

  /** Closes the account of the slice before: its microtasks have run dry by now. */
  function closeSlice(nowUs: number): void {
    if (open < 0) return;
    const event = turn.current;
    const wallUs = leastUs(startUs, nowUs);
    try {
      if (event?.kind === "global") endLoadIfHung(event);
      else if (event !== null) endIfHung(event);
    } catch {
      // The next slice, which closes this one, is of another event.
      turn.dropped++;
    }
    putUncounted([Out.slice, open, wallUs]);
    turn.current = null;
    open = -1;
  }

  function openSlice(id: number, clockMs: number): void {
    // Reading the clock takes as long as much of a small slice does: the end of one is the start of the next.
    const nowUs = monotonicUs();
    closeSlice(nowUs);
    open = id;
    startUs = nowUs;
    marks[Mark.event] = id;
    marks[Mark.startUs] = startUs;
    marks[Mark.slice] = (marks[Mark.slice] as number) + 1;
    turn.slice++;
    turn.clockMs = clockMs;
  }

  function runSlice(slice: readonly Flat[]): void {
    let event: EventContext | undefined;
    try {
      openSlice(slice[0] as number, slice[1] as number);
      event = eventOf(slice);
      if (event === undefined) {
        turn.dropped++;
        return;
      }
      turn.current = event;
      runFinalizers();
      handleRecords(event, slice);
    } catch (error) {
      // Only a patched intrinsic gets here. The event cannot be trusted to end by itself then.
      turn.dropped++;
      if (event !== undefined && !event.ended) failHandler(event, error);
    }
  }

  return {
    load(modules: ModuleDefinition[], values: unknown[], configJson: string, clockMs: number): void {
      openSlice(0, clockMs);
      const event = new EventContext(0, "global");
      turn.current = event;
      void load(event, modules, values, configJson);
    },

    deliver(first?: Flat[], more?: Flat[][]): void {
      if (given) letGo();
      let slice = first;
      if (slice === undefined) slice = taken < waiting.length ? waiting[taken++] : undefined;
      else {
        waiting = more ?? [];
        taken = 0;
      }
      if (slice === undefined) turn.dropped++;
      else runSlice(slice);
    },

    turn(slice: Flat[]): Flat[] {
      if (given) letGo();
      given = true;
      runSlice(slice);
      return turn.out;
    },

    collect(arrived = 0): Flat[] {
      given = false;
      try {
        closeSlice(monotonicUs());
      } catch {
        turn.dropped++;
      }
      waiting = [];
      taken = 0;
      marks[Mark.event] = -1;
      const out = renewOutput();
      if (arrived === 0) return out;
      const rest = ownArray();
      for (let i = arrived; i < out.length; i++) rest[rest.length] = out[i] as Flat;
      return rest;
    },

    setClock: setFineClock,
  };
}
