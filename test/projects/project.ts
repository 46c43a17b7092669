/** A project that is deployed as it is, and what its worker is asked then. */
export interface Project {
  /** As the table shows it. */
  readonly name: string;
  /** Where it lies, with its dependencies installed; relative to the list. */
  readonly folder: string;
  /** Of `wrangler deploy`. @default what its package.json says, if anything */
  readonly args?: readonly string[];
  readonly checks?: readonly Check[];
  /** Said beside answers that are wrong: what is known to be missing. */
  readonly note?: string;
}

/** A request, and what a right answer has. */
export interface Check {
  readonly path: string;
  /** @default "GET" */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** @default 200 */
  readonly status?: number;
  /** A part of the body. */
  readonly has?: string;
}

/** What came of a project. */
export interface ProjectResult {
  readonly name: string;
  readonly commit: string;
  readonly needs: readonly string[];
  /** `answers`: as the checks say; `wrong`: not so; `refused`: by the host; `failed`: wrangler did not get so far. */
  readonly verdict: "answers" | "wrong" | "refused" | "failed";
  readonly detail: string;
  /** Requests of wrangler's that the host has no route for. */
  readonly unrouted: readonly string[];
}
