import type { CacheInsert, CacheUses } from "./cache-row.ts";
import type { CacheKey, CacheLatitude, CacheSelection } from "./cache-store.ts";

/** What the cache's thread is started with. */
export interface CacheThreadOptions {
  readonly folder: string;
  /** Names of bodies of this life of the host begin so: they may be on their way into the index. */
  readonly prefix: string;
}

/** A question to the cache's index. */
export type CacheQuestion =
  | {
      readonly op: "find";
      readonly key: CacheKey;
      readonly requestHeaders: string;
      readonly nowMs: number;
      readonly latitude: CacheLatitude;
    }
  | { readonly op: "read"; readonly key: CacheKey; readonly id: number; readonly nowMs: number }
  | {
      readonly op: "list";
      readonly selection: CacheSelection;
      readonly requestHeaders: string | null;
      readonly afterId: number;
      readonly nowMs: number;
    }
  | { readonly op: "names"; readonly account: string; readonly after: string }
  | { readonly op: "insert"; readonly row: CacheInsert; readonly used: number; readonly uses: CacheUses }
  | {
      readonly op: "remove";
      readonly selection: CacheSelection;
      readonly requestHeaders: string | null;
      readonly nowMs: number;
      readonly upToId: number;
    }
  | { readonly op: "sweep"; readonly nowMs: number; readonly uses: CacheUses };

/** Whose question it is; empty for the host's own. */
export function accountOf(question: CacheQuestion): string {
  switch (question.op) {
    case "find":
    case "read":
      return question.key.account;
    case "list":
    case "remove":
      return question.selection.account;
    case "names":
      return question.account;
    case "insert":
      return question.row.key.account;
    case "sweep":
      return "";
  }
}

/** Characters of the long texts of a question. */
export function charsOf(question: CacheQuestion): number {
  if (question.op === "insert") return question.row.head.headers.length + question.row.head.url.length;
  return "requestHeaders" in question ? (question.requestHeaders?.length ?? 0) : 0;
}

/** From the host to the cache's thread. */
export type ToCacheThread =
  | { readonly type: "ask"; readonly id: number; readonly question: CacheQuestion }
  | { readonly type: "close" };

/** From the cache's thread to the host, in the order of the questions. */
export type FromCacheThread =
  | { readonly id: number; readonly cpuUs: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly cpuUs: number; readonly ok: false; readonly reason: string };
