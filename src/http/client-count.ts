import { isIPv6 } from "node:net";

/** Counts the connections of each client, so that no client has them all. */
export class ClientCount {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Clients that have connections. */
  get clients(): number {
    return this.#counts.size;
  }

  /** @returns what to call when the connection is over; null if the client has too many */
  enter(address: string): (() => void) | null {
    const client = clientOf(address);
    const count = this.#counts.get(client) ?? 0;
    if (count >= this.#max) return null;
    this.#counts.set(client, count + 1);
    return () => {
      const left = (this.#counts.get(client) ?? 1) - 1;
      if (left > 0) this.#counts.set(client, left);
      else this.#counts.delete(client);
    };
  }
}

/** Who has an IPv6 address has the 2^64 beside it as well. */
function clientOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail = ""] = address.replace(/%.*$/, "").split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0");
  const groups = address.includes("::") ? [...before, ...zeros, ...after] : before;
  return groups.slice(0, 4).join(":");
}
