import type { Flat } from "../../../runtime-api/contract/flat.ts";
import type {
  AccountPace,
  Catastrophe,
  CodeCacheUse,
  ErrorText,
  IsolateStats,
  LoadFailure,
  LoadPhases,
  LoadRequest,
} from "../cell.ts";
import type { VersionCode } from "../version-code.ts";

/** One slice as it enters an isolate: `flat` is `[event, clockMs, ...records]`. */
export interface Slice {
  readonly event: number;
  /** CPU that the event used before, in microseconds. */
  readonly usedUs: number;
  readonly flat: Flat[];
}

/** An entry's error that was nobody's: a rejection that floated in the slice of `event`. */
export interface FloatingError {
  readonly event: number;
  readonly error: ErrorText;
}

/** What came of a turn. Nothing in `output` has been checked. */
export interface TurnResult {
  readonly output: unknown;
  /** CPU of the whole turn in microseconds, bounded by what the process really used. */
  readonly cpuUs: number;
  readonly floating: readonly FloatingError[];
  /** The turn was one slice, which nobody has closed: there is no account of it, nor was it looked at whether its event is hung. */
  readonly isOpen?: boolean;
}

export type RawLoad =
  | {
      readonly ok: true;
      readonly turn: TurnResult;
      readonly phases: LoadPhases;
      readonly codeCache: CodeCacheUse;
    }
  | { readonly ok: false; readonly reason: LoadFailure; readonly error: ErrorText };

/** Who fills turns and takes what comes of them. Called on the event loop. */
export interface TurnDriver {
  /** An entry that is no turn begins right after. @param event 0 for the top level, else -1 */
  entering(isolate: number, event: number, limitMs: number): void;
  /** Whatever was entered is over: nothing runs in the isolate any more. Called more often than there are entries. */
  left(isolate: number): void;
  /**
   * Everything queued for the isolate, as slices; empty if there is nothing. The turn begins right after.
   * @param mostUs CPU that the turn should take at most, in microseconds
   */
  take(isolate: number, mostUs: number): readonly Slice[];
  /**
   * The turn of the last `take` is over. Gives whether its slice, where it is open, has to be closed, since its event may
   * be hung; what comes of that is another result.
   */
  turned(isolate: number, result: TurnResult): boolean;
  /** The isolate is gone and nobody asked for it; `spentUs` is the CPU of the turn that ended so. */
  gone(
    isolate: number,
    cause: "exceededCpu" | "exceededMemory" | "internalError",
    event: number,
    message: string,
    spentUs: number,
  ): void;
  /** Something of this isolate cannot be stopped; -1 where it has no version yet. */
  stuck(isolate: number, versionKey: string, message: string, reason: Catastrophe["reason"]): void;
}

/** The isolates of a cell, without any knowledge of what is said in their turns. */
export interface Isolates {
  drive(driver: TurnDriver): void;
  ready(): Promise<void>;
  putCode(versionKey: string, code: VersionCode): void;
  dropCode(versionKey: string): void;
  /** `load` of this isolate follows, or `dispose`. */
  expect(isolate: number, memoryMb: number): void;
  /** Makes an isolate and evaluates a version in it. Never rejects. The isolate is gone if it is not ok. */
  load(request: LoadRequest, clockMs: number): Promise<RawLoad>;
  /** Asks for a turn; `take` is called when there is a place for it. */
  wake(isolate: number): void;
  dispose(isolate: number): void;
  makeCodeCache(isolate: number): Promise<Uint8Array | null>;
  /** Sets the pace of accounts; those that are not named have none from now on. */
  pace(paces: readonly AccountPace[]): void;
  /** Begins no more turns until `resume`: whoever takes the output cannot keep up. */
  pause(): void;
  resume(): void;
  stats(): Promise<{ readonly spares: number; readonly isolates: readonly IsolateStats[] }>;
  close(): Promise<void>;
}
