import type { QuarantineOptions } from "../admission/quarantine-options.ts";
import { type ConfigReader, name, type Section, show } from "./document/config-reader.ts";

const YEAR_MS = 366 * 24 * 3_600_000;
const PAUSES = "a list of 1 to 20 pauses in ms, none shorter than the one before it";

/** Reads `quarantine`: a table of numbers, or false. */
export function readQuarantine(
  reader: ConfigReader,
  root: Section,
): Partial<QuarantineOptions> | false | undefined {
  const isFalse = (value: unknown): value is false | object => value === false || typeof value === "object";
  if (reader.read(root, "quarantine", "false or a table (object)", isFalse) === undefined) return undefined;
  if (root.value["quarantine"] === false) return false;
  const section = reader.table(root, "quarantine");
  if (!section) return undefined;
  reader.only(section, ["strikes", "withinMs", "pausesMs", "aloneMs", "forgetMs"]);
  const found: Record<string, unknown> = {
    strikes: reader.integer(section, "strikes", 1, 1_000),
    withinMs: reader.integer(section, "withinMs", 1, YEAR_MS),
    pausesMs: readPauses(reader, section),
    aloneMs: reader.integer(section, "aloneMs", 0, YEAR_MS),
    forgetMs: reader.integer(section, "forgetMs", 1, YEAR_MS),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function readPauses(reader: ConfigReader, section: Section): readonly number[] | undefined {
  const value = section.value["pausesMs"];
  if (value === undefined || isPauses(value)) return value;
  const path = [...section.path, "pausesMs"];
  reader.problem(path, `${name(path)} is ${show(value)}; it must be ${PAUSES}`);
  return undefined;
}

function isPauses(value: unknown): value is number[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > 20) return false;
  return value.every(
    (ms, i) => Number.isInteger(ms) && ms >= 1 && ms <= YEAR_MS && (i === 0 || ms >= Number(value[i - 1])),
  );
}
