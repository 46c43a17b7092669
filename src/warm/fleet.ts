import type { Cell, CellListener } from "../cell/cell.ts";
import type { Version } from "../versions/version.ts";

/** The cells of a host, and which code each of them holds. */
export class Fleet {
  readonly #cells: readonly Cell[];
  readonly #users = new Map<Cell, Map<string, { count: number; put: Promise<void> }>>();

  constructor(count: number, createCell: (listener: CellListener) => Cell, listener: CellListener) {
    this.#cells = Array.from({ length: count }, () => createCell(listener));
    for (const cell of this.#cells) this.#users.set(cell, new Map());
  }

  get cells(): readonly Cell[] {
    return this.#cells;
  }

  /** The cell of an account: always the same one, so that accounts share as little as they can. */
  cellOf(account: string): Cell {
    let hash = 0x811c9dc5;
    for (let i = 0; i < account.length; i++) hash = Math.imul(hash ^ account.charCodeAt(i), 0x01000193);
    return this.#cells[(hash >>> 0) % this.#cells.length]!;
  }

  /** Sees to it that the cell has the version's code, until as many `drop` calls have come. */
  async use(cell: Cell, version: Version): Promise<void> {
    const users = this.#users.get(cell)!;
    let use = users.get(version.id);
    if (use === undefined) {
      use = { count: 0, put: version.code().then((code) => cell.putCode(version.id, code)) };
      users.set(version.id, use);
    }
    use.count++;
    try {
      await use.put;
    } catch (error) {
      this.drop(cell, version);
      throw error;
    }
  }

  drop(cell: Cell, version: Version): void {
    const users = this.#users.get(cell)!;
    const use = users.get(version.id);
    if (use === undefined || --use.count > 0) return;
    users.delete(version.id);
    cell.dropCode(version.id);
  }

  /** Hands newer code (a code cache was made) to the cells that hold the version. */
  async refresh(version: Version): Promise<void> {
    const code = await version.code();
    for (const [cell, users] of this.#users) if (users.has(version.id)) cell.putCode(version.id, code);
  }

  async close(): Promise<void> {
    await Promise.all(this.#cells.map((cell) => cell.close()));
  }
}
