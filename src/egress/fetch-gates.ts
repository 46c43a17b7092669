import { LoopPace } from "../clock/loop-pace.ts";
import { Gate } from "./gate.ts";
import type { EgressSettings } from "./egress-options.ts";

/** Fetches of one kind that may wait for a place. */
const MAX_WAITING = 5_000;
/** Fetches that begin in one turn of the loop: each takes some tenth of a millisecond there, and as much when it is answered. */
const BEGUN_PER_TURN = 6;

/** The places that one fetch holds. */
export interface Places {
  /** The head is here: the event may begin another fetch. */
  answered(): void;
  /** The body is over. */
  ended(): void;
}

/** What one account has. */
interface Account {
  readonly gate: Gate;
  /** Its fetches that have a place among all: those that passed its own gate a moment ago have none yet. */
  open: number;
}

/** Bounds how many fetches are open: per event until the head, per account and in all until the body's end. */
export class FetchGates {
  readonly #settings: EgressSettings;
  readonly #all: Gate;
  readonly #accounts = new Map<string, Account>();
  readonly #pace: LoopPace<string>;
  readonly #events = new WeakMap<object, Gate>();

  /** @param heldMs how long an account has to wait before more fetches of it begin, in ms; 0 where it need not */
  constructor(settings: EgressSettings, heldMs?: (account: string) => number) {
    this.#settings = settings;
    this.#pace = new LoopPace(BEGUN_PER_TURN, heldMs);
    this.#all = new Gate(settings.fetchesInAll, MAX_WAITING);
  }

  /** Accounts of which something is kept: those with a fetch that is open or waits. */
  get accounts(): number {
    return this.#accounts.size;
  }

  /** Waits for a place everywhere. @throws what {@link Gate.enter} throws. */
  async enter(account: string, event: object | undefined, signal: AbortSignal): Promise<Places> {
    const leaveEvent = event === undefined ? () => {} : await this.#eventGate(event).enter(signal);
    const own = this.#account(account);
    let leaveOwn = (): void => {};
    // Who is given up on the way in may have been the account's last.
    const leaveAccount = (): void => {
      leaveOwn();
      if (own.gate.idle && this.#accounts.get(account) === own) this.#accounts.delete(account);
    };
    let leaveAll = (): void => {};
    try {
      leaveOwn = await own.gate.enter(signal);
      const leaveOpen = await this.#all.enter(signal);
      own.open++;
      let isOpen = true;
      leaveAll = () => {
        if (isOpen) own.open--;
        isOpen = false;
        leaveOpen();
      };
      await this.#pace.turn(account);
      signal.throwIfAborted();
      return {
        answered: leaveEvent,
        ended: () => {
          leaveEvent();
          leaveAll();
          leaveAccount();
        },
      };
    } catch (error) {
      leaveAll();
      leaveAccount();
      leaveEvent();
      throw error;
    }
  }

  #account(account: string): Account {
    let own = this.#accounts.get(account);
    if (own === undefined) {
      const { fetchesPerAccount, fetchesInAll } = this.#settings;
      // No more than half of the places that nobody has: some are left for an account that comes later.
      const gate = new Gate(() => {
        const left = fetchesInAll - this.#all.taken + made.open;
        return Math.min(fetchesPerAccount, Math.max(1, Math.floor(left / 2)));
      }, MAX_WAITING);
      const made: Account = { gate, open: 0 };
      this.#accounts.set(account, (own = made));
    }
    return own;
  }

  #eventGate(event: object): Gate {
    let gate = this.#events.get(event);
    if (gate === undefined)
      this.#events.set(event, (gate = new Gate(this.#settings.fetchesPerEvent, MAX_WAITING)));
    return gate;
  }
}
