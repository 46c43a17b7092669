import type { Section } from "../../../src/config/document/config-reader.ts";
import type { RateLimitOptions } from "../../../src/index.ts";
import type { ConfigScope } from "../config-scope.ts";
import type { BindingNames } from "./binding-names.ts";
import { readNamespaceId } from "./read-namespace-id.ts";

/** `ratelimits`. */
export function readRateLimits(scope: ConfigScope, names: BindingNames): readonly RateLimitOptions[] {
  return scope.reader
    .tables(scope.of("ratelimits"), "ratelimits")
    .map((limit) => readRateLimit(scope, limit, names.read(limit, "name")));
}

/** One rate limit, whose name on `env` has been read. */
export function readRateLimit(scope: ConfigScope, section: Section, binding: string): RateLimitOptions {
  const { reader } = scope;
  scope.warnUnknown(section, ["name", "namespace_id", "simple", "type"]);
  reader.mustHave(section, "namespace_id");
  const namespaceId = readNamespaceId(reader, section, "namespace_id") ?? "";
  reader.mustHave(section, "simple");
  const simple = reader.table(section, "simple");
  if (simple === undefined) return { binding, namespaceId, limit: 1, periodS: 60 };
  scope.warnUnknown(simple, ["limit", "period"]);
  for (const key of ["limit", "period"]) reader.mustHave(simple, key);
  const limit = reader.integer(simple, "limit", 1, Number.MAX_SAFE_INTEGER);
  const period = reader.read(simple, "period", "10 or 60", (value) => value === 10 || value === 60);
  return { binding, namespaceId, limit: limit ?? 1, periodS: period ?? 60 };
}
