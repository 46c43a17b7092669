/** What static assets may take of a host. */
export interface AssetOptions {
  /** Largest content of one file, in bytes. @default 26214400 (25 MiB), as on Cloudflare */
  readonly fileBytes?: number;
  /** Files that one version may name, at most 100,000. @default 20000, as on Cloudflare */
  readonly versionFiles?: number;
  /** All contents that one account keeps, in bytes, each counted with 4096 more. @default 5368709120 (5 GiB); without a data folder 268435456 (256 MiB) */
  readonly accountBytes?: number;
  /** How long a content stays that no version names and nobody asked for, in ms, at least 600000. @default 3600000 (an hour) */
  readonly unusedMs?: number;
}

const MIB = 1024 ** 2;

/** What holds for one account. */
export function assetBounds(
  inFolder: boolean,
  host: AssetOptions = {},
  account: AssetOptions = {},
): Required<AssetOptions> {
  return {
    fileBytes: 25 * MIB,
    versionFiles: 20_000,
    accountBytes: inFolder ? 5 * 1024 * MIB : 256 * MIB,
    unusedMs: 3_600_000,
    ...host,
    ...account,
  };
}
