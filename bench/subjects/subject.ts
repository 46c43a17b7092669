import type { Site } from "./site.ts";

/** What a site needs of a runtime. */
export type Ability =
  /** Many tenants in one server, each started by the first request to it. */
  | "tenants"
  /** Fewer warm tenants than there are. */
  | "evicts"
  | "kv"
  | "service"
  | "outbound"
  /** New code for tenant 0 while it serves. */
  | "versions"
  /** New tenants while it serves. */
  | "deploys"
  /** Bundles of about a megabyte for each tenant. */
  | "bundles";

/** A runtime in one form, as the laboratory measures it. */
export interface Subject {
  /** By which it is asked for and shown, such as `workerd-loader`. */
  readonly name: string;
  /** What it is, in one line. */
  readonly title: string;
  /** The package of `bench/peers/` that it needs; null for none. */
  readonly packageName: string | null;
  readonly abilities: readonly Ability[];
  /** Options of its own with which its server is started, for the report; undefined for none. */
  readonly flags?: string;
  /** Its version, as a report names it. */
  version(): string;
  /** Does what may be done once for all rounds, such as deploying, into what `start` gets. @param signal Ends it early. */
  prepare?(of: Site, folder: string, signal?: AbortSignal): Promise<void>;
  /** Asks a server under what conditions it runs, in a line. */
  conditions?(served: Served): Promise<string>;
  /**
   * Starts it in a process of its own, with the site.
   * @param folder One that is the run's own, with what `prepare` left there.
   */
  start(of: Site, folder: string): Promise<Served>;
}

/** A subject that answers. */
export interface Served extends AsyncDisposable {
  readonly port: number;
  /** Where it takes commands, if it does: `/deploy?tenant=0&version=2`, `/starts` and others. */
  readonly controlPort?: number;
  /** Resident memory of its processes, in bytes; shared pages are counted once (PSS) where the system tells them. */
  memoryBytes(): Promise<number>;
  /**
   * Tells the server something beside the requests that are measured, where it can be told.
   * @param path The command, such as `starts`: the cold starts so far, each by its phases in microseconds.
   * @throws Error where it cannot do it.
   */
  control?(path: string): Promise<unknown>;
}
