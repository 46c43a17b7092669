/** CPU that an account may claim for time in which it wanted none, in microseconds. */
const CREDIT_US = 4_000;
/** CPU beyond its share for which an account still waits when it comes back, in microseconds. */
const DEBT_US = 500_000;
/** What an entry costs at least: two hand-offs between threads. */
const ENTRY_US = 20;

/** The work of one account in a cell: what waits, how much runs, and how much CPU it has had by its weight. */
export class AccountLine<T> {
  readonly weight: number;
  readonly account: number;
  /** CPU used, divided by the weight, in microseconds. */
  virtualUs = 0;
  /** Entries that run, whatever their age. */
  running = 0;
  /** Place in the heap of lines that wait; -1 if it is not there. */
  place = -1;
  /** Since when it stands there, as a count; decides between equals. */
  order = 0;
  #waiting: T[] = [];
  #head = 0;

  constructor(account: number, weight: number) {
    this.account = account;
    this.weight = weight;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  get isIdle(): boolean {
    return this.running === 0 && this.waiting === 0;
  }

  push(item: T): void {
    this.#waiting.push(item);
  }

  /** Takes what has waited longest. */
  shift(): T | undefined {
    if (this.#head === this.#waiting.length) return undefined;
    const item = this.#waiting[this.#head++];
    if (this.#head === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#head = 0;
    } else if (this.#head > 1_000 && this.#head * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** It wants something again: it brings along no more than a little credit from before. @param nowUs what the account had that was let in last */
  wake(nowUs: number): void {
    this.virtualUs = Math.max(this.virtualUs, nowUs - CREDIT_US);
  }

  /** Charges CPU that one of its entries has used; not without end, as it may have been alone. */
  charge(cpuUs: number, nowUs: number): void {
    this.virtualUs = Math.max(
      this.virtualUs,
      Math.min(this.virtualUs + cpuUs / this.weight, nowUs + DEBT_US),
    );
  }

  /** Charges what an entry costs however short it is. */
  chargeEntry(): void {
    this.virtualUs += ENTRY_US / this.weight;
  }
}
