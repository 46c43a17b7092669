import { BlockList, isIP } from "node:net";
import { SkerryError } from "../errors/skerry-error.ts";

/** The proxies in front of this host whose word about the client is taken. */
export class TrustedProxies {
  readonly #list = new BlockList();
  readonly #empty: boolean;

  /**
   * @param ranges Addresses or CIDR ranges.
   * @throws {SkerryError} `INVALID_ADDRESS_RANGE` if one is neither.
   */
  constructor(ranges: readonly string[]) {
    this.#empty = ranges.length === 0;
    for (const range of ranges) {
      const [address = "", bits] = range.split("/");
      const version = isIP(address);
      const width = version === 6 ? 128 : 32;
      const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
      if (version === 0 || prefix < 0 || prefix > width) {
        throw new SkerryError(
          "INVALID_ADDRESS_RANGE",
          `Cannot trust proxy "${range}": it must be an address or a range such as "10.0.0.0/8"`,
        );
      }
      this.#list.addSubnet(address, prefix, version === 6 ? "ipv6" : "ipv4");
    }
  }

  has(address: string): boolean {
    if (this.#empty) return false;
    const version = isIP(address);
    return version !== 0 && this.#list.check(address, version === 6 ? "ipv6" : "ipv4");
  }

  /**
   * The client's address, from what a trusted peer forwarded: the nearest hop that is not trusted.
   * What stands left of it, anybody may have written.
   */
  clientOf(peer: string, forwardedFor: string): string {
    let client = peer;
    for (const entry of forwardedFor.split(",").reverse()) {
      const address = plainAddress(
        entry
          .trim()
          .replace(/^\[(.*)\](:\d+)?$/, "$1")
          .replace(/^([\d.]+):\d+$/, "$1"),
      );
      if (isIP(address) === 0) return client;
      client = address;
      if (!this.has(address)) return client;
    }
    return client;
  }
}

/** An address without the disguise of IPv4 in IPv6 that dual-stack sockets give it. */
export function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}
