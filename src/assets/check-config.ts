import { workerFirstProblems } from "./worker-first.ts";
import { HTML_HANDLINGS, NOT_FOUND_HANDLINGS, type AssetConfig } from "./worker-assets.ts";

/** Longest `_headers` and `_redirects`, in UTF-16 units. */
const MAX_RULES_CHARS = 1024 * 1024;

const KEYS = ["htmlHandling", "notFoundHandling", "runWorkerFirst", "headers", "redirects"];

/** What is wrong with how assets shall be served, one line each. */
export function assetConfigProblems(config: unknown): string[] {
  if (typeof config !== "object" || config === null) return ["assets.config must be an object"];
  const problems = Object.keys(config)
    .filter((key) => !KEYS.includes(key))
    .map((key) => `assets.config.${key} is not known; the keys are ${KEYS.join(", ")}`);
  const {
    htmlHandling,
    notFoundHandling,
    runWorkerFirst = false,
    headers,
    redirects,
  } = config as AssetConfig;
  const oneOf = (key: string, value: unknown, allowed: readonly string[]): void => {
    if (value !== undefined && !allowed.includes(value as string))
      problems.push(
        `assets.config.${key} is ${JSON.stringify(value)}; it must be one of ${allowed.join(", ")}`,
      );
  };
  oneOf("htmlHandling", htmlHandling, HTML_HANDLINGS);
  oneOf("notFoundHandling", notFoundHandling, NOT_FOUND_HANDLINGS);
  problems.push(...workerFirstProblems(runWorkerFirst));
  for (const [key, text] of Object.entries({ headers, redirects })) {
    if (text === undefined) continue;
    if (typeof text !== "string") problems.push(`assets.config.${key} must be the text of a _${key} file`);
    else if (text.length > MAX_RULES_CHARS)
      problems.push(
        `assets.config.${key} has ${text.length} characters; at most ${MAX_RULES_CHARS} are allowed`,
      );
  }
  return problems;
}
