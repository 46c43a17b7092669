/** Where isolates live while something is measured. */
export type CellKind = "in-process" | "process";
