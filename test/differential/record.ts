import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DIFFERENCES } from "./differences.ts";
import { reasonOf, type Asked, type Finding, type Verdict } from "./judge.ts";
import { surfaceGaps, type SurfaceGaps } from "./surface.ts";

/** What the suite found in one area. */
export interface AreaRecord {
  readonly cases: number;
  readonly checks: number;
  /** Checks whose values are equal. */
  readonly equal: number;
  /** Checks at the old date where Skerry does what workerd does at the newest. */
  readonly dates: number;
  /** Checks that differ as all of their kind do: see `GENERAL`. */
  readonly general: number;
  /** Checks that differ for a reason that is listed. */
  readonly listed: number;
}

/** What `docs/cloudflare-compatibility.md` is made of: written by `explore.ts --record`, and brought into form by `npm run fix`. */
export interface DifferentialRecord {
  readonly areas: Readonly<Record<string, AreaRecord>>;
  /** Cases by listed reason, in the order of `DIFFERENCES`. */
  readonly reasons: readonly number[];
  readonly surface: SurfaceGaps;
}

const FILE = join(import.meta.dirname, "recorded.json");

export function readRecord(): DifferentialRecord {
  return JSON.parse(readFileSync(FILE, "utf8")) as DifferentialRecord;
}

export function writeRecord(record: DifferentialRecord): void {
  writeFileSync(FILE, `${JSON.stringify(record, null, 2)}\n`);
}

/** Makes the record of one run. */
export function recordOf(all: readonly Asked[], findings: readonly Finding[]): DifferentialRecord {
  const listed = findings.filter(({ verdict }) => verdict === "listed");
  const reasons = DIFFERENCES.map(
    ({ reason }) =>
      new Set(listed.filter(({ key }) => reasonOf(key) === reason).map((finding) => finding.case)).size,
  );
  return { areas: areasOf(findings), reasons, surface: surfaceGaps(all) };
}

/** What was found in each area. */
export function areasOf(findings: readonly Finding[]): DifferentialRecord["areas"] {
  const areas: Record<string, AreaRecord> = {};
  for (const area of [...new Set(findings.map((finding) => finding.area))].toSorted()) {
    const own = findings.filter((finding) => finding.area === area);
    const count = (wanted: (verdict: Verdict) => boolean): number =>
      own.filter(({ verdict }) => wanted(verdict)).length;
    const equal = count((verdict) => verdict === "equal" || verdict === "texts");
    const dates = count((verdict) => verdict === "dates");
    const listed = count((verdict) => verdict === "listed");
    const cases = new Set(own.map((finding) => finding.case)).size;
    areas[area] = {
      cases,
      checks: own.length,
      equal,
      dates,
      general: own.length - equal - dates - listed,
      listed,
    };
  }
  return areas;
}
