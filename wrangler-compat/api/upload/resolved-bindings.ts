import type { VersionInfo } from "../../../src/index.ts";

/** One entry of `metadata.bindings` of an upload, and of the answers that show a version. */
export interface BindingForm {
  readonly name: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The bindings that a version has, as Cloudflare's API shows them; secrets without their text. */
export function resolvedBindings(version: VersionInfo): BindingForm[] {
  const { vars, kvNamespaces, services, secretNames, rateLimits, versionMetadata, plugIns, assets } = version;
  const assetsBinding = assets?.binding ?? null;
  return [
    ...Object.entries(vars).map(([name, value]): BindingForm =>
      typeof value === "string"
        ? { name, type: "plain_text", text: value }
        : { name, type: "json", json: value },
    ),
    ...secretNames.map((name) => ({ name, type: "secret_text" })),
    ...kvNamespaces.map(({ binding, id }) => ({ name: binding, type: "kv_namespace", namespace_id: id })),
    ...services.map(({ binding, service, entrypoint, props }) => ({
      name: binding,
      type: "service",
      service,
      ...(entrypoint !== undefined && { entrypoint }),
      ...(props !== undefined && { props }),
    })),
    ...rateLimits.map(({ binding, namespaceId, limit, periodS }) => ({
      name: binding,
      type: "ratelimit",
      namespace_id: namespaceId,
      simple: { limit, period: periodS },
    })),
    ...versionMetadata.map((name) => ({ name, type: "version_metadata" })),
    ...(assetsBinding === null ? [] : [{ name: assetsBinding, type: "assets" }]),
    ...plugIns.map(({ binding, type, config }) => ({ ...config, name: binding, type })),
  ];
}
