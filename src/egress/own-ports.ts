import { networkInterfaces } from "node:os";
import { type Address, parseAddress } from "./address.ts";

/** How long the machine's addresses are taken for the same: long enough that no flood of fetches asks each time. */
const REMEMBERED_MS = 1_000;

/**
 * The ports on which this process listens. Workers never reach them by an address of this machine: neither the
 * workers' listener nor the control API, whatever ranges an operator opens.
 */
export class OwnPorts {
  readonly #interfaces: typeof networkInterfaces;
  readonly #claims = new Map<number, number>();
  #addresses: ReadonlySet<string> = new Set();
  #untilMs = -Infinity;

  /** @param interfaces The machine's addresses. */
  constructor(interfaces: typeof networkInterfaces = networkInterfaces) {
    this.#interfaces = interfaces;
  }

  /** Takes a port. @returns what gives it back; calling it again does nothing */
  claim(port: number): () => void {
    this.#claims.set(port, (this.#claims.get(port) ?? 0) + 1);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const left = (this.#claims.get(port) ?? 1) - 1;
      if (left > 0) this.#claims.set(port, left);
      else this.#claims.delete(port);
    };
  }

  /**
   * Whether a connection has come back to this process by an address that the machine's interfaces do not show: such
   * a connection has one address at both its ends.
   */
  meets(local: string | undefined, remote: string, port: number): boolean {
    if (local !== remote || !this.#claims.has(port)) return false;
    const address = parseAddress(remote);
    return address === null || !this.#isOurs(address);
  }

  /** Whether a connection to this address and port would end at this process. */
  holds(address: Address, port: number): boolean {
    return this.#claims.has(port) && this.#isOurs(address);
  }

  #isOurs(address: Address): boolean {
    const range = address.range();
    if (range === "loopback" || range === "unspecified") return true;
    // Linux takes all of 0.0.0.0/8 for no address; nothing good is lost with it.
    if (address.kind() === "ipv4" && address.toByteArray()[0] === 0) return true;
    this.#refresh();
    return this.#addresses.has(address.toString());
  }

  #refresh(): void {
    const nowMs = performance.now();
    if (nowMs < this.#untilMs) return;
    this.#untilMs = nowMs + REMEMBERED_MS;
    const found = new Set<string>();
    for (const { address } of Object.values(this.#interfaces()).flatMap((list) => list ?? [])) {
      const parsed = parseAddress(address.replace(/%.*$/, ""));
      if (parsed !== null) found.add(parsed.toString());
    }
    this.#addresses = found;
  }
}

/** Of this process: all its listeners claim their ports here. */
export const ownPorts: OwnPorts = new OwnPorts();
