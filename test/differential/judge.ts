import { compareAnswers, isEqual, type Check, type General } from "./compare.ts";
import { DATES, type Answer, type CompatDate } from "./differential-case.ts";
import { DIFFERENCES, type Difference } from "./differences.ts";
import { SURFACE_AREA } from "./surface.ts";

/** Answers of both sides to one request, by date. */
export interface Asked {
  readonly area: string;
  readonly worker: string;
  readonly request: string;
  readonly answers: ReadonlyMap<CompatDate, { readonly skerry: Answer; readonly workerd: Answer }>;
}

/** How one check ended. `dates`: Skerry does at this date what workerd does at the newest. */
export type Verdict = "equal" | "texts" | "dates" | General | "listed" | "unknown";

/** One check at one date. */
export interface Finding {
  readonly area: string;
  /** `worker/request`. */
  readonly case: string;
  /** `worker/request/label`, as `DIFFERENCES` has it. */
  readonly key: string;
  readonly date: CompatDate;
  readonly check: Check;
  readonly verdict: Verdict;
}

/** Judges all checks by what the table of differences says. */
export function judge(all: readonly Asked[]): Finding[] {
  const judged = all.filter(({ area }) => area !== SURFACE_AREA);
  return judged.flatMap(({ area, worker, request, answers }) => {
    const newest = answers.get(DATES[1]);
    const then = new Map(
      newest && compareAnswers(newest.skerry, newest.workerd).map((check) => [check.label, check]),
    );
    return [...answers].flatMap(([date, { skerry, workerd }]) =>
      compareAnswers(skerry, workerd).map((check): Finding => {
        const key = `${worker}/${request}/${check.label}`;
        return {
          area,
          case: `${worker}/${request}`,
          key,
          date,
          check,
          verdict: verdictOf(key, date, check, then),
        };
      }),
    );
  });
}

/** Entries of the table that no finding needs any more. */
export function staleEntries(
  findings: readonly Finding[],
  differences: readonly Difference[] = DIFFERENCES,
): string[] {
  const used = new Set(findings.filter(({ verdict }) => verdict === "listed").map(({ key }) => key));
  return differences.flatMap(({ at }) => at).filter((entry) => ![...used].some((key) => matches(entry, key)));
}

/** The reason for a difference, if it is listed. */
export function reasonOf(key: string): string | undefined {
  return DIFFERENCES.find(({ at }) => at.some((entry) => matches(entry, key)))?.reason;
}

function verdictOf(key: string, date: CompatDate, check: Check, newest: ReadonlyMap<string, Check>): Verdict {
  if (isEqual(check)) return check.textsDiffer ? "texts" : "equal";
  if (check.general !== undefined) return check.general;
  if (reasonOf(key) !== undefined) return "listed";
  if (date === DATES[1]) return "unknown";
  // Flags that came with a date: where the newest behaviour is the one that Skerry has, an old date changes nothing.
  const then = newest.get(check.label);
  if (then !== undefined) return undated(then.workerd) === undated(check.skerry) ? "dates" : "unknown";
  return newest.size > 0 ? "dates" : "unknown";
}

/** Names of workers, and so of hosts, have the year of their date. */
function undated(text: string): string {
  return text.replaceAll(DATES[0].slice(0, 4), "year").replaceAll(DATES[1].slice(0, 4), "year");
}

/** An entry ends in `*` where it stands for all that begins so. */
function matches(entry: string, key: string): boolean {
  return entry.endsWith("*") ? key.startsWith(entry.slice(0, -1)) : entry === key;
}
