import type { StoredAssets } from "../assets/stored-assets.ts";
import type { WorkerUpload } from "../host-options.ts";
import type { Isolation } from "../limits/isolation.ts";
import type { Limits } from "../limits/limits.ts";
import type { RollbackSetting } from "./rollback-options.ts";
import type { StoredEntry } from "./stored-entry.ts";

/** A binding that is answered by the host, in the order of slots from 1. */
export type SlotConfig =
  | { readonly type: "kv"; readonly namespaceId: string }
  | { readonly type: "assets" }
  | {
      readonly type: "service";
      readonly worker: string;
      /** The empty name is the default export. */
      readonly entrypoint: string;
      readonly propsJson: string;
    }
  | {
      readonly type: "rateLimit";
      readonly namespaceId: string;
      readonly limit: number;
      readonly periodS: 10 | 60;
    }
  | {
      readonly type: "plugIn";
      readonly binding: string;
      readonly kind: string;
      readonly config: Readonly<Record<string, unknown>>;
    };

/** What is kept of an upload beside its code: all that does not change while the version lives. */
export interface VersionConfig {
  /** The empty name: it has no code, only assets. */
  readonly main: string;
  readonly assets?: StoredAssets;
  readonly env: readonly StoredEntry[];
  readonly slots: readonly SlotConfig[];
  /** Limits that the upload asked for itself. */
  readonly limits: Partial<Limits>;
  /** What the upload asked for itself; left out where it did not. */
  readonly isolation?: Isolation;
  readonly compatibilityDate: string | null;
  /** Left out by versions that were stored before flags were kept. */
  readonly compatibilityFlags?: readonly string[];
  /** Its name in hosts of routes that name a version. */
  readonly alias?: string;
  /** What the upload said of giving its traffic back. */
  readonly autoRollback?: RollbackSetting;
  /** How long its first start took, in ms. */
  readonly startupMs?: number;
  /** What it answers; left out by versions that were stored before it was kept. */
  readonly handlers?: readonly string[];
}

/**
 * The lasting part of an upload whose fields have been checked.
 * @param main Canonical name of the main module; the empty name where there is no code.
 */
export function versionConfig(upload: WorkerUpload, main: string, assets?: StoredAssets): VersionConfig {
  const env: StoredEntry[] = Object.entries(upload.vars ?? {}).map(([name, value]) =>
    typeof value === "string" ? { name, type: "text", value } : { name, type: "json", value },
  );
  const slots: SlotConfig[] = [];
  for (const { binding, id } of upload.kvNamespaces ?? []) {
    slots.push({ type: "kv", namespaceId: id });
    env.push({ name: binding, type: "kv", slot: slots.length });
  }
  for (const { binding, service, entrypoint = "", props } of upload.services ?? []) {
    const propsJson = props === undefined ? "" : JSON.stringify(props);
    const named = entrypoint === "default" ? "" : entrypoint;
    slots.push({ type: "service", worker: service, entrypoint: named, propsJson });
    env.push({ name: binding, type: "service", slot: slots.length });
  }
  for (const { binding, namespaceId, limit, periodS } of upload.rateLimits ?? []) {
    slots.push({ type: "rateLimit", namespaceId, limit, periodS });
    env.push({ name: binding, type: "rateLimit", slot: slots.length });
  }
  for (const { binding, type: kind, config = {} } of upload.plugIns ?? []) {
    slots.push({ type: "plugIn", binding, kind, config });
    env.push({ name: binding, type: "plugIn", slot: slots.length });
  }
  for (const name of upload.versionMetadata ?? []) env.push({ name, type: "version" });
  const binding = upload.assets?.binding;
  if (binding !== undefined) {
    slots.push({ type: "assets" });
    env.push({ name: binding, type: "service", slot: slots.length });
  }
  const { limits = {}, compatibilityDate = null, compatibilityFlags = [] } = upload;
  const { isolation, alias, autoRollback } = upload;
  return {
    ...{ main, env, slots, limits, compatibilityDate, compatibilityFlags },
    ...(assets !== undefined && { assets }),
    ...(isolation !== undefined && { isolation }),
    ...(alias !== undefined && { alias }),
    ...(autoRollback !== undefined && { autoRollback }),
  };
}
