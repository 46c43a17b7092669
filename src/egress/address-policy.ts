import ipaddr from "ipaddr.js";
import { SkerryError } from "../errors/skerry-error.ts";
import { type Address, type AddressRange, contains, parseAddress, parseRange } from "./address.ts";
import { type Destination, parseDestination } from "./destination.ts";
import { type OwnPorts, ownPorts } from "./own-ports.ts";

/** Whether workers may connect to an address, given as text. What is no address is refused. */
export type AddressPolicy = (address: string, port?: number) => boolean;

/** Operator's exceptions, see `EgressOptions`. */
export interface AddressRules {
  readonly allowAddresses: readonly string[];
  readonly denyAddresses: readonly string[];
  readonly allowPrivate: boolean;
}

/** Public IPv6 lies in here. All else is local, reserved, or IPv4 in disguise. */
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR("2000::/3");
/** Within it, what leads to IPv4 addresses that would need a check of their own, or nowhere. */
const SPECIAL_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
);
/** Services that clouds offer to their machines alone, on addresses that look public: keys and set-up of the host. */
const CLOUD_SERVICES: readonly AddressRange[] = [ipaddr.IPv4.parseCIDR("168.63.129.16/32")];

/**
 * Makes the rule of which addresses workers may reach: public unicast, plus what the operator allows,
 * less what he denies, and never the host itself where it listens.
 *
 * @param own The ports of the host. An exception opens one of them only if it names the port.
 * @throws {SkerryError} `INVALID_ADDRESS_RANGE` for a rule that is neither an address nor a range.
 */
export function createAddressPolicy(rules: AddressRules, own: OwnPorts = ownPorts): AddressPolicy {
  const allowed = rules.allowAddresses.map(parseRule);
  const denied = rules.denyAddresses.map(parseRule);
  return (text, port = 0) => {
    const address = parseAddress(text);
    if (address === null || denied.some((rule) => isIn(rule, address, port))) return false;
    if (allowed.some((rule) => rule.ports !== null && isIn(rule, address, port))) return true;
    if (own.holds(address, port)) return false;
    if (allowed.some((rule) => isIn(rule, address, port))) return true;
    return isPublic(address) || (rules.allowPrivate && !isBroadcast(address));
  };
}

function isPublic(address: Address): boolean {
  if (address.range() !== "unicast" || CLOUD_SERVICES.some((range) => contains(range, address))) return false;
  if (address.kind() === "ipv4") return true;
  return contains(GLOBAL_V6, address) && !SPECIAL_V6.some((range) => contains(range, address));
}

function isBroadcast(address: Address): boolean {
  const range = address.range();
  return range === "multicast" || range === "broadcast";
}

function isIn({ range, ports }: Destination, address: Address, port: number): boolean {
  return (
    range !== null && contains(range, address) && (ports === null || (port >= ports[0] && port <= ports[1]))
  );
}

/** Whether a text is a rule of addresses. */
export function isAddressRule(text: string): boolean {
  try {
    parseRule(text);
    return true;
  } catch {
    return false;
  }
}

/** An address or a range, with or without ports. */
function parseRule(text: string): Destination {
  const plain = parseRange(text);
  if (plain !== null) return { range: plain, name: null, suffix: null, ports: null };
  try {
    const rule = parseDestination(text);
    if (rule.range !== null) return rule;
  } catch {
    // Said below, in the words of addresses.
  }
  throw new SkerryError(
    "INVALID_ADDRESS_RANGE",
    `Cannot use address range "${text}": it must be an address or a range such as "10.0.0.0/8" or "fd00::/8"`,
  );
}
