import { randomBytes } from "node:crypto";
import {
  accountOf,
  type ApiApp,
  type ApiOptions,
  type ApiRequest,
  audit,
  jsonBody,
  part,
} from "./api-context.ts";
import { ApiError, Code } from "./api-error.ts";
import { readBody } from "./body/read-body.ts";
import { readForm } from "./body/read-form.ts";
import { page, success } from "./envelope.ts";

const SPACES = "/accounts/:account/storage/kv/namespaces";
const SPACE = `${SPACES}/:namespace`;
const MOST_KEYS = 10_000;
const MOST_READ = 100;
/** Of keys and values that are written, or values that are read, at once. */
const BULK_BYTES = 64 * 1024 * 1024;
const BULK_READ_BYTES = 25 * 1024 * 1024;
/** A value of the largest size, with its metadata. */
const VALUE_BYTES = 26 * 1024 * 1024;

interface Pair {
  readonly key: string;
  readonly value: string;
  readonly base64?: boolean;
  readonly expiration?: number;
  readonly expiration_ttl?: number;
  readonly metadata?: unknown;
}

/** KV from outside of workers: namespaces, keys, many keys at once. */
export function addKvRoutes(app: ApiApp, options: ApiOptions): void {
  const { kv } = options.control;
  const form = ({ id, title }: { id: string; title: string }): object => ({
    id,
    title,
    supports_url_encoding: true,
  });
  const known = (context: ApiRequest, permission: "read" | "deploy"): [account: string, id: string] => {
    const account = accountOf(context, permission);
    const id = part(context, "namespace");
    if (kv.namespace(account, id) !== undefined) return [account, id];
    throw new ApiError(404, Code.noSuchNamespace, "namespace not found");
  };
  app.get(SPACES, (context) => {
    const url = new URL(context.req.url);
    const spaces = kv
      .namespaces(accountOf(context, "read"))
      .toSorted((a, b) => a.title.localeCompare(b.title));
    if (url.searchParams.get("direction") === "desc") spaces.reverse();
    return page(
      spaces.map((space) => form(space)),
      url,
    );
  });
  app.post(SPACES, async (context) => {
    const account = accountOf(context, "deploy");
    const { title } = await jsonBody<{ title: string }>(context);
    checkTitle(title);
    if (kv.namespaces(account).some((namespace) => namespace.title === title))
      throw new ApiError(400, 10014, "a namespace with this account ID and title already exists");
    const made = kv.ensure(account, randomBytes(16).toString("hex"), title);
    audit(context, options, account, "kv-create", made.id);
    return success(form(made));
  });
  app.get(SPACE, (context) => {
    const [account, id] = known(context, "read");
    return success(form(kv.namespace(account, id)!));
  });
  app.put(SPACE, async (context) => {
    const [account, id] = known(context, "deploy");
    const { title } = await jsonBody<{ title: string }>(context);
    checkTitle(title);
    audit(context, options, account, "kv-rename", id);
    return success(form(kv.ensure(account, id, title)));
  });
  app.delete(SPACE, async (context) => {
    const [account, id] = known(context, "deploy");
    await kv.remove(account, id);
    audit(context, options, account, "kv-delete", id);
    return success(null);
  });
  app.get(`${SPACE}/keys`, async (context) => {
    const [account, id] = known(context, "read");
    const { prefix, limit, cursor } = context.req.query();
    if (limit !== undefined && !/^\d+$/.test(limit))
      throw new ApiError(400, Code.badKvRequest, "limit must be a whole number");
    const found = await kv.keys(account, id, {
      ...(prefix !== undefined && { prefix }),
      ...(limit !== undefined && { limit: Number(limit) }),
      ...(cursor !== undefined && cursor !== "" && { cursor }),
    });
    return success(found.keys, { count: found.keys.length, cursor: found.cursor ?? "" });
  });
  app.get(`${SPACE}/values/:key`, async (context) => {
    const [account, id] = known(context, "read");
    const found = await kv.get(account, id, part(context, "key"));
    if (found === null) throw new ApiError(404, Code.noSuchKey, "get: 'key not found'");
    return new Response(found.value as Uint8Array<ArrayBuffer>, {
      headers: { "content-type": "application/octet-stream" },
    });
  });
  app.put(`${SPACE}/values/:key`, async (context) => {
    const [account, id] = known(context, "deploy");
    const { value, metadata } = await valueOf(context);
    const key = part(context, "key");
    await kv.put(account, id, key, value, { ...timesOf(context.req.query()), metadata });
    audit(context, options, account, "kv-key-put", `${id} ${key}`);
    return success(null);
  });
  app.delete(`${SPACE}/values/:key`, async (context) => {
    const [account, id] = known(context, "deploy");
    const key = part(context, "key");
    await kv.delete(account, id, key);
    audit(context, options, account, "kv-key-delete", `${id} ${key}`);
    return success(null);
  });
  app.put(`${SPACE}/bulk`, async (context) => {
    const [account, id] = known(context, "deploy");
    const pairs = await listBody<Pair>(context, MOST_KEYS);
    for (const [index, pair] of pairs.entries()) {
      const { key, value } = Object(pair) as Partial<Pair>;
      if (typeof key !== "string" || typeof value !== "string")
        throw new ApiError(
          400,
          Code.badKvRequest,
          `entry ${index} of the list needs the texts "key" and "value"`,
        );
    }
    let count = 0;
    try {
      for (const { key, value, base64, metadata, ...times } of pairs) {
        const bytes = Buffer.from(value, base64 === true ? "base64" : "utf8");
        await kv.put(account, id, key, Uint8Array.from(bytes), { ...timesOf(times), metadata });
        count++;
      }
    } finally {
      // Those before one that is refused are written.
      if (count > 0) audit(context, options, account, "kv-bulk-put", `${id} ${count}`);
    }
    return success({ successful_key_count: pairs.length, unsuccessful_keys: [] });
  });
  app.post(`${SPACE}/bulk/get`, async (context) => {
    const [account, id] = known(context, "read");
    const { keys = [] } = await jsonBody<{ keys: unknown }>(context);
    if (!Array.isArray(keys) || keys.length > MOST_READ)
      throw new ApiError(400, Code.badKvRequest, `keys must be a list of at most ${MOST_READ} keys`);
    mustBeTexts(keys);
    const values: [string, unknown][] = [];
    let sizeBytes = 0;
    for (const key of keys) {
      const found = await kv.get(account, id, key);
      sizeBytes += found?.value.length ?? 0;
      if (sizeBytes > BULK_READ_BYTES)
        throw new ApiError(413, Code.tooLarge, `the values have more than ${BULK_READ_BYTES} bytes in all`);
      values.push([key, found === null ? null : new TextDecoder().decode(found.value)]);
    }
    return success({ values: Object.fromEntries(values) });
  });
  const deleteMany = async (context: ApiRequest): Promise<Response> => {
    const [account, id] = known(context, "deploy");
    const list = await listBody<unknown>(context, MOST_KEYS);
    const keys = list.map((key) => (typeof key === "string" ? key : (Object(key) as { name: unknown }).name));
    mustBeTexts(keys);
    let count = 0;
    try {
      for (const key of keys) {
        await kv.delete(account, id, key);
        count++;
      }
    } finally {
      if (count > 0) audit(context, options, account, "kv-bulk-delete", `${id} ${count}`);
    }
    return success({ successful_key_count: keys.length, unsuccessful_keys: [] });
  };
  app.delete(`${SPACE}/bulk`, deleteMany);
  app.post(`${SPACE}/bulk/delete`, deleteMany);
}

function mustBeTexts(keys: readonly unknown[]): asserts keys is readonly string[] {
  const wrong = keys.findIndex((key) => typeof key !== "string");
  if (wrong >= 0) throw new ApiError(400, Code.badKvRequest, `entry ${wrong} of the list names no key`);
}

function checkTitle(title: unknown): asserts title is string {
  if (typeof title === "string" && title !== "" && title.length <= 512) return;
  throw new ApiError(400, Code.badKvRequest, "title must be a text of 1 to 512 characters");
}

/** A value as it stands in the body, or in a form together with its metadata. */
async function valueOf(context: ApiRequest): Promise<{ value: Uint8Array; metadata: unknown }> {
  const type = context.req.header("content-type") ?? "";
  if (!type.startsWith("multipart/form-data"))
    return { value: await readBody(context, VALUE_BYTES), metadata: null };
  const form = await readForm(context, VALUE_BYTES);
  const value = form.get("value");
  if (value === null) throw new ApiError(400, Code.badKvRequest, 'the form has no field "value"');
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : await value.bytes();
  const metadata = form.get("metadata");
  try {
    return { value: bytes, metadata: typeof metadata === "string" ? JSON.parse(metadata) : null };
  } catch {
    throw new ApiError(400, Code.badKvRequest, "the metadata must be valid JSON");
  }
}

function timesOf(times: { readonly expiration?: unknown; readonly expiration_ttl?: unknown }): {
  expirationS?: number;
  expirationTtlS?: number;
} {
  const { expiration, expiration_ttl } = times;
  return {
    ...(expiration !== undefined && { expirationS: Number(expiration) }),
    ...(expiration_ttl !== undefined && { expirationTtlS: Number(expiration_ttl) }),
  };
}

async function listBody<T>(context: ApiRequest, most: number): Promise<readonly T[]> {
  const list: unknown = await jsonBody<T[]>(context, BULK_BYTES);
  if (Array.isArray(list) && list.length <= most) return list as readonly T[];
  throw new ApiError(400, Code.badKvRequest, `the body must be a list of at most ${most} entries`);
}
