import { Agent } from "undici";
import type { buildConnector } from "undici";
import { createConnector } from "./connector.ts";
import { accountRules, createPermits } from "./egress-rules.ts";
import type { EgressSettings } from "./egress-options.ts";
import { SystemResolver } from "./resolver.ts";
import { HeldBytes } from "./held-bytes.ts";

/** What the workers of one account connect through. */
export interface AccountNetwork {
  readonly connector: buildConnector.connector;
  readonly agent: Agent;
  /** What the host holds of the bodies of its responses. */
  readonly held: HeldBytes;
}

/** So many accounts are kept before those that are idle go. */
const KEPT = 256;

/**
 * The networks of all accounts. Each has its own connections: one that was opened under the rules of an account is
 * never used by another, and what an account does to a connection meets its own requests only.
 */
export class AccountNetworks {
  readonly #settings: EgressSettings;
  readonly #resolve: NonNullable<EgressSettings["resolve"]>;
  readonly #networks = new Map<string, AccountNetwork>();
  readonly #all: HeldBytes;
  #sweepAt = KEPT;

  /** @throws {SkerryError} `INVALID_ADDRESS_RANGE`, `INVALID_DESTINATION` for a rule of the host or of an account. */
  constructor(settings: EgressSettings) {
    this.#settings = settings;
    this.#all = new HeldBytes(settings.heldBytesInAll, null);
    this.#resolve = settings.resolve ?? new SystemResolver().resolve;
    for (const account of ["", ...Object.keys(settings.accounts)]) this.#permits(account);
  }

  get(account: string): AccountNetwork {
    let network = this.#networks.get(account);
    if (network === undefined) {
      if (this.#networks.size >= this.#sweepAt) this.#sweep();
      this.#networks.set(account, (network = this.#create(account)));
    }
    return network;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#networks.values()].map(({ agent }) => agent.destroy()));
  }

  #create(account: string): AccountNetwork {
    const settings = this.#settings;
    const lookup = (hostname: string): Promise<readonly string[]> => this.#resolve(hostname, account);
    const connector = createConnector(this.#permits(account), lookup, settings);
    const agent = new Agent({
      connect: connector,
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 60_000,
      headersTimeout: settings.headersTimeoutMs,
      bodyTimeout: settings.bodyIdleMs,
      maxHeaderSize: settings.maxResponseHeaderBytes,
    });
    return { connector, agent, held: new HeldBytes(settings.heldBytesPerAccount, this.#all) };
  }

  #permits(account: string): ReturnType<typeof createPermits> {
    const { accounts, allowPrivate } = this.#settings;
    const own = Object.hasOwn(accounts, account) ? accounts[account] : undefined;
    return createPermits({ ...accountRules(this.#settings, own), allowPrivate });
  }

  /** An agent without connections is as good as none. */
  #sweep(): void {
    for (const [account, { agent }] of this.#networks)
      if (Object.keys(agent.stats).length === 0) this.#networks.delete(account);
    this.#sweepAt = Math.max(KEPT, this.#networks.size * 2);
  }
}
