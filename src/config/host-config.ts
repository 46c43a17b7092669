import type { ConfigDocument } from "./document/config-document.ts";
import { ConfigReader } from "./document/config-reader.ts";
import { given } from "./given.ts";
import { type HostSettings, readHostSettings, SETTING_KEYS } from "./host-settings.ts";

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
  /** Port of the control API, always on loopback. */
  readonly controlPort?: number;
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
    host: readHostSettings(reader, root),
  };
  reader.finish();
  return config;
}
