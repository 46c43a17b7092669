/** Every limit that a host, an account or a version may set. The strictest of the three holds. */
export interface Limits {
  /** JavaScript heap of one isolate. @default 128 */
  readonly memoryMb: number;
  /** CPU of one event, over all its slices. @default 50, at most 300000 */
  readonly cpuMs: number;
  /** Iterations of one PBKDF2 derivation. @default 1000000 */
  readonly pbkdf2Iterations: number;
  /** Time of one event without progress: no body byte moved, no answer of I/O. @default 30000 */
  readonly wallMs: number;
  /** CPU of a version's top level. @default 400 */
  readonly startupCpuMs: number;
  /** Outbound fetches and calls of bindings of one event. @default 50 */
  readonly subrequests: number;
  /** All modules of an upload together. @default 67108864 (64 MiB) */
  readonly scriptBytes: number;
  /** Body of one request. @default 104857600 (100 MiB) */
  readonly requestBodyBytes: number;
  /** Events that one isolate runs at once. @default 64 */
  readonly isolateConcurrency: number;
  /** Events that one account runs at once, waiting ones included. @default 1000 */
  readonly accountConcurrency: number;
  /** WebSockets that the workers of one account have open to clients at once. @default 1000 */
  readonly accountSockets: number;
  /** Longest message that may come in on a WebSocket. @default 33554432 (32 MiB) */
  readonly socketMessageBytes: number;
  /** Body of one response to `fetch`, as it comes and as it is decoded. @default 5368709120 (5 GiB) */
  readonly egressResponseBytes: number;
  /** Log lines of one event. @default 256 */
  readonly logLines: number;
  /** Log text of one event, in bytes. @default 131072 (128 KiB) */
  readonly logBytes: number;
  /** Time that `waitUntil` may take after the response. @default 30000 */
  readonly waitUntilMs: number;
}
