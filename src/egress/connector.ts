import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import { buildConnector } from "undici";
import type { AddressPolicy } from "./address-policy.ts";
import { EgressError, UNREACHABLE } from "./egress-error.ts";
import type { EgressSettings } from "./egress-options.ts";
import type { Resolve } from "./resolver.ts";

/**
 * Makes the function through which all connections of workers are opened. A name is resolved once,
 * all its addresses are checked, and the connection goes to one that was checked: a name that changes
 * its mind in between (DNS rebinding) gains nothing. Host header and certificate stay those of the name.
 */
export function createConnector(
  allows: AddressPolicy,
  resolve: Resolve,
  settings: EgressSettings,
): buildConnector.connector {
  const lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const checked = addresses.filter(allows).map((address) => ({ address, family: isIP(address) }));
        const [first] = checked;
        if (first === undefined) callback(refused(), "");
        else if (options.all === true) callback(null, checked);
        else callback(null, first.address, first.family);
      },
      () => callback(refused(), ""),
    );
  };
  const connect = buildConnector({
    allowH2: false,
    timeout: settings.connectTimeoutMs,
    autoSelectFamily: true,
    lookup,
    ...(settings.ca === undefined
      ? {}
      : { ca: typeof settings.ca === "string" ? settings.ca : [...settings.ca] }),
  } as buildConnector.BuildOptions);
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, "");
    // A literal address is never looked up, so its check stands here.
    if (isIP(host) !== 0 && !allows(host)) return queueMicrotask(() => callback(refused(), null));
    connect(options, (error, socket) => {
      if (error !== null) return callback(error, null);
      if (allows(socket.remoteAddress ?? "")) return callback(null, socket);
      socket.destroy();
      callback(refused(), null);
    });
  };
}

function refused(): EgressError {
  return new EgressError("TypeError", UNREACHABLE);
}
