import type { ServiceBindingOptions, VersionInfo, WorkerUpload } from "../../../src/index.ts";
import { ApiError, Code } from "../api-error.ts";
import type { Metadata } from "./metadata.ts";
import { type BindingForm, resolvedBindings } from "./resolved-bindings.ts";

/** Binding types as users know them. */
const NAMES: Readonly<Record<string, string>> = {
  d1: "D1 databases",
  r2_bucket: "R2 buckets",
  queue: "Queues",
  durable_object_namespace: "Durable Objects",
  workflow: "Workflows",
  assets: "static assets",
  ai: "Workers AI",
  browser: "Browser Rendering",
  vectorize: "Vectorize",
  hyperdrive: "Hyperdrive",
  dispatch_namespace: "dispatch namespaces",
  worker_loader: "Worker Loaders",
  analytics_engine: "Analytics Engine",
  ratelimit: "rate limit bindings",
  version_metadata: "version metadata",
  send_email: "email bindings",
};

/** What of an upload comes from its bindings. */
export type BoundParts = Required<Pick<WorkerUpload, "vars" | "kvNamespaces" | "services" | "secrets">>;

/**
 * Turns the bindings of an upload into parts of it: `inherit` takes one of the version before, and `keep_bindings`
 * takes all of some types that the upload does not name itself.
 * @throws ApiError 10057 for what cannot be inherited, 10021 for what this host has not; all of them at once.
 */
export function readBindings(
  { bindings, keep_bindings }: Metadata,
  before: VersionInfo | undefined,
): BoundParts {
  const known = before === undefined ? [] : resolvedBindings(before);
  const byName = new Map(known.map((binding) => [binding.name, binding]));
  const keptTypes = new Set(keep_bindings);
  const missing: string[] = [];
  const resolved = bindings.map((binding) => {
    if (binding.type !== "inherit") return binding;
    const old = typeof binding["old_name"] === "string" ? binding["old_name"] : binding.name;
    const found = byName.get(old);
    if (found === undefined) missing.push(binding.name);
    return { ...found, name: binding.name, type: found?.type ?? "inherit" };
  });
  if (missing.length > 0) {
    const list = missing.map((name) => `"${name}"`).join(", ");
    throw new ApiError(400, Code.invalidInherit, `The version before has no binding ${list} to inherit`);
  }
  const names = new Set(resolved.map(({ name }) => name));
  const kept = known.filter(({ name, type }) => keptTypes.has(type) && !names.has(name));
  return partsOf([...resolved, ...kept]);
}

function partsOf(bindings: readonly BindingForm[]): BoundParts {
  const vars: [string, unknown][] = [];
  const kvNamespaces: { binding: string; id: string }[] = [];
  const services: ServiceBindingOptions[] = [];
  const secrets: [string, string][] = [];
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const binding of bindings) {
    const { name, type } = binding;
    if (seen.has(name)) problems.push(`binding "${name}" is there twice`);
    seen.add(name);
    if (type === "plain_text" && typeof binding["text"] === "string") vars.push([name, binding["text"]]);
    else if (type === "secret_text") {
      // Without a text it is the one that the worker has, which stays in any case.
      if (typeof binding["text"] === "string") secrets.push([name, binding["text"]]);
    } else if (type === "json" && binding["json"] !== undefined) vars.push([name, binding["json"]]);
    else if (type === "kv_namespace" && typeof binding["namespace_id"] === "string")
      kvNamespaces.push({ binding: name, id: binding["namespace_id"] });
    else if (type === "service" && typeof binding["service"] === "string") services.push(serviceOf(binding));
    else if (["plain_text", "json", "kv_namespace", "service"].includes(type))
      problems.push(`binding "${name}" of type ${type} lacks its value`);
    else
      problems.push(
        `binding "${name}": this host does not support ${NAMES[type] ?? `the type "${type}"`} yet`,
      );
  }
  if (problems.length > 0) throw new ApiError(400, Code.scriptRefused, problems.join("; "));
  return { vars: Object.fromEntries(vars), kvNamespaces, services, secrets: Object.fromEntries(secrets) };
}

function serviceOf({ name, service, entrypoint, props }: BindingForm): ServiceBindingOptions {
  return {
    binding: name,
    service: service as string,
    ...(typeof entrypoint === "string" && entrypoint !== "default" && { entrypoint }),
    ...(props !== undefined && { props }),
  };
}
