import { type AdmissionOptions, DEFAULT_ADMISSION } from "../admission/options.ts";
import type { AccountCacheOptions, CacheOptions } from "../cache/cache-options.ts";
import type { AccountOptions, EgressAccess, HostOptions } from "../host-options.ts";
import { isLabel } from "../ids/label.ts";
import { LIMIT_RANGES } from "../limits/defaults.ts";
import type { Limits } from "../limits/limits.ts";
import type { WarmOptions } from "../warm/options.ts";
import type { ConfigReader, Section } from "./document/config-reader.ts";
import { readAccountEgress, readEgress } from "./egress-settings.ts";
import { given } from "./given.ts";
import { readAssets } from "./read-assets.ts";
import { readHosts } from "./read-hosts.ts";
import { readIsolation } from "./read-isolation.ts";
import { readQuarantine } from "./read-quarantine.ts";
import { readRollback } from "./read-rollback.ts";
import { readAccountStorage, readStorage } from "./read-storage.ts";

/** The options of a host that are plain values, so that a file can hold them too. */
export const SETTING_KEYS = [
  "dataFolder",
  "secretsKeyFile",
  "cell",
  "sandbox",
  "cells",
  "cellMemoryMb",
  "standbyCells",
  "spares",
  "warm",
  "isolation",
  "maxCells",
  "quarantine",
  "autoRollback",
  "limits",
  "maxLimits",
  "accounts",
  "admission",
  "egress",
  "wasmCompile",
  "cache",
  "assets",
  "storage",
] as const;
export type HostSettings = Pick<HostOptions, (typeof SETTING_KEYS)[number]>;

const ACCOUNT_CACHE_KEYS = ["objectBytes", "accountBytes", "accountEntries"] as const;
/** CPU of a thousand cores in a minute, in ms. */
const MAX_CPU_MS = 60_000_000;

/** Reads the settings that a section has; what is wrong is noted with the reader. */
export function readHostSettings(reader: ConfigReader, root: Section): HostSettings {
  const warm = reader.table(root, "warm");
  const egress = readEgress(reader, root);
  return {
    ...given("dataFolder", reader.string(root, "dataFolder", "a path", /\S/)),
    ...given("secretsKeyFile", reader.string(root, "secretsKeyFile", "a path", /\S/)),
    ...given("cell", reader.oneOf(root, "cell", ["process", "in-process"])),
    ...given("sandbox", reader.oneOf(root, "sandbox", ["auto", "off", "require"])),
    ...given("cells", reader.integer(root, "cells", 1, 1_024)),
    ...given("cellMemoryMb", reader.integer(root, "cellMemoryMb", 256, 4_194_304)),
    ...given("standbyCells", reader.integer(root, "standbyCells", 0, 16)),
    ...given("spares", reader.integer(root, "spares", 0, 1_000)),
    ...given("warm", warm && readWarm(reader, warm)),
    ...given("isolation", readIsolation(reader, root)),
    ...given("maxCells", reader.integer(root, "maxCells", 1, 1_024)),
    ...given("quarantine", readQuarantine(reader, root)),
    ...given("autoRollback", readRollback(reader, root)),
    ...given("limits", readLimits(reader, root, "limits")),
    ...given("maxLimits", readLimits(reader, root, "maxLimits")),
    ...given("admission", readAdmission(reader, root)),
    ...given("accounts", readAccounts(reader, root, egress)),
    ...given("egress", egress),
    ...given("wasmCompile", reader.boolean(root, "wasmCompile")),
    ...given("cache", readCache(reader, root)),
    ...given("assets", readAssets(reader, root)),
    ...given("storage", readStorage(reader, root)),
  };
}

function readWarm(reader: ConfigReader, section: Section): Partial<WarmOptions> {
  reader.only(section, [
    "maxIsolates",
    "maxBytes",
    "idleMs",
    "maxPerVersion",
    "cores",
    "maxLoading",
    "recycleAt",
    "cellIdleMs",
  ]);
  return {
    ...given("maxIsolates", reader.integer(section, "maxIsolates", 1, 100_000)),
    ...given("maxBytes", reader.integer(section, "maxBytes", 1024 ** 2, 1024 ** 5)),
    ...given("idleMs", reader.integer(section, "idleMs", 1, 7 * 24 * 3_600_000)),
    ...given("maxPerVersion", reader.integer(section, "maxPerVersion", 1, 1_024)),
    ...given("cores", reader.integer(section, "cores", 1, 1_024)),
    ...given("maxLoading", reader.integer(section, "maxLoading", 1, 1_024)),
    ...given("recycleAt", reader.number(section, "recycleAt", 0.1, 1)),
    ...given("cellIdleMs", reader.integer(section, "cellIdleMs", 1, 24 * 3_600_000)),
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

function readAccounts(
  reader: ConfigReader,
  root: Section,
  egress: EgressAccess | undefined,
): Record<string, AccountOptions> | undefined {
  const accounts = reader.table(root, "accounts");
  if (!accounts) return undefined;
  const found: Record<string, AccountOptions> = {};
  for (const id of Object.keys(accounts.value)) {
    if (!isLabel(id)) {
      reader.problem(
        [...accounts.path, id],
        `"accounts.${id}": an account's name has 1 to 63 of a-z, 0-9, "-" and "_"`,
      );
    }
    const account = reader.table(accounts, id);
    if (!account) continue;
    reader.only(account, [
      "limits",
      "maxLimits",
      "cache",
      "assets",
      "storage",
      "weight",
      "cpuMsPerMinute",
      "egress",
      "isolation",
      "hosts",
      "autoRollback",
    ]);
    found[id] = {
      ...given("limits", readLimits(reader, account, "limits")),
      ...given("maxLimits", readLimits(reader, account, "maxLimits")),
      ...given("cache", readAccountCache(reader, account)),
      ...given("assets", readAssets(reader, account)),
      ...given("storage", readAccountStorage(reader, account)),
      ...given("isolation", readIsolation(reader, account)),
      ...given("autoRollback", readRollback(reader, account)),
      ...given("hosts", readHosts(reader, account)),
      ...given("weight", reader.integer(account, "weight", 1, 1_000)),
      ...given("cpuMsPerMinute", reader.integer(account, "cpuMsPerMinute", 0, MAX_CPU_MS)),
      ...given("egress", readAccountEgress(reader, account, egress)),
    };
  }
  return found;
}

function readAdmission(reader: ConfigReader, root: Section): AdmissionOptions | undefined {
  const admission = reader.table(root, "admission");
  if (!admission) return undefined;
  reader.only(admission, Object.keys(DEFAULT_ADMISSION));
  return {
    ...given("hostConcurrency", reader.integer(admission, "hostConcurrency", 1, 1_000_000)),
    ...given("accountCpuMsPerMinute", reader.integer(admission, "accountCpuMsPerMinute", 0, MAX_CPU_MS)),
    ...given("reserve", reader.number(admission, "reserve", 0, 0.99)),
    ...given("maxWaitMs", reader.integer(admission, "maxWaitMs", 0, 60_000)),
    ...given("accountLogLinesPerSecond", reader.integer(admission, "accountLogLinesPerSecond", 0, 1_000_000)),
  };
}

function readCache(reader: ConfigReader, root: Section): CacheOptions | undefined {
  const cache = reader.table(root, "cache");
  if (!cache) return undefined;
  reader.only(cache, [...ACCOUNT_CACHE_KEYS, "totalBytes"]);
  return {
    ...readCacheBounds(reader, cache),
    ...given("totalBytes", reader.integer(cache, "totalBytes", 0, 1024 ** 5)),
  };
}

function readAccountCache(reader: ConfigReader, account: Section): AccountCacheOptions | undefined {
  const cache = reader.table(account, "cache");
  if (!cache) return undefined;
  reader.only(cache, ACCOUNT_CACHE_KEYS);
  return readCacheBounds(reader, cache);
}

function readCacheBounds(reader: ConfigReader, cache: Section): AccountCacheOptions {
  return {
    ...given("objectBytes", reader.integer(cache, "objectBytes", 0, 1024 ** 4)),
    ...given("accountBytes", reader.integer(cache, "accountBytes", 0, 1024 ** 5)),
    ...given("accountEntries", reader.integer(cache, "accountEntries", 0, 100_000_000)),
  };
}
