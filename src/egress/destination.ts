import { SkerryError } from "../errors/skerry-error.ts";
import { isDnsName } from "../ids/dns-name.ts";
import { type Address, type AddressRange, contains, parseRange } from "./address.ts";

/** Where a connection goes: the name that was asked for (or an address as text), its address, and the port. */
export interface Target {
  /** In lower case, as URLs have it, without brackets and without a dot at its end. */
  readonly host: string;
  readonly address: Address;
  readonly port: number;
}

/** An entry of a list of destinations. */
export interface Destination {
  /** Whom it means: an address or range, a name, the names below one, or everybody. */
  readonly range: AddressRange | null;
  readonly name: string | null;
  readonly suffix: string | null;
  /** Ports it means; null if all. */
  readonly ports: readonly [first: number, last: number] | null;
}

/** What an entry may be, for messages. */
export const DESTINATION_FORM =
  'a host ("api.example.com", "*.example.com", "*"), an address or a range ("192.0.2.0/24", "[2001:db8::]/32"), each with or without a port or ports (":443", ":8000-8999")';

/**
 * Reads an entry of a list of destinations.
 *
 * @throws {SkerryError} `INVALID_DESTINATION` for what is none.
 * @example
 * parseDestination("*.example.com:443");
 * parseDestination("[2001:db8::]/32:8000-8999");
 */
export function parseDestination(text: string): Destination {
  const [host, ports] = splitPorts(text);
  if (host === null) throw invalid(text);
  if (host === "*") return { range: null, name: null, suffix: null, ports };
  const range = parseRange(host);
  if (range !== null) return { range, name: null, suffix: null, ports };
  const isWild = host.startsWith("*.");
  const name = plainName(isWild ? host.slice(2) : host);
  if (name === null) throw invalid(text);
  return { range: null, name: isWild ? null : name, suffix: isWild ? `.${name}` : null, ports };
}

/** Whether a text is an entry of a list of destinations. */
export function isDestination(text: string): boolean {
  try {
    parseDestination(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a destination means this target. */
export function reaches({ range, name, suffix, ports }: Destination, target: Target): boolean {
  if (ports !== null && (target.port < ports[0] || target.port > ports[1])) return false;
  if (range !== null) return contains(range, target.address);
  if (name !== null) return target.host === name;
  return suffix === null || (target.host.endsWith(suffix) && target.host.length > suffix.length);
}

/** A host of a URL in the form in which it is compared. */
export function plainHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

function splitPorts(text: string): readonly [host: string | null, ports: Destination["ports"]] {
  const bracketed = /^\[([\da-f:.]+)\](\/\d{1,3})?(?::(.*))?$/i.exec(text);
  if (bracketed !== null)
    return withPorts(`${bracketed[1]!}${bracketed[2] ?? ""}`, bracketed[3], bracketed[1]!.includes(":"));
  // Without brackets, more than one colon is IPv6, which then has no port.
  if (text.split(":").length > 2) return [text, null];
  const [host = "", ports] = text.split(":");
  return withPorts(host, ports, true);
}

function withPorts(host: string, text: string | undefined, isHost: boolean): ReturnType<typeof splitPorts> {
  if (!isHost) return [null, null];
  if (text === undefined) return [host, null];
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const ports = [Number(first), Number(last ?? first)] as const;
  const good = first !== undefined && ports[0] >= 1 && ports[0] <= ports[1] && ports[1] <= 65_535;
  return good ? [host, ports] : [null, null];
}

/** A name in the form that URLs have: lower case, and in ASCII. */
function plainName(name: string): string | null {
  if (/[\s/?#@\\%:[\]*]/.test(name)) return null;
  const host = URL.parse(`http://${name}/`)?.hostname.replace(/\.$/, "") ?? "";
  // A name of digits would have become an address, which the entry did not say.
  return isDnsName(host) && parseRange(host) === null ? host : null;
}

function invalid(text: string): SkerryError {
  return new SkerryError(
    "INVALID_DESTINATION",
    `Cannot use destination ${JSON.stringify(text)}: it must be ${DESTINATION_FORM}`,
  );
}
