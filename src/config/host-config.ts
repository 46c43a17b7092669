import type { AccountOptions, EgressAccess, HostOptions } from "../host-options.ts";
import { LIMIT_RANGES } from "../limits/defaults.ts";
import type { Limits } from "../limits/limits.ts";
import type { WarmOptions } from "../warm/options.ts";
import type { ConfigDocument } from "./document/config-document.ts";
import { ConfigReader, type Section } from "./document/config-reader.ts";

/** What a config file may say about a host; command-line options come on top. */
export interface HostConfig {
  /** Port of the workers. */
  readonly port?: number;
  /** Address to listen on. */
  readonly hostname?: string;
  /** Port of the control API, always on loopback. */
  readonly controlPort?: number;
  /** The part that `createHost` takes. */
  readonly host: Pick<
    HostOptions,
    "dataFolder" | "cell" | "cells" | "spares" | "warm" | "limits" | "maxLimits" | "accounts" | "egress"
  >;
}

const ACCOUNT = /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/;

/**
 * Checks a host's config file. Its keys are those of {@link HostConfig} and its `host`, all optional.
 *
 * @throws ConfigError naming every key that is wrong, its value and what is allowed.
 */
export function readHostConfig(document: ConfigDocument): HostConfig {
  const reader = new ConfigReader(document);
  const { root } = reader;
  reader.only(root, [
    "port",
    "hostname",
    "controlPort",
    "dataFolder",
    "cell",
    "cells",
    "spares",
    "warm",
    "limits",
    "maxLimits",
    "accounts",
    "egress",
    "$schema",
  ]);
  const warm = reader.table(root, "warm");
  const limits = readLimits(reader, root, "limits");
  const maxLimits = readLimits(reader, root, "maxLimits");
  const config: HostConfig = {
    ...given("port", reader.integer(root, "port", 0, 65_535)),
    ...given(
      "hostname",
      reader.string(root, "hostname", 'an address such as "127.0.0.1" or "0.0.0.0"', /^[\w.:-]+$/),
    ),
    ...given("controlPort", reader.integer(root, "controlPort", 0, 65_535)),
    host: {
      ...given("dataFolder", reader.string(root, "dataFolder", "a path", /\S/)),
      ...given("cell", reader.oneOf(root, "cell", ["process", "in-process"])),
      ...given("cells", reader.integer(root, "cells", 1, 1_024)),
      ...given("spares", reader.integer(root, "spares", 0, 1_000)),
      ...given("warm", warm && readWarm(reader, warm)),
      ...given("limits", limits),
      ...given("maxLimits", maxLimits),
      ...given("accounts", readAccounts(reader, root)),
      ...given("egress", readEgress(reader, root)),
    },
  };
  reader.finish();
  return config;
}

function readWarm(reader: ConfigReader, section: Section): Partial<WarmOptions> {
  reader.only(section, ["maxIsolates", "maxBytes", "idleMs", "maxPerVersion", "cores", "maxLoading", "recycleAt"]);
  return {
    ...given("maxIsolates", reader.integer(section, "maxIsolates", 1, 100_000)),
    ...given("maxBytes", reader.integer(section, "maxBytes", 1024 ** 2, 1024 ** 5)),
    ...given("idleMs", reader.integer(section, "idleMs", 1, 7 * 24 * 3_600_000)),
    ...given("maxPerVersion", reader.integer(section, "maxPerVersion", 1, 1_024)),
    ...given("cores", reader.integer(section, "cores", 1, 1_024)),
    ...given("maxLoading", reader.integer(section, "maxLoading", 1, 1_024)),
    ...given("recycleAt", reader.number(section, "recycleAt", 0.1, 1)),
  };
}

function readLimits(reader: ConfigReader, section: Section, key: string): Partial<Limits> | undefined {
  const limits = reader.table(section, key);
  if (!limits) return undefined;
  reader.only(limits, Object.keys(LIMIT_RANGES));
  const found: Record<string, number> = {};
  for (const [limit, [min, max]] of Object.entries(LIMIT_RANGES)) {
    const value = reader.integer(limits, limit, min, max);
    if (value !== undefined) found[limit] = value;
  }
  return found;
}

function readAccounts(reader: ConfigReader, root: Section): Record<string, AccountOptions> | undefined {
  const accounts = reader.table(root, "accounts");
  if (!accounts) return undefined;
  const found: Record<string, AccountOptions> = {};
  for (const id of Object.keys(accounts.value)) {
    if (!ACCOUNT.test(id)) {
      reader.problem(
        [...accounts.path, id],
        `"accounts.${id}": an account's name has 1 to 63 of a-z, 0-9, "-" and "_"`,
      );
    }
    const account = reader.table(accounts, id);
    if (!account) continue;
    reader.only(account, ["limits", "maxLimits"]);
    found[id] = {
      ...given("limits", readLimits(reader, account, "limits")),
      ...given("maxLimits", readLimits(reader, account, "maxLimits")),
    };
  }
  return found;
}

const RANGES = 'a list of addresses or CIDR ranges, such as ["10.1.0.0/16", "::1"]';

function readEgress(reader: ConfigReader, root: Section): EgressAccess | undefined {
  const egress = reader.table(root, "egress");
  if (!egress) return undefined;
  reader.only(egress, ["allowAddresses"]);
  const allowAddresses = reader.strings(egress, "allowAddresses", RANGES);
  for (const [index, range] of (allowAddresses ?? []).entries()) {
    if (!/^[\da-f.:]+(\/\d{1,3})?$/i.test(range)) {
      const path = [...egress.path, "allowAddresses", index];
      reader.problem(
        path,
        `"egress.allowAddresses[${index}]" is ${JSON.stringify(range)}; it must be ${RANGES}`,
      );
    }
  }
  return given("allowAddresses", allowAddresses);
}

/** An object with the key only where there is a value. */
function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
