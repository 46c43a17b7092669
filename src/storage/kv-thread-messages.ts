import type { KvSync } from "./kv-file.ts";
import type { KvGroup, KvGroupResult } from "./kv-write.ts";

/** What the writer thread is started with. */
export interface KvThreadOptions {
  readonly folder: string;
  readonly sync: KvSync;
  readonly openFiles: number;
}

/** From the host to the writer thread. The clock is always the host's. */
export type ToKvThread =
  | { readonly type: "group"; readonly nowMs: number; readonly group: KvGroup }
  | { readonly type: "purge"; readonly nowMs: number }
  | { readonly type: "close" };

/** From the writer thread to the host. */
export type FromKvThread = { readonly type: "done"; readonly result: KvGroupResult };
