/** When a host refuses events before they run. */
export interface AdmissionOptions {
  /** Events that wait or run at once in the whole host. @default 10000 */
  readonly hostConcurrency?: number;
  /** CPU that each account may use in a minute, in ms; 0 for no limit. @default 0 */
  readonly accountCpuMsPerMinute?: number;
  /**
   * An account whose events all wait longer than this for their first turn, for 0.3 s on end, has events refused until
   * they wait a fifth of it. In ms; 0 to refuse none for that. @default 250
   */
  readonly maxWaitMs?: number;
  /**
   * Part of the machine's CPU that is kept free for accounts that use little, from 0 to 0.99: while more than one account is
   * active, those that use most are held to a pace. 0 to hold nobody. @default 0
   */
  readonly reserve?: number;
  /** Log lines of each account in a second, of 1 KiB on average; 0 for no bound. @default 1000 */
  readonly accountLogLinesPerSecond?: number;
}

export const DEFAULT_ADMISSION: Required<AdmissionOptions> = {
  hostConcurrency: 10_000,
  accountCpuMsPerMinute: 0,
  maxWaitMs: 250,
  reserve: 0,
  accountLogLinesPerSecond: 1_000,
};

/** What admission has to know of an account. */
export interface AccountAdmission {
  readonly weight: number;
  /** CPU in a minute, in ms; Infinity for no limit. */
  readonly cpuMsPerMinute: number;
}
