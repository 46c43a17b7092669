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
  /** Before the first group of an account: what its namespaces hold is to be counted. */
  | { readonly type: "count"; readonly account: string; readonly namespaces: readonly number[] }
  | { readonly type: "purge"; readonly nowMs: number }
  | { readonly type: "close" };

/** From the writer thread to the host. */
export type FromKvThread =
  | { readonly type: "done"; readonly result: KvGroupResult }
  | { readonly type: "counted"; readonly account: string; readonly usedBytes: number }
  /** A purge changed what an account's namespaces hold. */
  | { readonly type: "used"; readonly account: string; readonly usedBytes: number };
