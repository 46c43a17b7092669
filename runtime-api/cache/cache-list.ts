import { RUNTIME_SLOT } from "../contract/boot.ts";
import { Op } from "../contract/calls.ts";
import type { Flat } from "../contract/flat.ts";
import { type Request, requestOf } from "../fetch/request.ts";
import type { Response } from "../fetch/response.ts";
import { io } from "../io/io.ts";
import { arrayPush, arraySort } from "../primordials/array.ts";
import { objectFreeze } from "../primordials/object.ts";
import { type CacheQuery, hitOf, keyOf, requireRoom } from "./cache-query.ts";

interface Listed {
  readonly id: number;
  readonly url: string;
  readonly headers: string;
}

/**
 * What a cache holds, in the order in which it was stored: all of it, or what answers a request. Each part of the
 * list is a call. Throws an Error where the list is too long.
 */
export async function listOf(name: string | null, input: unknown, query: CacheQuery): Promise<Listed[]> {
  let url: string | null = null;
  let headers = "";
  if (input !== undefined) {
    const key = keyOf(input);
    if (!query.ignoreMethod && key.method !== "GET") return [];
    ({ url, headers } = key);
  }
  const listed: Listed[] = [];
  let cursor = 0;
  do {
    const args = [name, url, headers, query.latitude, cursor];
    const reply: readonly Flat[] = await io.call(RUNTIME_SLOT, Op.cacheList, args).promise;
    cursor = reply[0] as number;
    for (let i = 1; i + 2 < reply.length; i += 3)
      arrayPush(listed, {
        id: reply[i] as number,
        url: reply[i + 1] as string,
        headers: reply[i + 2] as string,
      });
    requireRoom(listed.length);
  } while (cursor !== 0);
  return arraySort(listed, (a, b) => a.id - b.id);
}

/** A list as the requests that were stored, with the headers that their responses vary by. */
export function requestsOf(listed: readonly Listed[]): readonly Request[] {
  const requests: Request[] = [];
  for (let i = 0; i < listed.length; i++) {
    const { url, headers } = listed[i] as Listed;
    arrayPush(
      requests,
      requestOf({
        method: "GET",
        url,
        headers,
        guard: "immutable",
        body: null,
        redirect: "follow",
        signal: undefined,
        cfJson: "",
      }),
    );
  }
  return objectFreeze(requests);
}

/** A list as the responses that were stored: one call for each, and those that went meanwhile are left out. */
export async function responsesOf(
  name: string | null,
  listed: readonly Listed[],
): Promise<readonly Response[]> {
  const responses: Response[] = [];
  for (let i = 0; i < listed.length; i++) {
    const { url, id } = listed[i] as Listed;
    const hit = hitOf(await io.call(RUNTIME_SLOT, Op.cacheRead, [name, url, id]).promise);
    if (hit !== undefined) arrayPush(responses, hit);
  }
  return objectFreeze(responses);
}
