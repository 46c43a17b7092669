import type { ConfigScope } from "../config-scope.ts";

/** Limits that a config asks for. */
export interface ConfigLimits {
  readonly cpuMs?: number;
  readonly subrequests?: number;
}

/** `limits`. */
export function readLimits(scope: ConfigScope): ConfigLimits {
  const { reader } = scope;
  const limits = reader.table(scope.of("limits"), "limits");
  if (!limits) return {};
  scope.warnUnknown(limits, ["cpu_ms", "subrequests"]);
  const cpuMs = reader.integer(limits, "cpu_ms", 1, 300_000);
  const subrequests = reader.integer(limits, "subrequests", 1, 10_000_000);
  return { ...(cpuMs !== undefined && { cpuMs }), ...(subrequests !== undefined && { subrequests }) };
}
