import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { plainHost } from "./destination.ts";
import { EgressError, UNREACHABLE } from "./egress-error.ts";
import type { Permits } from "./egress-rules.ts";
import type { EgressSettings } from "./egress-options.ts";
import { ownPorts } from "./own-ports.ts";

/** Names to addresses, for the connections of one account. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

/** Ports whose connector is kept, with the TLS sessions that it remembers. */
const KEPT_PORTS = 32;

/**
 * Makes the function through which all connections of an account's workers are opened. A name is resolved once,
 * all its addresses are checked, and the connection goes to one that was checked: a name that changes
 * its mind in between (DNS rebinding) gains nothing. Host header and certificate stay those of the name.
 */
export function createConnector(
  permits: Permits,
  lookup: Lookup,
  settings: EgressSettings,
): buildConnector.connector {
  // A look-up is told the name but not the port, and a rule may be about both: each port has its own.
  const ports = new Map<number, buildConnector.connector>();
  const connectorOf = (port: number): buildConnector.connector => {
    let connector = ports.get(port);
    if (connector === undefined) {
      if (ports.size >= KEPT_PORTS) ports.clear();
      connector = openTo(checkedLookup(permits, lookup, port), settings);
      ports.set(port, connector);
    }
    return connector;
  };
  return (options, callback) => {
    const port = Number(options.port || (options.protocol === "https:" ? 443 : 80));
    const host = plainHost(options.hostname);
    // A literal address is never looked up, so its check stands here.
    if (isIP(host) !== 0 && !permits(host, host, port))
      return queueMicrotask(() => callback(refused(), null));
    connectorOf(port)(options, (error, socket) => {
      if (error !== null) return callback(error, null);
      const { remoteAddress = "", localAddress } = socket;
      if (permits(host, remoteAddress, port) && !ownPorts.meets(localAddress, remoteAddress, port))
        return callback(null, socket);
      socket.destroy();
      callback(refused(), null);
    });
  };
}

function openTo(lookup: LookupFunction, settings: EgressSettings): buildConnector.connector {
  return buildConnector({
    allowH2: false,
    timeout: settings.connectTimeoutMs,
    autoSelectFamily: true,
    lookup,
    ...(settings.ca === undefined
      ? {}
      : { ca: typeof settings.ca === "string" ? settings.ca : [...settings.ca] }),
  } as buildConnector.BuildOptions);
}

function checkedLookup(permits: Permits, lookup: Lookup, port: number): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname).then(
      (addresses) => {
        const checked = addresses
          .filter((address) => permits(hostname, address, port))
          .map((address) => ({ address, family: isIP(address) }));
        const [first] = checked;
        if (first === undefined) callback(refused(), "");
        else if (options.all === true) callback(null, checked);
        else callback(null, first.address, first.family);
      },
      () => callback(refused(), ""),
    );
  };
}

function refused(): EgressError {
  return new EgressError("TypeError", UNREACHABLE);
}
