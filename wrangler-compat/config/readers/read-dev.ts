import type { ConfigScope } from "../config-scope.ts";

/** Where `skerry dev` listens, as far as the config says. */
export interface DevSettings {
  readonly port?: number;
  readonly hostname?: string;
}

const OTHERS = {
  inspector_port: "there is no inspector",
  inspector_ip: "there is no inspector",
  local_protocol: "it answers HTTP",
  upstream_protocol: "requests keep their protocol",
  host: "requests keep their host",
  enable_containers: "there are no containers",
  container_engine: "there are no containers",
  generate_types: "types are wrangler's to make: wrangler types",
} as const;

/** `dev`: `port` and `ip`. */
export function readDev(scope: ConfigScope): DevSettings {
  const { reader } = scope;
  const dev = reader.table(scope.of("dev"), "dev");
  if (dev === undefined) return {};
  const port = reader.integer(dev, "port", 0, 65_535);
  const ip = reader.string(
    dev,
    "ip",
    'an address such as "127.0.0.1", "localhost" or "*"',
    /^(?:[\w.:-]+|\*)$/,
  );
  for (const [key, reason] of Object.entries(OTHERS)) scope.warnIgnored(dev, key, reason);
  scope.warnUnknown(dev, ["port", "ip", ...Object.keys(OTHERS)]);
  // A shell's idea of all addresses, which is no address to listen on.
  const hostname = ip === "*" ? "0.0.0.0" : ip;
  return { ...(port !== undefined && { port }), ...(hostname !== undefined && { hostname }) };
}
