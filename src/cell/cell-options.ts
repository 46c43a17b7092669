import type { Launch } from "./sandbox/launch.ts";

/** Options of a cell, of either kind. */
export interface InProcessCellOptions {
  /** Isolates kept ready for the next version. @default 3 */
  readonly spares?: number | undefined;
  /** Heap limit of those in MB: should be what most versions have. @default 128 */
  readonly spareMemoryMb?: number | undefined;
  /**
   * Memory (RSS) that the process of the cell may take, in MB: near it, isolates that grow are ended; past it, the
   * cell reports itself as a catastrophe. @default see `defaultCellMemoryMb`, for one cell
   */
  readonly cellMemoryMb?: number | undefined;
  /** Folder, private to the user, for what every start would make anew: bundle and code cache of the runtime. @default in the user's cache */
  readonly cacheFolder?: string | undefined;
  /** Another script in place of Skerry's runtime; tests of the protocol use it. */
  readonly script?: string | undefined;
}

export interface ProcessCellOptions extends InProcessCellOptions {
  /**
   * Time after which a child whose loop stands still is killed, in ms. Where the system says so, time in which the
   * loop waited for a core does not count.
   * @default 2000 on Linux, else 5000
   */
  readonly silenceMs?: number | undefined;
  /** File with the image, as `openSandbox` made it. @default the child makes it, or has it in `cacheFolder` */
  readonly preparedImage?: string | undefined;
  /** How the child is started, given Node's arguments. @default without a sandbox */
  readonly sandbox?: ((nodeArgs: readonly string[]) => Launch) | undefined;
}

export type CellOptions =
  | ({ readonly kind: "in-process" } & InProcessCellOptions)
  | ({ readonly kind: "process" } & ProcessCellOptions);
