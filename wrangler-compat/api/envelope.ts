import type { ApiError } from "./api-error.ts";

/** One page of a list, as clients that count pages read it. */
export interface ResultInfo {
  readonly page?: number;
  readonly per_page?: number;
  readonly count: number;
  readonly total_count?: number;
  readonly total_pages?: number;
  readonly cursor?: string;
}

/** An answer in Cloudflare's envelope. */
export function success(result: unknown, info?: ResultInfo): Response {
  const body = { success: true, errors: [], messages: [], result, ...(info && { result_info: info }) };
  return Response.json(body);
}

/** An error in Cloudflare's envelope. */
export function failure({ status, number, message }: ApiError, retryAfterS?: number): Response {
  const body = { success: false, errors: [{ code: number, message }], messages: [], result: null };
  const headers = retryAfterS === undefined ? {} : { "retry-after": String(retryAfterS) };
  return Response.json(body, { status, headers });
}

/**
 * The page of a list that a request asks for by `page` and `per_page`. Beyond the last page it is empty, so that a
 * client which turns pages until it sees an empty one comes to an end.
 * @param form makes the result of what the page holds; left out, that is the result
 */
export function page<T>(
  items: readonly T[],
  url: URL,
  perPageDefault = 20,
  form: (shown: readonly T[]) => unknown = (shown) => shown,
): Response {
  const perPage = whole(url.searchParams.get("per_page"), perPageDefault, 1_000);
  const number = whole(url.searchParams.get("page"), 1, Number.MAX_SAFE_INTEGER);
  const shown = items.slice((number - 1) * perPage, number * perPage);
  return success(form(shown), {
    page: number,
    per_page: perPage,
    count: shown.length,
    total_count: items.length,
    total_pages: Math.max(1, Math.ceil(items.length / perPage)),
  });
}

/** The same of a list that clients without `page` and `per_page` expect as a whole. */
export function wholePage(items: readonly unknown[], url: URL): Response {
  return page(items, url, Math.max(1, items.length));
}

function whole(text: string | null, otherwise: number, max: number): number {
  const value = Number(text);
  return text !== null && Number.isSafeInteger(value) && value >= 1 ? Math.min(value, max) : otherwise;
}
