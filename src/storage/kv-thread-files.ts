import { existsSync } from "node:fs";
import { kvPath, openKvWriter, removeKvFile } from "./kv-file.ts";
import type { KvThreadOptions } from "./kv-thread-messages.ts";
import { unpackGroup } from "./kv-write.ts";
import type { KvGroup, KvGroupResult } from "./kv-write.ts";
import { KvWriter, listNamespaceFiles } from "./kv-writer.ts";
import { OpenFiles } from "./open-files.ts";

/** All that the writer thread has open, and what it does with it. */
export class KvThreadFiles {
  readonly #options: KvThreadOptions;
  readonly #open: OpenFiles<KvWriter>;
  #toPurge: number[] = [];
  #purging = false;
  #closed = false;

  constructor(options: KvThreadOptions) {
    this.#options = options;
    this.#open = new OpenFiles(options.openFiles);
  }

  /** Does a group of writes in one transaction. Never throws: a failure is the group's, and its file's. */
  apply(group: KvGroup, nowMs: number): KvGroupResult {
    let committing = false;
    try {
      const [first] = unpackGroup(group);
      if (first?.kind === "drop") {
        this.#open.close(group.ns);
        removeKvFile(kvPath(this.#options.folder, group.ns));
        return { id: group.id, ok: true, revs: Float64Array.of(0) };
      }
      const writer = this.#writer(group.ns, nowMs);
      let revs: number[] = [];
      writer.transaction(
        () => (revs = writer.apply(unpackGroup(group), nowMs)),
        () => (committing = true),
      );
      return { id: group.id, ok: true, revs: Float64Array.from(revs) };
    } catch (error) {
      const code = (error as { code?: string }).code ?? "ERROR";
      // A commit that was refused for want of room or of the lock has been rolled back whole.
      const outcome =
        committing && code !== "SQLITE_FULL" && !code.startsWith("SQLITE_BUSY") ? "unknown" : "no";
      this.#open.close(group.ns);
      return {
        id: group.id,
        ok: false,
        outcome,
        code,
        reason: error instanceof Error ? error.message : String(error),
      };
    }
  }

  /** Begins a round over open files and one other, a small step at a time; writes go between the steps. */
  purge(nowMs: number): void {
    if (this.#purging) return;
    const open = new Set([...this.#open].map(([ns]) => ns));
    if (this.#toPurge.length === 0) this.#toPurge = listNamespaceFiles(this.#options.folder);
    const other = this.#toPurge.pop();
    if (other !== undefined) open.add(other);
    this.#purging = true;
    this.#purgeStep([...open], nowMs);
  }

  close(): void {
    this.#closed = true;
    this.#open.closeAll();
  }

  #purgeStep(namespaces: number[], nowMs: number): void {
    const ns = namespaces.at(-1);
    if (ns === undefined || this.#closed) {
      this.#purging = false;
      return;
    }
    if (!this.#purgeOne(ns, nowMs)) namespaces.pop();
    setImmediate(() => this.#purgeStep(namespaces, nowMs));
  }

  #purgeOne(ns: number, nowMs: number): boolean {
    try {
      // It may have been dropped since the folder was read; purging must not make it again.
      if (!existsSync(kvPath(this.#options.folder, ns))) return false;
      return this.#writer(ns, nowMs).purge(nowMs);
    } catch {
      // Dead rows are invisible anyway; whoever writes to a bad file is told.
      this.#open.close(ns);
      return false;
    }
  }

  #writer(ns: number, nowMs: number): KvWriter {
    const known = this.#open.get(ns);
    if (known !== undefined) return known;
    const db = openKvWriter(kvPath(this.#options.folder, ns), this.#options.sync, nowMs);
    try {
      const writer = new KvWriter(db);
      this.#open.add(ns, writer);
      return writer;
    } catch (error) {
      db.close();
      throw error;
    }
  }
}
