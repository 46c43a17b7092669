import type { EnvEntry } from "../../runtime-api/contract/boot.ts";

/** One name of `env` as it is kept; what depends on the version comes when it is made. */
export type StoredEntry = EnvEntry | { readonly name: string; readonly type: "version" };
