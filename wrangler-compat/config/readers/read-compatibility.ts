import { show } from "../../../src/config/document/config-reader.ts";
import { compatibilityDateProblem, compatibilityFlagProblems } from "../../../src/index.ts";
import type { ConfigScope } from "../config-scope.ts";

/** `compatibility_date` and `compatibility_flags`. */
export interface Compatibility {
  readonly compatibilityDate: string | undefined;
  readonly compatibilityFlags: readonly string[];
}

/** Reads date and flags, with the same rules as the host. */
export function readCompatibility(scope: ConfigScope): Compatibility {
  const { reader } = scope;
  const section = scope.of("compatibility_date");
  const date = section.value["compatibility_date"];
  const isGiven = scope.has("compatibility_date");
  const wrong = isGiven ? compatibilityDateProblem(date) : undefined;
  if (wrong !== undefined)
    reader.problem(
      [...section.path, "compatibility_date"],
      // A date of TOML is the likely mistake.
      date instanceof Date
        ? `"compatibility_date" is ${show(date)}; it must be a day such as "2026-11-17", in quotes`
        : `"compatibility_date" is ${wrong}`,
    );
  const flagSection = scope.of("compatibility_flags");
  const flags = reader.strings(flagSection, "compatibility_flags") ?? [];
  for (const problem of compatibilityFlagProblems(flags))
    reader.problem([...flagSection.path, "compatibility_flags"], `"compatibility_flags": ${problem}`);
  return {
    compatibilityDate: isGiven && typeof date === "string" ? date : undefined,
    compatibilityFlags: flags,
  };
}
