import type { StoredAssets } from "../assets/stored-assets.ts";
import type { AssetInfo } from "../assets/worker-assets.ts";
import type { PlugInBindingOptions } from "../bindings/plug-in/plug-in-options.ts";
import type { RateLimitOptions } from "../bindings/rate-limit/rate-limit-options.ts";
import type { ServiceBindingOptions } from "../host-options.ts";
import type { VersionSummary } from "../storage/control-store.ts";
import type { VersionInfo } from "./control.ts";
import type { SlotConfig, VersionConfig } from "./version-config.ts";

/** What is kept of a version, as an upload would say it; its secrets are kept elsewhere. */
export function versionInfo({
  id,
  number,
  createdAtMs,
  note,
  packedBytes,
  configJson,
}: VersionSummary): Omit<VersionInfo, "secretNames"> {
  const {
    env,
    slots,
    compatibilityDate,
    compatibilityFlags = [],
    startupMs = 0,
    limits,
    handlers,
    alias,
    main,
    assets,
  } = JSON.parse(configJson) as VersionConfig;
  const vars: Record<string, unknown> = {};
  const kvNamespaces: { binding: string; id: string }[] = [];
  const services: ServiceBindingOptions[] = [];
  const rateLimits: RateLimitOptions[] = [];
  const versionMetadata: string[] = [];
  const plugIns: PlugInBindingOptions[] = [];
  let assetBinding: string | null = null;
  for (const entry of env) {
    if (entry.type === "text" || entry.type === "json") vars[entry.name] = entry.value;
    else if (entry.type === "version") versionMetadata.push(entry.name);
    else {
      const binding = entry.name;
      const slot = slots[entry.slot - 1];
      if (slot?.type === "kv") kvNamespaces.push({ binding, id: slot.namespaceId });
      if (slot?.type === "service") services.push(serviceInfo(binding, slot));
      if (slot?.type === "assets") assetBinding = binding;
      if (slot?.type === "plugIn") plugIns.push({ binding, type: slot.kind, config: slot.config });
      if (slot?.type === "rateLimit") rateLimits.push(rateLimitInfo(binding, slot));
    }
  }
  return {
    id,
    number,
    createdAtMs,
    note,
    vars,
    kvNamespaces,
    services,
    rateLimits,
    versionMetadata,
    plugIns,
    assets: assets === undefined ? null : assetInfo(assets, assetBinding),
    hasCode: main !== "",
    compatibilityDate,
    compatibilityFlags,
    startupMs,
    limits,
    sizeBytes: packedBytes,
    ...(handlers !== undefined && { handlers }),
    ...(alias !== undefined && { alias }),
  };
}

function assetInfo({ fileCount, sizeBytes, config }: StoredAssets, binding: string | null): AssetInfo {
  return { fileCount, sizeBytes, config, binding };
}

function rateLimitInfo(
  binding: string,
  { namespaceId, limit, periodS }: SlotConfig & { type: "rateLimit" },
): RateLimitOptions {
  return { binding, namespaceId, limit, periodS };
}

function serviceInfo(
  binding: string,
  { worker, entrypoint, propsJson }: SlotConfig & { type: "service" },
): ServiceBindingOptions {
  return {
    binding,
    service: worker,
    ...(entrypoint !== "" && { entrypoint }),
    ...(propsJson !== "" && { props: JSON.parse(propsJson) as unknown }),
  };
}
