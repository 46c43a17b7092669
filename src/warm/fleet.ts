import type { Catastrophe, Cell, CellDeath, CellListener } from "../cell/cell.ts";
import type { Version } from "../versions/version.ts";
import { HostClosing, NoCell } from "./load-refused.ts";
import { type CellInfo, type CellUse, Place } from "./place.ts";
import { hashText } from "../ids/hash-text.ts";

/** Cells for single workers that one account may have at once; further ones share the account's cell. */
const ALONE_PER_ACCOUNT = 2;
/** Isolates by which the cell that an account's name leads to may be ahead of the emptiest one. */
const UNEVEN = 4;

export interface FleetOptions {
  /** Where shared cells live. */
  readonly kind: Cell["kind"];
  /** Shared cells, which are there all the time. */
  readonly count: number;
  /** Cells made on demand, at once. */
  readonly maxOwn: number;
  /** Time after which such a cell without isolates is closed, in ms. */
  readonly idleMs: number;
  readonly create: (kind: Cell["kind"], listener: CellListener) => Cell;
  /** As what the version's worker is kept apart for now; null if it is not. */
  readonly aloneAs: (version: Version) => "culprit" | "suspect" | null;
}

/** What the fleet asks of the pool, and tells it. */
export interface FleetListener extends Omit<CellListener, "died" | "catastrophic"> {
  readonly died: (place: Place, death: CellDeath) => void;
  readonly catastrophic: (place: Place, report: Catastrophe) => void;
  /** Lets the isolates of a cell go if no event needs them. @returns Whether it did. */
  vacate(cell: Cell): boolean;
  /** When the cell's isolates were last used: monotonic, in ms. */
  lastUsedMs(cell: Cell): number;
}

/**
 * The cells of a host, and which version goes to which. Shared cells are always there: an account keeps to one of them,
 * found by its name unless that one holds many more isolates than another. Cells of an account's or worker's own are
 * made when they are needed. An isolate never moves.
 */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #listener: FleetListener;
  readonly #shared: readonly Place[];
  readonly #own = new Map<string, Place>();
  #trusted: Place | null = null;
  readonly #places = new Map<Cell, Place>();
  /** Accounts that have isolates in a shared cell. */
  readonly #homes = new Map<string, { readonly place: Place; isolates: number }>();
  readonly #closing = new Set<Promise<void>>();
  #closed = false;

  constructor(options: FleetOptions, listener: FleetListener) {
    this.#options = options;
    this.#listener = listener;
    this.#shared = Array.from({ length: options.count }, () => this.#make(options.kind, "shared"));
  }

  get cells(): readonly Cell[] {
    return [...this.#places.keys()];
  }

  /** Resolves when the shared cells can take loads. */
  async ready(): Promise<void> {
    await Promise.all(this.#shared.map(({ cell }) => cell.ready()));
  }

  /**
   * The cell for a further isolate of a version. `use` has to follow in the same turn.
   * @throws NoCell, HostClosing.
   */
  cellFor(version: Version): Cell {
    if (this.#closed) throw new HostClosing();
    const { isolation, account, worker } = version;
    if (isolation === "in-process") return this.#inProcess().cell;
    // In process there is nothing to lose but the host: a worker gains nothing by being alone there.
    const byProcess = this.#options.kind === "process" || isolation === "account";
    const part = byProcess ? this.#options.aloneAs(version) : null;
    const isApart = part === "culprit" || (part === "suspect" && this.#mayLeave(version));
    if (isApart && this.#mayBeAlone(account, worker)) return this.#ownPlace("alone", account, worker).cell;
    if (isApart || isolation === "account") return this.#ownPlace("account", account, null).cell;
    return this.#sharedPlace(account).cell;
  }

  /** Whether a version is still in a cell of its own that it had for a while only. */
  overstays(cell: Cell, version: Version): boolean {
    const use = this.#places.get(cell)?.use;
    const isOwn = use === "alone" || (use === "account" && version.isolation !== "account");
    return isOwn && this.#options.aloneAs(version) === null;
  }

  /** The cells in which an account may have isolates now. */
  cellsOf(account: string): Cell[] {
    const home = this.#homes.get(account);
    const cells = home === undefined ? [] : [home.place.cell];
    for (const place of this.#own.values())
      if (place.account === account && place.isolates > 0) cells.push(place.cell);
    return cells;
  }

  /** CPU that the processes of all cells have used, in ms, as far as it is known. */
  get cpuMs(): number {
    let cpuMs = 0;
    for (const cell of this.#places.keys()) cpuMs += cell.cpuMs;
    return cpuMs;
  }

  /**
   * Sees to it that the cell has the version's code, until as many `drop` calls have come.
   * @returns the length of its script, in units of 16 bits
   */
  async use(cell: Cell, version: Version): Promise<number> {
    const place = this.#places.get(cell);
    if (place === undefined) throw new HostClosing();
    clearTimeout(place.idle);
    if (place.use === "shared") {
      const home = this.#homes.get(version.account) ?? { place, isolates: 0 };
      home.isolates++;
      this.#homes.set(version.account, home);
    }
    try {
      return await place.hold(version);
    } catch (error) {
      this.drop(cell, version);
      throw error;
    }
  }

  drop(cell: Cell, version: Version): void {
    const place = this.#places.get(cell);
    if (place === undefined) return;
    place.drop(version);
    if (place.use === "shared") {
      const home = this.#homes.get(version.account);
      if (home !== undefined && --home.isolates === 0) this.#homes.delete(version.account);
    } else if (place.isolates === 0 && place !== this.#trusted) {
      place.idle = setTimeout(() => this.#close(place), this.#options.idleMs).unref();
    }
  }

  /** Hands newer code (a code cache was made) to the cells that hold the version. */
  async refresh(version: Version): Promise<void> {
    const code = await version.code();
    for (const place of this.#places.values()) if (place.holds(version)) place.cell.putCode(version.id, code);
  }

  async info(): Promise<CellInfo[]> {
    return await Promise.all(
      [...this.#places.values()].map(async ({ cell, use, account, worker, isolates, restarts }) => {
        const { rssBytes } = await cell.stats();
        const pid = cell.pid ?? null;
        return { use, kind: cell.kind, pid, account, worker, isolates, rssBytes, restarts };
      }),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const place of [...this.#places.values()]) this.#close(place);
    await Promise.all(this.#closing);
  }

  #sharedPlace(account: string): Place {
    const home = this.#homes.get(account);
    if (home !== undefined) return home.place;
    const named = this.#shared[hashText(account) % this.#shared.length]!;
    const emptiest = this.#shared.reduce((a, b) => (b.isolates < a.isolates ? b : a));
    return named.isolates > emptiest.isolates * 1.25 + UNEVEN ? emptiest : named;
  }

  #inProcess(): Place {
    if (this.#options.kind === "in-process") return this.#shared[0]!;
    return (this.#trusted ??= this.#make("in-process", "in-process"));
  }

  /** Suspects may be innocent, and many at once: they take no more than half of the cells, so that none is refused for it. */
  #mayLeave({ isolation, account, worker }: Version): boolean {
    return (
      isolation === "account" ||
      this.#own.has(ownKey("alone", account, worker)) ||
      this.#own.size < Math.ceil(this.#options.maxOwn / 2)
    );
  }

  #mayBeAlone(account: string, worker: string): boolean {
    if (this.#own.has(ownKey("alone", account, worker))) return true;
    let alone = 0;
    for (const place of this.#own.values()) if (place.use === "alone" && place.account === account) alone++;
    return alone < ALONE_PER_ACCOUNT;
  }

  #ownPlace(use: "account" | "alone", account: string, worker: string | null): Place {
    const key = ownKey(use, account, worker);
    const there = this.#own.get(key);
    if (there !== undefined) return there;
    if (this.#own.size >= this.#options.maxOwn) this.#makeRoom();
    const place = this.#make("process", use, account, worker);
    this.#own.set(key, place);
    return place;
  }

  /** Closes the own cell that was idle for longest. @throws NoCell if all are needed */
  #makeRoom(): void {
    const byUse = [...this.#own.values()].sort(
      (a, b) => this.#listener.lastUsedMs(a.cell) - this.#listener.lastUsedMs(b.cell),
    );
    const found = byUse.find((place) => this.#listener.vacate(place.cell) && place.isolates === 0);
    if (found === undefined) throw new NoCell(this.#options.maxOwn);
    this.#close(found);
  }

  #make(
    kind: Cell["kind"],
    use: CellUse,
    account: string | null = null,
    worker: string | null = null,
  ): Place {
    const { messages, lost, catastrophic, died } = this.#listener;
    const cell = this.#options.create(kind, {
      messages,
      lost,
      catastrophic: (report) => catastrophic(place, report),
      died: (death) => {
        place.restarts++;
        died(place, death);
      },
    });
    const place = new Place(cell, use, account, worker);
    this.#places.set(cell, place);
    return place;
  }

  #close(place: Place): void {
    clearTimeout(place.idle);
    this.#places.delete(place.cell);
    for (const [key, own] of this.#own) if (own === place) this.#own.delete(key);
    const closing = place.cell.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

function ownKey(use: CellUse, account: string, worker: string | null): string {
  return `${use}\n${account}\n${worker ?? ""}`;
}
