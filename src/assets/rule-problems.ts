import { parseHeaders } from "./parse-headers.ts";
import { parseRedirects } from "./parse-redirects.ts";
import type { AssetConfig } from "./worker-assets.ts";

/** Lines of `_headers` and `_redirects` that have no effect, and why: one text each, with the file and the line. */
export function assetRuleProblems({ headers = "", redirects = "", htmlHandling }: AssetConfig): string[] {
  return [
    ...parseHeaders(headers).problems,
    ...parseRedirects(redirects, htmlHandling ?? "auto-trailing-slash").problems,
  ];
}
