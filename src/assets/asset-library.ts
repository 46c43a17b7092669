import { hash as digest } from "node:crypto";
import type { DiskSpace } from "../storage/disk-space.ts";
import { StorageLedger } from "../storage/storage-ledger.ts";
import type { AssetStore } from "../storage/asset-store.ts";
import type { AssetOptions } from "./asset-options.ts";
import { AssetPins } from "./asset-pins.ts";
import { AssetUsage } from "./asset-usage.ts";
import { fileProblems, isHash } from "./check-files.ts";
import { CONTENT_HEAD_BYTES, isContentType, readContentHead, writeContentHead } from "./content-head.ts";
import { AssetsFull, InvalidAssets } from "./invalid-assets.ts";
import { type FoundAsset, Manifest } from "./manifest.ts";
import { contentName, FILE_BYTES, manifestName, roomOf, sizeInName } from "./piece-name.ts";
import { readPiece } from "./read-piece.ts";
import { someAtOnce } from "./some-at-once.ts";
import type { StoredAssets } from "./stored-assets.ts";
import { sweepAccount } from "./sweep-account.ts";
import type { AssetConfig, AssetFiles } from "./worker-assets.ts";
import { joinManifest, writeManifest } from "./write-manifest.ts";

/** Pieces that are looked for at once: more threads the system does not have. */
const AT_ONCE = 8;
/** Types that the files of one version may have. */
const MAX_TYPES = 1_000;

export interface AssetLibraryParts {
  readonly store: AssetStore;
  readonly bounds: (account: string) => Required<AssetOptions>;
  /** Manifests that versions of the account name. */
  readonly named: (account: string) => readonly string[];
  readonly now: () => number;
  /** Says how much accounts may store in all, and hears how much their assets are. @default no limits */
  readonly ledger?: StorageLedger;
  /** Keeps some of the disk free. @default nobody does */
  readonly disk?: Pick<DiskSpace, "mustTake"> | null;
}

/** Contents of accounts, and the lists of files that versions have. No account sees what another one has. */
export class AssetLibrary {
  readonly #parts: AssetLibraryParts;
  readonly #usage: AssetUsage;
  readonly #ledger: StorageLedger;
  readonly #pins = new AssetPins();
  /** Sweeps under way, by account. */
  readonly #sweeps = new Map<string, Promise<number>>();

  constructor(parts: AssetLibraryParts) {
    this.#parts = parts;
    this.#ledger = parts.ledger ?? new StorageLedger();
    this.#usage = new AssetUsage(parts.store, (account, bytes) => this.#ledger.set("assets", account, bytes));
    this.#ledger.countBy(async (account) => await this.usedBytes(account));
  }

  /**
   * Hashes of contents that the account has not; those that it has stay for `unusedMs` from now on.
   * @throws InvalidAssets
   */
  async missing(account: string, files: AssetFiles): Promise<string[]> {
    this.#check(account, files);
    const missing: string[] = [];
    await someAtOnce(contentsOf(files), AT_ONCE, async ([hash, { sizeBytes }]) => {
      if (!(await this.#parts.store.touch(account, contentName(hash, sizeBytes)))) missing.push(hash);
    });
    return missing;
  }

  /**
   * Keeps a content. It is safe from a loss of power when this resolves.
   * @param contentType null: it is served without one
   * @throws InvalidAssets, AssetsFull, AccountStorageFull, DiskLow; what `content` throws. Nothing is kept then.
   */
  async put(
    account: string,
    hash: string,
    content: Uint8Array | AsyncIterable<Uint8Array>,
    contentType: string | null,
  ): Promise<{ sizeBytes: number }> {
    const { fileBytes } = this.#parts.bounds(account);
    if (!isHash(hash))
      throw new InvalidAssets([`hash is ${JSON.stringify(hash)}; it must be 32 lower-case hex digits`]);
    if (contentType !== null && !isContentType(contentType))
      throw new InvalidAssets([
        `the type of content ${hash} is ${JSON.stringify(contentType)}; it must be 1 to 128 printable ASCII characters, or null`,
      ]);
    const pieces = content instanceof Uint8Array ? [content] : content;
    const { sizeBytes } = await this.#write(
      account,
      contentPieces(hash, pieces, contentType, fileBytes),
      (size) => contentName(hash, size - CONTENT_HEAD_BYTES),
    );
    return { sizeBytes };
  }

  /**
   * Keeps the list of a version's files.
   * @throws InvalidAssets if a content was not put; AssetsFull, AccountStorageFull, DiskLow. Nothing has changed then.
   */
  async publish(account: string, files: AssetFiles, config: AssetConfig): Promise<StoredAssets> {
    this.#check(account, files);
    const { store } = this.#parts;
    const types = new Map<string, string | null>();
    const lost: string[] = [];
    await someAtOnce(contentsOf(files), AT_ONCE, async ([hash, { sizeBytes }]) => {
      const name = contentName(hash, sizeBytes);
      // First, so that nothing removes it before the version names it.
      await store.touch(account, name);
      const head = await readPiece(store, account, name, CONTENT_HEAD_BYTES);
      const type = head === null ? undefined : readContentHead(head);
      if (type === undefined)
        lost.push(`content ${hash} of ${sizeBytes} bytes was not put, and a file names it`);
      else types.set(hash, type);
    });
    if (lost.length > 0) throw new InvalidAssets(lost);
    if (new Set(types.values()).size > MAX_TYPES)
      throw new InvalidAssets([`the files have more than ${MAX_TYPES} different content types`]);
    const bytes = await writeManifest(found(files, types), config);
    return await this.#keep(account, bytes);
  }

  /**
   * The assets of a stored version for a new one.
   * @param config left out: as it was
   */
  async inherit(account: string, before: StoredAssets, config?: AssetConfig): Promise<StoredAssets> {
    const { store } = this.#parts;
    if (config === undefined) {
      if (await store.touch(account, before.manifest)) return before;
    } else {
      const bytes = await readPiece(store, account, before.manifest);
      if (bytes !== null) {
        const { facts, table } = new Manifest(bytes);
        return await this.#keep(account, joinManifest({ ...facts, config }, table));
      }
    }
    throw new InvalidAssets(["the assets of the version before are not there any more"]);
  }

  /** What holds for an account. */
  bounds(account: string): Required<AssetOptions> {
    return this.#parts.bounds(account);
  }

  /** Keeps a list of files, and what it names, from being swept until the pin is let go. */
  pin(account: string, { manifest }: StoredAssets): Disposable {
    return this.#pins.pin(account, manifest);
  }

  /** What an account keeps, in bytes: for each piece 4096 beside its own. */
  async usedBytes(account: string): Promise<number> {
    return await this.#usage.of(account);
  }

  /**
   * Removes what no version names, and nobody asked for in a while. One that is under way is waited for instead.
   * @returns how many pieces went
   */
  async sweep(account: string): Promise<number> {
    const running = this.#sweeps.get(account);
    if (running !== undefined) return await running;
    const sweep = this.#sweep(account).finally(() => this.#sweeps.delete(account));
    this.#sweeps.set(account, sweep);
    return await sweep;
  }

  async #sweep(account: string): Promise<number> {
    const { store, named, bounds, now } = this.#parts;
    const sinceMs = now() - bounds(account).unusedMs;
    // Before anything goes: what goes is taken from what was counted.
    await this.#usage.of(account);
    let removed = 0;
    const manifests = [...named(account), ...this.#pins.of(account)];
    await sweepAccount(store, account, manifests, sinceMs, async (name) => {
      removed++;
      await this.#usage.add(account, -roomOf(name));
    });
    return removed;
  }

  /** The same for all accounts, one after the other. @throws AggregateError once all were tried */
  async sweepAll(signal: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    for (const account of await this.#parts.store.accounts()) {
      if (signal.aborted) return;
      await this.sweep(account).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, "assets of some accounts could not be swept");
  }

  #check(account: string, files: AssetFiles): void {
    const problems = fileProblems(files, this.#parts.bounds(account));
    if (problems.length > 0) throw new InvalidAssets(problems);
  }

  async #keep(account: string, bytes: Uint8Array): Promise<StoredAssets> {
    const { facts, fileCount, totalBytes } = new Manifest(bytes);
    const { headers: _headers, redirects: _redirects, ...config } = facts.config;
    const hash = digest("sha256", bytes).slice(0, 32);
    const { name } = await this.#write(account, [bytes], (size) => manifestName(hash, size));
    return { manifest: name, fileCount, sizeBytes: totalBytes, config };
  }

  /** Writes a piece within the account's room. What is on its way counts. */
  async #write(
    account: string,
    pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    nameOf: (sizeBytes: number) => string,
  ): Promise<{ name: string; sizeBytes: number }> {
    const { store, bounds, disk } = this.#parts;
    const { accountBytes } = bounds(account);
    let counted = FILE_BYTES;
    const usage = this.#usage;
    const ledger = this.#ledger;
    const mostBytes = (): number => Math.min(accountBytes, ledger.roomFor("assets", account));
    const checkRoom = async (): Promise<void> => {
      if ((await usage.of(account)) <= mostBytes()) return;
      await this.sweep(account);
      const used = await usage.of(account);
      if (used > accountBytes) throw new AssetsFull(account, accountBytes);
      if (used > mostBytes()) throw ledger.full(account, counted);
    };
    const within = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces) {
        disk?.mustTake(piece.length);
        counted += piece.length;
        await usage.add(account, piece.length);
        await checkRoom();
        yield piece;
      }
    };
    let kept = 0;
    await ledger.open(account);
    await usage.add(account, counted);
    try {
      disk?.mustTake(counted);
      // Before anything is read: a piece without bytes takes room too.
      await checkRoom();
      const { name, isNew } = await store.write(account, within(), nameOf);
      if (isNew) kept = roomOf(name);
      return { name, sizeBytes: sizeInName(name) };
    } finally {
      await usage.add(account, kept - counted);
    }
  }
}

/** Each content once. */
function contentsOf(files: AssetFiles): Map<string, { readonly sizeBytes: number }> {
  return new Map(Object.values(files).map(({ hash, sizeBytes }) => [hash, { sizeBytes }]));
}

function* found(
  files: AssetFiles,
  types: ReadonlyMap<string, string | null>,
): Generator<[string, FoundAsset]> {
  for (const [path, { hash, sizeBytes }] of Object.entries(files))
    yield [path, { hash, sizeBytes, contentType: types.get(hash) ?? null }];
}

async function* contentPieces(
  hash: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  contentType: string | null,
  fileBytes: number,
): AsyncGenerator<Uint8Array> {
  yield writeContentHead(contentType);
  let sizeBytes = 0;
  for await (const piece of content) {
    sizeBytes += piece.length;
    if (sizeBytes > fileBytes)
      throw new InvalidAssets([`content ${hash} has more than the ${fileBytes} bytes that a file may have`]);
    yield piece;
  }
}
