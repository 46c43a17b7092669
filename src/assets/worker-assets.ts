/** How paths of HTML files look: `/about` and `/about/` for `/about.html` and `/about/index.html`. */
export const HTML_HANDLINGS = [
  "auto-trailing-slash",
  "force-trailing-slash",
  "drop-trailing-slash",
  "none",
] as const;
export type HtmlHandling = (typeof HTML_HANDLINGS)[number];

/** What a path gets that no file fits: nothing, `/index.html`, or the nearest `404.html`. */
export const NOT_FOUND_HANDLINGS = ["none", "single-page-application", "404-page"] as const;
export type NotFoundHandling = (typeof NOT_FOUND_HANDLINGS)[number];

/** One file of a version: which content it has. */
export interface AssetFile {
  /**
   * 32 lower-case hex digits that name the content within its account: whoever uploads chooses them. Two contents that
   * differ, or that are of different types, need different ones. It is the file's ETag.
   */
  readonly hash: string;
  readonly sizeBytes: number;
}

/** Files by path, such as `/img/logo.svg`: with a slash at the beginning, not URL-encoded. */
export type AssetFiles = Readonly<Record<string, AssetFile>>;

/** How assets are served, as wrangler's `assets` says it. */
export interface AssetConfig {
  /** @default "auto-trailing-slash" */
  readonly htmlHandling?: HtmlHandling;
  /** @default "none" */
  readonly notFoundHandling?: NotFoundHandling;
  /**
   * Whether the worker answers before assets are looked for: always, or for paths that match a pattern such as `/api/*`
   * and none that begins with `!`. @default false
   */
  readonly runWorkerFirst?: boolean | readonly string[];
  /** Text of a `_headers` file. */
  readonly headers?: string;
  /** Text of a `_redirects` file. */
  readonly redirects?: string;
}

/** The static assets of a version. */
export interface WorkerAssets {
  /** Files whose contents were put before, or `inherit`: those of the worker's newest version, with their config. */
  readonly files: AssetFiles | "inherit";
  /** With `files: "inherit"`, left out: as it was. */
  readonly config?: AssetConfig;
  /** Name on `env` of what answers from the assets: `env.ASSETS.fetch(request)`. */
  readonly binding?: string;
}

/** What is shown of a version's assets. */
export interface AssetInfo {
  readonly fileCount: number;
  /** Of all files together. */
  readonly sizeBytes: number;
  /** Without the texts of its rules. */
  readonly config: Omit<AssetConfig, "headers" | "redirects">;
  readonly binding: string | null;
}
