import type { ModuleRule, RuleType } from "../config/readers/read-bundling.ts";

/** What files are by themselves, as wrangler has it. */
const DEFAULT_RULES: readonly ModuleRule[] = [
  { type: "Text", globs: ["**/*.txt", "**/*.html", "**/*.sql"] },
  { type: "Data", globs: ["**/*.bin"] },
  { type: "CompiledWasm", globs: ["**/*.wasm", "**/*.wasm?module"] },
];

/** The rules of a project. */
export interface RuleSet {
  /** In the order in which they hold. */
  readonly rules: readonly ModuleRule[];
  /** Those that hold no more, since an earlier one of their type has no `fallthrough`. */
  readonly shadowed: readonly ModuleRule[];
  readonly warnings: readonly string[];
}

/** Adds the default rules to a project's own. One of a type without `fallthrough` ends the rules of that type. */
export function ruleSet(own: readonly ModuleRule[]): RuleSet {
  const last = new Map<RuleType, ModuleRule>();
  const rules: ModuleRule[] = [];
  const shadowed: ModuleRule[] = [];
  const warnings: string[] = [];
  for (const rule of [...own, ...DEFAULT_RULES]) {
    const before = last.get(rule.type);
    if (before === undefined) {
      rules.push(rule);
      if (rule.fallthrough !== true) last.set(rule.type, rule);
      continue;
    }
    shadowed.push(rule);
    if (before.fallthrough !== false)
      warnings.push(
        `the rule for ${show(rule)} does not hold, since the one for ${show(before)} has no "fallthrough"; set it to true, or to false to hear no more of it`,
      );
  }
  return { rules, shadowed, warnings };
}

function show({ type, globs }: ModuleRule): string {
  return `${type} ${globs.join(", ")}`;
}
