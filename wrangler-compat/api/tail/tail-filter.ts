import type { TailItem } from "../../../src/index.ts";
import { ApiError, Code } from "../api-error.ts";

/** Filters as wrangler sends them; an item has to pass them all. */
type FilterForm = Readonly<Record<string, unknown>>;
export type TailFilter = (item: TailItem) => boolean;

const MAX_FILTERS = 20;

/**
 * Reads the filters of a tail.
 * @throws ApiError naming what is not known.
 */
export function readFilters(forms: unknown): TailFilter {
  if (forms === undefined) return () => true;
  if (!Array.isArray(forms) || forms.length > MAX_FILTERS)
    throw new ApiError(400, Code.badJson, `filters must be a list of at most ${MAX_FILTERS}`);
  const filters = forms.map((form: unknown) => readFilter(Object(form) as FilterForm));
  return (item) => filters.every((filter) => filter(item));
}

function readFilter(form: FilterForm): TailFilter {
  const [key = "", value] = Object.entries(form)[0] ?? [];
  switch (key) {
    case "sampling_rate":
      if (typeof value === "number" && value >= 0 && value <= 1) return () => Math.random() < value;
      break;
    case "outcome":
      if (isTexts(value)) return ({ event }) => value.includes(outcomeName(event.outcome));
      break;
    case "method":
      if (isTexts(value)) return ({ event }) => event.method !== null && value.includes(event.method);
      break;
    case "query":
      if (typeof value === "string") return ({ logs }) => logs.some(({ text }) => text.includes(value));
      break;
    case "scriptVersion":
      if (typeof value === "string") return ({ event }) => event.versionId === value;
      break;
    case "header":
    case "client_ip":
      throw new ApiError(400, Code.notSupported, `This host does not filter a tail by ${key} yet.`);
    default:
      throw new ApiError(400, Code.badJson, `A tail has no filter "${key.slice(0, 64)}"`);
  }
  throw new ApiError(400, Code.badJson, `The filter "${key}" has a value that it cannot have`);
}

/** Outcomes in the words that Cloudflare's tails have. */
export function outcomeName(outcome: string): string {
  const known = ["ok", "canceled", "exception", "exceededCpu", "exceededMemory", "scriptNotFound"];
  return known.includes(outcome) ? outcome : "unknown";
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
