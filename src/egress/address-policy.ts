import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { IPv4, IPv6 } from "ipaddr.js";
import { SkerryError } from "../errors/skerry-error.ts";

/** Whether workers may connect to an address, given as text. What is no address is refused. */
export type AddressPolicy = (address: string) => boolean;

/** Operator's exceptions, see `EgressOptions`. */
export interface AddressRules {
  readonly allowAddresses: readonly string[];
  readonly denyAddresses: readonly string[];
  readonly allowPrivate: boolean;
}

type Range = readonly [address: IPv4 | IPv6, bits: number];

/** Public IPv6 lies in here. All else is local, reserved, or IPv4 in disguise. */
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR("2000::/3");
/** Within it, what leads to IPv4 addresses that would need a check of their own, or nowhere. */
const SPECIAL_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
);

/**
 * Makes the rule of which addresses workers may reach: public unicast, plus what the operator allows,
 * less what he denies.
 *
 * @throws {SkerryError} `INVALID_ADDRESS_RANGE` for a rule that is neither an address nor a range.
 */
export function createAddressPolicy(rules: AddressRules): AddressPolicy {
  const allowed = rules.allowAddresses.map(parseRange);
  const denied = rules.denyAddresses.map(parseRange);
  return (text) => {
    const address = parseAddress(text);
    if (address === null || isIn(address, denied)) return false;
    if (isIn(address, allowed)) return true;
    return isPublic(address) || (rules.allowPrivate && !isBroadcast(address));
  };
}

/** An address in its one form: IPv4 that is mapped into IPv6 counts as IPv4. */
function parseAddress(text: string): IPv4 | IPv6 | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (isIP(text) !== 6 || text.includes("%")) return null;
  // The parser takes "::8.8.8.8" for a mapped address, which it is not; in hexadecimal it cannot.
  const hexadecimal = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1) ?? "";
  if (!ipaddr.IPv6.isValid(hexadecimal)) return null;
  const address = ipaddr.IPv6.parse(hexadecimal);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function isPublic(address: IPv4 | IPv6): boolean {
  if (address.range() !== "unicast") return false;
  if (address.kind() === "ipv4") return true;
  return contains(GLOBAL_V6, address) && !isIn(address, SPECIAL_V6);
}

function isBroadcast(address: IPv4 | IPv6): boolean {
  const range = address.range();
  return range === "multicast" || range === "broadcast";
}

function isIn(address: IPv4 | IPv6, ranges: readonly Range[]): boolean {
  return ranges.some((range) => contains(range, address));
}

function contains([base, bits]: Range, address: IPv4 | IPv6): boolean {
  if (base.kind() !== address.kind()) return false;
  return base.kind() === "ipv4"
    ? (address as IPv4).match(base as IPv4, bits)
    : (address as IPv6).match(base as IPv6, bits);
}

function parseRange(text: string): Range {
  const [base = "", bits] = text.split("/");
  const address = parseAddress(base);
  const width = address?.kind() === "ipv6" ? 128 : 32;
  const length = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  if (address === null || length < 0 || length > width) {
    throw new SkerryError(
      "INVALID_ADDRESS_RANGE",
      `Cannot use address range "${text}": it must be an address or a range such as "10.0.0.0/8" or "fd00::/8"`,
    );
  }
  return [address, length];
}
