import { ROLLBACK_RANGES, type RollbackSetting } from "../control/rollback-options.ts";
import { given } from "./given.ts";
import type { ConfigReader, Section } from "./document/config-reader.ts";

/** Reads `autoRollback`: a table of numbers, or false. */
export function readRollback(reader: ConfigReader, parent: Section): RollbackSetting | undefined {
  const isSetting = (value: unknown): value is false | object => value === false || typeof value === "object";
  const value = reader.read(parent, "autoRollback", "false or a table (object)", isSetting);
  if (value === undefined || value === false) return value;
  const section = reader.table(parent, "autoRollback");
  if (!section) return undefined;
  const { errorRate, margin, windowMs, minRequests } = ROLLBACK_RANGES;
  reader.only(section, Object.keys(ROLLBACK_RANGES));
  return {
    ...given("errorRate", reader.number(section, "errorRate", ...errorRate)),
    ...given("margin", reader.number(section, "margin", ...margin)),
    ...given("windowMs", reader.integer(section, "windowMs", ...windowMs)),
    ...given("minRequests", reader.integer(section, "minRequests", ...minRequests)),
  };
}
