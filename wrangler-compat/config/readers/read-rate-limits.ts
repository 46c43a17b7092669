import { name, type Section } from "../../../src/config/document/config-reader.ts";
import type { RateLimitOptions } from "../../../src/index.ts";
import type { ConfigScope } from "../config-scope.ts";
import type { BindingNames } from "./binding-names.ts";

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
  const id = mustHave(scope, section, "namespace_id");
  const namespaceId = id
    ? reader.string(
        section,
        "namespace_id",
        '1 to 64 of letters, digits, "-" and "_"',
        /^[A-Za-z0-9_-]{1,64}$/,
      )
    : "";
  const simple = mustHave(scope, section, "simple") ? reader.table(section, "simple") : undefined;
  if (simple === undefined) return { binding, namespaceId: namespaceId ?? "", limit: 1, periodS: 60 };
  scope.warnUnknown(simple, ["limit", "period"]);
  mustHave(scope, simple, "limit");
  mustHave(scope, simple, "period");
  const limit = reader.integer(simple, "limit", 1, Number.MAX_SAFE_INTEGER);
  const period = reader.read(simple, "period", "10 or 60", (value) => value === 10 || value === 60);
  return { binding, namespaceId: namespaceId ?? "", limit: limit ?? 1, periodS: period ?? 60 };
}

function mustHave({ reader }: ConfigScope, section: Section, key: string): boolean {
  const isThere = Object.hasOwn(section.value, key);
  if (!isThere) reader.problem(section.path, `${name(section.path)} has no "${key}"`);
  return isThere;
}
