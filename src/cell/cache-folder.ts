import { homedir } from "node:os";
import { join } from "node:path";

/** Where bundles and code caches of the runtime are kept unless somebody says otherwise: the user's cache. */
export function defaultCacheFolder(): string | undefined {
  try {
    return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "skerry");
  } catch {
    return undefined;
  }
}
