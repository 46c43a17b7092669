import type { AssetStore } from "../storage/asset-store.ts";
import type { Effort } from "./effort.ts";
import { Manifest } from "./manifest.ts";
import { readPiece } from "./read-piece.ts";
import { RecentBytes } from "./recent-bytes.ts";
import { SiteRules } from "./site-rules.ts";

/** What lists of files may take of the memory, of all versions together. */
const MANIFEST_BYTES = 64 * 1024 ** 2;

/** The files of a version, and its rules. */
export interface LoadedSite {
  readonly manifest: Manifest;
  readonly rules: SiteRules;
}

/** Lists of files that were used lately. */
export class LoadedSites {
  readonly #store: AssetStore;
  readonly #recent = new RecentBytes(MANIFEST_BYTES);
  /** What was made of bytes goes with them. */
  readonly #made = new WeakMap<Uint8Array, LoadedSite>();

  constructor(store: AssetStore) {
    this.#store = store;
  }

  /**
   * @param effort counts the time that reading the list and the rules takes
   * @throws Error if the list is missing or damaged
   */
  async get(account: string, name: string, effort: Effort): Promise<LoadedSite> {
    const bytes = await this.#recent.get(`${account}/${name}`, async () => {
      const read = await readPiece(this.#store, account, name);
      if (read === null) throw new Error(`the list of assets ${name} of account "${account}" is missing`);
      return read;
    });
    let site = this.#made.get(bytes);
    if (site === undefined) {
      site = effort.timed(() => {
        const manifest = new Manifest(bytes);
        return { manifest, rules: new SiteRules(manifest) };
      });
      this.#made.set(bytes, site);
    }
    return site;
  }
}
