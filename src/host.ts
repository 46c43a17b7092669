import type { HostOptions, ListenOptions, WorkerUpload } from "./host-options.ts";
import type { WorkerUsage } from "./meter/meter.ts";
import type { Outcome } from "./outcome/outcome.ts";
import type { WarmStats } from "./warm/options.ts";

/** A socket on which a host answers. */
export interface Listener {
  readonly port: number;
  readonly url: string;
  /** Stops accepting, waits for requests to end, then closes. */
  close(graceMs?: number): Promise<void>;
}

/** What one worker is and has used since the host started. */
export interface WorkerStats extends WorkerUsage {
  readonly account: string;
  readonly name: string;
  readonly versionId: string;
  readonly routes: readonly string[];
  readonly isolates: number;
  readonly memoryBytes: number;
}

/** What a host is doing. */
export interface HostStats {
  readonly warm: WarmStats;
  readonly inFlight: number;
  /** Resident memory of the host's own process. */
  readonly rssBytes: number;
  /** Resident memory of all cells together; the host's own where they live in it. */
  readonly cellRssBytes: number;
  readonly workers: readonly WorkerStats[];
}

/** A deployed worker. Always its active version, also after later deploys. */
export interface Worker {
  readonly account: string;
  readonly name: string;
  readonly versionId: string;
  /** Asks the worker directly, without a route. Never rejects for what the worker does. */
  fetch(input: Request | string | URL, init?: RequestInit): Promise<Response>;
  /** Fires its cron handler; resolves with the outcome when it is over. */
  scheduled(trigger: { cron: string; scheduledTime?: number | Date }): Promise<Outcome>;
}

/** A running Skerry. */
export interface Host {
  /**
   * Checks, stores and activates a version. The earlier version serves until the new one is ready.
   * @throws SkerryError `SCRIPT_REFUSED`, `INVALID_LIMITS`, `INVALID_UPLOAD`, `ROUTE_TAKEN`; nothing has changed then.
   */
  deploy(upload: WorkerUpload): Promise<Worker>;
  /** Removes a worker and its routes. KV namespaces stay. @returns Whether it was there. */
  delete(name: string, account?: string): Promise<boolean>;
  /** The worker of this name, if it is deployed. */
  worker(name: string, account?: string): Worker | undefined;
  /** Answers a request as the HTTP server would: by route. Never rejects for what a worker does. */
  fetch(input: Request | string | URL, init?: RequestInit): Promise<Response>;
  /** Answers HTTP on a port. */
  listen(options?: ListenOptions): Promise<Listener>;
  stats(): Promise<HostStats>;
  /**
   * Stops listening, lets events end for `graceMs`, then closes everything.
   * @param graceMs @default 10000
   */
  close(graceMs?: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Makes a host. */
export function createHost(options?: HostOptions): Promise<Host> {
  throw new Error(`not wired yet: ${typeof options}`);
}
export type { ListenOptions };
