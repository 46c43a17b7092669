import type { HandleRequest } from "../dispatch/edge.ts";

/** What {@link listenHttp} can be told. */
export interface HttpOptions {
  /** Answers every request that is well-formed. */
  readonly handle: HandleRequest;
  /** @default "127.0.0.1" */
  readonly hostname?: string;
  /** 0 takes any free one. @default 0 */
  readonly port?: number;
  /** Addresses or CIDR ranges of proxies whose `X-Forwarded-*` and `CF-*` headers are believed. @default none */
  readonly trustedProxies?: readonly string[];
  /** Largest request body, in bytes. @default 104857600 (100 MiB) */
  readonly requestBodyBytes?: number;
  /** Request line and headers together, in bytes. @default 32768 */
  readonly maxHeaderBytes?: number;
  /** Header lines of one request. @default 256 */
  readonly maxHeaders?: number;
  /** The request's target, in bytes. @default 16384 */
  readonly maxUrlBytes?: number;
  /** Connections at once; more are closed at once. @default 10000 */
  readonly maxConnections?: number;
  /** Connections of one client address (of IPv6, one /64) at once; more are closed at once. Trusted proxies have no such bound. @default 1000 */
  readonly maxConnectionsPerAddress?: number;
  /** Requests of one connection that are answered at once; more wait. @default 16 */
  readonly maxPipelined?: number;
  /** Requests that one connection may send. @default 10000 */
  readonly maxRequestsPerSocket?: number;
  /** Time to send a request's head. @default 10000 */
  readonly headersTimeoutMs?: number;
  /** Time to send a small body (up to 64 KB of known length), which is read whole before the worker runs. @default 30000 */
  readonly smallBodyTimeoutMs?: number;
  /** Longest pause of a client while its body is waited for. @default 30000 */
  readonly bodyIdleMs?: number;
  /** Slowest pace of a body that is waited for, once it has been waited for as long as a pause may be. @default 240 */
  readonly minBodyBytesPerSecond?: number;
  /** Longest pause of a client in taking what was sent. @default 30000 */
  readonly writeIdleMs?: number;
  /** How long a connection is kept open for another request. @default 5000 */
  readonly keepAliveTimeoutMs?: number;
  /** How often deadlines are looked at. @default 1000 */
  readonly checkIntervalMs?: number;
}

/** The same with nothing left open. */
export type HttpSettings = Required<HttpOptions>;

/** Fills in the defaults. */
export function httpSettings(options: HttpOptions): HttpSettings {
  return {
    hostname: "127.0.0.1",
    port: 0,
    trustedProxies: [],
    requestBodyBytes: 100 * 1024 * 1024,
    maxHeaderBytes: 32 * 1024,
    maxHeaders: 256,
    maxUrlBytes: 16 * 1024,
    maxConnections: 10_000,
    maxConnectionsPerAddress: 1_000,
    maxPipelined: 16,
    maxRequestsPerSocket: 10_000,
    headersTimeoutMs: 10_000,
    smallBodyTimeoutMs: 30_000,
    bodyIdleMs: 30_000,
    minBodyBytesPerSecond: 240,
    writeIdleMs: 30_000,
    keepAliveTimeoutMs: 5_000,
    checkIntervalMs: 1_000,
    ...options,
  };
}
