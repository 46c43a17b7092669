import { cliPage } from "./cli-page.ts";
import { cloudflarePage } from "./cloudflare-page.ts";
import { configKeysPage } from "./config-keys-page.ts";
import { flagsPage } from "./flags-page.ts";
import { resultsPage } from "../projects/table.ts";
import { wranglerPage } from "./wrangler-page.ts";

/** Pages that are made from tables in the code, wholly or in part, by their file. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "docs/cli.md": cliPage,
  "docs/cloudflare-compatibility.md": cloudflarePage,
  "docs/compatibility-flags.md": flagsPage,
  "docs/config-keys.md": configKeysPage,
  "docs/real-projects.md": resultsPage,
  "docs/wrangler.md": wranglerPage,
};
