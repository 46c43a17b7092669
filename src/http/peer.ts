import { plainAddress } from "./trusted-proxies.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

/** Who is at the other end of a connection: a client, or a proxy that speaks for one. */
export class Peer {
  readonly address: string;
  readonly scheme: "http" | "https";
  /** Whether what it says about the client is believed. */
  readonly trusted: boolean;
  readonly #proxies: TrustedProxies;
  readonly #plain: string;

  constructor(address: string, scheme: "http" | "https", proxies: TrustedProxies) {
    this.address = plainAddress(address);
    this.scheme = scheme;
    this.trusted = proxies.has(this.address);
    this.#proxies = proxies;
    this.#plain = clientHeaders(this.address, this.address, scheme);
  }

  /** The headers that tell the worker who the client is. */
  forwardHeaders(forwardedFor: string, scheme: string): string {
    if (!this.trusted) return this.#plain;
    const client = forwardedFor === "" ? this.address : this.#proxies.clientOf(this.address, forwardedFor);
    const chain = forwardedFor === "" ? this.address : `${forwardedFor}, ${this.address}`;
    return clientHeaders(client, chain, scheme);
  }
}

function clientHeaders(client: string, chain: string, scheme: string): string {
  return `cf-connecting-ip\n${client}\nx-real-ip\n${client}\nx-forwarded-for\n${chain}\nx-forwarded-proto\n${scheme}`;
}
