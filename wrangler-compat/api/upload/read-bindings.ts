import type {
  PlugInBindingOptions,
  RateLimitOptions,
  ServiceBindingOptions,
  VersionInfo,
  WorkerUpload,
} from "../../../src/index.ts";
import { ApiError, Code } from "../api-error.ts";
import type { Metadata } from "./metadata.ts";
import { type BindingForm, resolvedBindings } from "./resolved-bindings.ts";

/** What of an upload comes from its bindings. */
export type BoundParts = Required<
  Pick<
    WorkerUpload,
    "vars" | "kvNamespaces" | "services" | "secrets" | "rateLimits" | "versionMetadata" | "plugIns"
  >
> & {
  /** The binding of type assets. */
  readonly assetsBinding: string | null;
};

/** Types whose value is looked at here. Any other is for a plug-in of the host, or refused by it. */
const OWN_TYPES = ["plain_text", "json", "secret_text", "kv_namespace", "service", "ratelimit", "inherit"];

/**
 * Turns the bindings of an upload into parts of it: `inherit` takes one of the version before, and `keep_bindings`
 * takes all of some types that the upload does not name itself.
 * @throws ApiError 10057 for what cannot be inherited, 10021 for what lacks its value; all of them at once. What the
 * host has not is refused by its control.
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
    // The text of a secret is not told: it cannot be taken over under another name.
    if (found === undefined || (found.type === "secret_text" && old !== binding.name))
      missing.push(binding.name);
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
  const rateLimits: RateLimitOptions[] = [];
  const versionMetadata: string[] = [];
  const plugIns: PlugInBindingOptions[] = [];
  const problems: string[] = [];
  let assetsBinding: string | null = null;
  const seen = new Set<string>();
  for (const binding of bindings) {
    const { name, type, ...fields } = binding;
    if (seen.has(name)) problems.push(`binding "${name}" is there twice`);
    seen.add(name);
    if (type === "plain_text" && typeof fields["text"] === "string") vars.push([name, fields["text"]]);
    else if (type === "secret_text") {
      // Without a text it is the one that the worker has, which stays in any case.
      if (typeof fields["text"] === "string") secrets.push([name, fields["text"]]);
    } else if (type === "json" && fields["json"] !== undefined) vars.push([name, fields["json"]]);
    else if (type === "kv_namespace" && typeof fields["namespace_id"] === "string")
      kvNamespaces.push({ binding: name, id: fields["namespace_id"] });
    else if (type === "service" && typeof fields["service"] === "string") services.push(serviceOf(binding));
    else if (type === "ratelimit") {
      const problem = rateLimitProblem(fields);
      if (problem === null) rateLimits.push(rateLimitOf(binding));
      else problems.push(`binding "${name}" of type ratelimit ${problem}`);
    } else if (type === "assets") {
      if (assetsBinding !== null)
        problems.push(`bindings "${assetsBinding}" and "${name}" are both of type assets`);
      assetsBinding = name;
    } else if (type === "version_metadata") versionMetadata.push(name);
    else if (OWN_TYPES.includes(type)) problems.push(`binding "${name}" of type ${type} lacks its value`);
    else plugIns.push({ binding: name, type, config: fields });
  }
  if (problems.length > 0) throw new ApiError(400, Code.scriptRefused, problems.join("; "));
  return {
    vars: Object.fromEntries(vars),
    kvNamespaces,
    services,
    secrets: Object.fromEntries(secrets),
    rateLimits,
    versionMetadata,
    plugIns,
    assetsBinding,
  };
}

/** What is wrong with the fields of a rate limit; null if nothing is. Their ranges are the host's to check. */
function rateLimitProblem({ namespace_id: id, simple }: Readonly<Record<string, unknown>>): string | null {
  if (typeof id !== "string") return 'needs the text "namespace_id"';
  const { limit, period } = Object(simple) as Record<string, unknown>;
  if (typeof limit !== "number" || typeof period !== "number")
    return 'needs "simple" with the numbers "limit" and "period"';
  if (period !== 10 && period !== 60)
    return `has the period ${period}; it must be one of the numbers 10 and 60`;
  return null;
}

function rateLimitOf({ name, namespace_id: id, simple }: BindingForm): RateLimitOptions {
  const { limit, period } = simple as { limit: number; period: RateLimitOptions["periodS"] };
  return { binding: name, namespaceId: id as string, limit, periodS: period };
}

function serviceOf({ name, service, entrypoint, props }: BindingForm): ServiceBindingOptions {
  return {
    binding: name,
    service: service as string,
    ...(typeof entrypoint === "string" && entrypoint !== "default" && { entrypoint }),
    ...(props !== undefined && { props }),
  };
}
