import { BlockList, isIP } from "node:net";
import { networkInterfaces } from "node:os";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Whether nobody but this machine reaches what listens at an address or name. */
export function isLoopback(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return address.toLowerCase() === "localhost";
  return LOOPBACK.check(address, version === 6 ? "ipv6" : "ipv4");
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
