import { BINDING_KEYS } from "./binding-keys.ts";
import { BUNDLE_KEYS } from "./bundle-keys.ts";
import type { ConfigKey } from "./config-key.ts";
import { WORKER_KEYS } from "./worker-keys.ts";

/** Every key of wrangler's config, by what it is about. */
export const CONFIG_KEYS: Readonly<Record<string, readonly ConfigKey[]>> = {
  "The worker": WORKER_KEYS,
  Bundling: BUNDLE_KEYS,
  Bindings: BINDING_KEYS,
};

/** The same by name. */
export const KEY_OF: ReadonlyMap<string, ConfigKey> = new Map(
  Object.values(CONFIG_KEYS)
    .flat()
    .map((row) => [row.key, row]),
);
