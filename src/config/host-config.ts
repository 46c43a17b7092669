import type { ConfigDocument } from "./document/config-document.ts";
import { ConfigReader } from "./document/config-reader.ts";
import { given } from "./given.ts";
import { type HostSettings, readHostSettings, SETTING_KEYS } from "./host-settings.ts";
import { A_NAMED_ORIGIN, AN_ORIGIN, parseNamedOrigin, parseOrigin } from "./parse-origin.ts";

/** What a config file may say about a host; command-line options come on top. */
export interface HostConfig {
  /** Port of the workers. */
  readonly port?: number;
  /** Address to listen on. */
  readonly hostname?: string;
  /** Proxies in front, as addresses or CIDR ranges, whose word about the client is taken. */
  readonly trustedProxies?: readonly string[];
  /** Connections at once; more are closed. */
  readonly maxConnections?: number;
  /** The same of one client's address. */
  readonly maxConnectionsPerAddress?: number;
  /** Port of the control APIs. */
  readonly controlPort?: number;
  /** Address that the control APIs listen on. @default "127.0.0.1" */
  readonly controlHostname?: string;
  /** Where clients reach the control APIs, if that is not where they listen: the origin of a proxy. */
  readonly controlUrl?: string;
  /** Where clients reach workers: names of workers are put before its host. @default "http://localhost:<port>" */
  readonly workersUrl?: string;
  /** The part that `createHost` takes. */
  readonly host: HostSettings;
}

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
    "trustedProxies",
    "maxConnections",
    "maxConnectionsPerAddress",
    "controlPort",
    "controlHostname",
    "controlUrl",
    "workersUrl",
    ...SETTING_KEYS,
    "$schema",
  ]);
  const config: HostConfig = {
    ...given("port", reader.integer(root, "port", 0, 65_535)),
    ...given("hostname", reader.hostname(root, "hostname")),
    ...given("trustedProxies", reader.ranges(root, "trustedProxies")),
    ...given("maxConnections", reader.integer(root, "maxConnections", 1, 1_000_000)),
    ...given("maxConnectionsPerAddress", reader.integer(root, "maxConnectionsPerAddress", 1, 1_000_000)),
    ...given("controlPort", reader.integer(root, "controlPort", 0, 65_535)),
    ...given("controlHostname", reader.hostname(root, "controlHostname")),
    ...given("controlUrl", reader.read(root, "controlUrl", AN_ORIGIN, isOrigin)),
    ...given("workersUrl", reader.read(root, "workersUrl", A_NAMED_ORIGIN, isNamedOrigin)),
    host: readHostSettings(reader, root),
  };
  reader.finish();
  return config;
}

function isOrigin(value: unknown): value is string {
  return typeof value === "string" && parseOrigin(value) !== null;
}

function isNamedOrigin(value: unknown): value is string {
  return typeof value === "string" && parseNamedOrigin(value) !== null;
}
