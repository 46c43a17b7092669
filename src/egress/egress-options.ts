import type { EgressRules } from "./egress-rules.ts";
import type { Resolve } from "./resolver.ts";

/** What {@link createEgress} can be told. The rules are the host's; an account may have its own. */
export interface EgressOptions extends EgressRules {
  /** Rules of accounts, see `accountRules`. @default none */
  readonly accounts?: Readonly<Record<string, EgressRules>>;
  /** Lets workers reach private, loopback and link-local addresses. For development only. @default false */
  readonly allowPrivate?: boolean;
  /** Names to addresses. @default the system's resolver */
  readonly resolve?: Resolve;
  /** Certificate authorities in PEM, instead of Node's own. @default Node's */
  readonly ca?: string | readonly string[];
  /** @default 10000 */
  readonly connectTimeoutMs?: number;
  /** Time until the response's head, per hop. @default 30000 */
  readonly headersTimeoutMs?: number;
  /** Longest pause of an origin in sending a body that is waited for. @default 30000 */
  readonly bodyIdleMs?: number;
  /** Time of one fetch in all, redirects and body included. @default 3600000 (an hour) */
  readonly totalTimeoutMs?: number;
  /** Fetches of one event that may wait for a head at once; others queue. @default 6 */
  readonly fetchesPerEvent?: number;
  /** Fetches of one account that may be open at once, bodies included; others queue. @default 200 */
  readonly fetchesPerAccount?: number;
  /** Fetches that may be open at once in all; others queue. @default 2000 */
  readonly fetchesInAll?: number;
  /** Redirects that one fetch follows. @default 20 */
  readonly maxRedirects?: number;
  /** Head of a response, in bytes. @default 131072 */
  readonly maxResponseHeaderBytes?: number;
  /** How often a request may pass through a worker before it is taken for a loop. @default 16 */
  readonly maxDepth?: number;
  /** What a body may grow to when it is decoded, beyond its own size times 256. @default 67108864 (64 MiB) */
  readonly freeExpansionBytes?: number;
  /** Bytes that the host holds to decode and check bodies of one account. @default 134217728 (128 MiB) */
  readonly heldBytesPerAccount?: number;
  /** The same for all accounts together. @default 536870912 (512 MiB) */
  readonly heldBytesInAll?: number;
}

/** The same with nothing left open but the resolver and authorities. */
export type EgressSettings = Required<Omit<EgressOptions, "resolve" | "ca" | keyof EgressRules>> &
  Pick<EgressOptions, "resolve" | "ca" | keyof EgressRules>;

/** Fills in the defaults. */
export function egressSettings(options: EgressOptions): EgressSettings {
  return {
    accounts: {},
    allowPrivate: false,
    connectTimeoutMs: 10_000,
    headersTimeoutMs: 30_000,
    bodyIdleMs: 30_000,
    totalTimeoutMs: 3_600_000,
    fetchesPerEvent: 6,
    fetchesPerAccount: 200,
    fetchesInAll: 2_000,
    maxRedirects: 20,
    maxResponseHeaderBytes: 128 * 1024,
    maxDepth: 16,
    freeExpansionBytes: 64 * 1024 * 1024,
    heldBytesPerAccount: 128 * 1024 * 1024,
    heldBytesInAll: 512 * 1024 * 1024,
    ...options,
  };
}
