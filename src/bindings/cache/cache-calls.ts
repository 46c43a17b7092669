import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import {
  CACHE_ANY_NAMED,
  CACHE_IGNORES_SEARCH,
  CACHE_IGNORES_VARY,
  Op,
} from "../../../runtime-api/contract/calls.ts";
import { bodyStream } from "../../cache/body-stream.ts";
import { CacheError } from "../../cache/cache-error.ts";
import type { CacheHit, CacheRequest, ResponseCache } from "../../cache/response-cache.ts";
import type { CacheLatitude, CacheSource, CacheVary } from "../../storage/cache-store.ts";
import { CallError, type CallContext } from "../binding.ts";

const OPS: ReadonlySet<string> = new Set([
  Op.cacheMatch,
  Op.cachePut,
  Op.cacheDelete,
  Op.cacheList,
  Op.cacheRead,
  Op.cacheNames,
  Op.cacheHas,
  Op.cacheDrop,
]);

/** Whether an operation of the runtime's slot is one of the Cache API. */
export function isCacheOp(op: string): boolean {
  return OPS.has(op);
}

/**
 * Answers a call of the Cache API, see `runtime-api/contract/calls.ts`. The account is that of the isolate.
 * @throws {CallError} for what the worker shall see.
 */
export async function answerCacheCall(
  cache: ResponseCache,
  op: string,
  args: readonly Flat[],
  context: CallContext,
): Promise<readonly Flat[]> {
  try {
    const { account } = context;
    switch (op) {
      case Op.cachePut:
        return await put(cache, args, context);
      case Op.cacheMatch:
        return reply(await cache.match(requestOf(args, context), latitudeOf(args[3])), context);
      case Op.cacheDelete:
        return [await cache.delete(requestOf(args, context), latitudeOf(args[3]))];
      case Op.cacheList:
        return await list(cache, args, context);
      case Op.cacheRead:
        return reply(await cache.read(requestOf([args[0]!, args[1]!, ""], context), idOf(args[2])), context);
      case Op.cacheNames: {
        const { names, more } = await cache.names(account, args[0] === null ? null : nameOf(args[0]));
        return [more, ...names];
      }
      case Op.cacheHas:
        return [await cache.has(account, nameOf(args[0]))];
      case Op.cacheDrop:
        return [await cache.drop(account, nameOf(args[0]))];
      default:
        throw malformed();
    }
  } catch (error) {
    if (error instanceof CacheError) throw new CallError(error.errorName, error.message);
    throw error;
  }
}

async function put(
  cache: ResponseCache,
  args: readonly Flat[],
  context: CallContext,
): Promise<readonly Flat[]> {
  const [, , , status, statusText, headers, kind, value, ...source] = args;
  // Taken first: a stream that came with a call which fails must be told so.
  const body = context.readBody(kind, value);
  try {
    if (typeof status !== "number" || typeof statusText !== "string" || typeof headers !== "string")
      throw malformed();
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const response = { status, statusText, headers, body: bytes, source: sourceOf(source) };
    return [await cache.put(requestOf(args, context), response, context.signal)];
  } catch (error) {
    if (body instanceof ReadableStream && !body.locked) body.cancel("the put failed").catch(() => {});
    throw brokenBody(error, context.signal);
  }
}

async function list(
  cache: ResponseCache,
  args: readonly Flat[],
  { account }: CallContext,
): Promise<readonly Flat[]> {
  const [name = null, url = null, headers, latitude, cursor] = args;
  if ((url !== null && typeof url !== "string") || typeof headers !== "string") throw malformed();
  const where = { account, cacheName: name === null ? null : nameOf(name), url, headers };
  const { entries, next } = await cache.list(where, latitudeOf(latitude), idOf(cursor));
  return [next, ...entries.flatMap((entry) => [entry.id, entry.url, headersOf(entry.vary)])];
}

/** The headers of a request, as far as the response varies by them. */
function headersOf(vary: CacheVary): string {
  return vary.flatMap(([name, value]) => (value === null ? [] : [`${name}\n${value}`])).join("\n");
}

function reply(hit: CacheHit | null, context: CallContext): readonly Flat[] {
  if (hit === null) return [false, 0, "", "", BodyKind.none, null];
  const { status, statusText, headers, body, stored } = hit;
  if (body === null || stored.whole !== null || context.signal.aborted) stored.release();
  // The event is over: a stream opened now would have nobody to end it.
  context.signal.throwIfAborted();
  const head = [true, status, statusText, headers];
  const { source } = stored;
  const from = source === null ? [] : [source.type, source.url, source.redirected];
  if (body === null) return [...head, BodyKind.none, null, ...from];
  if (stored.whole !== null)
    return [...head, BodyKind.bytes, stored.whole.slice(body.start, body.end), ...from];
  return [...head, BodyKind.stream, context.openStream(bodyStream(stored, body)), ...from];
}

function sourceOf([type, url, redirected]: readonly Flat[]): CacheSource | null {
  if (type === undefined) return null;
  if ((type !== "basic" && type !== "error") || typeof url !== "string" || typeof redirected !== "boolean")
    throw malformed();
  return { type, url, redirected };
}

function requestOf(args: readonly Flat[], { account }: CallContext): CacheRequest {
  const [cacheName = null, url, headers] = args;
  if (
    (cacheName !== null && typeof cacheName !== "string") ||
    typeof url !== "string" ||
    typeof headers !== "string"
  )
    throw malformed();
  return { account, cacheName, url, headers };
}

function nameOf(name: Flat | undefined): string {
  if (typeof name !== "string") throw malformed();
  return name;
}

function idOf(id: Flat | undefined): number {
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id < 0) throw malformed();
  return id;
}

function latitudeOf(latitude: Flat | undefined = 0): CacheLatitude {
  const bits = idOf(latitude);
  return {
    ignoreSearch: (bits & CACHE_IGNORES_SEARCH) !== 0,
    ignoreVary: (bits & CACHE_IGNORES_VARY) !== 0,
    anyNamed: (bits & CACHE_ANY_NAMED) !== 0,
  };
}

/** A body that broke off is the worker's own matter, or its origin's: its text came from there. */
function brokenBody(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof CacheError || error instanceof CallError || signal.aborted) return error;
  const text = error instanceof Error ? error.message : "";
  return new CallError("Error", `Unable to store response: its body could not be read to its end. ${text}`);
}

function malformed(): CallError {
  return new CallError("TypeError", "Cache: malformed call");
}
