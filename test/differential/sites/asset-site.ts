import type { AssetConfig } from "../../../src/index.ts";
import type { CaseRequest } from "../differential-case.ts";

/** A worker with static assets, or assets alone, that both sides serve. */
export interface AssetSite {
  /** A part of a host name. */
  readonly name: string;
  readonly area: string;
  readonly files: Readonly<Record<string, string>>;
  readonly config: AssetConfig;
  /** The worker's module; its assets are `env.ASSETS`. @default none */
  readonly code?: string;
  /** Compatibility flags. @default none: the date alone decides */
  readonly flags?: readonly string[];
  /** `{etag}` in a header stands for what the path has as its tag. */
  readonly requests: readonly CaseRequest[];
}

/** Requests by method, path and headers: `GET /about`, and with a third part what they are called. */
export function asks(...lines: readonly (string | CaseRequest)[]): CaseRequest[] {
  return lines.map((line) => {
    if (typeof line !== "string") return line;
    const [method = "GET", path = "/"] = line.includes(" ") ? line.split(" ") : ["GET", line];
    return { name: line, path, method };
  });
}

/** One path with each of several sets of headers. */
export function withHeaders(
  path: string,
  sets: Readonly<Record<string, Readonly<Record<string, string>>>>,
  method: string = "GET",
): CaseRequest[] {
  return Object.entries(sets).map(([name, headers]) => ({
    name: `${method === "GET" ? "" : `${method} `}${path} ${name}`,
    path,
    method,
    headers,
  }));
}
