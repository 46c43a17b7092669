import { outcomeName, type TailItem } from "../../../src/index.ts";
import { ApiError, Code } from "../api-error.ts";

/** Filters as wrangler sends them; an item has to pass them all. */
type FilterForm = Readonly<Record<string, unknown>>;
export type TailFilter = (item: TailItem) => boolean;

const MAX_FILTERS = 20;
/** Where the address of the client stands. */
const ADDRESS = "cf-connecting-ip";

/**
 * Reads the filters of a tail.
 * @param ownAddress Of whoever asks: what the address `self` stands for.
 * @throws ApiError naming what is not known.
 */
export function readFilters(forms: unknown, ownAddress: string): TailFilter {
  if (forms === undefined) return () => true;
  if (!Array.isArray(forms) || forms.length > MAX_FILTERS)
    throw new ApiError(400, Code.badJson, `filters must be a list of at most ${MAX_FILTERS}`);
  const filters = forms.map((form: unknown) => readFilter(Object(form) as FilterForm, ownAddress));
  return (item) => filters.every((filter) => filter(item));
}

function readFilter(form: FilterForm, ownAddress: string): TailFilter {
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
    case "header": {
      const filter = headerFilter(value);
      if (filter !== null) return filter;
      break;
    }
    case "client_ip":
      if (isTexts(value)) {
        const wanted = new Set(value.map((address) => (address === "self" ? ownAddress : address)));
        return ({ source }) => source.kind === "fetch" && wanted.has(source.headers[ADDRESS] ?? "");
      }
      break;
    default:
      throw new ApiError(400, Code.badJson, `A tail has no filter "${key.slice(0, 64)}"`);
  }
  throw new ApiError(400, Code.badJson, `The filter "${key}" has a value that it cannot have`);
}

/** By what is shown of headers: nobody finds out by filters what is not. */
function headerFilter(value: unknown): TailFilter | null {
  const { key, query } = Object(value) as { key: unknown; query: unknown };
  if (typeof key !== "string" || key === "" || (query !== undefined && typeof query !== "string"))
    return null;
  const name = key.toLowerCase();
  return ({ source }) =>
    source.kind === "fetch" &&
    Object.hasOwn(source.headers, name) &&
    (query === undefined || source.headers[name]!.includes(query));
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
