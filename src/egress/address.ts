import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { IPv4, IPv6 } from "ipaddr.js";

/** An address in its one form. */
export type Address = IPv4 | IPv6;
/** An address and how many of its leading bits count. */
export type AddressRange = readonly [address: Address, bits: number];

/** Reads an address: IPv4 that is mapped into IPv6 counts as IPv4. @returns null for what is none */
export function parseAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (isIP(text) !== 6 || text.includes("%")) return null;
  // The parser takes "::8.8.8.8" for a mapped address, which it is not; in hexadecimal it cannot.
  const hexadecimal = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1) ?? "";
  if (!ipaddr.IPv6.isValid(hexadecimal)) return null;
  const address = ipaddr.IPv6.parse(hexadecimal);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** Reads an address or a CIDR range. @returns null for what is neither */
export function parseRange(text: string): AddressRange | null {
  const [base = "", bits, ...more] = text.split("/");
  const address = parseAddress(base);
  const width = address?.kind() === "ipv6" ? 128 : 32;
  const length = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  return address === null || more.length > 0 || length < 0 || length > width ? null : [address, length];
}

/** Whether an address lies in a range. */
export function contains([base, bits]: AddressRange, address: Address): boolean {
  if (base.kind() !== address.kind()) return false;
  return base.kind() === "ipv4"
    ? (address as IPv4).match(base as IPv4, bits)
    : (address as IPv6).match(base as IPv6, bits);
}
