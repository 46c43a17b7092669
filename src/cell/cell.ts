import type { InMessage } from "../../runtime-api/contract/in.ts";
import type { OutMessage } from "../../runtime-api/contract/out.ts";
import type { VersionCode } from "./version-code.ts";

/** Limits that the cell itself enforces, per isolate. Everything else is the host's to enforce. */
export interface IsolateLimits {
  /** Heap of the isolate, in MB. */
  readonly memoryMb: number;
  /** CPU of one event, summed over its slices, in ms. */
  readonly cpuMs: number;
  /** CPU of the version's top level, in ms. */
  readonly startupCpuMs: number;
}

/** What the host asks for when it wants a version in an isolate. */
export interface LoadRequest {
  /** Chosen by the host, never used twice: the generation that all messages carry. */
  readonly isolate: number;
  /** Key under which the code was put. */
  readonly versionKey: string;
  readonly limits: IsolateLimits;
  /** Number that the host gave to the account: the cell shares its threads among accounts. */
  readonly account: number;
  /** Share of that account beside others, from 1. */
  readonly weight: number;
  /** JSON of `LoadConfig`, see `runtime-api/contract/boot.ts`. */
  readonly configJson: string;
}

/** An error of the worker as text: positions are those of the version's script, not yet mapped. */
export interface ErrorText {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** How a load ended. */
export type LoadResult =
  | {
      readonly ok: true;
      readonly handlers: readonly string[];
      readonly phases: LoadPhases;
      readonly codeCache: CodeCacheUse;
    }
  | { readonly ok: false; readonly reason: LoadFailure; readonly error: ErrorText };

/**
 * Why a load failed: the top level threw (`exception`), met a limit, awaited something that never
 * comes (`hung`), or the place where it ran was lost.
 */
export type LoadFailure = "exception" | "exceededCpu" | "exceededMemory" | "hung" | "isolateLost";

/** Where the time of a cold start went, in ms. */
export interface LoadPhases {
  readonly claimMs: number;
  readonly compileMs: number;
  readonly evaluateMs: number;
  /** CPU of compiling and evaluating together: less than their time where their thread waited for a core. */
  readonly cpuMs: number;
  /** Whether a spare was waiting. */
  readonly spare: boolean;
}

/** What became of the version's code cache. */
export type CodeCacheUse = "used" | "rejected" | "none";

/** Why an isolate is gone though the host did not ask for it. */
export interface IsolateLoss {
  readonly cause: "exceededCpu" | "exceededMemory" | "protocolError" | "cellLost" | "internalError";
  /** The event that ran when it happened; -1 where none did or it is not known. */
  readonly event: number;
  /** Events that had run at least one slice; the others may be dispatched again. */
  readonly started: readonly number[];
  readonly message: string;
}

/** A thread or process that no call can stop any more, or that holds more memory than it may. */
export interface Catastrophe {
  readonly reason: "unstoppable" | "memory";
  readonly isolate: number;
  readonly versionKey: string;
  readonly message: string;
}

/** One isolate in which something ran when its cell died. */
export interface Suspect {
  readonly isolate: number;
  readonly versionKey: string;
  /** The event whose slice ran; 0 for the top level, -1 where it is not known. */
  readonly event: number;
  /** Time since the entry, in ms. */
  readonly ranMs: number;
}

/**
 * Why a process cell ended: something in it could not be stopped, it took more memory than it may, it said
 * nothing any more, it did not read what it was sent, it crashed, somebody outside killed it, or it sent what it must not.
 */
export type DeathReason = "unstoppable" | "memory" | "silent" | "backlog" | "crashed" | "killed" | "protocol";

/** The end of a process cell that nobody asked for. */
export interface CellDeath {
  readonly reason: DeathReason;
  readonly message: string;
  readonly pid: number | null;
  /** How long it lived, in ms. */
  readonly upMs: number;
  /** Resident memory at the last look, in bytes; 0 if it is not known. */
  readonly rssBytes: number;
  /** Isolates that had been entered and not left, the latest entry first. */
  readonly suspects: readonly Suspect[];
  /** The isolate that did it: the cell named it, or it is the only suspect; null where several may have. */
  readonly culprit: number | null;
}

/** CPU that an event used so far, as the cell measured it. */
export interface EventCost {
  readonly event: number;
  readonly cpuUs: number;
}

/** CPU that an account may use in a cell, as long as others are active. */
export interface AccountPace {
  /** Its number, as in a load. */
  readonly account: number;
  /** What its entries may use, in microseconds for each ms. */
  readonly usPerMs: number;
}

/** What a cell tells its host. All are called on the host's event loop, never re-entrantly. */
export interface CellListener {
  /** Records of one turn, in order, and what its events have cost so far. */
  messages(isolate: number, messages: readonly OutMessage[], costs: readonly EventCost[]): void;
  /** The isolate is gone. Nothing about it follows. */
  lost(isolate: number, loss: IsolateLoss): void;
  /** Something in the cell cannot be stopped; a process cell is about to be replaced. */
  catastrophic(report: Catastrophe): void;
  /** The cell's process is dead; `lost` of each of its isolates follows in the same call. In process: never. */
  died(death: CellDeath): void;
}

/** What an isolate weighs. */
export interface IsolateStats {
  readonly isolate: number;
  readonly heapBytes: number;
  readonly externalBytes: number;
  readonly cpuMs: number;
}

/** What a cell weighs. */
export interface CellStats {
  readonly rssBytes: number;
  readonly spares: number;
  readonly isolates: readonly IsolateStats[];
}

/**
 * The place where isolates live: in the host's own process, or in a child. The host speaks to both
 * through this one interface; `docs/turn-protocol.md` is its contract.
 */
export interface Cell {
  readonly kind: "in-process" | "process";
  /** Process that it lives in; undefined while there is none. */
  readonly pid: number | undefined;
  /** CPU that its process has used, in ms; 0 for the host's own process, or where it is not known. */
  readonly cpuMs: number;
  /** Resolves when the cell can take a load. */
  ready(): Promise<void>;
  /** Hands over the code of a version, once, before the first load that names it. */
  putCode(versionKey: string, code: VersionCode): void;
  /** Forgets the code of a version. */
  dropCode(versionKey: string): void;
  /**
   * Says that `load` of this isolate is about to come, or `dispose` where it does not: the cell gets ready for it meanwhile.
   * Without it a load is slower, not different.
   * @param memoryMb heap limit that the load will have
   */
  expect(isolate: number, memoryMb: number): void;
  /** Makes an isolate and evaluates the version in it. Never rejects. */
  load(request: LoadRequest): Promise<LoadResult>;
  /** Sends records to an isolate; those of one event in one call share a slice. */
  deliver(isolate: number, messages: readonly InMessage[]): void;
  /** Ends an isolate. No `lost` is reported for it; messages under way are dropped. */
  dispose(isolate: number): void;
  /** Sets the pace of accounts: what has used more waits. Those that are not named have none from now on. */
  pace(paces: readonly AccountPace[]): void;
  /** Makes the code cache of a version from an isolate that has served requests; null if it cannot, or if it is too large. */
  makeCodeCache(isolate: number): Promise<Uint8Array | null>;
  stats(): Promise<CellStats>;
  /** Ends everything in it. Resolves when its memory and threads (or process) are gone or given up. */
  close(): Promise<void>;
}
