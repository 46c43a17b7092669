import type { Cell, CellDeath, DeathReason, Suspect } from "../cell/cell.ts";
import { workerKey } from "../ids/worker-key.ts";
import type { Version } from "../versions/version.ts";
import { type BlamedEvent, type BlameReport, withoutQuery } from "./blame.ts";
import type { Place } from "./place.ts";
import { NOBODY, Verdict } from "./verdict.ts";

/**
 * A cell that somebody outside has killed is no worker's doing, unless one had run for so long at that moment: no
 * honest slice does, while a kernel that runs out of memory kills what has grown for a while. A death may be noticed some
 * tenths of a second late.
 */
const LONG_MS = 1_000;
const LOST_REMEMBERED = 256;
/** Deaths that only code which runs can cause: where that is one worker's, it did it. */
const BY_ENTRY: ReadonlySet<DeathReason> = new Set(["crashed", "silent", "protocol"]);

/** An isolate that is gone, in case its thread goes on and ends the cell. */
interface Lost {
  readonly version: Version;
  readonly event: BlamedEvent | null;
}

interface Blamed {
  readonly suspect: Suspect;
  readonly version: Version;
}

interface JudgeParts {
  /** ms since the epoch. */
  readonly now: () => number;
  /** Versions of the isolates of a cell, starting ones included. */
  readonly inhabitants: (cell: Cell) => ReadonlyMap<number, Version>;
  /** An event of an isolate that lives. */
  readonly eventOf: (isolate: number, event: number) => BlamedEvent | null;
  readonly report: (report: BlameReport) => void;
}

/** Says who ended a cell, by what ran in it (`docs/containment.md`). */
export class Judge {
  readonly #parts: JudgeParts;
  readonly #lost = new Map<number, Lost>();
  readonly #verdicts = new WeakMap<Cell, Verdict>();

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  /** An isolate was lost, not with its cell: a cell that dies of it does so a little later. */
  noteLost(isolate: number, version: Version, event: BlamedEvent | null): void {
    this.#lost.set(isolate, { version, event });
    if (this.#lost.size <= LOST_REMEMBERED) return;
    const [oldest] = this.#lost.keys();
    this.#lost.delete(oldest!);
  }

  /** The version of an isolate that was lost lately. */
  lostVersion(isolate: number): Version | undefined {
    return this.#lost.get(isolate)?.version;
  }

  /** What was found about the last death of a cell. */
  verdictOn(cell: Cell): Verdict {
    return this.#verdicts.get(cell) ?? NOBODY;
  }

  /** Judges the death of a process cell, before its isolates are told. @returns The versions that are blamed. */
  died(place: Place, death: CellDeath): Version[] {
    const inhabitants = this.#parts.inhabitants(place.cell);
    const blamed = this.#blamed(death, inhabitants);
    const [first] = blamed;
    const certain =
      blamed.length === 1 &&
      (BY_ENTRY.has(death.reason) ||
        (death.reason !== "killed" && first!.suspect.isolate === death.culprit) ||
        isAlone(first!.version, inhabitants));
    const verdict = certain ? "culprit" : "suspect";
    for (const { suspect, version } of blamed) {
      const { isolate, event, ranMs } = suspect;
      const { reason, message, pid, rssBytes, upMs } = death;
      const what = this.#parts.eventOf(isolate, event) ?? this.#lost.get(isolate)?.event ?? null;
      this.#report(version, place, what, { verdict, reason, message, pid, ranMs, rssBytes, upMs });
    }
    const versions = blamed.map(({ version }) => version);
    this.#verdicts.set(place.cell, new Verdict(verdict, versions, death.reason));
    return versions;
  }

  /** Something in the host's own process cannot be stopped; whoever it is, the process cannot be given up. */
  stuckInProcess(place: Place, isolate: number, message: string): Version[] {
    const lost = this.#lost.get(isolate);
    const version = lost?.version ?? this.#parts.inhabitants(place.cell).get(isolate);
    if (version === undefined) return [];
    const none = { pid: process.pid, ranMs: 0, rssBytes: process.memoryUsage.rss(), upMs: 0 };
    const report = { verdict: "culprit", reason: "unstoppable", message, ...none } as const;
    this.#report(version, place, lost?.event ?? null, report);
    return [version];
  }

  /** The latest entry of each worker that may have done it; only one where the cell named it. */
  #blamed(death: CellDeath, inhabitants: ReadonlyMap<number, Version>): Blamed[] {
    const found = new Map<string, Blamed>();
    const { reason, culprit, suspects } = death;
    // What gathered for the cell may be anybody's, and what runs in it does not keep its loop from reading.
    if (reason === "backlog") return [];
    const named = reason !== "killed" && culprit !== null;
    for (const suspect of suspects) {
      const { isolate, ranMs } = suspect;
      if (named ? isolate !== culprit : reason === "killed" && ranMs < LONG_MS) continue;
      const version = inhabitants.get(isolate) ?? this.lostVersion(isolate);
      if (version === undefined) continue;
      const key = workerKey(version.account, version.worker);
      if (!found.has(key)) found.set(key, { suspect, version });
    }
    return [...found.values()];
  }

  #report(
    { account, worker, id: versionId }: Version,
    { cell }: Place,
    event: BlamedEvent | null,
    evidence: Pick<BlameReport, "verdict" | "reason" | "message" | "pid" | "ranMs" | "rssBytes" | "upMs">,
  ): void {
    const what = event === null ? null : { ...event, url: withoutQuery(event.url) };
    const timeMs = this.#parts.now();
    this.#parts.report({ account, worker, versionId, cell: cell.kind, event: what, timeMs, ...evidence });
  }
}

/** Whether nobody else's isolates are in the cell. */
function isAlone({ account, worker }: Version, inhabitants: ReadonlyMap<number, Version>): boolean {
  for (const other of inhabitants.values())
    if (other.account !== account || other.worker !== worker) return false;
  return true;
}
