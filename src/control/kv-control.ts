import { Op } from "../../runtime-api/contract/calls.ts";
import type { Flat } from "../../runtime-api/contract/flat.ts";
import { BodyKind } from "../../runtime-api/contract/flat.ts";
import { CallError } from "../bindings/binding.ts";
import { createKvBinding } from "../bindings/kv/kv-binding.ts";
import { KvRooms } from "../bindings/kv/kv-rooms.ts";
import type { Clock } from "../clock/clock.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import type { Stores } from "../storage/stores.ts";
import { KvContext } from "./kv-context.ts";

/** A KV namespace of an account. */
export interface KvNamespaceInfo {
  readonly id: string;
  readonly title: string;
}

/** How long a value stays, and what is kept with it. */
export interface KvWriteOptions {
  /** Seconds since the epoch. */
  readonly expirationS?: number;
  /** Seconds from now, at least 60. */
  readonly expirationTtlS?: number;
  /** Anything that has a JSON form. */
  readonly metadata?: unknown;
}

export interface KvKeyInfo {
  readonly name: string;
  /** Seconds since the epoch. */
  readonly expiration?: number;
  readonly metadata?: unknown;
}

export interface KvKeyPage {
  readonly keys: readonly KvKeyInfo[];
  /** null: that was the last page. */
  readonly cursor: string | null;
}

/** A KV operation that cannot be done as asked, in the words of Workers KV. */
export class KvRefused extends SkerryError {
  constructor(message: string) {
    super("KV_REFUSED", message);
  }
}

interface KvAnswer {
  readonly values: readonly Flat[];
  readonly context: KvContext;
}

/** KV namespaces and what is in them, from outside of workers; limits are those that workers meet. */
export interface KvControl {
  /** By id. */
  namespaces(account: string): KvNamespaceInfo[];
  namespace(account: string, id: string): KvNamespaceInfo | undefined;
  /** Makes the namespace if it is new; a title replaces the one before. */
  ensure(account: string, id: string, title?: string): KvNamespaceInfo;
  /** Removes a namespace and all that is in it. @returns Whether it was there. */
  remove(account: string, id: string): Promise<boolean>;
  /** @throws KvRefused */
  get(account: string, id: string, key: string): Promise<{ value: Uint8Array; metadata: unknown } | null>;
  /** @throws KvRefused, AccountStorageFull, DiskLow */
  put(account: string, id: string, key: string, value: Uint8Array, options?: KvWriteOptions): Promise<void>;
  /** @throws KvRefused */
  delete(account: string, id: string, key: string): Promise<void>;
  /** @throws KvRefused */
  keys(
    account: string,
    id: string,
    options?: { readonly prefix?: string; readonly limit?: number; readonly cursor?: string },
  ): Promise<KvKeyPage>;
}

/** @returns the KV side of a host's control, over its stores */
export function createKvControl({ control, kv }: Pick<Stores, "control" | "kv">, clock: Clock): KvControl {
  const find = (account: string, id: string): KvNamespaceInfo & { ns: number } => {
    const found = control.namespace(account, id);
    if (found === null)
      throw new SkerryError("NO_SUCH_NAMESPACE", `account "${account}" has no KV namespace "${id}"`);
    return found;
  };
  const rooms = new KvRooms();
  const ask = async (account: string, id: string, op: string, ...args: Flat[]): Promise<KvAnswer> => {
    const context = new KvContext(account);
    try {
      const { ns } = find(account, id);
      kv.assign(ns, account);
      const binding = createKvBinding({ store: kv, ns, rooms });
      return { values: await binding.call(op, args, context), context };
    } catch (error) {
      // For want of room: whoever asks is told so as of all else that does not fit.
      if (error instanceof CallError && error.cause instanceof SkerryError) throw error.cause;
      if (error instanceof CallError) throw new KvRefused(error.message);
      throw error;
    }
  };
  return {
    namespace(account, id) {
      const found = control.namespace(account, id);
      return found === null ? undefined : { id, title: found.title };
    },
    namespaces: (account) => control.listNamespaces(account).map(({ id, title }) => ({ id, title })),
    ensure(account, id, title) {
      control.ensureNamespace({ account, id, nowMs: clock.now(), ...(title !== undefined && { title }) });
      const { title: kept } = find(account, id);
      return { id, title: kept };
    },
    async remove(account, id) {
      const ns = control.deleteNamespace(account, id);
      if (ns === null) return false;
      kv.assign(ns, account);
      await kv.drop(ns);
      return true;
    },
    async get(account, id, key) {
      const { values, context } = await ask(account, id, Op.kvGet, key, null);
      const [found, , value, metadata] = values;
      if (found !== true) return null;
      return {
        value: await context.bytes(value),
        metadata: typeof metadata === "string" ? (JSON.parse(metadata) as unknown) : null,
      };
    },
    async put(account, id, key, value, { expirationS, expirationTtlS, metadata } = {}) {
      const meta = metadata === undefined || metadata === null ? null : JSON.stringify(metadata);
      const times = [expirationS ?? null, expirationTtlS ?? null];
      await ask(account, id, Op.kvPut, key, BodyKind.bytes, value, ...times, meta);
    },
    async delete(account, id, key) {
      await ask(account, id, Op.kvDelete, key);
    },
    async keys(account, id, { prefix, limit, cursor } = {}) {
      const args = [prefix ?? null, limit ?? null, cursor ?? null];
      const { values, context } = await ask(account, id, Op.kvList, ...args);
      const json = new TextDecoder().decode(await context.bytes(values[1]));
      const page = JSON.parse(json) as { keys: KvKeyInfo[]; cursor?: string };
      return { keys: page.keys, cursor: page.cursor ?? null };
    },
  };
}
