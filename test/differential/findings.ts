import type { Finding } from "./judge.ts";
import type { DifferentialRecord } from "./record.ts";

/** What differs and is not listed: enough to look for its cause. Empty if there is nothing. */
export function unknownIn(findings: readonly Finding[]): string {
  return findings
    .filter(({ verdict }) => verdict === "unknown")
    .map(
      ({ key, date, check }) =>
        `${key} @${date}\n  skerry  ${check.skerry.slice(0, 300)}\n  workerd ${check.workerd.slice(0, 300)}`,
    )
    .join("\n");
}

/** How many cases each area has. */
export function caseCounts(areas: DifferentialRecord["areas"]): [area: string, cases: number][] {
  return Object.entries(areas).map(([area, { cases }]) => [area, cases]);
}
