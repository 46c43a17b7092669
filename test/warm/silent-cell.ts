import type { Cell } from "../../src/cell/cell.ts";

/** A cell that loads whatever it is given, and says nothing by itself. @param own what it does otherwise */
export function silentCell(own: Partial<Cell> = {}): Cell {
  return {
    kind: "process",
    pid: 1,
    ready: async () => {},
    putCode: () => {},
    dropCode: () => {},
    expect: () => {},
    load: async () => ({
      ok: true,
      handlers: ["fetch"],
      phases: { claimMs: 0, compileMs: 0, evaluateMs: 0, cpuMs: 0, spare: true },
      codeCache: "none",
    }),
    deliver: () => {},
    dispose: () => {},
    makeCodeCache: async () => null,
    stats: async () => ({ rssBytes: 0, spares: 0, isolates: [] }),
    close: async () => {},
    ...own,
  } as Cell;
}
