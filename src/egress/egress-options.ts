import type { Resolve } from "./resolver.ts";

/** What {@link createEgress} can be told. */
export interface EgressOptions {
  /** Addresses or CIDR ranges that workers may reach although they are not public. @default none */
  readonly allowAddresses?: readonly string[];
  /** Addresses or CIDR ranges that workers may not reach although they are public. Stronger than all else. @default none */
  readonly denyAddresses?: readonly string[];
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
}

/** The same with nothing left open but the resolver and authorities. */
export type EgressSettings = Required<Omit<EgressOptions, "resolve" | "ca">> &
  Pick<EgressOptions, "resolve" | "ca">;

/** Fills in the defaults. */
export function egressSettings(options: EgressOptions): EgressSettings {
  return {
    allowAddresses: [],
    denyAddresses: [],
    allowPrivate: false,
    connectTimeoutMs: 10_000,
    headersTimeoutMs: 30_000,
    bodyIdleMs: 30_000,
    fetchesPerEvent: 6,
    fetchesPerAccount: 200,
    fetchesInAll: 2_000,
    maxRedirects: 20,
    maxResponseHeaderBytes: 128 * 1024,
    maxDepth: 16,
    ...options,
  };
}
