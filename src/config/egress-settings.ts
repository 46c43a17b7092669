import { isAddressRule } from "../egress/address-policy.ts";
import { DESTINATION_FORM, isDestination } from "../egress/destination.ts";
import type { EgressRules } from "../egress/egress-rules.ts";
import type { EgressAccess } from "../host-options.ts";
import { type ConfigReader, name, type Section, show } from "./document/config-reader.ts";
import { given } from "./given.ts";

const RULES = ["mode", "allow", "deny", "allowAddresses", "denyAddresses"] as const;
const TIMES = ["connectTimeoutMs", "headersTimeoutMs", "bodyIdleMs", "totalTimeoutMs"] as const;
const DAY_MS = 24 * 3_600_000;

/** Reads where the workers of a host may connect to. */
export function readEgress(reader: ConfigReader, root: Section): EgressAccess | undefined {
  const egress = reader.table(root, "egress");
  if (!egress) return undefined;
  reader.only(egress, [...RULES, ...TIMES]);
  const rules = readRules(reader, egress);
  mustList(reader, egress, rules.mode, rules);
  return {
    ...rules,
    ...given("connectTimeoutMs", reader.integer(egress, "connectTimeoutMs", 100, DAY_MS)),
    ...given("headersTimeoutMs", reader.integer(egress, "headersTimeoutMs", 100, DAY_MS)),
    ...given("bodyIdleMs", reader.integer(egress, "bodyIdleMs", 100, DAY_MS)),
    ...given("totalTimeoutMs", reader.integer(egress, "totalTimeoutMs", 100, DAY_MS)),
  };
}

/** Reads where the workers of an account may connect to, on a host with rules of its own. */
export function readAccountEgress(
  reader: ConfigReader,
  account: Section,
  host: EgressAccess | undefined,
): EgressRules | undefined {
  const egress = reader.table(account, "egress");
  if (!egress) return undefined;
  reader.only(egress, RULES);
  const rules = readRules(reader, egress);
  mustList(reader, egress, rules.mode ?? host?.mode, rules);
  return rules;
}

function readRules(reader: ConfigReader, egress: Section): EgressRules {
  return {
    ...given("mode", reader.oneOf(egress, "mode", ["public", "listed"])),
    ...given("allow", destinations(reader, egress, "allow")),
    ...given("deny", destinations(reader, egress, "deny")),
    ...given("allowAddresses", addresses(reader, egress, "allowAddresses")),
    ...given("denyAddresses", addresses(reader, egress, "denyAddresses")),
  };
}

/** A list that has no effect is a mistake: its author believes that all else is refused. */
function mustList(
  reader: ConfigReader,
  egress: Section,
  mode: EgressRules["mode"],
  { allow }: EgressRules,
): void {
  if (allow === undefined || mode === "listed") return;
  const path = [...egress.path, "allow"];
  const key = name([...egress.path, "mode"]);
  reader.problem(path, `${name(path)} has no effect unless ${key} is "listed"`);
}

function destinations(reader: ConfigReader, section: Section, key: string): readonly string[] | undefined {
  const list = reader.strings(section, key, "a list of destinations");
  return checked(reader, section, key, list, isDestination, DESTINATION_FORM);
}

function addresses(reader: ConfigReader, section: Section, key: string): readonly string[] | undefined {
  const allowed = 'a list of addresses or CIDR ranges, such as ["10.1.0.0/16", "::1"]';
  return checked(reader, section, key, reader.strings(section, key, allowed), isAddressRule, allowed);
}

function checked(
  reader: ConfigReader,
  section: Section,
  key: string,
  list: readonly string[] | undefined,
  isGood: (item: string) => boolean,
  allowed: string,
): readonly string[] | undefined {
  for (const [index, item] of (list ?? []).entries()) {
    if (isGood(item)) continue;
    const path = [...section.path, key, index];
    reader.problem(path, `${name(path)} is ${show(item)}; it must be ${allowed}`);
  }
  return list;
}
