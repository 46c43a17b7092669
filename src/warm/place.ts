import type { Cell } from "../cell/cell.ts";
import type { Version } from "../versions/version.ts";

/**
 * Whom a cell is for: several accounts, one account that shares no process with others, one worker that runs alone for a
 * while, or trusted workers in the host's own process.
 */
export type CellUse = "shared" | "account" | "alone" | "in-process";

/** A cell of a host, as operators see it. */
export interface CellInfo {
  readonly use: CellUse;
  readonly kind: Cell["kind"];
  /** Process id; null while it starts. */
  readonly pid: number | null;
  /** Whose it is; null where it is shared. */
  readonly account: string | null;
  readonly worker: string | null;
  /** Isolates in it, starting ones included. */
  readonly isolates: number;
  /** Resident memory in bytes; the host's own for a cell in its process. */
  readonly rssBytes: number;
  /** How often its process died and was replaced. */
  readonly restarts: number;
}

/** One cell with what the host knows of it: whose it is, and which code it holds. */
export class Place {
  readonly cell: Cell;
  readonly use: CellUse;
  readonly account: string | null;
  readonly worker: string | null;
  /** Isolates that use its code, starting ones included. */
  isolates = 0;
  restarts = 0;
  /** Closes the cell when nobody has needed it for a while. */
  idle: ReturnType<typeof setTimeout> | undefined;
  readonly #codes = new Map<string, { count: number; put: Promise<number> }>();

  constructor(cell: Cell, use: CellUse, account: string | null = null, worker: string | null = null) {
    this.cell = cell;
    this.use = use;
    this.account = account;
    this.worker = worker;
  }

  /**
   * Sees to it that the cell has the version's code, until as many `drop` calls have come.
   * @returns the length of its script, in units of 16 bits
   */
  async hold(version: Version): Promise<number> {
    let code = this.#codes.get(version.id);
    if (code === undefined) {
      code = { count: 0, put: this.#put(version) };
      this.#codes.set(version.id, code);
    }
    code.count++;
    this.isolates++;
    return await code.put;
  }

  drop(version: Version): void {
    this.isolates--;
    const code = this.#codes.get(version.id);
    if (code === undefined || --code.count > 0) return;
    this.#codes.delete(version.id);
    this.cell.dropCode(version.id);
  }

  async #put(version: Version): Promise<number> {
    const code = await version.code();
    this.cell.putCode(version.id, code);
    return code.script.length;
  }

  holds(version: Version): boolean {
    return this.#codes.has(version.id);
  }
}
