import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CacheIndex } from "./cache-index.ts";
import { openCacheDb } from "./cache-schema.ts";
import type { CacheQuestion, CacheThreadOptions } from "./cache-thread-messages.ts";

/** Where the index of a cache is, and its bodies. */
export function cachePaths(folder: string): { readonly index: string; readonly bodies: string } {
  return { index: join(folder, "index.db"), bodies: join(folder, "bodies") };
}

/** The index as its thread has it: opened and put in order at the start, thrown away when it is damaged. */
export class CacheThreadIndex {
  readonly #options: CacheThreadOptions;
  #index: CacheIndex;

  constructor(options: CacheThreadOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.#index = this.#open();
  }

  answer(question: CacheQuestion): unknown {
    try {
      return answerFrom(this.#index, question);
    } catch (error) {
      if (isDamage(error)) {
        this.#index.close();
        this.#index = this.#renew();
      }
      throw error;
    }
  }

  close(): void {
    this.#index.close();
  }

  #open(): CacheIndex {
    try {
      const index = new CacheIndex(openCacheDb(cachePaths(this.#options.folder).index));
      this.#reconcile(index);
      return index;
    } catch {
      return this.#renew();
    }
  }

  /** It is a cache: what cannot be read is not worth keeping. */
  #renew(): CacheIndex {
    const { index: path, bodies } = cachePaths(this.#options.folder);
    for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
    rmSync(bodies, { recursive: true, force: true });
    return new CacheIndex(openCacheDb(path));
  }

  /** Bodies without an entry go, and entries without their body. */
  #reconcile(index: CacheIndex): void {
    const { bodies } = cachePaths(this.#options.folder);
    mkdirSync(bodies, { recursive: true, mode: 0o700 });
    const lost = index.files();
    for (const name of readdirSync(bodies)) {
      const known = lost.delete(name);
      if (!known && !name.startsWith(`${this.#options.prefix}-`)) rmSync(join(bodies, name), { force: true });
    }
    if (lost.size > 0) index.forget(lost);
  }
}

function answerFrom(index: CacheIndex, question: CacheQuestion): unknown {
  switch (question.op) {
    case "find":
      return index.find(question.key, question.requestHeaders, question.nowMs, question.latitude);
    case "read":
      return index.read(question.key, question.id, question.nowMs);
    case "list":
      return index.listing.list(
        question.selection,
        question.requestHeaders,
        question.afterId,
        question.nowMs,
      );
    case "names":
      return index.listing.names(question.account, question.after);
    case "insert":
      return index.insert(question.row, question.used, question.uses);
    case "remove":
      return index.remove(question.selection, question.requestHeaders, question.nowMs, question.upToId);
    case "sweep":
      return index.sweep(question.nowMs, question.uses);
  }
}

function isDamage(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? "";
  return code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB";
}
