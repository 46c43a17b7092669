import { RATE_LIMIT_PERIODS } from "../bindings/rate-limit/rate-limit-options.ts";
import type { WorkerUpload } from "../host-options.ts";
import { isLabel } from "../ids/label.ts";
import { jsonOf, show } from "./show-value.ts";

/** Tail consumers of one worker. */
const MAX_TAIL_CONSUMERS = 10;
const MAX_LIMIT = 1_000_000_000;
const MAX_CONFIG_CHARS = 16 * 1024;
const NAMESPACE = /^[A-Za-z0-9_-]{1,64}$/;
const KIND = /^[a-z0-9][a-z0-9_]{0,63}$/;

/** How many bindings these are. */
export function countMore({ rateLimits = [], versionMetadata = [], plugIns = [] }: WorkerUpload): number {
  return rateLimits.length + versionMetadata.length + plugIns.length;
}

/**
 * Checks bindings that are neither values nor stores nor workers.
 * @param checkName notes what is wrong with the name of a binding
 */
export function checkMore(
  problems: string[],
  { rateLimits = [], versionMetadata = [], plugIns = [] }: WorkerUpload,
  checkName: (field: string, name: unknown) => void,
): void {
  for (const [index, { binding, namespaceId, limit, periodS }] of rateLimits.entries()) {
    const at = `rateLimits[${index}]`;
    checkName(`${at}.binding`, binding);
    checkNamespace(problems, `${at}.namespaceId`, namespaceId);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
      problems.push(`${at}.limit is ${show(limit)}; it must be a whole number from 1 to ${MAX_LIMIT}`);
    if (!RATE_LIMIT_PERIODS.includes(periodS))
      problems.push(
        `${at}.periodS is ${show(periodS)}; it must be ${RATE_LIMIT_PERIODS.join(" or ")} seconds`,
      );
  }
  for (const [index, name] of versionMetadata.entries()) checkName(`versionMetadata[${index}]`, name);
  for (const [index, { binding, type, config = {} }] of plugIns.entries()) {
    const at = `plugIns[${index}]`;
    checkName(`${at}.binding`, binding);
    if (typeof type !== "string" || !KIND.test(type))
      problems.push(`${at}.type is ${show(type)}; it must be 1 to 64 of a-z, 0-9 and "_"`);
    const json = typeof config === "object" && !Array.isArray(config) ? jsonOf(config) : undefined;
    if (json === undefined || json.length > MAX_CONFIG_CHARS)
      problems.push(
        `${at}.config must be an object with a JSON form of at most ${MAX_CONFIG_CHARS} characters`,
      );
  }
}

/** Checks an id by which bindings of several workers mean the same. */
export function checkNamespace(problems: string[], field: string, id: unknown): void {
  if (typeof id !== "string" || !NAMESPACE.test(id))
    problems.push(`${field} is ${show(id)}; it must be 1 to 64 of A-Z, a-z, 0-9, "-", "_"`);
}

/** What is wrong with the names of tail consumers, one line each. */
export function tailConsumerProblems(consumers: unknown): string[] {
  if (!Array.isArray(consumers) || consumers.length > MAX_TAIL_CONSUMERS)
    return [
      `tailConsumers is ${show(consumers)}; it must be a list of at most ${MAX_TAIL_CONSUMERS} names of workers`,
    ];
  return consumers
    .map((name: unknown, index) =>
      isLabel(name) ? "" : `tailConsumers[${index}] is ${show(name)}; it must be the name of a worker`,
    )
    .filter((problem) => problem !== "");
}
