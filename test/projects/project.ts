import type { Wrangler } from "../wrangler-compat/wranglers.ts";

/** Where a project comes from. Nothing of it is kept in this repository. */
export type Source =
  | {
      /** A package of npm with its version, and a folder in it. */
      readonly npm: string;
      readonly folder?: string;
      /** Folder in `node_modules` where the same version may be installed already. */
      readonly installed?: string;
    }
  | {
      /** A package that makes projects, and what it is told: `npx create-cloudflare@VERSION app ARGS`. */
      readonly create: string;
      readonly args: readonly string[];
    }
  | {
      /** `owner/name` on GitHub, at a commit. */
      readonly git: string;
      readonly commit: string;
      readonly folder?: string;
      /** Packages that are installed in its place where its own package.json cannot be, `[]` for none. @default its own */
      readonly install?: readonly string[];
    };

/** What should come of a project. */
export type Expectation =
  | "answers"
  | {
      /** A part of the reason that wrangler shows. */
      readonly refused: string;
    }
  | {
      /** Deploys, but a check fails: what is missing. */
      readonly partly: string;
    };

/** A project that is deployed as it is, and what its worker is asked then. */
export interface Project {
  /** As the table shows it. */
  readonly name: string;
  readonly source: Source;
  /** Of `wrangler deploy`. @default what its package.json says, if anything */
  readonly args?: readonly string[];
  readonly expect: Expectation;
  /** What wrangler 3 does not know of it, so that it fails by itself there or uploads less than the worker needs. */
  readonly wrangler3?: string;
  readonly checks?: readonly Check[];
  /** What it does beside what it is asked here, and cannot do on a host. */
  readonly unasked?: string;
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
  /** A part of the body; with `cron`, of the log. */
  readonly has?: string;
  /** Triggers the worker with this cron in place of a request. */
  readonly cron?: string;
}

/** What came of a project with one wrangler. */
export interface ProjectResult {
  readonly name: string;
  readonly wrangler: Wrangler;
  readonly needs: readonly string[];
  /** How many requests its worker was asked. */
  readonly checks: number;
  /** `answers`: as the checks say; `wrong`: not so; `refused`: by the host; `failed`: wrangler did not get so far. */
  readonly verdict: "answers" | "wrong" | "refused" | "failed";
  readonly detail: string;
  /** Requests of wrangler's that the host has no route for. */
  readonly unrouted: readonly string[];
}

/** Why a result is not what the list expects; null if it is. */
export function surprise(
  { expect, wrangler3 }: Project,
  { wrangler, verdict, detail, unrouted }: ProjectResult,
): string | null {
  if (unrouted.length > 0) return `unrouted: ${unrouted.join(", ")}`;
  if (wrangler === "wrangler-3" && wrangler3 !== undefined)
    return verdict === "failed" || verdict === "wrong" ? null : verdict;
  const [wanted, part] =
    expect === "answers"
      ? ["answers", ""]
      : "refused" in expect
        ? ["refused", expect.refused]
        : ["wrong", ""];
  if (verdict !== wanted || !detail.includes(part)) return `${verdict}: ${detail}`;
  return null;
}
