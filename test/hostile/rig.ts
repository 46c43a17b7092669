import {
  type CatastropheReport,
  createHost,
  type EventRecord,
  type Host,
  type HostOptions,
  type LogRecord,
} from "../../src/index.ts";
import { cellProcesses, rssBytes } from "./child-processes.ts";
import { Neighbour } from "./neighbour.ts";
import { Standstill } from "./standstill.ts";

export type CellKind = "in-process" | "process";

/** What the process of a cell may take, in MB, and how far it may be beyond when it is noticed. */
export const CELL_MEMORY_MB = 512;
export const CELL_GRACE_MB = 128;

/** By looks, not by time: a machine may stand still for as long as it likes. */
const LOAD = { looks: 10_000, stepMs: 10 };

type RigParts = Pick<
  Rig,
  "cell" | "host" | "neighbour" | "port" | "events" | "logs" | "catastrophes" | "faults"
>;

/** A host with hostile workers in it, and a neighbour of another account that is asked all the time. */
export class Rig implements AsyncDisposable {
  readonly cell: CellKind;
  readonly host: Host;
  readonly neighbour: Neighbour;
  readonly port: number;
  readonly events: EventRecord[];
  readonly logs: LogRecord[];
  readonly catastrophes: CatastropheReport[];
  /** Faults of Skerry itself. */
  readonly faults: unknown[];
  readonly standstill: Standstill = new Standstill();

  private constructor(parts: RigParts) {
    this.cell = parts.cell;
    this.host = parts.host;
    this.neighbour = parts.neighbour;
    this.port = parts.port;
    this.events = parts.events;
    this.logs = parts.logs;
    this.catastrophes = parts.catastrophes;
    this.faults = parts.faults;
  }

  static async start(cell: CellKind, options: HostOptions = {}): Promise<Rig> {
    const events: EventRecord[] = [];
    const logs: LogRecord[] = [];
    const catastrophes: CatastropheReport[] = [];
    const faults: unknown[] = [];
    const host = await createHost({
      cell,
      cells: 1,
      cellMemoryMb: CELL_MEMORY_MB,
      spares: 1,
      onEvent: (record) => record.account.startsWith("neighbour-") || events.push(record),
      onLog: (record) => logs.push(record),
      onCatastrophe: (report) => catastrophes.push(report),
      onInternalError: (error) => faults.push(error),
      ...options,
    });
    try {
      const { port } = await host.listen({ port: 0 });
      const neighbour = await Neighbour.start(host, port, "good", { heldUpMs: 200 });
      return new Rig({ cell, host, neighbour, port, events, logs, catastrophes, faults });
    } catch (error) {
      await host.close(0);
      throw error;
    }
  }

  /** The memory of all cell processes, in MB; that of this process where isolates live in it. */
  cellMb(): number {
    return this.#cellsMb().reduce((sum, mb) => sum + mb, 0);
  }

  /** The memory of the cell that holds most, in MB. */
  largestCellMb(): number {
    return Math.max(0, ...this.#cellsMb());
  }

  #cellsMb(): number[] {
    if (this.cell === "in-process") return [process.memoryUsage.rss() / 2 ** 20];
    if (performance.now() - cells.atMs > CELLS_FOR_MS)
      cells = { pids: cellProcesses().map(({ pid }) => pid), atMs: performance.now() };
    return cells.pids.map((pid) => rssBytes(pid) / 2 ** 20);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.standstill.close();
    await this.neighbour[Symbol.asyncDispose]();
    await this.host.close(0);
  }
}

/** A look through all processes costs milliseconds: which are cells is looked up so often only, in ms. */
const CELLS_FOR_MS = 250;
let cells: { readonly pids: readonly number[]; readonly atMs: number } = { pids: [], atMs: -Infinity };

/** Waits until something is so; fails after a while that only a fault takes. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < LOAD.looks; looks++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, LOAD.stepMs));
  }
  throw new Error(`it never came true that ${what}`);
}
