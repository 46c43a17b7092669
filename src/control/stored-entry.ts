import type { EnvEntry } from "../../runtime-api/contract/boot.ts";

/** One name of `env` as it is kept; what depends on the version or on the host's plug-ins comes when it is made. */
export type StoredEntry =
  | Exclude<EnvEntry, { type: "plugIn" }>
  | { readonly name: string; readonly type: "plugIn"; readonly slot: number }
  | { readonly name: string; readonly type: "version" };
