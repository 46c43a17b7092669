import { LoopPace } from "../clock/loop-pace.ts";

/** What a KiB of a body that streams takes of the host's loop, in and out, in microseconds. */
const KIB_US = 2;
/** Pieces of bodies that are waited for in one turn of the loop: each is some 64 KB. */
const PIECES_PER_TURN = 4;

/** Charges accounts for the bodies of requests that stream to them, and holds these to the account's pace. */
export class BodyPace {
  readonly #spent: (account: string, cpuUs: number) => void;
  readonly #heldMs: (account: string) => number;
  readonly #pace: LoopPace<string>;

  /**
   * @param spent charges the account, in microseconds of the host's loop
   * @param heldMs how long an account has to wait before it uses more of the loop, in ms; 0 where it need not
   */
  constructor(spent: (account: string, cpuUs: number) => void, heldMs: (account: string) => number) {
    this.#spent = spent;
    this.#heldMs = heldMs;
    this.#pace = new LoopPace(PIECES_PER_TURN, heldMs);
  }

  /** A piece of a body has come. @returns undefined if more may be read at once, else a promise of that moment */
  took(account: string, bytes: number): Promise<void> | undefined {
    this.#spent(account, (bytes / 1_024) * KIB_US);
    return this.#heldMs(account) === 0 ? undefined : this.#pace.turn(account);
  }
}
