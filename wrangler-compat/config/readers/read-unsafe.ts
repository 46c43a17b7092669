import { name, type Section } from "../../../src/config/document/config-reader.ts";
import type { RateLimitOptions, ServiceBindingOptions } from "../../../src/index.ts";
import { asksForSomething } from "../check-keys.ts";
import type { ConfigScope } from "../config-scope.ts";
import type { BindingNames } from "./binding-names.ts";
import { type KvBinding, readWorkerName } from "./read-bindings.ts";
import { readNamespaceId } from "./read-namespace-id.ts";
import { readRateLimit } from "./read-rate-limits.ts";

/** What `unsafe.bindings` add to the bindings of other keys. */
export interface UnsafeBindings {
  readonly vars: Readonly<Record<string, unknown>>;
  readonly kvNamespaces: readonly KvBinding[];
  readonly services: readonly ServiceBindingOptions[];
  readonly rateLimits: readonly RateLimitOptions[];
  readonly versionMetadata: readonly string[];
}

/** `unsafe`: bindings in the form in which they are uploaded, of the types that Skerry has. */
export function readUnsafe(scope: ConfigScope, names: BindingNames): UnsafeBindings {
  const { reader } = scope;
  const vars: [string, unknown][] = [];
  const kvNamespaces: KvBinding[] = [];
  const services: ServiceBindingOptions[] = [];
  const rateLimits: RateLimitOptions[] = [];
  const versionMetadata: string[] = [];
  const unsafe = reader.table(scope.of("unsafe"), "unsafe");
  if (unsafe !== undefined) {
    scope.warnUnknown(unsafe, ["bindings", "metadata", "capnp"]);
    for (const key of ["metadata", "capnp"]) {
      const path = [...unsafe.path, key];
      if (asksForSomething(reader.table(unsafe, key)?.value))
        reader.problem(path, `${name(path)} asks for what only Cloudflare has`);
    }
    for (const binding of reader.tables(unsafe, "bindings")) {
      const found = names.read(binding, "name");
      const type = reader.string(binding, "type") ?? "";
      if (type === "plain_text") vars.push([found, reader.string(binding, "text") ?? ""]);
      else if (type === "json") vars.push([found, binding.value["json"] ?? null]);
      else if (type === "kv_namespace") kvNamespaces.push({ binding: found, id: readId(scope, binding) });
      else if (type === "ratelimit") rateLimits.push(readRateLimit(scope, binding, found));
      else if (type === "version_metadata") versionMetadata.push(found);
      else if (type === "service")
        services.push({ binding: found, service: readWorkerName(scope, binding, "service") });
      else
        reader.problem(
          binding.path,
          `${name(binding.path)} asks for what Skerry does not have: a binding of the type ${JSON.stringify(type)}`,
        );
    }
  }
  return { vars: Object.fromEntries(vars), kvNamespaces, services, rateLimits, versionMetadata };
}

function readId({ reader }: ConfigScope, binding: Section): string {
  reader.mustHave(binding, "namespace_id", "a text");
  return readNamespaceId(reader, binding, "namespace_id") ?? "";
}
