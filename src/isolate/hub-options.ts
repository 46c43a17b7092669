import type { ImageOptions } from "./image.ts";

/** How a cell makes and keeps its isolates. */
export interface HubOptions extends ImageOptions {
  /** Isolates kept ready. @default 3 */
  readonly spares?: number | undefined;
  /** Heap limit of those, in MB; should be what most versions ask for. @default 128 */
  readonly spareMemoryMb?: number | undefined;
  /** Memory that the process may take, in MB. @default see `defaultCellMemoryMb`, for one cell */
  readonly cellMemoryMb?: number | undefined;
  /** Whether the process sets the priorities of its threads itself. @default true; false where its host does */
  readonly ownPriorities?: boolean | undefined;
  /** Whether the process is the cell's own. @default false: it is an embedder's, whose own heap does not count */
  readonly ownProcess?: boolean | undefined;
}
