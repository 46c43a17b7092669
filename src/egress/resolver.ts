import { lookup } from "node:dns/promises";
import { Gate } from "./gate.ts";

/** Gives all addresses of a name, best first. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** The system's resolver holds a thread of a small pool for each question that is under way. */
const LOOKUPS_AT_ONCE = 3;
const REMEMBERED_MS = 5_000;
const REMEMBERED_NAMES = 1_000;

interface Remembered {
  readonly addresses: Promise<readonly string[]>;
  readonly untilMs: number;
}

/** Asks the system, a few names at a time, each name once at a time, and remembers answers for seconds. */
export class SystemResolver {
  readonly #gate = new Gate(LOOKUPS_AT_ONCE, 1_000);
  readonly #names = new Map<string, Remembered>();

  readonly resolve: Resolve = (hostname) => {
    const remembered = this.#names.get(hostname);
    if (remembered !== undefined && remembered.untilMs > performance.now()) return remembered.addresses;
    const addresses = this.#ask(hostname);
    if (this.#names.size >= REMEMBERED_NAMES) this.#names.clear();
    this.#names.set(hostname, { addresses, untilMs: performance.now() + REMEMBERED_MS });
    addresses.catch(() => this.#names.delete(hostname));
    return addresses;
  };

  async #ask(hostname: string): Promise<readonly string[]> {
    const leave = await this.#gate.enter();
    try {
      return (await lookup(hostname, { all: true })).map(({ address }) => address);
    } finally {
      leave();
    }
  }
}
