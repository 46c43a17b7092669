import type { DeathReason } from "../cell.ts";
import type { ChildBounds } from "./child-rules.ts";

/** What the host's loop tells the thread that watches. */
export type ToWatch =
  | {
      readonly type: "add";
      readonly id: number;
      readonly pid: number;
      /** The child's entry file. */
      readonly fd: number;
      readonly bounds: ChildBounds;
      /** Words that both read, see {@link Shared}. */
      readonly shared: Float64Array<SharedArrayBuffer>;
    }
  | { readonly type: "remove"; readonly id: number };

/** The answer to `remove`: the descriptor is not read any more. */
export interface FromWatch {
  readonly removed: number;
}

/** Words that the thread writes for the host's loop: what it saw last, and the verdict, before it kills. */
export const Shared = { rssBytes: 0, reason: 1, isolate: 2, amount: 3, cpuMs: 4, words: 5 } as const;

/** Reasons by the number that stands for them in the words; 0 is none. */
export const REASONS: readonly DeathReason[] = [
  "unstoppable",
  "memory",
  "silent",
  "crashed",
  "protocol",
  "killed",
];
