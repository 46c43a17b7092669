import { parseAddress } from "./address.ts";
import { createAddressPolicy } from "./address-policy.ts";
import { parseDestination, plainHost, reaches } from "./destination.ts";

/** Where workers may connect to: of a host, or of an account. */
export interface EgressRules {
  /**
   * `"public"`: everywhere but where `deny` says otherwise. `"listed"`: nowhere but where `allow` says so.
   * @default "public"
   */
  readonly mode?: "public" | "listed";
  /** Destinations that mode `"listed"` allows: `"api.example.com"`, `"*.example.com:443"`, `"192.0.2.0/24"`. @default none */
  readonly allow?: readonly string[];
  /** Destinations that are refused, in the same forms. Stronger than `allow`. @default none */
  readonly deny?: readonly string[];
  /**
   * Addresses that workers may reach although they are private, loopback or link-local, as CIDR ranges with or
   * without a port. A port of the host itself opens only by an entry that names it. @default none
   */
  readonly allowAddresses?: readonly string[];
  /** Addresses that workers may not reach although they are public. Stronger than all else. @default none */
  readonly denyAddresses?: readonly string[];
}

/** Whether a connection to a host's name (or address) may go to this address and port. */
export type Permits = (host: string, address: string, port: number) => boolean;

/**
 * The rules of an account: its own where it has some, else the host's. What either of them denies is denied.
 */
export function accountRules(host: EgressRules, own: EgressRules = {}): EgressRules {
  return {
    ...host,
    ...own,
    deny: [...(host.deny ?? []), ...(own.deny ?? [])],
    denyAddresses: [...(host.denyAddresses ?? []), ...(own.denyAddresses ?? [])],
  };
}

/**
 * Makes the check of connections by rules. It is made of the address that a name resolved to, with the name: so a
 * rule of names never opens an address that no worker may reach.
 *
 * @throws {SkerryError} `INVALID_ADDRESS_RANGE`, `INVALID_DESTINATION`.
 */
export function createPermits(rules: EgressRules & { readonly allowPrivate: boolean }): Permits {
  const { mode = "public", allowAddresses = [], denyAddresses = [], allowPrivate } = rules;
  const allow = (rules.allow ?? []).map(parseDestination);
  const deny = (rules.deny ?? []).map(parseDestination);
  const reachable = createAddressPolicy({ allowAddresses, denyAddresses, allowPrivate });
  return (host, text, port) => {
    if (!reachable(text, port)) return false;
    const address = parseAddress(text);
    if (address === null) return false;
    const target = { host: plainHost(host), address, port };
    if (deny.some((destination) => reaches(destination, target))) return false;
    return mode === "public" || allow.some((destination) => reaches(destination, target));
  };
}
