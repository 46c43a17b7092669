import { roomOf } from "./kv-room.ts";
import type { Bytes } from "./kv-store.ts";

/** One write on its way to the writer thread. */
export type KvWrite =
  | {
      readonly kind: "put";
      readonly key: Bytes;
      readonly value: Bytes;
      readonly meta: Bytes | null;
      readonly expires: number | null;
      readonly ifRev: number | null;
    }
  | { readonly kind: "delete"; readonly key: Bytes }
  | { readonly kind: "drop" };

/** Writes of one namespace that share one transaction, in one exact buffer that moves between threads. */
export interface KvGroup {
  readonly id: number;
  readonly ns: number;
  readonly account: string;
  /** What all namespaces of the account may hold. */
  readonly limitBytes: number;
  /** Six numbers per write: kind, key, value and meta bytes (-1: none), expires, ifRev (-1: none). */
  readonly heads: Float64Array;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What stands for the rev of a put whose `ifRev` is not the key's, and of one that does not fit. */
export const CONFLICT = -1;
export const FULL = -2;

/** What became of a group: per put its rev, {@link CONFLICT} or {@link FULL}, 0 for the rest; or why it failed. */
export type KvGroupResult =
  | {
      readonly id: number;
      readonly ok: true;
      readonly revs: Float64Array;
      /** What all namespaces of the account hold now. */
      readonly usedBytes: number;
    }
  | {
      readonly id: number;
      readonly ok: false;
      readonly outcome: "no" | "unknown";
      readonly code: string;
      readonly reason: string;
    };

const KINDS = ["put", "delete", "drop"] as const;
const FIELDS = 6;

/** Bytes that a write holds in memory, with something for its own record; a drop counts as nothing. */
export function writeBytes(write: KvWrite): number {
  if (write.kind === "drop") return 0;
  if (write.kind === "delete") return 128 + write.key.length;
  return 128 + write.key.length + write.value.length + (write.meta?.length ?? 0);
}

/** What a write adds to what its account stores, if it replaces nothing. */
export function mostAdded(write: KvWrite): number {
  if (write.kind !== "put") return 0;
  return roomOf(write.key.length + write.value.length + (write.meta?.length ?? 0));
}

/** Packs writes of one namespace for the writer thread. */
export function packGroup(head: Omit<KvGroup, "heads" | "data">, writes: readonly KvWrite[]): KvGroup {
  const heads = new Float64Array(writes.length * FIELDS);
  let size = 0;
  for (const [i, write] of writes.entries()) {
    const put = write.kind === "put" ? write : null;
    const key = write.kind === "drop" ? 0 : write.key.length;
    const value = put?.value.length ?? 0;
    const meta = put?.meta?.length ?? -1;
    heads.set(
      [KINDS.indexOf(write.kind), key, value, meta, put?.expires ?? -1, put?.ifRev ?? -1],
      i * FIELDS,
    );
    size += key + value + Math.max(meta, 0);
  }
  const data = new Uint8Array(size);
  let at = 0;
  for (const write of writes) {
    if (write.kind === "drop") continue;
    for (const part of write.kind === "put" ? [write.key, write.value, write.meta] : [write.key]) {
      if (part === null) continue;
      data.set(part, at);
      at += part.length;
    }
  }
  return { ...head, heads, data };
}

/** The writes of a packed group; their bytes are views on its buffer. */
export function* unpackGroup(group: KvGroup): Generator<KvWrite, void, undefined> {
  let at = 0;
  const take = (length: number): Bytes => group.data.subarray(at, (at += length));
  for (let i = 0; i < group.heads.length; i += FIELDS) {
    const [kind = -1, key = 0, value = 0, meta = -1, expires = -1, ifRev = -1] = group.heads.subarray(
      i,
      i + FIELDS,
    );
    if (KINDS[kind] === "put") {
      yield {
        kind: "put",
        key: take(key),
        value: take(value),
        meta: meta < 0 ? null : take(meta),
        expires: expires < 0 ? null : expires,
        ifRev: ifRev < 0 ? null : ifRev,
      };
    } else if (KINDS[kind] === "delete") yield { kind: "delete", key: take(key) };
    else yield { kind: "drop" };
  }
}
