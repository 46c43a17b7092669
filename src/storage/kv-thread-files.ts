import { existsSync, statSync } from "node:fs";
import { LoopPace } from "../clock/loop-pace.ts";
import { DueFiles } from "./due-files.ts";
import { KvAccounts } from "./kv-accounts.ts";
import { kvPath, openKvWriter, removeKvFile } from "./kv-file.ts";
import { FILE_ROOM } from "./kv-room.ts";
import type { KvThreadOptions } from "./kv-thread-messages.ts";
import { FULL, unpackGroup } from "./kv-write.ts";
import type { KvGroup, KvGroupResult } from "./kv-write.ts";
import { KvWriter, listNamespaceFiles } from "./kv-writer.ts";
import { OpenFiles } from "./open-files.ts";

/** Files that are counted in one turn of the loop; writes go between the turns. */
const COUNTED_AT_ONCE = 16;
/** Files that a round purges out of turn. */
const OUT_OF_TURN = 32;

/** All that the writer thread has open, what it does with it, and what accounts have in it. */
export class KvThreadFiles {
  readonly #options: KvThreadOptions;
  readonly #open: OpenFiles<KvWriter>;
  readonly #accounts = new KvAccounts();
  readonly #onUsed: (account: string, usedBytes: number) => void;
  /** Files to purge out of turn: those that have much to give back, and all of accounts that met their quota. */
  readonly #due = new DueFiles();
  /** Accounts that met their quota since the last round. */
  readonly #hungry = new Set<string>();
  /** What is counted: accounts take turns, so that one with many files holds up nobody. */
  readonly #counts = new LoopPace<string>(1);
  #toPurge: number[] = [];
  #purging = false;
  #closed = false;

  /** @param onUsed hears what an account's namespaces hold where purging changed it */
  constructor(options: KvThreadOptions, onUsed: (account: string, usedBytes: number) => void = () => {}) {
    this.#options = options;
    this.#onUsed = onUsed;
    this.#open = new OpenFiles(options.openFiles);
  }

  /** Does a group of writes in one transaction. Never throws: a failure is the group's, and its file's. */
  apply(group: KvGroup, nowMs: number): KvGroupResult {
    const { id, ns, account, limitBytes } = group;
    let committing = false;
    try {
      const [first] = unpackGroup(group);
      if (first?.kind === "drop") {
        this.#open.close(ns);
        removeKvFile(kvPath(this.#options.folder, ns));
        const owner = this.#accounts.ownerOf(ns) ?? account;
        this.#accounts.set(owner, ns, null);
        if (owner !== account) this.#onUsed(owner, this.#accounts.usedBytes(owner));
        return this.#done(group, [0]);
      }
      const isOpen = this.#open.get(ns) !== undefined;
      if (!isOpen && !this.#mayOpen(group)) {
        const revs = Array.from(unpackGroup(group), ({ kind }) => (kind === "put" ? FULL : 0));
        return this.#done(group, revs);
      }
      const writer = this.#writer(ns, nowMs);
      if (!isOpen || this.#accounts.ownerOf(ns) !== account) this.#accounts.set(account, ns, writer.use);
      const bounds = {
        room: this.#accounts.roomIn(account, ns, limitBytes),
        garbage: this.#accounts.garbageIn(account, ns),
      };
      let revs: number[] = [];
      writer.transaction(
        () => (revs = writer.apply(unpackGroup(group), nowMs, bounds)),
        () => (committing = true),
      );
      this.#accounts.set(account, ns, writer.use);
      if (writer.isLoose) this.#due.add(account, ns);
      return this.#done(group, revs);
    } catch (error) {
      const code = (error as { code?: string }).code ?? "ERROR";
      // A commit that was refused for want of room or of the lock has been rolled back whole.
      const outcome =
        committing && code !== "SQLITE_FULL" && !code.startsWith("SQLITE_BUSY") ? "unknown" : "no";
      this.#open.close(ns);
      return {
        id,
        ok: false,
        outcome,
        code,
        reason: error instanceof Error ? error.message : String(error),
      };
    }
  }

  /** Counts what an account has in its namespaces, some files at a time. */
  count(account: string, namespaces: readonly number[], done: (usedBytes: number) => void): void {
    const next = (work: () => void): void =>
      this.#counts.next(account, () => {
        if (!this.#closed) work();
      });
    for (let at = 0; at < namespaces.length; at += COUNTED_AT_ONCE)
      next(() => {
        for (const ns of namespaces.slice(at, at + COUNTED_AT_ONCE)) this.#countOne(account, ns);
      });
    next(() => done(this.#accounts.usedBytes(account)));
  }

  /** Begins a round over open files and some others, a small step at a time; writes go between the steps. */
  purge(nowMs: number): void {
    if (this.#purging) return;
    const round = new Set([...this.#open].map(([ns]) => ns));
    if (this.#toPurge.length === 0) this.#toPurge = listNamespaceFiles(this.#options.folder);
    const other = this.#toPurge.pop();
    if (other !== undefined) round.add(other);
    // What expired in any of its namespaces may make room for an account.
    for (const account of this.#hungry)
      for (const ns of this.#accounts.namespacesOf(account)) this.#due.add(account, ns);
    this.#hungry.clear();
    for (const ns of this.#due.take(OUT_OF_TURN)) round.add(ns);
    this.#purging = true;
    this.#purgeStep([...round], nowMs);
  }

  close(): void {
    this.#closed = true;
    this.#open.closeAll();
  }

  #done({ id, account }: KvGroup, revs: readonly number[]): KvGroupResult {
    if (revs.includes(FULL)) this.#hungry.add(account);
    return { id, ok: true, revs: Float64Array.from(revs), usedBytes: this.#accounts.usedBytes(account) };
  }

  /** An account without room makes no empty files. */
  #mayOpen({ ns, account, limitBytes }: KvGroup): boolean {
    if (this.#accounts.roomIn(account, ns, limitBytes) >= FILE_ROOM) return true;
    return existsSync(kvPath(this.#options.folder, ns));
  }

  #countOne(account: string, ns: number): void {
    const path = kvPath(this.#options.folder, ns);
    try {
      const known = this.#open.get(ns);
      if (known !== undefined) this.#accounts.set(account, ns, known.use);
      else if (existsSync(path)) {
        // Not kept open: an account with many namespaces would push out the files of others.
        const writer = this.#openWriter(ns, 0);
        try {
          this.#accounts.set(account, ns, writer.use);
        } finally {
          writer.close();
        }
      }
    } catch {
      // Whoever uses a bad file is told; it counts as what it takes of the disk.
      const room = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      this.#accounts.set(account, ns, { room, free: 0, garbage: 0 });
    }
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
      const writer = this.#writer(ns, nowMs);
      const account = this.#accounts.ownerOf(ns);
      // Whose it is is known once the account writes, and all it has is counted then.
      if (account === undefined) return writer.purge(nowMs, this.#accounts.garbageIn("", ns));
      const before = this.#accounts.usedBytes(account);
      const more = writer.purge(nowMs, this.#accounts.garbageIn(account, ns));
      this.#accounts.set(account, ns, writer.use);
      const usedBytes = this.#accounts.usedBytes(account);
      if (usedBytes !== before) this.#onUsed(account, usedBytes);
      return more;
    } catch {
      // Dead rows are invisible anyway; whoever writes to a bad file is told.
      this.#open.close(ns);
      return false;
    }
  }

  #writer(ns: number, nowMs: number): KvWriter {
    const known = this.#open.get(ns);
    if (known !== undefined) return known;
    const writer = this.#openWriter(ns, nowMs);
    this.#open.add(ns, writer);
    return writer;
  }

  #openWriter(ns: number, nowMs: number): KvWriter {
    const db = openKvWriter(kvPath(this.#options.folder, ns), this.#options.sync, nowMs);
    try {
      return new KvWriter(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }
}
