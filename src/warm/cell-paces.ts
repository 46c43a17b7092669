import type { AccountPace, Cell } from "../cell/cell.ts";
import type { AccountNumbers } from "./account-numbers.ts";
import type { Fleet } from "./fleet.ts";

/** Tells cells the paces of the accounts that have isolates there. */
export class CellPaces {
  readonly #fleet: Pick<Fleet, "cellsOf">;
  readonly #numbers: AccountNumbers;
  /** Cells that were told a pace and not yet that there is none any more. */
  #told = new Set<Cell>();

  constructor(fleet: Pick<Fleet, "cellsOf">, numbers: AccountNumbers) {
    this.#fleet = fleet;
    this.#numbers = numbers;
  }

  /**
   * Sets the paces; accounts that are not named have none from now on. One with several cells has an equal part in each.
   * @param paces what accounts may use in all cells together, in microseconds for each ms
   */
  pace(paces: ReadonlyMap<string, number>): void {
    const byCell = new Map<Cell, AccountPace[]>([...this.#told].map((cell) => [cell, []]));
    for (const [account, usPerMs] of paces) {
      const cells = this.#fleet.cellsOf(account);
      if (cells.length === 0) continue;
      const own = { account: this.#numbers.shareOf(account).account, usPerMs: share(usPerMs, cells.length) };
      for (const cell of cells) {
        const told = byCell.get(cell);
        if (told === undefined) byCell.set(cell, [own]);
        else told.push(own);
      }
    }
    this.#told = new Set();
    for (const [cell, own] of byCell) {
      cell.pace(own);
      if (own.length > 0) this.#told.add(cell);
    }
  }
}

function share(usPerMs: number, cells: number): number {
  return Math.max(1, Math.round(usPerMs / cells));
}
