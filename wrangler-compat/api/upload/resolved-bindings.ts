import type { VersionInfo } from "../../../src/index.ts";

/** One entry of `metadata.bindings` of an upload, and of the answers that show a version. */
export interface BindingForm {
  readonly name: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The bindings that a version has, as Cloudflare's API shows them; secrets without their text. */
export function resolvedBindings({ vars, kvNamespaces, services, secretNames }: VersionInfo): BindingForm[] {
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
  ];
}
