import { lookup } from "node:dns/promises";
import { LookupQueue } from "./lookup-queue.ts";

/** Gives all addresses of a name, best first. */
export type Resolve = (hostname: string, account: string) => Promise<readonly string[]>;

/** The system's resolver holds a thread of a small pool for each question; the pool gives it half of its threads. */
const LOOKUPS_AT_ONCE = 2;
const REMEMBERED_MS = 5_000;
const REMEMBERED_NAMES = 1_000;

interface Remembered {
  readonly addresses: readonly string[];
  readonly untilMs: number;
}

/**
 * Asks the system, a few names at a time and every account in its turn, and remembers answers for seconds. An account
 * asks for a name once at a time; it does not wait behind the questions of another, even for the same name.
 */
export class SystemResolver {
  readonly #ask: (hostname: string) => Promise<readonly string[]>;
  readonly #queue = new LookupQueue(LOOKUPS_AT_ONCE);
  readonly #names = new Map<string, Remembered>();
  readonly #pending = new Map<string, Promise<readonly string[]>>();

  /** @param ask Asks for one name. @default the system */
  constructor(ask: (hostname: string) => Promise<readonly string[]> = askSystem) {
    this.#ask = ask;
  }

  readonly resolve: Resolve = async (hostname, account) => {
    const remembered = this.#names.get(hostname);
    if (remembered !== undefined && remembered.untilMs > performance.now()) return remembered.addresses;
    const key = `${account}\n${hostname}`;
    let answer = this.#pending.get(key);
    if (answer === undefined) {
      answer = this.#queue.run(account, () => this.#ask(hostname));
      this.#pending.set(key, answer);
      answer.then(
        (addresses) => {
          this.#pending.delete(key);
          this.#remember(hostname, addresses);
        },
        () => this.#pending.delete(key),
      );
    }
    return await answer;
  };

  #remember(hostname: string, addresses: readonly string[]): void {
    this.#names.delete(hostname);
    const [oldest] = this.#names.keys();
    if (this.#names.size >= REMEMBERED_NAMES && oldest !== undefined) this.#names.delete(oldest);
    this.#names.set(hostname, { addresses, untilMs: performance.now() + REMEMBERED_MS });
  }
}

async function askSystem(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}
