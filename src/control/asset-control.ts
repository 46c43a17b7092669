import type { AssetOptions } from "../assets/asset-options.ts";
import type { AssetLibrary } from "../assets/asset-library.ts";
import { InvalidAssets } from "../assets/invalid-assets.ts";
import type { AssetFiles } from "../assets/worker-assets.ts";
import { isLabel, LABEL_RULE } from "../ids/label.ts";
import { show } from "./show-value.ts";

/**
 * Contents of static assets, which are put before the version that names them. They belong to an account: what another
 * account has is not seen, and not shared.
 *
 * @example
 * const files = { "/index.html": { hash, sizeBytes: html.length } };
 * if ((await control.assets.missing("default", files)).includes(hash))
 *   await control.assets.put("default", hash, html, "text/html; charset=utf-8");
 * await control.deploy({ name: "site", assets: { files } });
 */
export interface AssetControl {
  /**
   * Checks the files of a version, and says which contents are to be put, each hash once. What is there already stays
   * for an hour at least (`assets.unusedMs`), also if no version names it.
   * @throws SkerryError `INVALID_ASSETS`: paths, hashes, sizes, number of files.
   */
  missing(account: string, files: AssetFiles): Promise<string[]>;
  /**
   * Keeps a content; it survives a loss of power when this resolves. One that is there already stays as it is. A content
   * of another size than the files say counts as missing.
   * @param hash 32 lower-case hex digits, chosen by whoever uploads
   * @param contentType the `Content-Type` that it is served with; null: none
   * @returns how long it was
   * @throws SkerryError `INVALID_ASSETS` (hash, type, more than 25 MiB), `ASSETS_FULL`; what `content` throws.
   */
  put(
    account: string,
    hash: string,
    content: Uint8Array | AsyncIterable<Uint8Array>,
    contentType: string | null,
  ): Promise<{ readonly sizeBytes: number }>;
  /** What holds for an account. */
  bounds(account: string): Required<AssetOptions>;
  /** What an account keeps, in bytes: its contents and lists of files, each with 4096 more. */
  usedBytes(account: string): Promise<number>;
  /** Removes what no version names and nobody asked for in `assets.unusedMs`; the host does so every hour. */
  sweep(account: string): Promise<void>;
}

/** @returns the side of a host's control that has to do with assets, over its library */
export function createAssetControl(library: AssetLibrary): AssetControl {
  return {
    async missing(account, files) {
      return await library.missing(checked(account), files);
    },
    async put(account, hash, content, contentType) {
      return await library.put(checked(account), hash, content, contentType);
    },
    bounds(account) {
      return library.bounds(checked(account));
    },
    async usedBytes(account) {
      return await library.usedBytes(checked(account));
    },
    async sweep(account) {
      await library.sweep(checked(account));
    },
  };
}

/** Accounts name folders. */
function checked(account: string): string {
  if (isLabel(account)) return account;
  throw new InvalidAssets([`account is ${show(account)}; ${LABEL_RULE}`]);
}
