/** Bodies that are read on in one turn of the loop: each brings some 64 KB, and as much that waits behind it. */
const BODIES_PER_TURN = 4;

/**
 * Shares the turns of the loop between the bodies of requests and everything else: Node would take megabytes from one
 * socket at one go, and then from the next one. Bodies take turns in the order in which they are ready for more.
 */
export class BodyPace {
  #waiting: (() => void)[] = [];
  #left = BODIES_PER_TURN;
  #isArmed = false;

  /** Calls `read` once: now, or in a later turn of the loop. It may then take one piece of its body. */
  next(read: () => void): void {
    this.#arm();
    if (this.#left === 0) return void this.#waiting.push(read);
    this.#left--;
    read();
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isArmed = false;
    const due = this.#waiting.splice(0, BODIES_PER_TURN);
    this.#left = BODIES_PER_TURN - due.length;
    if (due.length > 0) this.#arm();
    for (const read of due) read();
  }
}
