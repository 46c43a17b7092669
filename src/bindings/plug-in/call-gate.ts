import { CallError } from "../binding.ts";

/** Bytes of arguments of one account that calls under way may hold. */
const MAX_BYTES = 64 * 1024 * 1024;

interface Usage {
  calls: number;
  bytes: number;
}

/** Bounds the calls to one plug-in that each account has under way. */
export class CallGate {
  readonly #concurrency: number;
  readonly #accounts = new Map<string, Usage>();

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /**
   * Takes a place for a call.
   * @returns gives it back; to be called once
   * @throws CallError where the account has too many
   */
  enter(account: string, bytes: number): () => void {
    const usage = this.#accounts.get(account) ?? { calls: 0, bytes: 0 };
    if (usage.calls >= this.#concurrency || (usage.calls > 0 && usage.bytes + bytes > MAX_BYTES))
      throw new CallError("Error", "Too many calls to this kind of binding are under way: try again later");
    usage.calls++;
    usage.bytes += bytes;
    this.#accounts.set(account, usage);
    return () => {
      usage.bytes -= bytes;
      if (--usage.calls === 0) this.#accounts.delete(account);
    };
  }
}
