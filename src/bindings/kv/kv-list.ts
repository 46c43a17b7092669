import { CHUNK_BYTES, INLINE_BODY_BYTES } from "../../../runtime-api/contract/bounds.ts";
import { BodyKind, type FlatBody } from "../../../runtime-api/contract/flat.ts";
import type { Bytes, KvListPage } from "../../storage/kv-store.ts";
import type { CallContext } from "../binding.ts";
import { integer } from "./kv-expiry.ts";
import { kvFailure } from "./kv-failure.ts";
import { KEY_BYTES, LIST_KEYS, METADATA_BYTES } from "./kv-limits.ts";
import type { KvRooms } from "./kv-rooms.ts";
import { readCostUs, streamOf } from "./kv-value.ts";

/** What a key takes at most in a page: each byte of its name may be escaped, in six characters. */
const MOST_BYTES_PER_KEY = 6 * KEY_BYTES + METADATA_BYTES + 64;
const MOST_BYTES_BESIDE = 2 * KEY_BYTES;
/** What the host spends on a key of a page, in microseconds. */
const KEY_US = 4;
/** Keys that take as long as one piece of a value. */
const KEYS_PER_PIECE = 16;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** How many keys a page has. @throws CallError for a limit that Workers KV refuses */
export function listLimit(value: number | null): number {
  if (value === null) return LIST_KEYS;
  const limit = integer(value, 2 ** 31 - 1);
  if (limit > LIST_KEYS) {
    throw kvFailure(
      "GET",
      400,
      `Invalid key_count_limit of ${limit}. Please specify an integer less than ${LIST_KEYS}.`,
    );
  }
  // Workers leaves out what is not above 0, and so gets the default.
  return limit > 0 ? limit : LIST_KEYS;
}

/**
 * Answers a list with its JSON. Accounts take turns, each pays for its keys, and what a large page holds until the
 * isolate asks for it is taken of the account's room.
 */
export async function listKeys(
  limit: number,
  rooms: KvRooms,
  context: CallContext,
  read: () => Promise<{ readonly page: KvListPage; readonly cursor: string | null }>,
): Promise<FlatBody> {
  const { account, signal } = context;
  let held = limit * MOST_BYTES_PER_KEY + MOST_BYTES_BESIDE;
  await rooms.takeForRead("GET", account, held, signal);
  const keepOnly = (bytes: number): void => {
    rooms.giveFromRead(account, held - bytes);
    held = bytes;
  };
  try {
    await rooms.reading.turn(account, Math.ceil(limit / KEYS_PER_PIECE));
    const { page, cursor } = await read();
    const json = listJson(page, cursor);
    const bytes = encoder.encode(json);
    context.charge(page.keys.length * KEY_US + readCostUs(bytes.length));
    if (bytes.length <= INLINE_BODY_BYTES) return [BodyKind.text, json];
    keepOnly(bytes.length);
    held = 0;
    const stream = streamOf(inPieces(bytes), context, "GET", () => rooms.giveFromRead(account, bytes.length));
    return [BodyKind.stream, context.openStream(stream)];
  } finally {
    keepOnly(0);
  }
}

async function* inPieces(bytes: Bytes): AsyncGenerator<Bytes, void, undefined> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.slice(at, at + CHUNK_BYTES);
}

// Metadata is JSON already, checked when it was put: it goes in as it is.
function listJson(page: KvListPage, cursor: string | null): string {
  const keys = page.keys.map(({ key, expires, meta }) => {
    const expiration = expires === null ? "" : `,"expiration":${Math.floor(expires / 1_000)}`;
    const metadata = meta === null ? "" : `,"metadata":${decoder.decode(meta)}`;
    return `{"name":${JSON.stringify(decoder.decode(key))}${expiration}${metadata}}`;
  });
  const end = cursor === null ? '"list_complete":true' : `"list_complete":false,"cursor":"${cursor}"`;
  return `{"keys":[${keys.join(",")}],${end}}`;
}
