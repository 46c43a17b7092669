import type { ConfigScope } from "../config-scope.ts";
import { innerKeys } from "../keys/nested-keys.ts";

/** Where `skerry dev` listens, as far as the config says. */
export interface DevSettings {
  readonly port?: number;
  readonly hostname?: string;
}

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
  scope.warnUnknown(dev, innerKeys("dev"));
  // A shell's idea of all addresses, which is no address to listen on.
  const hostname = ip === "*" ? "0.0.0.0" : ip;
  return { ...(port !== undefined && { port }), ...(hostname !== undefined && { hostname }) };
}
