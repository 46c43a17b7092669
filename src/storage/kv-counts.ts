/** Files that are counted in one step; writes go between the steps. */
const COUNTED_AT_ONCE = 16;

interface Count {
  readonly account: string;
  readonly namespaces: readonly number[];
  at: number;
  readonly done: () => void;
}

/** Accounts whose files are being counted, one step at a time: they take turns, so that one with many files holds up nobody. */
export class KvCounts {
  readonly #countOne: (account: string, ns: number) => void;
  readonly #waiting: Count[] = [];
  #isCounting = false;

  constructor(countOne: (account: string, ns: number) => void) {
    this.#countOne = countOne;
  }

  /** @param done called when all were counted */
  add(account: string, namespaces: readonly number[], done: () => void): void {
    this.#waiting.push({ account, namespaces, at: 0, done });
    if (!this.#isCounting) this.#step();
  }

  /** Counts nothing more. */
  stop(): void {
    this.#waiting.length = 0;
  }

  #step(): void {
    const count = this.#waiting.shift();
    this.#isCounting = count !== undefined;
    if (count === undefined) return;
    const { account, namespaces, at, done } = count;
    count.at += COUNTED_AT_ONCE;
    for (const ns of namespaces.slice(at, count.at)) this.#countOne(account, ns);
    if (count.at < namespaces.length) this.#waiting.push(count);
    else done();
    setImmediate(() => this.#step());
  }
}
