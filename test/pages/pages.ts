import { cloudflarePage } from "./cloudflare-page.ts";
import { configKeysPage } from "./config-keys-page.ts";
import { flagsPage } from "./flags-page.ts";

/** Pages that are made from tables in the code, by their file. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "docs/cloudflare-compatibility.md": cloudflarePage,
  "docs/compatibility-flags.md": flagsPage,
  "docs/config-keys.md": configKeysPage,
};
