import type { EnvEntry } from "../contract/boot.ts";
import { kvNamespace } from "../kv/kv-namespace.ts";
import { plugIns } from "../plug-in/late-plug-in.ts";
import { rateLimits } from "../rate-limit/late-rate-limit.ts";
import { serviceBinding } from "../service/service-binding.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";

/** Makes the `env` of a version. The values of text and json entries are the worker's to change. */
export function makeEnv(entries: readonly EnvEntry[]): object {
  const env = {};
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as EnvEntry;
    objectDefineProperty(env, entry.name, dataDescriptor(valueOf(entry), true));
  }
  return env;
}

/** Defines the bindings as global variables, as the service-worker format has them. */
export function exposeEnv(entries: readonly EnvEntry[], env: object): void {
  for (let i = 0; i < entries.length; i++) {
    const { name } = entries[i] as EnvEntry;
    objectDefineProperty(globalThis, name, dataDescriptor((env as Record<string, unknown>)[name], true));
  }
}

function valueOf(entry: EnvEntry): unknown {
  switch (entry.type) {
    case "text":
    case "json":
      return entry.value;
    case "kv":
      return kvNamespace(entry.slot);
    case "service":
      return serviceBinding(entry.slot);
    case "plugIn":
      return plugIns.get().make(entry);
    case "rateLimit":
      return rateLimits.get().make(entry.slot);
  }
}
