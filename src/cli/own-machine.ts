import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { parseAddress } from "../egress/address.ts";

/** Whether nobody but this machine reaches what listens at an address or name. */
export function isLoopback(address: string): boolean {
  return address.toLowerCase() === "localhost" || parseAddress(address)?.range() === "loopback";
}

/** Whether a client's address is one of this machine's own. */
export function isOwnMachine(address: string): boolean {
  if (isLoopback(address)) return true;
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address));
}

/** Where this machine itself reaches what listens at an address: "any" is no address to connect to. */
export function reachableHost(address: string): string {
  if (address === "0.0.0.0") return "127.0.0.1";
  if (isIP(address) !== 6) return address;
  return /^[0:]+$/.test(address) ? "[::1]" : `[${address}]`;
}
